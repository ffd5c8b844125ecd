import type { Simulator } from "@tripline/simulator";
import pc from "picocolors";

/** One line on standard error for each runtime that is run by another version here, or not at all; `start` has it in its table of functions. */
export function printRuntimeNotices({ house }: Simulator, functionName?: string): void {
  const byRuntime = new Map<string, string[]>();
  for (const one of house.registry.list()) {
    if (functionName !== undefined && one.functionName !== functionName) continue;
    byRuntime.set(one.runtime, [...(byRuntime.get(one.runtime) ?? []), one.functionName]);
  }
  for (const [runtime, names] of byRuntime) {
    const described = house.execution.describeRuntime(runtime);
    const text = described.supported ? described.notice && `${runtime} ${described.notice}` : described.reason;
    if (text !== undefined) process.stderr.write(`${pc.dim("note")} ${pc.bold(names.join(", "))}: ${text}\n`);
  }
}
