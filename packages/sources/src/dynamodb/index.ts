import {
  type Activity,
  type Clock,
  createService,
  type DocumentStore,
  type ItemStore,
  type Rng,
  type Scope,
  type Service,
  type ShardLogStore,
  type SourceAdapter,
  type StreamSources,
} from "@tripline/kernel";
import type { DynamoHouse } from "./house.ts";
import { fillIndex } from "./table-indexes.ts";
import { type RecordedChange, replayRecords } from "./streams/replay-records.ts";
import { StreamRegistry } from "./streams/stream-registry.ts";
import { createStreamSources } from "./streams/stream-sources.ts";
import { TableRegistry } from "./table-registry.ts";
import { TimeToLiveSweeper } from "./time-to-live.ts";

/** Amazon DynamoDB, and the streams of its tables. */
export interface Dynamodb {
  /** Ids `dynamodb` and `dynamodbstreams`. */
  services: readonly Service[];
  source: SourceAdapter;
  /** Streams, as event source mappings read them. */
  streams: StreamSources;
  /** Appends recorded changes to the stream of a table; its items stay as they are. Throws ResourceNotFoundException, ValidationException. */
  replay(tableName: string, changes: readonly RecordedChange[]): Promise<void>;
  /** Ordered by name; the stream is the one that is on. */
  list(): { name: string; arn: string; streamArn?: string }[];
}

/** Options of {@link createDynamodb}. */
export interface DynamodbOptions {
  clock: Clock;
  activity: Activity;
  rng: Rng;
  scope: Scope;
  documents: DocumentStore;
  items: ItemStore;
  logs: ShardLogStore;
}

/** Builds DynamoDB; it answers once `source.start` has loaded what was kept. */
export function createDynamodb(options: DynamodbOptions): Dynamodb {
  const { activity } = options;
  const tables = new TableRegistry(options);
  const streams = new StreamRegistry(options);
  const sweeper: TimeToLiveSweeper = new TimeToLiveSweeper(() => house);
  const house: DynamoHouse = { ...options, tables, streams, sweeper };
  return {
    services: [
      createService({
        id: "dynamodb",
        activity,
        operations: async () => (await import("./operations/index.ts")).createDynamoOperations(house),
      }),
      createService({
        id: "dynamodbstreams",
        activity,
        operations: async () => (await import("./operations/stream-operations.ts")).createStreamOperations(house),
      }),
    ],
    source: {
      service: "dynamodb",
      async start() {
        await Promise.all([tables.load(), streams.load()]);
        for (const { name, indexes } of tables.list()) {
          for (const index of indexes) if (index.isBackfilling === true) await fillIndex(house, name, index);
          await sweeper.look(name);
        }
      },
      async stop() {
        sweeper.stop();
        tables.stop();
      },
    },
    streams: createStreamSources(house),
    replay: (tableName, changes) => replayRecords(house, tableName, changes),
    list: () =>
      tables
        .list()
        .map(({ name, arn, streamArn }) => ({ name, arn, ...(streamArn === undefined ? {} : { streamArn }) })),
  };
}
