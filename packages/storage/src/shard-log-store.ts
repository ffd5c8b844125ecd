import type { ShardLogStore } from "@tripline/kernel";
import type { Database } from "./database.ts";
import { shardLogOf } from "./shard-log.ts";

/** One commit removes no more: a stream of millions of records goes without holding up anyone. */
const removedAtOnce = 10_000;

/** {@link ShardLogStore} on SQLite. */
export function createShardLogStore(database: Database): ShardLogStore {
  const log = shardLogOf(database);
  return {
    allocate: (count) => database.write(() => Array.from({ length: count }, () => log.allocate())),
    append: (records) => database.write(() => records.map((record) => log.append(record))),
    read: (shard, after, options) => database.read(() => log.read(shard, after, options)),
    last: (shard) => database.read(() => log.last(shard)),
    lastBefore: (shard, beforeMs) => database.read(() => log.lastBefore(shard, beforeMs)),
    trim: (shard, beforeMs, max) => database.write(() => log.trim(shard, beforeMs, max)),
    async drop(shards) {
      for (const shard of shards) {
        while ((await database.write(() => log.clear(shard, removedAtOnce))) === removedAtOnce);
        await database.write(() => {
          log.forget(shard);
        });
      }
    },
  };
}
