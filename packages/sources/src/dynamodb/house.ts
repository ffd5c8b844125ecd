import type { Activity, Clock, DocumentStore, ItemStore, Rng, Scope, ShardLogStore } from "@tripline/kernel";
import type { StreamRegistry } from "./streams/stream-registry.ts";
import type { TableRegistry } from "./table-registry.ts";
import type { TimeToLiveSweeper } from "./time-to-live.ts";

/** What the operations of DynamoDB share. */
export interface DynamoHouse {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly rng: Rng;
  readonly scope: Scope;
  readonly documents: DocumentStore;
  readonly items: ItemStore;
  readonly logs: ShardLogStore;
  readonly tables: TableRegistry;
  readonly streams: StreamRegistry;
  readonly sweeper: TimeToLiveSweeper;
}
