import type { InvocationRecord } from "@tripline/kernel";
import pc from "picocolors";

const marks = {
  success: pc.green("ok"),
  error: pc.red("error"),
  timeout: pc.red("timeout"),
  throttled: pc.yellow("throttled"),
};

/** One line about one invocation, for people. */
export function formatInvocation(record: InvocationRecord): string {
  const details = [
    `${record.durationMs.toFixed(1)} ms`,
    ...(record.coldStart ? ["cold start"] : []),
    ...(record.attempt > 1 ? [`attempt ${record.attempt}`] : []),
    ...(record.errorMessage === undefined ? [] : [record.errorMessage.split("\n")[0] ?? ""]),
  ];
  return `${pc.bold(record.functionName)} ${pc.dim("<-")} ${record.source}  ${marks[record.status]}  ${pc.dim(details.join(", "))}\n`;
}
