import { mappingMetrics } from "@tripline/kernel";
import type { SimulatorStatus } from "@tripline/simulator";
import type { Command } from "commander";
import pc from "picocolors";
import { requireRunning } from "../running-simulator.ts";
import { printTable } from "../output/table.ts";

/** `tripline status`. */
export function addStatusCommand(program: Command): void {
  program
    .command("status")
    .description("show what the running simulator of this folder holds")
    .option("--endpoint <url>", "ask the simulator at this address")
    .option("--json", "print one JSON object")
    .action(async (options: { endpoint?: string; json?: true }) => {
      const endpoint = await requireRunning(process.cwd(), options.endpoint);
      const response = await fetch(`${endpoint}/_tripline/status`);
      const status = (await response.json()) as SimulatorStatus;
      if (options.json === true) process.stdout.write(`${JSON.stringify(status)}\n`);
      else print(status);
    });
}

function print(status: SimulatorStatus): void {
  process.stdout.write(
    `${pc.bold(status.endpoint ?? "")}  process ${status.pid}  clock ${status.clock.mode} ${status.clock.now}\n`,
  );
  if (status.template !== undefined) process.stdout.write(`${pc.dim(status.template)}\n`);
  printTable(
    "Functions",
    ["name", "runtime", "invocations", "errors"],
    status.functions.map((one) => [one.name, one.runtime, one.invocations, one.errors]),
  );
  printTable(
    "APIs",
    ["name", "type", "url"],
    status.apis.map((one) => [one.name, one.type, one.url]),
  );
  printTable(
    "Queues",
    ["name", "visible", "in flight", "delayed"],
    status.queues.map((one) => [one.name, one.visible, one.inFlight, one.delayed]),
  );
  printTable(
    "Event source mappings",
    ["source", "function", "state", "events"],
    status.mappings.map((one) => [one.source, one.functionName, one.state, toEvents(one.counts)]),
  );
  printTable(
    "Schedules",
    ["name", "expression", "zone", "state", "next"],
    status.schedules.map((one) => [one.name, one.expression, one.timezone, one.state, one.next ?? "-"]),
  );
  printTable(
    "Watched folders",
    ["bucket", "folder"],
    status.drops.map((one) => [one.bucket, one.folder]),
  );
}

/** Lambda's counts, each less the ending that all have: `Polled 5, Invoked 5`. */
function toEvents(counts: SimulatorStatus["mappings"][number]["counts"]): string {
  const all = mappingMetrics.flatMap((metric) => {
    const count = counts[metric];
    return count === undefined ? [] : [`${metric.replace(/EventCount$/, "")} ${count}`];
  });
  return all.length === 0 ? "-" : all.join(", ");
}
