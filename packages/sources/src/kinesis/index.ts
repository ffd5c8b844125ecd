import {
  type Activity,
  type Clock,
  createService,
  type DocumentStore,
  type Scope,
  type Service,
  type ShardLogStore,
  type SourceAdapter,
  type StreamSources,
} from "@tripline/kernel";
import { appendRecords, type RecordInput } from "./append-records.ts";
import type { KinesisHouse } from "./house.ts";
import { ShardThroughput } from "./shard-throughput.ts";
import { createSourceAdapter, createStreamSources } from "./source.ts";
import { openShards } from "./stream.ts";
import { StreamRegistry } from "./stream-registry.ts";

/** A stream, for lists. */
export interface StreamSummary {
  name: string;
  arn: string;
  openShards: number;
}

/** Amazon Kinesis Data Streams. */
export interface Kinesis {
  /** Id `kinesis`. */
  service: Service;
  source: SourceAdapter;
  /** Streams, as event source mappings read them. */
  streams: StreamSources;
  /** Puts recorded records again, as fast as they come. Throws ResourceNotFoundException. */
  replay(streamName: string, records: readonly RecordInput[]): Promise<void>;
  /** Ordered by name. */
  list(): StreamSummary[];
}

/** Options of {@link createKinesis}. */
export interface KinesisOptions {
  clock: Clock;
  activity: Activity;
  scope: Scope;
  documents: DocumentStore;
  logs: ShardLogStore;
}

/** Builds Kinesis; it answers once `source.start` has loaded what was kept. */
export function createKinesis(options: KinesisOptions): Kinesis {
  const registry = new StreamRegistry(options);
  const house: KinesisHouse = { ...options, registry, throughput: new ShardThroughput() };
  return {
    service: createService({
      id: "kinesis",
      activity: options.activity,
      operations: async () => (await import("./operations/index.ts")).createKinesisOperations(house),
    }),
    source: createSourceAdapter(house),
    streams: createStreamSources(house),
    async replay(StreamName, records) {
      await appendRecords(house, registry.resolve({ StreamName }), records, { isLimited: false });
    },
    list: () =>
      registry.list().map((stream) => ({ name: stream.name, arn: stream.arn, openShards: openShards(stream).length })),
  };
}
