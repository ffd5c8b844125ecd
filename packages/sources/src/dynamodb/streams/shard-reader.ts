/** Reads shards, for GetRecords and event source mappings alike. */
import type { ShardRecord } from "@tripline/kernel";
import type { DynamoHouse } from "../house.ts";
import { streamRetentionMs } from "../limits.ts";
import type { StreamShardRecord } from "./table-stream.ts";

/** What one read found. */
export interface ShardRead {
  records: ShardRecord[];
  /** To read after next time. */
  position: number;
  /** The shard is closed, and all of it read. */
  isEnd: boolean;
}

/** Records after `position`. */
export async function readShard(
  { clock, logs }: DynamoHouse,
  shard: StreamShardRecord,
  position: number,
  limits: { max: number; bytesMax: number },
): Promise<ShardRead> {
  const arrivedFromMs = clock.now() - streamRetentionMs;
  const records = await logs.read(shard.log, position, { ...limits, arrivedFromMs });
  const last = await logs.last(shard.log);
  const next = records.at(-1)?.position ?? Math.max(position, last.arrivedAtMs < arrivedFromMs ? last.position : 0);
  return { records, position: next, isEnd: next >= last.position && shard.closedAtMs !== undefined };
}
