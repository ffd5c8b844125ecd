import type {
  Activity,
  Clock,
  EventBus,
  FunctionDirectory,
  FunctionInvoker,
  QueueSources,
  Scope,
} from "@tripline/kernel";

/** What the parts of event source mappings share. */
export interface MappingHouse {
  clock: Clock;
  bus: EventBus;
  activity: Activity;
  scope: Scope;
  invoker: FunctionInvoker;
  functions: FunctionDirectory;
  queues: QueueSources;
  /** At most this many batches of one mapping are in hand. */
  concurrencyMax: number;
}
