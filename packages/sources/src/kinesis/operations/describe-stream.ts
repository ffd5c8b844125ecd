/** What there is: streams, shards, limits. */
import type { Operation } from "@tripline/kernel";
import { expiredToken, invalidArgument, shardNotFound } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import { hourMs, shardLimit, streamsOnDemandMax, tokenMs } from "../limits.ts";
import { toPlaceAfter, toSequenceNumber } from "../sequence-number.ts";
import { findShard, openShards, type Shard, type Stream, toShardId } from "../stream.ts";
import { parseToken, toToken } from "../../opaque-token/index.ts";
import { addressHonoured, type StreamAddress, streamIdRefused } from "./stream-address.ts";

/** Larger than that of any record of the shard. */
const positionMax = Number.MAX_SAFE_INTEGER;

/** A shard as DescribeStream and ListShards show it. */
export function toShardOutput(shard: Shard): Record<string, unknown> {
  const { createdSeconds, index: shardIndex, closedAtMs } = shard;
  const id = (index: number | undefined, name: string): object =>
    index === undefined ? {} : { [name]: toShardId({ index }) };
  return {
    ShardId: toShardId(shard),
    ...id(shard.parent, "ParentShardId"),
    ...id(shard.adjacentParent, "AdjacentParentShardId"),
    HashKeyRange: { StartingHashKey: shard.firstHashKey, EndingHashKey: shard.lastHashKey },
    SequenceNumberRange: {
      StartingSequenceNumber: toSequenceNumber({
        createdSeconds,
        position: 0,
        arrivedSeconds: createdSeconds,
        shardIndex,
      }),
      ...(closedAtMs === undefined ? {} : { EndingSequenceNumber: toPlaceAfter(shard, positionMax) }),
    },
  };
}

interface ListShardsInput extends StreamAddress {
  NextToken?: string;
  ExclusiveStartShardId?: string;
  MaxResults?: number;
  StreamCreationTimestamp?: Date;
  ShardFilter?: { Type: string; ShardId?: string; Timestamp?: Date };
}

/** DescribeStream, DescribeStreamSummary, ListStreams, ListShards, DescribeLimits. */
export function createDescribeOperations({ registry, clock, scope }: KinesisHouse): Operation[] {
  /** Those whose records may still be there. */
  const listed = (stream: Stream): Shard[] => {
    const oldestMs = clock.now() - stream.retentionHours * hourMs;
    return stream.shards.filter(({ closedAtMs }) => closedAtMs === undefined || closedAtMs >= oldestMs);
  };
  const common = (stream: Stream): Record<string, unknown> => ({
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: registry.status(stream.name),
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: new Date(stream.createdAtMs),
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: stream.encryptionKeyId === undefined ? "NONE" : "KMS",
    ...(stream.encryptionKeyId === undefined ? {} : { KeyId: stream.encryptionKeyId }),
  });
  const after = (shards: Shard[], shardId: string | undefined, stream: Stream): Shard[] => {
    if (shardId === undefined) return shards;
    const digits = /^(?:shardId-)?(\d{1,12})$/.exec(shardId)?.[1];
    if (digits === undefined) throw shardNotFound(shardId, stream.name, scope.accountId);
    return shards.filter(({ index }) => index > Number(digits));
  };

  const describe: Operation<StreamAddress & { Limit?: number; ExclusiveStartShardId?: string }> = {
    name: "DescribeStream",
    honoured: [...addressHonoured, "Limit", "ExclusiveStartShardId"],
    refused: streamIdRefused,
    async run(input) {
      const stream = registry.resolve(input);
      const all = after(listed(stream), input.ExclusiveStartShardId, stream);
      const shards = all.slice(0, input.Limit ?? 100);
      return {
        StreamDescription: {
          ...common(stream),
          Shards: shards.map(toShardOutput),
          HasMoreShards: shards.length < all.length,
        },
      };
    },
  };
  const summary: Operation<StreamAddress> = {
    name: "DescribeStreamSummary",
    honoured: addressHonoured,
    refused: streamIdRefused,
    async run(input) {
      const stream = registry.resolve(input);
      return {
        StreamDescriptionSummary: {
          ...common(stream),
          OpenShardCount: openShards(stream).length,
          ConsumerCount: stream.consumers.length,
          MaxRecordSizeInKiB: stream.recordKibibytesMax,
        },
      };
    },
  };
  const streams: Operation<{ Limit?: number; ExclusiveStartStreamName?: string; NextToken?: string }> = {
    name: "ListStreams",
    honoured: ["Limit", "ExclusiveStartStreamName", "NextToken"],
    async run({ Limit: limit = 100, ExclusiveStartStreamName, NextToken }) {
      const from = NextToken === undefined ? ExclusiveStartStreamName : parsePage("streams", NextToken)[0];
      const all = registry.list().filter(({ name }) => from === undefined || name > String(from));
      const page = all.slice(0, limit);
      const HasMoreStreams = page.length < all.length;
      return {
        StreamNames: page.map(({ name }) => name),
        HasMoreStreams,
        ...(HasMoreStreams ? { NextToken: toToken("streams", [page.at(-1)?.name ?? "", clock.now()]) } : {}),
        StreamSummaries: page.map((stream) => ({
          StreamName: stream.name,
          StreamARN: stream.arn,
          StreamStatus: registry.status(stream.name),
          StreamModeDetails: { StreamMode: stream.mode },
          StreamCreationTimestamp: new Date(stream.createdAtMs),
        })),
      };
    },
  };
  const shards: Operation<ListShardsInput> = {
    name: "ListShards",
    honoured: [
      ...addressHonoured,
      "NextToken",
      "ExclusiveStartShardId",
      "MaxResults",
      "StreamCreationTimestamp",
      "ShardFilter",
    ],
    refused: streamIdRefused,
    async run(input) {
      const { NextToken, MaxResults: max = 1_000, StreamCreationTimestamp } = input;
      const page = NextToken === undefined ? undefined : parsePage("shards", NextToken);
      if (page !== undefined && (input.StreamName !== undefined || input.ExclusiveStartShardId !== undefined)) {
        throw invalidArgument("NextToken and StreamName cannot be provided together.");
      }
      const [name, last, filterText] = page ?? [];
      const stream = registry.resolve(page === undefined ? input : { StreamName: String(name) });
      if (StreamCreationTimestamp !== undefined) {
        const isSame = Math.abs(StreamCreationTimestamp.getTime() - stream.createdAtMs) < 1_000;
        if (!isSame) throw invalidArgument("StreamCreationTimestamp does not match the stream's.");
      }
      const filter =
        filterText === undefined
          ? input.ShardFilter
          : (JSON.parse(String(filterText)) as ListShardsInput["ShardFilter"]);
      const filtered = filterShards(stream, listed(stream), filter);
      const from = page === undefined ? input.ExclusiveStartShardId : String(last);
      const all = after(filtered, from, stream);
      const shown = all.slice(0, max);
      const lastShown = shown.at(-1);
      return {
        Shards: shown.map(toShardOutput),
        ...(shown.length < all.length && lastShown !== undefined
          ? {
              NextToken: toToken("shards", [
                stream.name,
                toShardId(lastShown),
                JSON.stringify(filter ?? { Type: "FROM_TRIM_HORIZON" }),
                clock.now(),
              ]),
            }
          : {}),
      };
    },
  };
  const limits: Operation<object> = {
    name: "DescribeLimits",
    honoured: [],
    run: async () => ({
      ShardLimit: shardLimit,
      OpenShardCount: registry.list().reduce((sum, stream) => sum + openShards(stream).length, 0),
      OnDemandStreamCount: registry.list().filter(({ mode }) => mode === "ON_DEMAND").length,
      OnDemandStreamCountLimit: streamsOnDemandMax,
    }),
  };

  function parsePage(kind: string, token: string): (string | number)[] {
    const fields = parseToken(kind, token);
    if (fields === undefined) throw invalidArgument("Invalid NextToken.");
    if (clock.now() - Number(fields.at(-1)) > tokenMs) throw expiredToken();
    return fields;
  }
  function filterShards(stream: Stream, all: Shard[], filter: ListShardsInput["ShardFilter"]): Shard[] {
    if (filter === undefined) return all;
    const isOpenAt = ({ openedAtMs, closedAtMs = Infinity }: Shard, ms: number): boolean =>
      openedAtMs <= ms && ms < closedAtMs;
    const timestamp = new Date(filter.Timestamp ?? Number.NaN).getTime();
    if (filter.Type.endsWith("_TIMESTAMP") && Number.isNaN(timestamp)) {
      throw invalidArgument(`Timestamp must be specified for the ShardFilter type ${filter.Type}.`);
    }
    switch (filter.Type) {
      case "AT_LATEST":
        return all.filter(({ closedAtMs }) => closedAtMs === undefined);
      case "AT_TRIM_HORIZON": {
        const oldestMs = Math.max(stream.createdAtMs, clock.now() - stream.retentionHours * hourMs);
        return all.filter((shard) => isOpenAt(shard, oldestMs));
      }
      case "FROM_TRIM_HORIZON":
        return all;
      case "AT_TIMESTAMP":
        return all.filter((shard) => isOpenAt(shard, timestamp));
      case "FROM_TIMESTAMP":
        return all.filter(({ closedAtMs = Infinity }) => closedAtMs > timestamp);
      case "AFTER_SHARD_ID": {
        const found = findShard(stream, filter.ShardId ?? "");
        if (filter.ShardId === undefined || found === undefined) {
          throw invalidArgument("ShardId must name a shard of the stream for the ShardFilter type AFTER_SHARD_ID.");
        }
        return all.filter(({ index }) => index > found.index);
      }
      default:
        throw invalidArgument(`Unknown ShardFilter type ${filter.Type}.`);
    }
  }
  return [describe, summary, streams, shards, limits];
}
