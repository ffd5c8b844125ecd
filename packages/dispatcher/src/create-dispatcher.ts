import type {
  Activity,
  AsyncEventStore,
  AsyncInvocations,
  Clock,
  Delivery,
  DeliveryTarget,
  DocumentStore,
  EventBus,
  FunctionAccess,
  FunctionDirectory,
  FunctionInvoker,
  MappingTags,
  Operation,
  QueueSources,
  Rng,
  Scope,
  StreamSources,
} from "@tripline/kernel";
import type { AsyncHouse } from "./async/async-house.ts";
import { createAsyncQueue } from "./async/async-queue.ts";
import { EventInvokeConfigs } from "./async/event-invoke-config.ts";
import { EventSourceMappings } from "./mappings/event-source-mappings.ts";
import { createEventInvokeConfigOperations } from "./operations/event-invoke-config.ts";
import { createEventSourceMappingOperations } from "./operations/event-source-mapping.ts";

/** Options of {@link createDispatcher}. */
export interface DispatcherOptions {
  clock: Clock;
  rng: Rng;
  bus: EventBus;
  activity: Activity;
  scope: Scope;
  invoker: FunctionInvoker;
  functions: FunctionDirectory;
  /** The policies that let services in. */
  access: FunctionAccess;
  /** Sends an outcome to a destination or a dead-letter queue. */
  deliver: (delivery: Delivery) => Promise<void>;
  /** The queues that mappings poll. */
  queues: QueueSources;
  /** The streams that mappings read. */
  streams: StreamSources;
  events: AsyncEventStore;
  documents: DocumentStore;
  /** How long a mapping that the API changes is Creating, Updating, … on the clock, milliseconds. Default 0. */
  mappingTransitionMs?: number;
  /** At most this many events of one function, or batches of one mapping, are in hand at once. Default 100; AWS allows 1,250. */
  concurrencyMax?: number;
}

/** A mapping, for lists. */
export interface MappingSummary {
  uuid: string;
  eventSourceArn: string;
  functionName: string;
  /** `Enabled`, `Disabled`, `Disabling`, … */
  state: string;
}

/** Asynchronous invocation and event source mappings. */
export interface Dispatcher {
  readonly asyncInvocations: AsyncInvocations;
  /** Takes deliveries for functions (service `lambda`) into the asynchronous queue. */
  readonly target: DeliveryTarget;
  /** For the Lambda service. */
  readonly operations: Operation[];
  readonly mappingTags: MappingTags;
  /** Goes on with what an earlier run has accepted, and begins to poll. */
  start(): Promise<void>;
  /** Ends intake, and waits for what is in hand. */
  stop(): Promise<void>;
  /** Ordered by source and function. */
  mappings(): MappingSummary[];
}

/** Builds the dispatcher; nothing runs before `start`. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { clock, rng, scope } = options;
  const concurrencyMax = options.concurrencyMax ?? 100;
  let latestMs = 0;
  const nowMs = (): number => {
    latestMs = Math.max(latestMs, Math.floor(clock.now()));
    return latestMs;
  };
  const configs = new EventInvokeConfigs(options.documents);
  const dropOrphans = (): void => {
    const isThere = (name: string, qualifier: string): boolean => options.functions.find(name, qualifier) !== undefined;
    void options.activity.track("event invoke configurations that are gone", () => configs.dropOrphans(isThere));
  };
  options.functions.onChange?.(dropOrphans);
  const house: AsyncHouse = { ...options, rng: rng.fork("async"), store: options.events, configs, nowMs };
  const queue = createAsyncQueue(house, { scope, bounds: { start: 10, perMinute: 300, max: concurrencyMax } });
  const mappings = new EventSourceMappings({ ...options, rng: rng.fork("streams"), concurrencyMax });
  return {
    asyncInvocations: queue,
    target: queue.target,
    mappingTags: {
      get(uuid) {
        const entry = mappings.get(uuid);
        return entry === undefined ? undefined : (entry.mapping.tags ?? {});
      },
      put: (uuid, tags) => mappings.tag(uuid, tags),
    },
    operations: [
      ...createEventInvokeConfigOperations({ clock, scope, functions: options.functions, configs }),
      ...createEventSourceMappingOperations({
        ...options,
        rng: rng.fork("mappings"),
        mappings,
        transitionMs: options.mappingTransitionMs ?? 0,
      }),
    ],
    async start() {
      await configs.load();
      await Promise.all([queue.start(), mappings.start()]);
    },
    async stop() {
      await mappings.stop();
      await queue.stop();
    },
    mappings: () =>
      mappings.list().map(({ mapping: { uuid, eventSourceArn, functionName }, state }) => ({
        uuid,
        eventSourceArn,
        functionName,
        state,
      })),
  };
}
