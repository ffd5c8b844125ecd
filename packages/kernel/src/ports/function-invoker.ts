/** How a function is invoked, whoever asks: Invoke API, gateway, dispatcher, replay. */
import type { Cancel } from "../clock/clock.ts";
import type { InvocationStatus } from "../records.ts";
import type { ServiceCaller } from "./function-access.ts";

/** One invocation. */
export interface InvokeRequest {
  /** Name, `name:qualifier`, partial or full ARN. */
  functionName: string;
  /** Version or alias; `$LATEST` by default. */
  qualifier?: string;
  /** The event, JSON as bytes; passed to the runtime as it is. */
  payload: Uint8Array;
  /** Default: a new one. The same for every retry of an asynchronous event. */
  requestId?: string;
  /** For the record: `lambda`, `sqs`, `s3`, `apigateway`, `events`, `scheduler`, `replay`. */
  source: string;
  /** Who asks, where the function's policy must let it in. Absent: the account itself, or a role of it. */
  caller?: ServiceCaller;
  /** 1 for the first attempt (the default). */
  attempt?: number;
  deliveryIds?: readonly string[];
  /** Decoded JSON text of `X-Amz-Client-Context`. */
  clientContext?: string;
  /** `X-Amzn-Trace-Id`. */
  traceId?: string;
  /** Takes a streamed response as it comes. Absent: the response is buffered. */
  onResponseStream?: (stream: ResponseStream) => void;
}

/** A response that the runtime streams. Ends by throwing where the runtime fails midway. */
export interface ResponseStream {
  /** The version that runs: `$LATEST` or a number. */
  executedVersion: string;
  /** `application/octet-stream`, or `application/vnd.awslambda.http-integration-response` with a prelude. */
  contentType: string;
  chunks: AsyncIterable<Uint8Array>;
}

/** What came of it. Function errors are results; only throttles, unknown functions and oversized payloads are thrown, as `ServiceError`. */
export interface InvokeResult {
  requestId: string;
  status: Exclude<InvocationStatus, "throttled">;
  /** The response, or the error's JSON. */
  payload: Uint8Array;
  /** Present when the function failed. */
  functionError?: "Unhandled";
  executedVersion: string;
  functionArn: string;
  durationMs: number;
  billedDurationMs: number;
  coldStart: boolean;
  initDurationMs?: number;
  errorType?: string;
  errorMessage?: string;
  environmentId: string;
  memoryUsedBytes?: number;
  /** The last 4 KB of the log of this invocation, when asked for at `logTail()`. */
  logTail(): string;
}

/**
 * Invokes functions. Rejects with `ServiceError`:
 * `ResourceNotFoundException` 404, `TooManyRequestsException` 429 (members `Reason`, `Type`), `RequestTooLargeException` 413,
 * `InvalidRequestContentException` 400, `ResourceConflictException` 409, `AccessDeniedException` 403.
 */
export interface FunctionInvoker {
  invoke(request: InvokeRequest): Promise<InvokeResult>;
}

/** What is needed to run one version of a function. Plain data: the control plane makes it, the execution manager reads it. */
export interface FunctionSpec {
  functionName: string;
  /** Unqualified. */
  functionArn: string;
  /** `$LATEST` or a number. */
  version: string;
  /** Grows with every change of code or configuration: environments of an older revision are not reused. */
  revision: number;
  /** `nodejs22.x`, `python3.13`, `provided.al2023`, … */
  runtime: string;
  /** `index.handler`; for `provided.*` anything. */
  handler: string;
  /** Absolute path of the folder that is `/var/task`. Watched: a change of the code is picked up at the next invocation. */
  codeFolder: string;
  /** The code never changes: it is not watched. */
  codeIsFixed?: boolean;
  /** Absolute path of the folder that stands for `/opt`: all layers, merged. Empty without layers. */
  layerFolders: readonly string[];
  memoryMegabytes: number;
  timeoutMs: number;
  /** `/tmp`, megabytes. */
  ephemeralStorageMegabytes: number;
  /** What the user configured. */
  environment: Readonly<Record<string, string>>;
  architecture: "x86_64" | "arm64";
  logFormat: "Text" | "JSON";
  applicationLogLevel?: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";
  systemLogLevel?: "DEBUG" | "INFO" | "WARN";
  logGroup: string;
  /** ARN of the execution role. Absent: the function has none. */
  roleArn?: string;
  /** Undefined: the unreserved pool. 0: never runs. Shared by all versions. */
  reservedConcurrency?: number;
}

/** What others must know of a function without running it. */
export interface FunctionFacts {
  functionName: string;
  /** Unqualified. */
  functionArn: string;
  /** What the qualifier stands for: `$LATEST` or a number. */
  version: string;
  timeoutMs: number;
  reservedConcurrency?: number;
  /** ARN of the dead-letter queue of asynchronous invocations. */
  deadLetterTargetArn?: string;
  /** ARN of the execution role. */
  roleArn?: string;
}

/** Finds functions. Synchronous: definitions are held in memory. */
export interface FunctionDirectory {
  /** By name, `name:qualifier`, partial or full ARN. Undefined where there is none. */
  find(functionName: string, qualifier?: string): FunctionFacts | undefined;
  /** Calls `run` after a function was created, changed or deleted. Absent: nobody is told. */
  onChange?(run: () => void): Cancel;
}
