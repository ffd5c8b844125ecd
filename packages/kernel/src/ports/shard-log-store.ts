/**
 * Where the records of streams' shards are: one atomic call each, durable when it resolves.
 *
 * G1. Positions of a shard are 1, 2, 3, …: never reused, also when every record is gone.
 * G2. Arrivals of a shard never go backwards with its positions.
 * G3. What a call costs does not depend on how many records a shard has (`lastBefore`: but for a logarithm).
 */

/** A record to be appended. */
export interface NewShardRecord {
  /** From {@link ShardLogStore.allocate}. */
  shard: number;
  partitionKey: string;
  data: Uint8Array;
  /** Epoch milliseconds; raised to that of the shard's last record where it is earlier (G2). */
  arrivedAtMs: number;
}

/** A record as it is kept. */
export interface ShardRecord {
  position: number;
  partitionKey: string;
  data: Uint8Array;
  arrivedAtMs: number;
}

/** Where a record went. */
export interface ShardPlace {
  position: number;
  arrivedAtMs: number;
}

/** See the module's header. */
export interface ShardLogStore {
  /** New shards, empty. */
  allocate(count: number): Promise<number[]>;
  /** All of them, or none; results in the order of `records`. */
  append(records: readonly NewShardRecord[]): Promise<ShardPlace[]>;
  /** Records after a position (0: from the first), in order: at most `max`, fewer where their data exceed `bytesMax` (but one at least). */
  read(
    shard: number,
    after: number,
    options: { max: number; bytesMax: number; arrivedFromMs: number },
  ): Promise<ShardRecord[]>;
  /** The last record that was ever appended. Position 0: none was. */
  last(shard: number): Promise<ShardPlace>;
  /** Position of the last record that arrived before a moment, of those that are kept; the position before the first of them where none did. */
  lastBefore(shard: number, beforeMs: number): Promise<number>;
  /** Removes up to `max` of the oldest records that arrived before a moment; how many it removed. */
  trim(shard: number, beforeMs: number, max: number): Promise<number>;
  /** Removes shards and all their records. */
  drop(shards: readonly number[]): Promise<void>;
}
