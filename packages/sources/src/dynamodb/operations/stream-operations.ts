/** DynamoDB Streams. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html */
import { type Operation, ServiceError } from "@tripline/kernel";
import { resourceNotFound, streamNotFound, validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";
import { iteratorMs, streamReadBytesMax, streamReadRecordsMax, streamRetentionMs } from "../limits.ts";
import { toApiRecord } from "../streams/record-text.ts";
import { readShard } from "../streams/shard-reader.ts";
import {
  findShard,
  parseSequenceNumber,
  type StreamShardRecord,
  type TableStream,
  toSequenceNumber,
  toShardId,
} from "../streams/table-stream.ts";
import { toKeySchemaElements } from "../table-definition.ts";
import { toTableName } from "../table-registry.ts";
import { parseToken, toToken } from "../../opaque-token/index.ts";

const listedMax = 100;

export function createStreamOperations(house: DynamoHouse): Operation[] {
  const { streams, logs, clock, scope } = house;
  const resolve = (arn: string): TableStream => {
    const stream = streams.get(arn);
    if (stream === undefined) throw streamNotFound(arn);
    return stream;
  };

  const list: Operation<{ TableName?: string; Limit?: number; ExclusiveStartStreamArn?: string }> = {
    name: "ListStreams",
    honoured: ["TableName", "Limit", "ExclusiveStartStreamArn"],
    async run({ TableName, Limit = listedMax, ExclusiveStartStreamArn: after }) {
      const name = TableName === undefined ? undefined : toTableName(TableName);
      const found = streams
        .list()
        .filter(
          ({ arn, tableName }) => (name === undefined || tableName === name) && (after === undefined || arn > after),
        );
      const page = found.slice(0, Limit);
      return {
        Streams: page.map(({ arn, label, tableName }) => ({
          StreamArn: arn,
          StreamLabel: label,
          TableName: tableName,
        })),
        ...(page.length < found.length ? { LastEvaluatedStreamArn: page.at(-1)?.arn } : {}),
      };
    },
  };

  const describeShard = async (stream: TableStream, shard: StreamShardRecord): Promise<Record<string, unknown>> => {
    const last = await logs.last(shard.log);
    const isParentKnown = stream.shards.some(({ index }) => index === shard.parent);
    return {
      ShardId: toShardId(stream, shard.index),
      SequenceNumberRange: {
        StartingSequenceNumber: toSequenceNumber(shard, 1),
        ...(shard.closedAtMs === undefined
          ? {}
          : { EndingSequenceNumber: toSequenceNumber(shard, Math.max(1, last.position)) }),
      },
      ...(shard.parent === undefined || !isParentKnown ? {} : { ParentShardId: toShardId(stream, shard.parent) }),
    };
  };
  const describe: Operation<{
    StreamArn: string;
    Limit?: number;
    ExclusiveStartShardId?: string;
    ShardFilter?: { Type?: string; ShardId?: string };
  }> = {
    name: "DescribeStream",
    honoured: ["StreamArn", "Limit", "ExclusiveStartShardId", "ShardFilter"],
    async run({ StreamArn, Limit = listedMax, ExclusiveStartShardId: after, ShardFilter }) {
      const stream = resolve(StreamArn);
      const parent = ShardFilter?.ShardId === undefined ? undefined : findShard(stream, ShardFilter.ShardId);
      const found = stream.shards.filter(
        (shard) =>
          (after === undefined || toShardId(stream, shard.index) > after) &&
          (ShardFilter === undefined || (parent !== undefined && shard.parent === parent.index)),
      );
      const page = found.slice(0, Limit);
      const last = page.at(-1);
      return {
        StreamDescription: {
          StreamArn,
          StreamLabel: stream.label,
          StreamStatus: stream.disabledAtMs === undefined ? "ENABLED" : "DISABLED",
          StreamViewType: stream.viewType,
          CreationRequestDateTime: new Date(stream.createdAtMs),
          TableName: stream.tableName,
          KeySchema: toKeySchemaElements(stream.key),
          Shards: await Promise.all(page.map((shard) => describeShard(stream, shard))),
          ...(page.length < found.length && last !== undefined
            ? { LastEvaluatedShardId: toShardId(stream, last.index) }
            : {}),
        },
      };
    },
  };

  const toIterator = (stream: TableStream, shard: StreamShardRecord, position: number): string =>
    `${stream.arn}|1|${toToken("dynamodb-iterator", [stream.arn, shard.index, position, clock.now()])}`;
  const getIterator: Operation<{
    StreamArn: string;
    ShardId: string;
    ShardIteratorType: string;
    SequenceNumber?: string;
  }> = {
    name: "GetShardIterator",
    honoured: ["StreamArn", "ShardId", "ShardIteratorType", "SequenceNumber"],
    async run({ StreamArn, ShardId, ShardIteratorType: type, SequenceNumber }) {
      const stream = resolve(StreamArn);
      const shard = findShard(stream, ShardId);
      if (shard === undefined) {
        throw new ServiceError("ResourceNotFoundException", `Requested resource not found: Shard does not exist`);
      }
      const isByNumber = type === "AT_SEQUENCE_NUMBER" || type === "AFTER_SEQUENCE_NUMBER";
      if (isByNumber && SequenceNumber === undefined) {
        throw validation(`Invalid ShardIterator request: SequenceNumber is required for ${type}`);
      }
      if (!isByNumber && SequenceNumber !== undefined) {
        throw validation(`Invalid ShardIterator request: SequenceNumber must not be given with ${type}`);
      }
      if (type === "TRIM_HORIZON") return { ShardIterator: toIterator(stream, shard, 0) };
      const last = (await logs.last(shard.log)).position;
      if (SequenceNumber === undefined) return { ShardIterator: toIterator(stream, shard, last) };
      const position = parseSequenceNumber(shard, SequenceNumber);
      if (position === undefined || position > Math.max(1, last)) {
        throw validation("Invalid SequenceNumber: the sequence number is not valid for this shard");
      }
      const oldest = await logs.lastBefore(shard.log, clock.now() - streamRetentionMs);
      if (position <= oldest && position < last) {
        throw new ServiceError(
          "TrimmedDataAccessException",
          "The requested sequence number is beyond the trim horizon of the stream",
        );
      }
      return { ShardIterator: toIterator(stream, shard, type === "AT_SEQUENCE_NUMBER" ? position - 1 : position) };
    },
  };

  const getRecords: Operation<{ ShardIterator: string; Limit?: number }> = {
    name: "GetRecords",
    honoured: ["ShardIterator", "Limit"],
    async run({ ShardIterator, Limit = streamReadRecordsMax }) {
      const token = ShardIterator.slice(ShardIterator.lastIndexOf("|") + 1);
      const [arn, index, position, issuedAtMs] = parseToken("dynamodb-iterator", token) ?? [];
      if (arn === undefined) throw validation("Invalid ShardIterator");
      if (clock.now() - Number(issuedAtMs) > iteratorMs) {
        throw new ServiceError("ExpiredIteratorException", "Iterator expired");
      }
      const stream = resolve(String(arn));
      const shard = stream.shards.find((one) => one.index === index);
      if (shard === undefined) throw resourceNotFound();
      const limits = { max: Math.min(Limit, streamReadRecordsMax), bytesMax: streamReadBytesMax };
      const read = await readShard(house, shard, Number(position), limits);
      return {
        Records: read.records.map((record) => toApiRecord(stream, scope.region, shard, record)),
        ...(read.isEnd ? {} : { NextShardIterator: toIterator(stream, shard, read.position) }),
      };
    },
  };
  return [list, describe, getIterator, getRecords];
}
