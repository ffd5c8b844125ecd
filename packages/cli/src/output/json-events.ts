/** What `--json` prints: one object a line, with keys that scripts may rely on. */
import type { InvocationRecord } from "@tripline/kernel";
import type { ReplayReport, Simulator } from "@tripline/simulator";

/** The first line of `start --json`. */
export function jsonReady(simulator: Simulator): string {
  const { house, endpoint = "" } = simulator;
  return line({
    type: "ready",
    endpoint,
    apis: house.gateway.apis().map(({ id, name }) => ({ id, name, url: house.gateway.url(id, endpoint) })),
    functions: house.registry.list().map(({ functionName, runtime }) => ({ name: functionName, runtime })),
    drops: simulator.drops.map(({ bucket, folder }) => ({ bucket, folder })),
  });
}

/** A line for each invocation. */
export function jsonInvocation(record: InvocationRecord): string {
  return line({
    type: "invocation",
    requestId: record.requestId,
    function: record.functionName,
    source: record.source,
    status: record.status,
    durationMs: record.durationMs,
    coldStart: record.coldStart,
    attempt: record.attempt,
  });
}

/** What `replay --json` prints; the names of what failed are on standard error. */
export function jsonReport(report: ReplayReport): string {
  const { events, deliveries, invocations, retries, failures, throughput, p50, p99 } = report;
  return line({ events, deliveries, invocations, retries, failures, throughput, p50, p99 });
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
