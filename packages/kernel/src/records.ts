/** What was delivered to whom and why, and what was invoked: the lineage that `logs`, `status`, the test helpers and the console read. */

/** How one invocation ended. */
export type InvocationStatus = "success" | "error" | "timeout" | "throttled";

/** One attempt at one function. Times are epoch milliseconds on the simulator's clock; durations are milliseconds. */
export interface InvocationRecord {
  requestId: string;
  /** Function name, without ARN or qualifier. */
  functionName: string;
  /** `$LATEST` or a version number. */
  executedVersion: string;
  /** What caused it: `s3`, `sqs`, `apigateway`, `events`, `scheduler`, `lambda` (a direct Invoke), `replay`. */
  source: string;
  /** The deliveries that it carries (a batch has several). */
  deliveryIds: readonly string[];
  status: InvocationStatus;
  startedAtMs: number;
  /** Real milliseconds that the handler took. */
  durationMs: number;
  billedDurationMs: number;
  /** Milliseconds of INIT, for a cold start. */
  initDurationMs?: number;
  coldStart: boolean;
  /** 1 for the first attempt. */
  attempt: number;
  /** Which environment served it: a log stream name. */
  environmentId?: string;
  /** Most memory that the environment used, bytes. */
  memoryUsedBytes?: number;
  errorType?: string;
  errorMessage?: string;
  /** The event, as bytes, and the answer, where there is one. */
  payload: Uint8Array;
  response?: Uint8Array;
}

/** Where a delivery stands. */
export type DeliveryState =
  /** Accepted by the target and waiting, or in flight. */
  | "accepted"
  /** The function, or the queue that it was meant for, took it. */
  | "delivered"
  /** An attempt failed; another will follow. */
  | "retrying"
  /** Out of attempts or too old; handed to a dead-letter queue or an on-failure destination. */
  | "dead-lettered"
  /** Out of attempts or too old, and no dead-letter queue was configured. */
  | "failed"
  /** A filter did not match. */
  | "filtered";

/** One event on its way from a source to a target. */
export interface DeliveryRecord {
  id: string;
  /** The delivery that caused this one, if any. */
  parentId?: string;
  /** `s3`, `sqs`, `events`, `scheduler`, `lambda`, … */
  source: string;
  /** ARN of the bucket, queue, rule or schedule. */
  sourceArn?: string;
  targetArn: string;
  state: DeliveryState;
  /** How often a function was invoked with it. */
  attempts: number;
  acceptedAtMs: number;
  updatedAtMs: number;
  /** Why it failed, was retried or was filtered. */
  reason?: string;
  /** What was delivered, when the source had it as one body. */
  body?: Uint8Array;
}

/** What Lambda counts for an event source mapping, under its names and in their order. */
export const mappingMetrics = [
  "PolledEventCount",
  "FilteredOutEventCount",
  "InvokedEventCount",
  "FailedInvokeEventCount",
  "DroppedEventCount",
  "OnFailureDestinationDeliveredEventCount",
  "DeletedEventCount",
] as const;

/** One of {@link mappingMetrics}. */
export type MappingMetric = (typeof mappingMetrics)[number];

/** Events of one mapping that are counted under one metric. */
export interface MappingCount {
  /** The mapping's id. */
  uuid: string;
  metric: MappingMetric;
  /** How many more: 1 or above. */
  count: number;
}

/** One line of a function's log. */
export interface LogLine {
  functionName: string;
  /** CloudWatch's names. */
  logGroup: string;
  logStream: string;
  /** The invocation that it belongs to, where known. */
  requestId?: string;
  timestampMs: number;
  /** `platform` for START, END, REPORT and the like. */
  origin: "function" | "platform" | "extension";
  /** Without its line break. */
  message: string;
}
