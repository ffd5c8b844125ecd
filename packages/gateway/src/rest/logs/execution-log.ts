/**
 * Execution logs, in AWS's format. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 *
 * X1. Group `API-Gateway-Execution-Logs_{api}/{stage}`; each line begins with `(request id) `.
 * X2. At level ERROR only what failed is written; at INFO every step; headers and bodies only with data trace.
 * X3. Lines of a test invocation are collected, with the time before each, whatever the stage's level is.
 */
import { gatewayLimits } from "../../limits.ts";

/** One request's log. */
export interface ExecutionLog {
  step(line: () => string): void;
  /** A step that shows headers or bodies. */
  data(line: () => string): void;
  error(line: string): void;
}

/** What is written where. */
export interface ExecutionLogOptions {
  /** Asked for every line: which method a request is for, is known later. */
  setting: () => { loggingLevel?: string; dataTraceEnabled: boolean } | undefined;
  write: (line: string) => void;
}

/** X2 */
export function createExecutionLog({ setting, write }: ExecutionLogOptions): ExecutionLog {
  return {
    step(line) {
      if (setting()?.loggingLevel === "INFO") write(cut(line()));
    },
    data(line) {
      const { loggingLevel, dataTraceEnabled = false } = setting() ?? {};
      if (loggingLevel === "INFO" && dataTraceEnabled) write(cut(line()));
    },
    error(line) {
      const { loggingLevel } = setting() ?? {};
      if (loggingLevel === "INFO" || loggingLevel === "ERROR") write(cut(line));
    },
  };
}

/** Writes nothing. */
export const silentLog: ExecutionLog = createExecutionLog({ setting: () => undefined, write: () => undefined });

function cut(line: string): string {
  const max = gatewayLimits.logEventBytesMax;
  return Buffer.byteLength(line) <= max ? line : `${Buffer.from(line).subarray(0, max).toString()} [TRUNCATED]`;
}

/** `{a=1, b=2}` */
export function printMap(map: Readonly<Record<string, unknown>>): string {
  return `{${Object.entries(map)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(", ")}}`;
}

/** `Thu Mar 12 19:03:58 UTC 2020`: before the lines of a test invocation (X3). */
export function toLogDate(atMs: number): string {
  const [, day = "", date = "", month = "", year = "", time = ""] =
    /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(new Date(atMs).toUTCString()) ?? [];
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
