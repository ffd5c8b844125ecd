/** What each shard takes and gives in a second. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
import { readBytesPerSecond, readsPerSecond, writeBytesPerSecond, writeRecordsPerSecond } from "./limits.ts";
import { TokenBucket } from "./token-bucket.ts";

/** By log of the store; forgotten at a restart. */
export class ShardThroughput {
  readonly #writes = new Map<number, { bytes: TokenBucket; records: TokenBucket }>();
  readonly #reads = new Map<number, { bytes: TokenBucket; calls: TokenBucket }>();

  /** Whether the shard takes a record of `bytes` now; if so, it counts. */
  write(log: number, bytes: number, nowMs: number): boolean {
    const buckets = at(this.#writes, log, () => ({
      bytes: new TokenBucket(writeBytesPerSecond),
      records: new TokenBucket(writeRecordsPerSecond),
    }));
    if (!buckets.records.has(1, nowMs) || !buckets.bytes.has(bytes, nowMs)) return false;
    buckets.records.take(1, nowMs);
    buckets.bytes.take(bytes, nowMs);
    return true;
  }

  /** Whether the shard may be read now; if so, the call counts. */
  read(log: number, nowMs: number): boolean {
    const buckets = this.#readBuckets(log);
    if (!buckets.calls.has(1, nowMs) || !buckets.bytes.has(1, nowMs)) return false;
    buckets.calls.take(1, nowMs);
    return true;
  }

  /** What a read gave: after 10 MB the shard rests for some seconds. */
  wasRead(log: number, bytes: number, nowMs: number): void {
    this.#readBuckets(log).bytes.take(bytes, nowMs);
  }

  #readBuckets(log: number): { bytes: TokenBucket; calls: TokenBucket } {
    return at(this.#reads, log, () => ({
      bytes: new TokenBucket(readBytesPerSecond),
      calls: new TokenBucket(readsPerSecond),
    }));
  }
}

function at<Value>(map: Map<number, Value>, key: number, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
