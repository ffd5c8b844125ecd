/**
 * The lines that Lambda itself writes to a function's log: INIT_START, START, END, REPORT and INIT_REPORT, as text or as JSON.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 * A line below the function's system log level is `undefined`: nothing is written. Text has no levels.
 */
import type { FunctionSpec } from "@tripline/kernel";
import { toTelemetryErrorType } from "./failure.ts";

/** What an invocation took. Durations are milliseconds. */
export interface InvocationReport {
  requestId: string;
  durationMs: number;
  billedDurationMs: number;
  initDurationMs?: number;
  memoryUsedBytes: number;
  status: "success" | "error" | "timeout";
  errorType?: string;
  /** The type on the text line: only where Lambda and not the handler failed. */
  reportType?: string;
}

/** How an INIT ended. */
export interface InitReport {
  durationMs: number;
  phase: "init" | "invoke";
  status: "error" | "timeout";
  errorType?: string;
}

/** Why an environment was initialised. */
export type InitializationType = "on-demand" | "provisioned-concurrency";

type Level = "DEBUG" | "INFO" | "WARN";
const priority: Readonly<Record<Level, number>> = { DEBUG: 0, INFO: 1, WARN: 2 };
const megabyte = 1_048_576;

/** The version that an environment of this runtime says that it has. */
function runtimeVersion(runtime: string): string {
  return `${runtime
    .replace(/^(nodejs|python|provided)(?=.)/, "$1:")
    .replace(/:\./, ":")
    .replace(/\.x$/, "")}.v1`;
}

export function toInitStart(
  spec: FunctionSpec,
  nowMs: number,
  region: string,
  logStream: string,
  initializationType: InitializationType = "on-demand",
): string | undefined {
  const version = runtimeVersion(spec.runtime);
  const arn = `arn:aws:lambda:${region}::runtime:${"0".repeat(64)}`;
  if (spec.logFormat === "Text") return `INIT_START Runtime Version: ${version}\tRuntime Version ARN: ${arn}`;
  return toJson(spec, nowMs, "INFO", "platform.initStart", {
    initializationType,
    phase: "init",
    runtimeVersion: version,
    runtimeVersionArn: arn,
    functionName: spec.functionName,
    functionVersion: spec.version,
    instanceId: logStream,
    instanceMaxMemory: spec.memoryMegabytes * megabyte,
  });
}

export function toInitReport(
  spec: FunctionSpec,
  nowMs: number,
  report: InitReport,
  initializationType: InitializationType = "on-demand",
): string | undefined {
  const { durationMs, phase, status, errorType } = report;
  if (spec.logFormat === "Text") {
    const type = errorType === undefined ? "" : `\tError Type: ${errorType}`;
    return `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: ${phase}\tStatus: ${status}${type}`;
  }
  return toJson(spec, nowMs, "WARN", "platform.initReport", {
    initializationType,
    phase,
    status,
    metrics: { durationMs: round(durationMs) },
    ...(errorType === undefined ? {} : { errorType: toTelemetryErrorType(errorType) }),
  });
}

/** A successful INIT: on demand only JSON at DEBUG has a line for it, ahead of any invocation every log. */
export function toInitSuccess(
  spec: FunctionSpec,
  nowMs: number,
  durationMs: number,
  initializationType: InitializationType = "on-demand",
): string | undefined {
  const isOnDemand = initializationType === "on-demand";
  if (spec.logFormat === "Text") {
    if (isOnDemand) return undefined;
    return `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: init\tStatus: success`;
  }
  return toJson(spec, nowMs, isOnDemand ? "DEBUG" : "INFO", "platform.initReport", {
    initializationType,
    phase: "init",
    status: "success",
    metrics: { durationMs: round(durationMs) },
  });
}

export function toStart(spec: FunctionSpec, nowMs: number, requestId: string, functionArn: string): string | undefined {
  if (spec.logFormat === "Text") return `START RequestId: ${requestId} Version: ${spec.version}`;
  return toJson(spec, nowMs, "INFO", "platform.start", { requestId, functionArn, version: spec.version });
}

/** END, or what JSON has for it. */
export function toEnd(
  spec: FunctionSpec,
  nowMs: number,
  report: InvocationReport,
  producedBytes: number,
): string | undefined {
  if (spec.logFormat === "Text") return `END RequestId: ${report.requestId}`;
  return toJson(spec, nowMs, report.status === "success" ? "DEBUG" : "WARN", "platform.runtimeDone", {
    requestId: report.requestId,
    status: report.status,
    metrics: { durationMs: round(report.durationMs), producedBytes },
    spans: [],
    ...(report.errorType === undefined ? {} : { errorType: toTelemetryErrorType(report.errorType) }),
  });
}

export function toReport(spec: FunctionSpec, nowMs: number, report: InvocationReport): string | undefined {
  const { requestId, durationMs, billedDurationMs, initDurationMs, status } = report;
  const memoryMegabytes = Math.min(spec.memoryMegabytes, Math.ceil(report.memoryUsedBytes / megabyte));
  if (spec.logFormat === "Text") {
    let line =
      `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billedDurationMs} ms\t` +
      `Memory Size: ${spec.memoryMegabytes} MB\tMax Memory Used: ${memoryMegabytes} MB\t`;
    if (initDurationMs !== undefined) line += `Init Duration: ${initDurationMs.toFixed(2)} ms\t`;
    if (status === "timeout") line += "Status: timeout\t";
    else if (report.reportType !== undefined) line += `Status: error\tError Type: ${report.reportType}\t`;
    return line;
  }
  return toJson(spec, nowMs, status === "success" ? "INFO" : "WARN", "platform.report", {
    requestId,
    metrics: {
      durationMs: round(durationMs),
      billedDurationMs,
      memorySizeMB: spec.memoryMegabytes,
      maxMemoryUsedMB: memoryMegabytes,
      ...(initDurationMs === undefined ? {} : { initDurationMs: round(initDurationMs) }),
    },
    status,
    ...(report.errorType === undefined
      ? {}
      : { errorType: toTelemetryErrorType(report.reportType ?? report.errorType) }),
  });
}

function toJson(spec: FunctionSpec, nowMs: number, level: Level, type: string, record: unknown): string | undefined {
  if (priority[level] < priority[spec.systemLogLevel ?? "INFO"]) return undefined;
  return JSON.stringify({ time: new Date(nowMs).toISOString(), type, record });
}

function round(durationMs: number): number {
  return Math.round(durationMs * 1000) / 1000;
}
