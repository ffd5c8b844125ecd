/** One invocation in an environment: what is known of it while it runs, and what it amounts to when it is over. */
import type { Cancel, FunctionSpec, InvokeRequest, InvokeResult } from "@tripline/kernel";
import type { Failure } from "./failure.ts";
import { LogTail } from "./function-log.ts";
import type { InvocationReport } from "./platform-log.ts";
import type { ResponseChunks } from "./response-chunks.ts";

/** What came of it. */
export type Outcome = { payload: Uint8Array; failure?: Failure };

/** The invocation that an environment runs. */
export interface Run {
  request: InvokeRequest & { requestId: string };
  resolve(result: InvokeResult): void;
  reject(error: unknown): void;
  tail: LogTail;
  /** START was written. */
  isStarted: boolean;
  isCold: boolean;
  startedMs: number;
  initDurationMs: number | undefined;
  endedMs: number;
  outcome: Outcome | undefined;
  /** The runtime is ready again, or gone. */
  isOver: boolean;
  isSettled: boolean;
  isAnswered: boolean;
  cancelTimeout: Cancel | undefined;
  cancelGrace: Cancel | undefined;
  stream: { chunks: ResponseChunks | undefined; pieces: Buffer[]; bytes: number } | undefined;
}

const none = Buffer.alloc(0);

/** One that begins at `startedMs` of real time. */
export function createRun(
  request: Run["request"],
  startedMs: number,
  { resolve, reject }: Pick<Run, "resolve" | "reject">,
): Run {
  return {
    request,
    resolve,
    reject,
    tail: new LogTail(),
    isStarted: false,
    isCold: false,
    startedMs,
    initDurationMs: undefined,
    endedMs: 0,
    outcome: undefined,
    isOver: false,
    isSettled: false,
    isAnswered: false,
    cancelTimeout: undefined,
    cancelGrace: undefined,
    stream: undefined,
  };
}

/** What REPORT says of it. */
export function toInvocationReport(run: Run, memoryUsedBytes: number): InvocationReport {
  const durationMs = Math.round((run.endedMs - run.startedMs) * 1e6) / 1e6; // 300 ms, not 300.00000000000006
  const failure = run.outcome?.failure;
  const report: InvocationReport = {
    requestId: run.request.requestId,
    durationMs,
    billedDurationMs: Math.max(1, Math.ceil(durationMs + (run.initDurationMs ?? 0))),
    memoryUsedBytes,
    status: failure?.status ?? "success",
  };
  if (run.initDurationMs !== undefined) report.initDurationMs = run.initDurationMs;
  if (failure !== undefined) report.errorType = failure.errorType;
  if (failure?.reportType !== undefined) report.reportType = failure.reportType;
  return report;
}

/** What its caller gets. */
export function toInvokeResult(
  run: Run,
  { spec, environmentId, memoryUsedBytes }: { spec: FunctionSpec; environmentId: string; memoryUsedBytes: number },
): InvokeResult {
  const { durationMs, billedDurationMs, initDurationMs, status } = toInvocationReport(run, memoryUsedBytes);
  const failure = run.outcome?.failure;
  const result: InvokeResult = {
    requestId: run.request.requestId,
    status,
    payload: run.outcome?.payload ?? none,
    executedVersion: spec.version,
    functionArn: toInvokedArn(spec, run.request),
    durationMs,
    billedDurationMs,
    coldStart: run.isCold,
    environmentId,
    memoryUsedBytes,
    logTail: () => run.tail.toString(),
  };
  if (initDurationMs !== undefined) result.initDurationMs = initDurationMs;
  if (failure !== undefined) {
    result.functionError = "Unhandled";
    result.errorType = failure.errorType;
    result.errorMessage = failure.errorMessage;
  }
  return result;
}

/** The function's ARN, with the qualifier that it was invoked by. */
export function toInvokedArn(spec: FunctionSpec, request: InvokeRequest): string {
  return request.qualifier === undefined ? spec.functionArn : `${spec.functionArn}:${request.qualifier}`;
}
