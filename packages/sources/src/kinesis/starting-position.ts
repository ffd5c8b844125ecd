/** Where a reader begins: iterators, subscriptions, mappings. Positions are those of the store: reading is after them. */
import { invalidArgument } from "./errors.ts";
import type { KinesisHouse } from "./house.ts";
import { parseSequenceNumber } from "./sequence-number.ts";
import { type Shard, type Stream, toShardId } from "./stream.ts";

/** As GetShardIterator and SubscribeToShard say it. */
export interface StartingPosition {
  type: string;
  sequenceNumber?: string | undefined;
  timestamp?: Date | undefined;
}

/** `operation`: for the error. */
export async function toPosition(
  { logs, clock, scope }: KinesisHouse,
  stream: Stream,
  shard: Shard,
  start: StartingPosition,
  operation: string,
): Promise<number> {
  const { type, sequenceNumber, timestamp } = start;
  switch (type) {
    case "TRIM_HORIZON":
      return 0;
    case "LATEST":
      return (await logs.last(shard.log)).position;
    case "AT_TIMESTAMP": {
      if (timestamp === undefined) throw invalidArgument("Must specify a Timestamp with AT_TIMESTAMP.");
      if (timestamp.getTime() > clock.now()) {
        throw invalidArgument(
          `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${timestamp.getTime()}, currentTimestampInMillis: ${clock.now()}`,
        );
      }
      return logs.lastBefore(shard.log, timestamp.getTime());
    }
    default: {
      const parts = sequenceNumber === undefined ? undefined : parseSequenceNumber(sequenceNumber);
      if (sequenceNumber === undefined) {
        throw invalidArgument(
          `Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and no StartingSequenceNumber.`,
        );
      }
      const isOfShard = parts?.shardIndex === shard.index && parts.createdSeconds === shard.createdSeconds;
      if (parts === undefined || !isOfShard) {
        throw invalidArgument(
          `StartingSequenceNumber ${sequenceNumber} used in ${operation} on shard ${toShardId(shard)} in stream ${stream.name} under account ${scope.accountId} is invalid.`,
        );
      }
      return type === "AT_SEQUENCE_NUMBER" ? Math.max(0, parts.position - 1) : parts.position;
    }
  }
}
