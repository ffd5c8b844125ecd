/** Reads shards, for GetRecords, subscriptions and event source mappings alike. */
import type { ShardRecord } from "@tripline/kernel";
import type { KinesisHouse } from "./house.ts";
import { hourMs } from "./limits.ts";
import { toSequenceNumber } from "./sequence-number.ts";
import { openShards, type Shard, type Stream, toShardId } from "./stream.ts";

/** What one read found. */
export interface ShardRead {
  records: ShardRecord[];
  /** To read after next time. */
  position: number;
  /** The shard is closed, and all of it read. */
  isEnd: boolean;
  /** How far behind the shard's newest record the reader is; 0 at the tip. */
  behindMs: number;
}

/** Records after `position`. */
export async function readShard(
  { clock, logs, registry }: KinesisHouse,
  stream: Stream,
  shard: Shard,
  position: number,
  limits: { max: number; bytesMax: number },
): Promise<ShardRead> {
  const nowMs = clock.now();
  const arrivedFromMs = nowMs - stream.retentionHours * hourMs;
  const records = await logs.read(shard.log, position, { ...limits, arrivedFromMs });
  const last = await logs.last(shard.log);
  const read = records.at(-1);
  const next = read?.position ?? Math.max(position, last.arrivedAtMs < arrivedFromMs ? last.position : position);
  const isTip = next >= last.position;
  return {
    records,
    position: next,
    isEnd: isTip && shard.closedAtMs !== undefined && registry.isSaved(stream.name),
    behindMs: isTip ? 0 : Math.max(0, Math.floor(nowMs - (read?.arrivedAtMs ?? nowMs))),
  };
}

export function sequenceNumberOf(shard: Shard, { position, arrivedAtMs }: ShardRecord): string {
  return toSequenceNumber({
    createdSeconds: shard.createdSeconds,
    position,
    arrivedSeconds: Math.floor(arrivedAtMs / 1_000),
    shardIndex: shard.index,
  });
}

/** A record as GetRecords and subscriptions give it. */
export function toRecordOutput(stream: Stream, shard: Shard, record: ShardRecord): Record<string, unknown> {
  return {
    SequenceNumber: sequenceNumberOf(shard, record),
    ApproximateArrivalTimestamp: new Date(record.arrivedAtMs),
    Data: record.data,
    PartitionKey: record.partitionKey,
    ...(stream.encryptionKeyId === undefined ? {} : { EncryptionType: "KMS" }),
  };
}

/** The shards that go on where `shard` ended. */
export function toChildShards(stream: Stream, shard: Shard): Record<string, unknown>[] {
  return [...openShards(stream), ...stream.shards.filter(({ closedAtMs }) => closedAtMs !== undefined)]
    .filter(({ parent, adjacentParent }) => parent === shard.index || adjacentParent === shard.index)
    .map((child) => ({
      ShardId: toShardId(child),
      ParentShards: [child.parent, child.adjacentParent].flatMap((index) =>
        index === undefined ? [] : [toShardId({ index })],
      ),
      HashKeyRange: { StartingHashKey: child.firstHashKey, EndingHashKey: child.lastHashKey },
    }));
}
