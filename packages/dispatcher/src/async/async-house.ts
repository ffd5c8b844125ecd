import {
  type Activity,
  type AsyncEventStore,
  type Clock,
  type Delivery,
  type EventBus,
  type FunctionAccess,
  type FunctionDirectory,
  type FunctionInvoker,
  isServiceError,
  type Rng,
} from "@tripline/kernel";
import type { EventInvokeConfigs } from "./event-invoke-config.ts";

/** What the parts of the asynchronous queue share. */
export interface AsyncHouse {
  clock: Clock;
  rng: Rng;
  bus: EventBus;
  activity: Activity;
  invoker: FunctionInvoker;
  functions: FunctionDirectory;
  access: FunctionAccess;
  deliver: (delivery: Delivery) => Promise<void>;
  store: AsyncEventStore;
  configs: EventInvokeConfigs;
  /** Whole epoch milliseconds; never goes backwards, whatever the clock does. */
  nowMs: () => number;
}

/** Whether trying again cannot help. What is no `ServiceError` is trouble of our own, and may pass. */
export function isPermanent(error: unknown): boolean {
  if (!isServiceError(error)) return false;
  return (error.status < 500 && error.status !== 429) || error.code === "InvalidRuntimeException";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
