/** Streams as event source mappings read them, and what starts and stops them. */
import type { ShardRecord, SourceAdapter, StreamRecord, StreamSource, StreamSources } from "@tripline/kernel";
import { shardNotFound, streamNotFound } from "./errors.ts";
import type { KinesisHouse } from "./house.ts";
import { hourMs, readBytesMax } from "./limits.ts";
import { parseSequenceNumber, toPlaceAfter } from "./sequence-number.ts";
import { readShard, sequenceNumberOf } from "./shard-reader.ts";
import { toPosition } from "./starting-position.ts";
import { findShard, type Shard, type Stream, toShardId } from "./stream.ts";

export function createSourceAdapter({ registry }: KinesisHouse): SourceAdapter {
  return {
    service: "kinesis",
    start: () => registry.load(),
    async stop() {
      registry.stop();
    },
  };
}

/** By the ARN of a stream, or of one of its consumers. */
export function createStreamSources(house: KinesisHouse): StreamSources {
  const { registry, scope } = house;
  return {
    async find(arn) {
      const [, streamArn, , consumer] =
        /^(arn:[^:]+:kinesis:[^:]*:[^:]*:stream\/([^/]+))(\/consumer\/.+)?$/.exec(arn) ?? [];
      const stream = registry.list().find((one) => one.arn === streamArn);
      if (stream === undefined) return undefined;
      if (consumer !== undefined && !stream.consumers.some((one) => one.arn === arn)) return undefined;
      return createStreamSource(house, stream);
    },
    onCreated: (run) => registry.watchers.onCreated(run),
  };

  function createStreamSource(of: KinesisHouse, { name, createdAtMs, arn }: Stream): StreamSource {
    const current = (): Stream => {
      const stream = registry.get(name);
      if (stream === undefined || stream.createdAtMs !== createdAtMs) throw streamNotFound(name, scope.accountId);
      return stream;
    };
    const shardOf = (stream: Stream, shardId: string): Shard => {
      const shard = findShard(stream, shardId);
      if (shard === undefined) throw shardNotFound(shardId, name, scope.accountId);
      return shard;
    };
    return {
      facts: async () => ({ streamArn: arn, retentionMs: current().retentionHours * hourMs }),
      shards: async () =>
        current().shards.map((shard) => ({
          shardId: toShardId(shard),
          parentShardIds: [shard.parent, shard.adjacentParent].flatMap((index) =>
            index === undefined ? [] : [toShardId({ index })],
          ),
        })),
      async position(shardId, start) {
        const stream = current();
        const shard = shardOf(stream, shardId);
        const timestamp = start.at === "AT_TIMESTAMP" ? new Date(start.timestampMs) : undefined;
        const position = await toPosition(of, stream, shard, { type: start.at, timestamp }, "a mapping");
        return position === 0 ? undefined : toPlaceAfter(shard, position);
      },
      async read(shardId, after, max) {
        const stream = current();
        const shard = shardOf(stream, shardId);
        const position = after === undefined ? 0 : (parseSequenceNumber(after)?.position ?? 0);
        const read = await readShard(of, stream, shard, position, { max, bytesMax: readBytesMax });
        const shared: SharedText = { stream, shardId: toShardId(shard) };
        return { records: read.records.map((record) => new EventRecord(shared, shard, record)), isEnd: read.isEnd };
      },
      onAppend: (wake) => registry.watchers.onChange(name, wake),
    };
  }
}

/** What the records of one read have in common. */
interface SharedText {
  stream: Stream;
  shardId: string;
  /** What stands around what is a record's own; made for the role that asks. */
  around?: { roleArn: string; before: string; after: string };
}

function toAround({ arn }: Stream, roleArn: string): { roleArn: string; before: string; after: string } {
  const region = arn.split(":")[3] ?? "";
  return {
    roleArn,
    before: '{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":',
    after: `","eventName":"aws:kinesis:record","invokeIdentityArn":${JSON.stringify(roleArn)},"awsRegion":"${region}","eventSourceARN":"${arn}"}`,
  };
}

/** One record of a Lambda event. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
class EventRecord implements StreamRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly arrivedAtMs: number;
  readonly eventId: string;
  readonly #record: ShardRecord;
  readonly #shared: SharedText;

  constructor(shared: SharedText, shard: Shard, record: ShardRecord) {
    this.sequenceNumber = sequenceNumberOf(shard, record);
    this.partitionKey = record.partitionKey;
    this.arrivedAtMs = record.arrivedAtMs;
    this.eventId = `${shared.shardId}:${this.sequenceNumber}`;
    this.#record = record;
    this.#shared = shared;
  }

  toEventText(roleArn: string): string {
    const { around } = this.#shared;
    if (around?.roleArn !== roleArn) this.#shared.around = toAround(this.#shared.stream, roleArn);
    const { before = "", after = "" } = this.#shared.around ?? {};
    const data = toBuffer(this.#record.data).toString("base64");
    return `${before}${JSON.stringify(this.partitionKey)},"sequenceNumber":"${this.sequenceNumber}","data":"${data}","approximateArrivalTimestamp":${toSeconds(this.arrivedAtMs)}},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"${this.eventId}${after}`;
  }

  /** The data are matched as JSON where they are; else as text. */
  toFilterEvent(): Readonly<Record<string, unknown>> {
    const text = toBuffer(this.#record.data).toString();
    return {
      kinesisSchemaVersion: "1.0",
      partitionKey: this.partitionKey,
      sequenceNumber: this.sequenceNumber,
      data: parseJson(text),
      approximateArrivalTimestamp: this.arrivedAtMs / 1_000,
    };
  }
}

/** `1545084650.987`; `ms` is whole. */
function toSeconds(ms: number): string {
  const rest = ms % 1_000;
  return `${(ms - rest) / 1_000}.${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}`;
}

/** The same bytes. */
function toBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
