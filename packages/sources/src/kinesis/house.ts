import type { Activity, Clock, Scope, ShardLogStore } from "@tripline/kernel";
import type { ShardThroughput } from "./shard-throughput.ts";
import type { StreamRegistry } from "./stream-registry.ts";

/** What the operations of Kinesis share. */
export interface KinesisHouse {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly scope: Scope;
  readonly logs: ShardLogStore;
  readonly registry: StreamRegistry;
  readonly throughput: ShardThroughput;
}
