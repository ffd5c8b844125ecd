/** Requests a second, and how many may come at once. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html */

/** A limit of a bucket. */
export interface BucketLimit {
  ratePerSecond: number;
  burst: number;
}

/** Buckets by key; a bucket is full when it is first asked for. AWS throttles on a best-effort basis: this is exact. */
export class TokenBuckets {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  /** Whether there was a token in the bucket of `key`, which is taken. */
  take(key: string, limit: BucketLimit, nowMs: number): boolean {
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, atMs: nowMs };
    const filled = bucket.tokens + ((nowMs - bucket.atMs) / 1000) * limit.ratePerSecond;
    bucket.tokens = Math.min(limit.burst, filled);
    bucket.atMs = nowMs;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
