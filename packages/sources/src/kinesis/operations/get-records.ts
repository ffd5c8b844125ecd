/** GetShardIterator and GetRecords. */
import type { Operation } from "@tripline/kernel";
import { expiredIterator, invalidIterator, shardNotFound, throughputExceeded } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import { iteratorMs, readBytesMax, readRecordsMax } from "../limits.ts";
import { readShard, toChildShards, toRecordOutput } from "../shard-reader.ts";
import { toPosition } from "../starting-position.ts";
import { findShard, type Shard, type Stream, toShardId } from "../stream.ts";
import { parseToken, toToken } from "../../opaque-token/index.ts";
import { addressHonoured, type StreamAddress, recordsRefused } from "./stream-address.ts";

interface GetShardIteratorInput extends StreamAddress {
  ShardId: string;
  ShardIteratorType: string;
  StartingSequenceNumber?: string;
  Timestamp?: Date;
}

function toIterator(stream: Stream, shard: Shard, position: number, nowMs: number): string {
  return toToken("iterator", [stream.name, stream.createdAtMs, shard.index, position, nowMs]);
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
export function getShardIteratorOperation(house: KinesisHouse): Operation<GetShardIteratorInput> {
  const { registry, clock, scope } = house;
  return {
    name: "GetShardIterator",
    honoured: [...addressHonoured, "ShardId", "ShardIteratorType", "StartingSequenceNumber", "Timestamp"],
    refused: recordsRefused,
    async run(input) {
      const stream = registry.resolve(input);
      const shard = findShard(stream, input.ShardId);
      if (shard === undefined) throw shardNotFound(input.ShardId, stream.name, scope.accountId);
      const start = {
        type: input.ShardIteratorType,
        sequenceNumber: input.StartingSequenceNumber,
        timestamp: input.Timestamp,
      };
      const position = await toPosition(house, stream, shard, start, "GetShardIterator");
      return { ShardIterator: toIterator(stream, shard, position, clock.now()) };
    },
  };
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html */
export function getRecordsOperation(
  house: KinesisHouse,
): Operation<{ ShardIterator: string; Limit?: number; StreamARN?: string }> {
  const { registry, clock, scope, throughput } = house;
  return {
    name: "GetRecords",
    honoured: ["ShardIterator", "Limit", "StreamARN"],
    refused: recordsRefused,
    async run({ ShardIterator, Limit = readRecordsMax, StreamARN }) {
      const [name, createdAtMs, index, position, issuedAtMs] = parseToken("iterator", ShardIterator) ?? [];
      if (name === undefined) throw invalidIterator();
      const nowMs = clock.now();
      if (nowMs - Number(issuedAtMs) > iteratorMs) throw expiredIterator(Number(issuedAtMs), nowMs, iteratorMs);
      const stream = registry.resolve({
        StreamName: String(name),
        ...(StreamARN === undefined ? {} : { StreamARN }),
      });
      const shard = stream.createdAtMs === createdAtMs ? findShard(stream, String(index)) : undefined;
      if (shard === undefined) throw invalidIterator();
      if (!throughput.read(shard.log, nowMs)) throw throughputExceeded(toShardId(shard), stream.name, scope.accountId);
      const limits = { max: Limit, bytesMax: readBytesMax };
      const read = await readShard(house, stream, shard, Number(position), limits);
      throughput.wasRead(
        shard.log,
        read.records.reduce((sum, { data }) => sum + data.byteLength, 0),
        nowMs,
      );
      return {
        Records: read.records.map((record) => toRecordOutput(stream, shard, record)),
        MillisBehindLatest: read.behindMs,
        ...(read.isEnd
          ? { ChildShards: toChildShards(stream, shard) }
          : { NextShardIterator: toIterator(stream, shard, read.position, nowMs) }),
      };
    },
  };
}
