/** The payloads that Lambda itself answers with, where the runtime could not. https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html */
import type { ProcessExit } from "./adapters/process-host.ts";
import { responseBytesMax } from "./runtime-api/runtime-api.ts";

/** A failed invocation: what the caller gets, and how the log names it. */
export interface Failure {
  status: "error" | "timeout";
  payload: Uint8Array;
  errorType: string;
  errorMessage: string;
  /** The type on the REPORT line, where Lambda and not the handler failed. */
  reportType?: string;
  /** Whether the environment's process is to be ended. */
  resets: boolean;
}

/** The function did not answer in time. */
export function toTimeout(requestId: string, timeoutMs: number): Failure {
  const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
  return { ...toFailure("Sandbox.Timedout", errorMessage), status: "timeout" };
}

/** The process ended before it answered. `outOfMemory`: it was killed for using too much. */
export function toExitFailure(requestId: string, exit: ProcessExit, outOfMemory: boolean): Failure {
  if (exit.error !== undefined) {
    return toFailure("Runtime.InvalidEntrypoint", `RequestId: ${requestId} Error: ${exit.error}`);
  }
  const failure = toFailure("Runtime.ExitError", `RequestId: ${requestId} Error: ${describeExit(exit)}`);
  return outOfMemory ? { ...failure, reportType: "Runtime.OutOfMemory" } : failure;
}

/** `Runtime exited with error: exit status 1`. */
export function describeExit({ code, signal }: ProcessExit): string {
  if (signal !== null)
    return `Runtime exited with error: signal: ${signalTexts[signal] ?? signal.toLowerCase().replace(/^sig/, "")}`;
  return code === 0
    ? "Runtime exited without providing a reason"
    : `Runtime exited with error: exit status ${code ?? 1}`;
}

/** The response was over the limit: by default that of a buffered response. */
export function toResponseTooLarge(limitBytes: number = responseBytesMax): Failure {
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${limitBytes} bytes).`;
  const payload = Buffer.from(JSON.stringify({ errorMessage, errorType: "Function.ResponseSizeTooLarge" }));
  return { status: "error", payload, errorType: "Function.ResponseSizeTooLarge", errorMessage, resets: false };
}

/** The runtime reported an error itself: its payload is passed on as it is. */
export function toReportedFailure(payload: Uint8Array, type: string): Failure {
  return { status: "error", payload, ...readError(payload, type), resets: false };
}

/** Lambda's own answer. */
export function toFailure(errorType: string, errorMessage: string): Failure {
  const payload = Buffer.from(JSON.stringify({ errorType, errorMessage }));
  return { status: "error", payload, errorType, errorMessage, reportType: errorType, resets: true };
}

/** How telemetry spells an error's type: `Runtime.X` and `Function.X` as they are, the rest as unknown. */
export function toTelemetryErrorType(type: string): string {
  if (/^(Runtime|Function|Sandbox|Extension)\.[A-Z][A-Za-z]+$/.test(type)) return type;
  return type.startsWith("Runtime.") ? "Runtime.Unknown" : "Function.Unknown";
}

function readError(payload: Uint8Array, type: string): { errorType: string; errorMessage: string } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload).toString("utf8"));
    if (typeof parsed === "object" && parsed !== null) {
      const text = (name: string): string | undefined => {
        const value: unknown = Reflect.get(parsed, name);
        return typeof value === "string" ? value : undefined;
      };
      return { errorType: text("errorType") ?? type, errorMessage: text("errorMessage") ?? "" };
    }
  } catch {
    // Not JSON: a runtime may send what it likes.
  }
  return { errorType: type, errorMessage: "" };
}

/** As Go's `os.ProcessState`, which Lambda quotes, spells signals. */
const signalTexts: Readonly<Record<string, string>> = {
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGQUIT: "quit",
  SIGILL: "illegal instruction",
  SIGTRAP: "trace/breakpoint trap",
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGKILL: "killed",
  SIGUSR1: "user defined signal 1",
  SIGSEGV: "segmentation fault",
  SIGUSR2: "user defined signal 2",
  SIGPIPE: "broken pipe",
  SIGALRM: "alarm clock",
  SIGTERM: "terminated",
};
