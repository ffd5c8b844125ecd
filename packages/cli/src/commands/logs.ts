import type { LogLine } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import type { Command } from "commander";
import { exitCode, UsageError } from "../exit-code.ts";
import { formatLogLine } from "../output/log-line.ts";
import { requireRunning } from "../running-simulator.ts";

const followIntervalMs = 250;

/** `tripline logs`. */
export function addLogsCommand(program: Command): void {
  program
    .command("logs")
    .argument("[function]", "logical id, name or ARN; all functions by default")
    .description("show what functions have logged")
    .option("-f, --follow", "go on as lines come, until Ctrl-C")
    .option("--endpoint <url>", "ask the simulator at this address")
    .option("--json", "one JSON object a line")
    .action(async (functionName: string | undefined, options: { follow?: true; endpoint?: string; json?: true }) => {
      const endpoint = await requireRunning(process.cwd(), options.endpoint);
      const interrupted = new AbortController();
      process.once("SIGINT", () => {
        interrupted.abort();
      });
      let after = 0;
      do {
        after = await printNew(endpoint, functionName, after, options.json === true);
        if (options.follow !== true) return;
        await pause(followIntervalMs, interrupted.signal);
      } while (!interrupted.signal.aborted);
      process.exitCode = exitCode.ok;
    });
}

async function printNew(
  endpoint: string,
  functionName: string | undefined,
  after: number,
  asJson: boolean,
): Promise<number> {
  const query = new URLSearchParams({
    after: String(after),
    ...(functionName === undefined ? {} : { function: functionName }),
  });
  const response = await fetch(`${endpoint}/_tripline/logs?${query.toString()}`);
  const body = (await response.json()) as { lines: LogLine[]; position: number } | { error: string };
  if ("error" in body) throw new UsageError(body.error);
  for (const line of body.lines) process.stdout.write(asJson ? `${JSON.stringify(line)}\n` : formatLogLine(line));
  return body.position;
}

/** Ends early when `signal` is aborted. */
function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = realTime.after(durationMs, resolve);
    signal.addEventListener("abort", () => {
      cancel();
      resolve();
    });
  });
}
