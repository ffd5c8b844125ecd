/**
 * Log events, by group and stream. Narrow, set-based, one atomic call each.
 *
 * L1. Events are ordered by time stamp and then by `sequence`, which counts everything that was ever logged: the order of arrival.
 * L2. Events are kept in chunks, each of one stream and in order; chunks may overlap in time. A read gives whole chunks.
 */

/** One event. Times are epoch milliseconds. */
export interface StoredLogEvent {
  timestampMs: number;
  /** L1. */
  sequence: number;
  ingestionMs: number;
  message: string;
}

/** Events for one stream, in order (L1). The stream is made where there is none. */
export interface LogBatch {
  group: string;
  stream: string;
  events: readonly StoredLogEvent[];
}

/** Some of a stream's events, in order (L1). */
export interface LogChunk {
  stream: string;
  events: StoredLogEvent[];
}

/** A place between events: after all with a smaller or equal (time stamp, sequence). */
export interface LogPosition {
  timestampMs: number;
  sequence: number;
}

/** What to read of a group. */
export interface LogRead {
  group: string;
  /** Absent: every stream of the group. */
  streams?: readonly string[];
  streamPrefix?: string;
  /** Chunks that end before it, or begin after `toMs`, are left out; both ends belong to it. */
  fromMs: number;
  toMs: number;
  /** Chunks by their first event, or by their last event from the newest on. */
  direction: "forward" | "backward";
  /** Chunks that `cursor` follows; from an earlier answer. */
  cursor?: LogPosition;
  /** The most chunks at once. */
  limit: number;
}

/** `cursor` is there while more may follow. */
export interface LogReadResult {
  chunks: LogChunk[];
  cursor?: LogPosition;
}

/** A stream. */
export interface StoredLogStream {
  stream: string;
  createdMs: number;
  /** Absent where it never had events. */
  firstEventMs?: number;
  lastEventMs?: number;
  lastIngestionMs?: number;
}

/** Which streams, in which order. */
export interface LogStreamQuery {
  group: string;
  prefix?: string;
  /** By the time stamp of the last event, streams without one first; else by name. */
  byLastEvent: boolean;
  descending: boolean;
  offset: number;
  limit: number;
}

/** See the module's header. */
export interface LogStore {
  /** The sequence number after the last that was ever used. */
  nextSequence(): Promise<number>;
  /** Durable when it resolves. */
  append(batches: readonly LogBatch[], nowMs: number): Promise<void>;
  /** Whether there was none of that name. */
  createStream(group: string, stream: string, nowMs: number): Promise<boolean>;
  /** Whether there was one. Its events go with it. */
  deleteStream(group: string, stream: string): Promise<boolean>;
  /** With its streams and their events. */
  deleteGroup(group: string): Promise<void>;
  hasStream(group: string, stream: string): Promise<boolean>;
  listStreams(query: LogStreamQuery): Promise<StoredLogStream[]>;
  read(query: LogRead): Promise<LogReadResult>;
  /** Bytes kept, by group: of messages, with 26 for each event, as CloudWatch counts. */
  bytesByGroup(): Promise<Map<string, number>>;
  /** Deletes chunks of `group` whose last event is older than `beforeMs`. */
  expire(group: string, beforeMs: number): Promise<void>;
  /** Deletes the oldest chunks, and streams that have none left by it, until at most `bytes` are kept. How many bytes went. */
  trim(bytes: number): Promise<number>;
}
