import { readFileSync } from "node:fs";
import { createSimulator } from "@tripline/simulator";
import type { Command } from "commander";
import pc from "picocolors";
import { exitCode, UsageError } from "../exit-code.ts";
import { formatLogLine } from "../output/log-line.ts";
import { printRuntimeNotices } from "../output/runtime-notices.ts";
import { findRunning, requireRunning } from "../running-simulator.ts";
import { collectParameter } from "./simulator-options.ts";

interface InvokeOptions {
  event?: string;
  payload?: string;
  async?: true;
  template: string;
  parameter: Record<string, string>;
  endpoint?: string;
  json?: true;
}

/** What came of the call, however it was made. */
interface Outcome {
  requestId: string;
  /** Undefined for an asynchronous one. */
  payload: string | undefined;
  failed: boolean;
}

/** `tripline invoke`. */
export function addInvokeCommand(program: Command): void {
  program
    .command("invoke")
    .argument("<function>", "logical id, name or ARN")
    .description("call a function: in the running simulator of this folder, or in one started for the call")
    .option("--event <file>", "file that holds the event, or - for standard input")
    .option("--payload <json>", "the event itself")
    .option("--async", "queue the event and do not wait for the function")
    .option("--template <path>", "template to start where no simulator runs", ".")
    .option("--parameter <Name=Value>", "value of a template parameter (repeatable)", collectParameter, {})
    .option("--endpoint <url>", "use the simulator at this address")
    .option("--json", "print one JSON object with the result")
    .action(async (functionName: string, options: InvokeOptions, command: Command) => {
      const event = readEvent(options);
      const endpoint = options.endpoint ?? (await findRunning(process.cwd()))?.endpoint;
      const outcome =
        endpoint === undefined
          ? await invokeAlone(functionName, event, options)
          : await invokeThere(await requireRunning(process.cwd(), endpoint), functionName, event, options);
      if (options.json === true) {
        process.stdout.write(
          `${JSON.stringify({ requestId: outcome.requestId, status: outcome.failed ? "error" : "success", ...(outcome.payload === undefined ? {} : { payload: parse(outcome.payload) }) })}\n`,
        );
      } else if (outcome.payload === undefined) process.stderr.write(`queued as ${outcome.requestId}\n`);
      else process.stdout.write(`${outcome.payload}\n`);
      (command.opts()["finish"] as (code: number) => void)(outcome.failed ? exitCode.failed : exitCode.ok);
    });
}

function readEvent(options: InvokeOptions): string {
  if (options.event !== undefined && options.payload !== undefined)
    throw new UsageError("--event and --payload exclude each other.");
  if (options.payload !== undefined) return checked(options.payload, "--payload");
  if (options.event === undefined) return "{}";
  const where = options.event === "-" ? "standard input" : options.event;
  let text: string;
  try {
    text = readFileSync(options.event === "-" ? 0 : options.event, "utf8");
  } catch (error) {
    throw new UsageError(`The event cannot be read from ${where}: ${(error as Error).message}.`);
  }
  return checked(text, where);
}

function checked(text: string, where: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new UsageError(`The event in ${where} is no JSON: ${(error as Error).message}.`);
  }
}

async function invokeAlone(name: string, event: string, options: InvokeOptions): Promise<Outcome> {
  await using simulator = await createSimulator({
    template: options.template,
    parameters: options.parameter,
    onHouse: (house) => {
      house.bus.on("log", (line) => {
        process.stderr.write(formatLogLine(line));
      });
      house.bus.on("notice", (notice) => {
        process.stderr.write(`${pc.dim("note")} ${notice.subject}: ${notice.message}\n`);
      });
    },
  });
  const functionName = simulator.names.qualifiedFunctionName(name);
  printRuntimeNotices(simulator, functionName);
  if (options.async === true) {
    const { requestId } = await simulator.invoke(name, JSON.parse(event), { async: true });
    await simulator.settle();
    return { requestId, payload: undefined, failed: simulator.invocations().some((one) => one.status !== "success") };
  }
  const result = await simulator.house.invoker.invoke({ functionName, payload: Buffer.from(event), source: "lambda" });
  return {
    requestId: result.requestId,
    payload: Buffer.from(result.payload).toString("utf8"),
    failed: result.functionError !== undefined,
  };
}

async function invokeThere(endpoint: string, name: string, event: string, options: InvokeOptions): Promise<Outcome> {
  const resolved = await fetch(`${endpoint}/_tripline/functions?name=${encodeURIComponent(name)}`);
  const found = (await resolved.json()) as { name: string } | { error: string };
  if ("error" in found) throw new UsageError(found.error);
  const response = await fetch(`${endpoint}/2015-03-31/functions/${encodeURIComponent(found.name)}/invocations`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `AWS4-HMAC-SHA256 Credential=tripline/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0`,
      ...(options.async === true ? { "x-amz-invocation-type": "Event" } : { "x-amz-log-type": "Tail" }),
    },
    body: event,
  });
  const text = await response.text();
  const requestId = response.headers.get("x-amzn-requestid") ?? "";
  if (!response.ok) throw new UsageError(`${response.headers.get("x-amzn-errortype") ?? response.status}: ${text}`);
  const log = response.headers.get("x-amz-log-result");
  if (log !== null) process.stderr.write(Buffer.from(log, "base64").toString("utf8"));
  return {
    requestId,
    payload: options.async === true ? undefined : text,
    failed: response.headers.has("x-amz-function-error"),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a custom runtime may answer anything
  }
}
