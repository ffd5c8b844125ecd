import type { Clock, QueueStore, Rng, Scope } from "@tripline/kernel";
import type { MessageMoveTasks } from "./message-move-tasks.ts";
import type { QueueArrivals } from "./queue-arrivals.ts";
import type { QueueRegistry } from "./queue-registry.ts";
import type { QueueTraffic } from "./queue-traffic.ts";

/** What the operations of SQS share. */
export interface SqsHouse {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scope: Scope;
  readonly store: QueueStore;
  readonly registry: QueueRegistry;
  readonly traffic: QueueTraffic;
  readonly arrivals: QueueArrivals;
  readonly moveTasks: MessageMoveTasks;
}
