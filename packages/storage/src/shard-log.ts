/**
 * Statements on the records of shards, for stores that append in a transaction of their own (a table and its stream).
 *
 * The key of a row is shard and position in one integer, so that a shard's records lie together and in order, and a read is one walk.
 */
import type { NewShardRecord, ShardPlace, ShardRecord } from "@tripline/kernel";
import type { Connection, Schema } from "./database.ts";

export const shardLogSchema: Schema = {
  store: "shard-log",
  steps: [
    `CREATE TABLE shards (
       shard INTEGER PRIMARY KEY AUTOINCREMENT,
       position INTEGER NOT NULL,
       arrived_at_ms INTEGER NOT NULL
     ) STRICT;
     CREATE TABLE shard_records (
       id INTEGER PRIMARY KEY,
       arrived_at_ms INTEGER NOT NULL,
       partition_key TEXT NOT NULL,
       data BLOB NOT NULL
     ) STRICT`,
  ],
};

/** Positions of a shard, and so shards: together they stay within what a number holds exactly. */
const positionsPerShard = 2 ** 36;
const shardsMax = 2 ** 17;

interface Row {
  id: number;
  arrivedAtMs: number;
  partitionKey: string;
  data: Uint8Array;
}

/** To be called inside of a write or a read of the database. */
export interface ShardLog {
  allocate(): number;
  append(record: NewShardRecord): ShardPlace;
  read(shard: number, after: number, options: { max: number; bytesMax: number; arrivedFromMs: number }): ShardRecord[];
  last(shard: number): ShardPlace;
  lastBefore(shard: number, beforeMs: number): number;
  trim(shard: number, beforeMs: number, max: number): number;
  /** Up to `max` records of a shard that is given up; how many it removed. */
  clear(shard: number, max: number): number;
  forget(shard: number): void;
}

/** Prepares the statements; the schema must be there. */
export function createShardLog(connection: Connection): ShardLog {
  const insertShard = connection.prepare("INSERT INTO shards (position, arrived_at_ms) VALUES (0, 0)");
  const head = connection.prepare<[number], ShardPlace>(
    "SELECT position, arrived_at_ms AS arrivedAtMs FROM shards WHERE shard = ?",
  );
  const setHead = connection.prepare("UPDATE shards SET position = ?, arrived_at_ms = ? WHERE shard = ?");
  const insert = connection.prepare(
    "INSERT INTO shard_records (id, arrived_at_ms, partition_key, data) VALUES (?, ?, ?, ?)",
  );
  const select = connection.prepare<[number, number, number], Row>(
    `SELECT id, arrived_at_ms AS arrivedAtMs, partition_key AS partitionKey, data FROM shard_records
     WHERE id > ? AND id < ? ORDER BY id LIMIT ?`,
  );
  const first = connection
    .prepare<[number, number], number>("SELECT id FROM shard_records WHERE id > ? AND id < ? ORDER BY id LIMIT 1")
    .pluck();
  const arrival = connection.prepare<[number], number>("SELECT arrived_at_ms FROM shard_records WHERE id = ?").pluck();
  const removeRange = connection.prepare("DELETE FROM shard_records WHERE id > ? AND id <= ?");
  const removeShard = connection.prepare("DELETE FROM shards WHERE shard = ?");

  const baseOf = (shard: number): number => shard * positionsPerShard;
  const last = (shard: number): ShardPlace => head.get(shard) ?? { position: 0, arrivedAtMs: 0 };
  /** The position before the first record that is kept. */
  const floor = (shard: number): number => {
    const id = first.get(baseOf(shard), baseOf(shard + 1));
    return id === undefined ? last(shard).position : id - baseOf(shard) - 1;
  };
  /** Records are kept from the floor to the head without gaps (G1), in order of arrival (G2). */
  const lastBefore = (shard: number, beforeMs: number): number => {
    let low = floor(shard);
    let high = last(shard).position;
    while (low < high) {
      const middle = low + Math.ceil((high - low) / 2);
      const arrivedAtMs = arrival.get(baseOf(shard) + middle) ?? Infinity;
      if (arrivedAtMs < beforeMs) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const removeUpTo = (shard: number, position: number, max: number): number => {
    const from = floor(shard);
    const to = Math.min(position, from + max);
    if (to <= from) return 0;
    return removeRange.run(baseOf(shard) + from, baseOf(shard) + to).changes;
  };

  return {
    allocate() {
      const shard = Number(insertShard.run().lastInsertRowid);
      if (shard >= shardsMax) throw new Error(`there is no room for more than ${shardsMax} shards`);
      return shard;
    },
    append({ shard, partitionKey, data, arrivedAtMs: givenMs }) {
      const before = last(shard);
      const place = { position: before.position + 1, arrivedAtMs: Math.max(before.arrivedAtMs, Math.floor(givenMs)) };
      insert.run(baseOf(shard) + place.position, place.arrivedAtMs, partitionKey, data);
      setHead.run(place.position, place.arrivedAtMs, shard);
      return place;
    },
    read(shard, after, { max, bytesMax, arrivedFromMs }) {
      const records: ShardRecord[] = [];
      let bytes = 0;
      const base = baseOf(shard);
      let from = after;
      const next = first.get(base + after, base + positionsPerShard);
      if (next === undefined) return records;
      if ((arrival.get(next) ?? 0) < arrivedFromMs) from = Math.max(after, lastBefore(shard, arrivedFromMs));
      for (const { id, ...row } of select.iterate(base + from, base + positionsPerShard, max)) {
        bytes += row.data.byteLength;
        if (records.length > 0 && bytes > bytesMax) break;
        records.push({ position: id - base, ...row });
      }
      return records;
    },
    last,
    lastBefore,
    trim: (shard, beforeMs, max) => removeUpTo(shard, lastBefore(shard, beforeMs), max),
    clear: (shard, max) => removeUpTo(shard, last(shard).position, max),
    forget(shard) {
      removeShard.run(shard);
    },
  };
}
