import { realTime } from "@tripline/kernel/real-time";
import {
  createSimulator,
  firingsBetween,
  runSchedules,
  type ScheduleFiring,
  type ScheduleResult,
  type Simulator,
} from "@tripline/simulator";
import { type Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { exitCode, UsageError } from "../exit-code.ts";
import { formatLogLine } from "../output/log-line.ts";
import { printRuntimeNotices } from "../output/runtime-notices.ts";
import { formatTable } from "../output/table.ts";
import { collectParameter } from "./simulator-options.ts";

interface Common {
  template: string;
  parameter: Record<string, string>;
  json?: true;
}

/** `tripline schedules list | next | run`. */
export function addSchedulesCommand(program: Command): void {
  const schedules = program
    .command("schedules")
    .description("list rules and schedules, see when they fire, run them ahead of time");
  const subcommand = (name: string, description: string): Command =>
    schedules
      .command(name)
      .description(description)
      .option("--template <path>", "template, or the folder that holds it", ".")
      .option("--parameter <Name=Value>", "value of a template parameter (repeatable)", collectParameter, {})
      .option("--json", "one JSON object a line")
      .exitOverride();

  subcommand("list", "what there is").action(list);
  subcommand("next", "the next firings")
    .option("-n, --number <n>", "how many", parseCount, 10)
    .option("--from <time>", "after this time, ISO 8601 (default: now)", parseTime)
    .action(next);
  subcommand("run", "run the firings of a time span on the virtual clock, with the real handlers, in order")
    .requiredOption("--from <time>", "start, ISO 8601: 2026-03-01 or 2026-03-01T00:00:00Z", parseTime)
    .requiredOption("--to <time>", "end, ISO 8601", parseTime)
    .option("--dry-run", "show the firings, invoke nothing")
    .option("--logs", "show what the functions log")
    .action(run);
}

async function list(options: Common): Promise<void> {
  await using simulator = await open(options, realTime.nowMs());
  const nowMs = realTime.nowMs();
  const rows = simulator.schedules().map((schedule) => {
    const nextMs = schedule.state === "ENABLED" ? schedule.next(nowMs) : undefined;
    return { schedule, nextAt: nextMs === undefined ? null : iso(nextMs) };
  });
  if (options.json === true) {
    for (const { schedule, nextAt } of rows) {
      print({
        schedule: schedule.name,
        kind: schedule.kind,
        expression: schedule.expression,
        timezone: schedule.timezone,
        state: schedule.state,
        functions: schedule.targetArns.map(lastPart),
        next: nextAt,
      });
    }
    return;
  }
  if (rows.length === 0) process.stdout.write("This application has no schedules.\n");
  else
    process.stdout.write(
      `${formatTable(
        ["name", "expression", "zone", "state", "targets", "next"],
        rows.map(({ schedule, nextAt }) => [
          schedule.name,
          schedule.expression,
          schedule.timezone,
          schedule.state,
          schedule.targetArns.map(lastPart).join(", "),
          nextAt ?? "-",
        ]),
      )}\n`,
    );
}

async function next(options: Common & { number: number; from?: number }): Promise<void> {
  const fromMs = options.from ?? realTime.nowMs();
  await using simulator = await open(options, fromMs);
  let left = options.number;
  for (const firing of firingsBetween(simulator.schedules(), fromMs, Number.MAX_SAFE_INTEGER)) {
    if (left-- <= 0) break;
    printFiring(firing, options.json === true);
  }
}

async function run(
  options: Common & { from: number; to: number; dryRun?: true; logs?: true },
  command: Command,
): Promise<void> {
  if (options.to < options.from) throw new UsageError(`--to ${iso(options.to)} is before --from ${iso(options.from)}.`);
  await using simulator = await open(options, options.from, options.logs === true);
  if (options.dryRun === true) {
    // The first instant belongs to the span.
    for (const firing of firingsBetween(simulator.schedules(), options.from - 1, options.to))
      printFiring(firing, options.json === true, "dry-run");
    return;
  }
  printRuntimeNotices(simulator);
  const counts = new Map<string, number>();
  await runSchedules(simulator, options.to, (result) => {
    counts.set(result.status, (counts.get(result.status) ?? 0) + 1);
    printResult(result, options.json === true);
  });
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const failures = total - (counts.get("delivered") ?? 0);
  if (options.json !== true)
    process.stdout.write(
      `${total} firings, ${failures === 0 ? pc.green("none failed") : pc.red(`${failures} failed`)}\n`,
    );
  (command.opts()["finish"] as (code: number) => void)(failures > 0 ? exitCode.failed : exitCode.ok);
}

function open(options: Common, startAt: number, logs = false): Promise<Simulator> {
  return createSimulator({
    template: options.template,
    parameters: options.parameter,
    clock: "virtual",
    // One millisecond early, so that what is due at the first instant of the span still fires.
    startAt: startAt - 1,
    onHouse: (house) => {
      house.bus.on("notice", (notice) => {
        if (notice.level === "warning")
          process.stderr.write(`${pc.yellow("note")} ${notice.subject}: ${notice.message}\n`);
      });
      if (!logs) return;
      house.bus.on("log", (line) => {
        process.stderr.write(formatLogLine(line));
      });
    },
  });
}

function printFiring(firing: ScheduleFiring, asJson: boolean, status?: string): void {
  if (asJson)
    print({
      schedule: firing.schedule,
      function: firing.function,
      at: iso(firing.atMs),
      ...(status === undefined ? {} : { status }),
    });
  else process.stdout.write(`${iso(firing.atMs)}  ${pc.bold(firing.schedule)} -> ${firing.function}\n`);
}

function printResult(result: ScheduleResult, asJson: boolean): void {
  const { schedule, atMs, status, attempts, error } = result;
  if (asJson)
    print({
      schedule,
      function: result.function,
      at: iso(atMs),
      status,
      attempts,
      ...(error === undefined ? {} : { error }),
    });
  else {
    const mark = status === "delivered" ? pc.green("ok") : pc.red(status);
    process.stdout.write(
      `${iso(atMs)}  ${pc.bold(schedule)} -> ${result.function}  ${mark}${attempts > 1 ? pc.dim(` after ${attempts} attempts`) : ""}${error === undefined ? "" : `  ${error}`}\n`,
    );
  }
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function lastPart(arn: string): string {
  return arn.split(":").at(-1) ?? arn;
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a number from 1 to 999999.");
}

/** ISO 8601; without a zone, UTC. */
function parseTime(text: string): number {
  const zoned = /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? `${text}T00:00:00Z`
    : /[zZ]$|[+-]\d{2}:?\d{2}$/.test(text)
      ? text
      : `${text}Z`;
  const ms = Date.parse(zoned);
  if (Number.isNaN(ms)) throw new InvalidArgumentError("It is a time such as 2026-03-01 or 2026-03-01T08:30:00Z.");
  return ms;
}
