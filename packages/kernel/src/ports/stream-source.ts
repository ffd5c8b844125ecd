/**
 * What the dispatcher reads for an event source mapping of a stream (Kinesis, DynamoDB Streams). Never polled by a sleeping loop:
 * `onAppend` wakes it.
 *
 * R1. Records of a shard are read in the order of their sequence numbers, which are decimal and compare as numbers.
 * R2. Reading costs the same however many records lie before the position.
 * R3. A closed shard stays listed until its records are past their retention.
 */
import type { Cancel } from "../clock/clock.ts";

/** One record, decoded no further than it is needed. */
export interface StreamRecord {
  /** Decimal, no leading zeros. */
  readonly sequenceNumber: string;
  /** What order is kept by: the partition key, or the key of the item. */
  readonly partitionKey: string;
  readonly arrivedAtMs: number;
  /** `eventID` of its record in the event; names the record in deliveries. */
  readonly eventId: string;
  /** JSON text of the record as one element of a Lambda event's `Records`. `roleArn`: the execution role of the function. */
  toEventText(roleArn: string): string;
  /** What filter patterns are matched against. */
  toFilterEvent(): Readonly<Record<string, unknown>>;
}

/** A shard as it stands. */
export interface StreamShard {
  readonly shardId: string;
  /** None, one, or (after a merge) two; some may be listed no more. */
  readonly parentShardIds: readonly string[];
}

/** Where reading begins. */
export type StreamStart = { at: "TRIM_HORIZON" } | { at: "LATEST" } | { at: "AT_TIMESTAMP"; timestampMs: number };

/** What one read found. */
export interface StreamRead {
  records: StreamRecord[];
  /** The shard is closed, and nothing comes after these records. */
  isEnd: boolean;
}

/** What a mapping must know of its stream. */
export interface StreamFacts {
  streamArn: string;
  /** How long records are kept, milliseconds. */
  retentionMs: number;
}

/** A stream that can be read by an event source mapping. */
export interface StreamSource {
  /** Throws a `ServiceError` where the stream does not exist (any more). */
  facts(): Promise<StreamFacts>;
  /** Open and closed ones, oldest first. */
  shards(): Promise<StreamShard[]>;
  /** The sequence number to read after, so that the first record read is the first one that `start` means; undefined: from the oldest. */
  position(shardId: string, start: StreamStart): Promise<string | undefined>;
  /** Up to `max` records after a sequence number (undefined: from the oldest that is kept). Fewer where they are large. */
  read(shardId: string, after: string | undefined, max: number): Promise<StreamRead>;
  /** When records are appended, and when shards open or close. May be called more often than needed. */
  onAppend(wake: () => void): Cancel;
}

/** Finds the stream behind an ARN. */
export interface StreamSources {
  /** Undefined where there is no such stream. */
  find(streamArn: string): Promise<StreamSource | undefined>;
  /** Calls `run` after a stream was created: whoever waits for one looks again. Absent: nobody is told. */
  onCreated?(run: () => void): Cancel;
}
