import { realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { realTime } from "@tripline/kernel/real-time";
import { createSimulator, type ClockChoice } from "@tripline/simulator";
import type { Command } from "commander";
import pc from "picocolors";
import { UsageError } from "../exit-code.ts";
import { createLineWriter } from "../output/line-writer.ts";
import { formatLogLine } from "../output/log-line.ts";
import { formatInvocation } from "../output/invocation-line.ts";
import { jsonInvocation, jsonReady } from "../output/json-events.ts";
import { printOverview } from "../output/overview.ts";
import { printRuntimeNotices } from "../output/runtime-notices.ts";
import { announce } from "../running-simulator.ts";
import {
  collectDrop,
  collectParameter,
  collectPoolKeys,
  parseClock,
  parseIsolation,
  parsePort,
} from "./simulator-options.ts";

interface StartOptions {
  port: number;
  host: string;
  dataDir?: string;
  ephemeral?: true;
  drop: { bucket: string; folder: string }[];
  parameter: Record<string, string>;
  userPoolKeys: Record<string, string>;
  clock: ClockChoice;
  isolation: "process" | "inline";
  freeze: boolean;
  seed?: string;
  strict?: true;
  verbose?: true;
  json?: true;
}

/** `tripline start`. */
export function addStartCommand(program: Command): void {
  program
    .command("start")
    .argument("[path]", "template, or the folder that holds it", ".")
    .description("run an application until Ctrl-C")
    .option("--port <n>", "port of the endpoint; 0 is a free one", parsePort, 4566)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--data-dir <folder>", "where accepted work and objects are kept (default: .tripline beside the template)")
    .option("--ephemeral", "keep nothing after the end")
    .option(
      "--drop <bucket=folder>",
      "watch a folder: what is dropped there becomes an object (repeatable)",
      collectDrop,
      [],
    )
    .option("--parameter <Name=Value>", "value of a template parameter (repeatable)", collectParameter, {})
    .option(
      "--user-pool-keys <id=file>",
      "keys of a Cognito user pool: a file with a JSON Web Key Set, or its URL (repeatable)",
      collectPoolKeys,
      {},
    )
    .option("--clock <clock>", "real, scaled:N (N times as fast) or virtual (moves when told)", parseClock, "system")
    .option("--isolation <level>", "process, or inline (handlers run inside the simulator)", parseIsolation, "process")
    .option("--no-freeze", "let environments run on between invocations")
    .option("--seed <text>", "seed of all chance")
    .option("--strict", "refuse a template with anything that is not simulated")
    .option("--verbose", "also list the properties that have no effect here")
    .option("--json", "one JSON object a line: ready, then every invocation")
    .action(async (path: string, options: StartOptions) => {
      if (options.ephemeral === true && options.dataDir !== undefined) {
        throw new UsageError("--ephemeral and --data-dir exclude each other.");
      }
      await start(path, options);
    });
}

async function start(path: string, options: StartOptions): Promise<void> {
  const stopping = stopSignal();
  // Work that an earlier start left can be done before this one is ready; yet the first object says that it is.
  const stdout = createLineWriter(process.stdout, realTime, { isHeld: options.json === true });
  const stderr = createLineWriter(process.stderr, realTime);
  const dataDir =
    options.ephemeral === true ? undefined : resolve(options.dataDir ?? join(templateFolder(path), ".tripline"));
  const simulator = await createSimulator({
    template: path,
    parameters: options.parameter,
    userPoolKeys: options.userPoolKeys,
    clock: options.clock,
    isolation: options.isolation,
    freeze: options.freeze,
    listen: { host: options.host, port: options.port },
    drops: options.drop,
    history: { entriesMax: 10_000, bytesMax: 16 * 1_048_576 }, // it runs for days
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(options.clock === "virtual" ? { startAt: realTime.nowMs() } : {}),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.strict === undefined ? {} : { strict: true }),
    onHouse: (house) => {
      house.bus.on("log", (line) => {
        (options.json === true ? stderr : stdout).write(formatLogLine(line));
      });
      house.bus.on("notice", (notice) => {
        stderr.write(
          `${notice.level === "warning" ? pc.yellow("note") : pc.dim("note")} ${pc.bold(notice.subject)}: ${notice.message}\n`,
        );
      });
      house.bus.on("invocation", (record) => {
        stdout.write(options.json === true ? jsonInvocation(record) : formatInvocation(record));
      });
    },
  });
  const withdraw = announce({
    pid: process.pid,
    endpoint: simulator.endpoint ?? "",
    folder: realpathSync(templateFolder(simulator.plan?.file ?? path)),
    startedIn: realpathSync(process.cwd()),
  });
  try {
    if (options.json === true) {
      process.stdout.write(jsonReady(simulator));
      stdout.flush();
      printRuntimeNotices(simulator);
    } else {
      stdout.flush();
      printOverview(simulator, { readyMs: realTime.monotonicMs(), verbose: options.verbose === true });
    }
    await stopping.requested;
    if (options.json !== true)
      stdout.write(`\n${pc.dim("Stopping: work in hand gets a moment. Ctrl-C again forces.")}\n`);
  } finally {
    withdraw();
    await simulator.stop();
    stdout.flush();
    stderr.flush();
    stopping.done();
  }
}

/** Folder of a template given as a file or as a folder. */
function templateFolder(path: string): string {
  return /\.(ya?ml|json|template)$/i.test(path) ? dirname(resolve(path)) : resolve(path);
}

interface StopSignal {
  requested: Promise<void>;
  done(): void;
}

/** The first SIGINT, SIGTERM or SIGHUP asks to stop; the second one forces. */
function stopSignal(): StopSignal {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  let asked = false;
  let resolveRequested: () => void = () => undefined;
  const requested = new Promise<void>((resolvePromise) => {
    resolveRequested = resolvePromise;
  });
  const onSignal = (): void => {
    if (asked) process.exit(130);
    asked = true;
    resolveRequested();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    requested,
    done: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
