/** A rate per second with a second's worth of burst: pure but for what it remembers. */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #atMs = -Infinity;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
  }

  /** Whether `count` may pass now. More than a whole second's worth passes when the bucket is full, and is owed. */
  has(count: number, nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= Math.min(count, this.#perSecond);
  }

  /** Until {@link has} is true, if nothing is taken meanwhile. */
  waitMs(count: number, nowMs: number): number {
    this.#refill(nowMs);
    const missing = Math.min(count, this.#perSecond) - this.#tokens;
    return missing <= 0 ? 0 : Math.ceil((missing / this.#perSecond) * 1_000);
  }

  take(count: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#tokens -= count;
  }

  #refill(nowMs: number): void {
    if (nowMs <= this.#atMs) return;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + ((nowMs - this.#atMs) / 1_000) * this.#perSecond);
    this.#atMs = nowMs;
  }
}
