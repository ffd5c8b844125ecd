import { createSimulator, type Pace, readFixtures, replay, type ReplayReport } from "@tripline/simulator";
import { type Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { exitCode } from "../exit-code.ts";
import { formatLogLine } from "../output/log-line.ts";
import { jsonReport } from "../output/json-events.ts";
import { printRuntimeNotices } from "../output/runtime-notices.ts";
import { formatTable } from "../output/table.ts";
import { collectMapping, collectParameter } from "./simulator-options.ts";

interface ReplayCommandOptions {
  function?: string;
  direct?: true;
  pace: Pace;
  clock: "virtual" | "system";
  map: Record<string, string>;
  template: string;
  parameter: Record<string, string>;
  seed?: string;
  logs?: true;
  json?: true;
}

/** `tripline replay`. */
export function addReplayCommand(program: Command): void {
  program
    .command("replay")
    .argument("<path...>", "files, folders or globs of recorded Lambda events")
    .description("send recorded events through the triggers of an application, and report what came of them")
    .option("--function <name>", "only this function: logical id, name or ARN")
    .option("--direct", "call the functions with each event as it is: no batches, no retries")
    .option("--pace <pace>", "max, recorded, or N/s", parsePace, "max")
    .option("--clock <clock>", "virtual (retries cost no waiting) or real", parseReplayClock, "virtual")
    .option(
      "--map <recorded=local>",
      "rename a bucket, queue, stream, table, rule or function of the events (repeatable)",
      collectMapping,
      {},
    )
    .option("--template <path>", "template, or the folder that holds it", ".")
    .option("--parameter <Name=Value>", "value of a template parameter (repeatable)", collectParameter, {})
    .option("--seed <text>", "seed of all chance")
    .option("--logs", "show what the functions log")
    .option("--json", "print the report as one JSON object")
    .action(async (paths: string[], options: ReplayCommandOptions, command: Command) => {
      const fixtures = await readFixtures(paths);
      await using simulator = await createSimulator({
        template: options.template,
        parameters: options.parameter,
        clock: options.clock,
        runSchedules: false,
        ...(options.seed === undefined ? {} : { seed: options.seed }),
        onHouse: (house) => {
          if (options.logs !== true) return;
          house.bus.on("log", (line) => {
            process.stderr.write(formatLogLine(line));
          });
        },
      });
      printRuntimeNotices(simulator);
      const progress = createProgress(fixtures.length, options.json === true || options.logs === true);
      const report = await replay({
        simulator,
        fixtures,
        pace: options.pace,
        map: options.map,
        direct: options.direct === true,
        ...(options.function === undefined ? {} : { functionName: options.function }),
        onProgress: progress.show,
      });
      progress.clear();
      for (const { name, error } of report.failed) process.stderr.write(`${pc.red("failed")} ${name}: ${error}\n`);
      if (options.json === true) process.stdout.write(jsonReport(report));
      else print(report);
      (command.opts()["finish"] as (code: number) => void)(report.failures > 0 ? exitCode.failed : exitCode.ok);
    });
}

function parsePace(text: string): Pace {
  if (text === "max" || text === "recorded") return text;
  const perSecond = /^(\d+(?:\.\d+)?)\/s$/.exec(text)?.[1];
  if (perSecond !== undefined && Number(perSecond) > 0) return { perSecond: Number(perSecond) };
  throw new InvalidArgumentError("It is max, recorded or N/s with N above 0.");
}

function parseReplayClock(text: string): "virtual" | "system" {
  if (text === "virtual") return "virtual";
  if (text === "real") return "system";
  throw new InvalidArgumentError("It is virtual or real.");
}

/** A counter on a terminal; nothing elsewhere. */
function createProgress(total: number, silent: boolean): { show(sent: number): void; clear(): void } {
  if (silent || !process.stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  const step = Math.max(1, Math.floor(total / 100));
  return {
    show(sent) {
      if (sent % step === 0 || sent === total) process.stderr.write(`\r${pc.dim(`sent ${sent} of ${total} events`)}`);
    },
    clear() {
      process.stderr.write("\r\u001b[K");
    },
  };
}

function print(report: ReplayReport): void {
  const rows: [string, string | number][] = [
    [
      "events",
      `${report.events} ${pc.dim(
        Object.entries(report.byKind)
          .map(([kind, count]) => `${kind} ${count}`)
          .join(", "),
      )}`,
    ],
    ["deliveries", report.deliveries],
    ["invocations", report.invocations],
    ["retries", report.retries],
    ["failures", report.failures === 0 ? "0" : pc.red(String(report.failures))],
    ["throughput", `${report.throughput} events/s`],
    ["p50", `${report.p50} ms`],
    ["p99", `${report.p99} ms`],
  ];
  process.stdout.write(`${formatTable(["", ""], rows).split("\n").slice(1).join("\n")}\n`);
}
