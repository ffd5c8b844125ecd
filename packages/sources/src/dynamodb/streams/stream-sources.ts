/** Streams of tables as event source mappings read them. */
import type { ShardRecord, StreamRecord, StreamSource, StreamSources } from "@tripline/kernel";
import { streamNotFound, validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";
import { streamReadBytesMax, streamRetentionMs } from "../limits.ts";
import { toLambdaRecord } from "./record-text.ts";
import { readShard } from "./shard-reader.ts";
import {
  findShard,
  parseSequenceNumber,
  type StreamShardRecord,
  type TableStream,
  toSequenceNumber,
  toShardId,
} from "./table-stream.ts";

/** By the ARN of a stream. */
export function createStreamSources(house: DynamoHouse): StreamSources {
  return {
    async find(arn) {
      return house.streams.get(arn) === undefined ? undefined : createStreamSource(house, arn);
    },
    onCreated: (run) => house.streams.watchers.onCreated(run),
  };
}

function createStreamSource(house: DynamoHouse, arn: string): StreamSource {
  const { streams, logs, scope } = house;
  const current = (): TableStream => {
    const stream = streams.get(arn);
    if (stream === undefined) throw streamNotFound(arn);
    return stream;
  };
  const shardOf = (stream: TableStream, shardId: string): StreamShardRecord => {
    const shard = findShard(stream, shardId);
    if (shard === undefined) throw validation(`Shard ${shardId} is not one of ${arn}`);
    return shard;
  };
  return {
    async facts() {
      current();
      return { streamArn: arn, retentionMs: streamRetentionMs };
    },
    async shards() {
      const stream = current();
      return stream.shards.map(({ index, parent }) => ({
        shardId: toShardId(stream, index),
        parentShardIds: parent === undefined ? [] : [toShardId(stream, parent)],
      }));
    },
    async position(shardId, start) {
      const shard = shardOf(current(), shardId);
      if (start.at === "TRIM_HORIZON") return undefined;
      const position =
        start.at === "LATEST"
          ? (await logs.last(shard.log)).position
          : await logs.lastBefore(shard.log, start.timestampMs);
      return position === 0 ? undefined : toSequenceNumber(shard, position);
    },
    async read(shardId, after, max) {
      const stream = current();
      const shard = shardOf(stream, shardId);
      const position = after === undefined ? 0 : (parseSequenceNumber(shard, after) ?? 0);
      const read = await readShard(house, shard, position, { max, bytesMax: streamReadBytesMax });
      return {
        records: read.records.map((record) => toStreamRecord(stream, scope.region, shard, record)),
        isEnd: read.isEnd,
      };
    },
    onAppend: (wake) => streams.watchers.onChange(arn, wake),
  };
}

function toStreamRecord(
  stream: TableStream,
  region: string,
  shard: StreamShardRecord,
  record: ShardRecord,
): StreamRecord {
  const { eventId, text } = toLambdaRecord(stream, region, shard, record);
  return {
    sequenceNumber: toSequenceNumber(shard, record.position),
    partitionKey: record.partitionKey,
    arrivedAtMs: record.arrivedAtMs,
    eventId,
    toEventText: () => text,
    toFilterEvent: () => JSON.parse(text) as Record<string, unknown>,
  };
}
