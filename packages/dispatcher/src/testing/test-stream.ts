import { type Clock, ServiceError, type StreamRecord, type StreamSource, type StreamSources } from "@tripline/kernel";
import { compareSequence } from "../streams/sequence-order.ts";

/** Streams in memory, as small as a mapping allows. Sequence numbers count up from 1,000 over all shards. */
export interface TestStreams extends StreamSources {
  /** Returns the ARN. */
  create(name: string, options?: { service?: "kinesis" | "dynamodb"; shards?: number; retentionMs?: number }): string;
  remove(name: string): void;
  /** Appends one record; returns its sequence number. */
  put(name: string, data: unknown, options?: { key?: string; shard?: string }): string;
  /** Closes a shard and opens its children; returns their ids. */
  split(name: string, shard: string): [string, string];
  merge(name: string, shard: string, other: string): string;
  openShards(name: string): string[];
  /** How often a shard was read. */
  reads: number;
  /** Set to have every read fail with it. */
  trouble: Error | undefined;
}

interface TestShard {
  shardId: string;
  parentShardIds: string[];
  records: { sequenceNumber: string; key: string; data: unknown; arrivedAtMs: number }[];
  isClosed: boolean;
}

interface TestStream {
  arn: string;
  retentionMs: number;
  shards: TestShard[];
  listeners: Set<() => void>;
}

export function createTestStreams({ clock }: { clock: Clock }): TestStreams {
  const streams = new Map<string, TestStream>();
  const created = new Set<() => void>();
  let next = 1_000;
  let nextShard = 0;
  const get = (name: string): TestStream => {
    const stream = streams.get(name);
    if (stream === undefined) throw new ServiceError("ResourceNotFoundException", `Stream ${name} not found.`);
    return stream;
  };
  const shardOf = (stream: TestStream, shardId: string): TestShard => {
    const shard = stream.shards.find((one) => one.shardId === shardId);
    if (shard === undefined) throw new Error(`no shard ${shardId}`);
    return shard;
  };
  const open = (stream: TestStream, parents: string[]): string => {
    const shardId = `shardId-${String(nextShard++).padStart(12, "0")}`;
    stream.shards.push({ shardId, parentShardIds: parents, records: [], isClosed: false });
    return shardId;
  };
  const tell = (stream: TestStream): void => {
    for (const run of Array.from(stream.listeners)) run();
  };

  const sourceOf = (name: string): StreamSource => ({
    async facts() {
      const { arn, retentionMs } = get(name);
      return { streamArn: arn, retentionMs };
    },
    shards: async () => get(name).shards.map(({ shardId, parentShardIds }) => ({ shardId, parentShardIds })),
    async position(shardId, start) {
      const { records } = shardOf(get(name), shardId);
      if (start.at === "TRIM_HORIZON") return undefined;
      if (start.at === "LATEST") return String(next - 1);
      return records.findLast(({ arrivedAtMs }) => arrivedAtMs < start.timestampMs)?.sequenceNumber;
    },
    async read(shardId, after, max) {
      test.reads++;
      if (test.trouble !== undefined) throw test.trouble;
      const stream = get(name);
      const { records, isClosed } = shardOf(stream, shardId);
      const oldestMs = clock.now() - stream.retentionMs;
      const left = records.filter(
        (one) => one.arrivedAtMs >= oldestMs && (after === undefined || compareSequence(one.sequenceNumber, after) > 0),
      );
      return {
        records: left.slice(0, max).map((one) => toRecord(stream.arn, shardId, one)),
        isEnd: isClosed && left.length <= max,
      };
    },
    onAppend(wake) {
      const { listeners } = get(name);
      const own = (): void => {
        wake();
      };
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
  });

  const test: TestStreams = {
    reads: 0,
    trouble: undefined,
    create(name, { service = "kinesis", shards = 1, retentionMs = 86_400_000 } = {}) {
      const arn =
        service === "kinesis"
          ? `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`
          : `arn:aws:dynamodb:us-east-1:000000000000:table/${name}/stream/2026-01-01T00:00:00.000`;
      const stream: TestStream = { arn, retentionMs, shards: [], listeners: new Set() };
      for (let n = 0; n < shards; n++) open(stream, []);
      streams.set(name, stream);
      for (const run of Array.from(created)) run();
      return arn;
    },
    remove(name) {
      const stream = streams.get(name);
      streams.delete(name);
      if (stream !== undefined) tell(stream);
    },
    put(name, data, { key = "k", shard } = {}) {
      const stream = get(name);
      const openOnes = stream.shards.filter(({ isClosed }) => !isClosed);
      const target = shard === undefined ? openOnes[0] : shardOf(stream, shard);
      if (target === undefined || target.isClosed) throw new Error("the shard is closed");
      const sequenceNumber = String(next++);
      target.records.push({ sequenceNumber, key, data, arrivedAtMs: clock.now() });
      tell(stream);
      return sequenceNumber;
    },
    split(name, shardId) {
      const stream = get(name);
      shardOf(stream, shardId).isClosed = true;
      const children: [string, string] = [open(stream, [shardId]), open(stream, [shardId])];
      tell(stream);
      return children;
    },
    merge(name, shardId, other) {
      const stream = get(name);
      shardOf(stream, shardId).isClosed = true;
      shardOf(stream, other).isClosed = true;
      const child = open(stream, [shardId, other]);
      tell(stream);
      return child;
    },
    openShards: (name) =>
      get(name)
        .shards.filter(({ isClosed }) => !isClosed)
        .map(({ shardId }) => shardId),
    async find(streamArn) {
      const name = /[:/](?:stream|table)\/([^/]+)/.exec(streamArn)?.[1] ?? "";
      return streams.get(name)?.arn === streamArn ? sourceOf(name) : undefined;
    },
    onCreated(run) {
      created.add(run);
      return () => {
        created.delete(run);
      };
    },
  };
  return test;
}

function toRecord(streamArn: string, shardId: string, one: TestShard["records"][number]): StreamRecord {
  const eventId = `${shardId}:${one.sequenceNumber}`;
  return {
    sequenceNumber: one.sequenceNumber,
    partitionKey: one.key,
    arrivedAtMs: one.arrivedAtMs,
    eventId,
    toEventText: (roleArn) =>
      JSON.stringify({
        kinesis: { partitionKey: one.key, sequenceNumber: one.sequenceNumber, data: one.data },
        eventID: eventId,
        invokeIdentityArn: roleArn,
        eventSourceARN: streamArn,
      }),
    toFilterEvent: () => ({ partitionKey: one.key, data: one.data }),
  };
}
