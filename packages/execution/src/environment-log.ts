import type { FunctionSpec } from "@tripline/kernel";
import type { ExecutionPlatform } from "./execution-platform.ts";
import type { Run } from "./invocation-run.ts";

/** Takes a line of an environment; `run`: the invocation that it belongs to. */
export type WriteLog = (origin: "function" | "platform", message: string, run: Run | undefined) => void;

/** The log of one environment: what its invocation shows as its tail, and what everyone hears who listens. */
export function createEnvironmentLog(
  { bus, clock }: ExecutionPlatform,
  { functionName, logGroup }: FunctionSpec,
  logStream: string,
): WriteLog {
  return (origin, message, run) => {
    run?.tail.add(message);
    if (!bus.hasListeners("log")) return;
    const line = { functionName, logGroup, logStream, timestampMs: clock.now(), origin, message };
    bus.emit("log", run === undefined ? line : { ...line, requestId: run.request.requestId });
  };
}
