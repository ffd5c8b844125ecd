import {
  type Activity,
  type Clock,
  createService,
  type DeliveryTarget,
  type DocumentStore,
  type EventBus,
  type QueueSources,
  type QueueStore,
  type Rng,
  type Scope,
  type Service,
  type SourceAdapter,
} from "@tripline/kernel";
import type { SqsHouse } from "./house.ts";
import { MessageMoveTasks } from "./message-move-tasks.ts";
import { QueueArrivals } from "./queue-arrivals.ts";
import { QueueRegistry } from "./queue-registry.ts";
import { createQueueTraffic } from "./queue-traffic.ts";
import { createQueueSources, createSourceAdapter } from "./source.ts";
import { createSqsTarget } from "./target.ts";

/** A queue, for lists. */
export interface QueueSummary {
  name: string;
  arn: string;
  isFifo: boolean;
  /** ARN of its dead-letter queue, where it has one. */
  deadLetterQueueArn?: string;
}

/** Amazon SQS. */
export interface Sqs {
  /** Id `sqs`. */
  service: Service;
  source: SourceAdapter;
  /** Takes deliveries for queues. */
  target: DeliveryTarget;
  /** Queues, as event source mappings poll them. */
  queues: QueueSources;
  /** Ordered by name. */
  list(): QueueSummary[];
}

/** Options of {@link createSqs}. */
export interface SqsOptions {
  clock: Clock;
  rng: Rng;
  activity: Activity;
  bus: EventBus;
  scope: Scope;
  store: QueueStore;
  documents: DocumentStore;
}

/** Builds SQS; it answers once `source.start` has loaded what was kept. */
export function createSqs(options: SqsOptions): Sqs {
  const { activity, clock, rng, scope, store, bus } = options;
  const registry = new QueueRegistry(options);
  const arrivals = new QueueArrivals(options);
  const traffic = createQueueTraffic({ clock, bus, store, registry, arrivals });
  const moveTasks = new MessageMoveTasks({ ...options, registry, traffic });
  const house: SqsHouse = { clock, rng, scope, store, registry, traffic, arrivals, moveTasks };
  return {
    service: createService({
      id: "sqs",
      activity,
      operations: async () => (await import("./operations/index.ts")).createSqsOperations(house),
    }),
    source: createSourceAdapter(house),
    target: createSqsTarget(house),
    queues: createQueueSources(house),
    list: () =>
      registry.list().map(({ name, arn, isFifo, redrive }) => ({
        name,
        arn,
        isFifo,
        ...(redrive === undefined ? {} : { deadLetterQueueArn: redrive.deadLetterTargetArn }),
      })),
  };
}
