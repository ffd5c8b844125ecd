import type { Clock, EventBus, FunctionSpec, RealTime, Rng, Scope } from "@tripline/kernel";
import type { FunctionCredentials } from "./environment-variables.ts";
import type { ProcessHost } from "./adapters/process-host.ts";
import type { OwnBoot, RuntimeProcess } from "./runtime-process.ts";
import type { RuntimeSupport } from "./runtime-support.ts";

/** What all environments share. */
export interface ExecutionPlatform {
  clock: Clock;
  realTime: RealTime;
  bus: EventBus;
  rng: Rng;
  scope: Scope;
  host: ProcessHost;
  runtimes: RuntimeSupport;
  /** `AWS_ENDPOINT_URL` for functions. */
  endpoint(): string | undefined;
  /** What `AWS_ACCESS_KEY_ID` and its siblings are for a function. */
  credentials(spec: FunctionSpec): FunctionCredentials;
  /** A Node.js process that waits for its assignment: one that booted ahead, unless it is to be booted otherwise. */
  takeNode(own?: OwnBoot): RuntimeProcess;
  /** A free path for a Unix socket. */
  socketPath(): string;
}
