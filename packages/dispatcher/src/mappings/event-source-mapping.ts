/** An event source mapping of a queue or a stream, and how the API shows it. */
import { type Scope, toArn } from "@tripline/kernel";
import type { StreamSettings } from "../streams/stream-settings.ts";

/** A mapping as it is kept. */
export interface EventSourceMapping {
  uuid: string;
  /** ARN of a queue or a stream. */
  eventSourceArn: string;
  functionName: string;
  /** Only where the mapping was made for one. */
  qualifier?: string;
  batchSize: number;
  batchingWindowSeconds: number;
  /** Patterns, JSON text each: a message passes where one of them matches. None: every message passes. */
  filterPatterns: string[];
  reportsBatchItemFailures: boolean;
  maximumConcurrency?: number;
  /** Of a queue's mapping that is provisioned. */
  provisionedPollers?: ProvisionedPollers;
  /** `EventCount`, or none: see `mapping-metrics.ts`. */
  metrics?: string[];
  tags?: Record<string, string>;
  /** Of a stream's mapping. */
  stream?: StreamSettings;
  isEnabled: boolean;
  lastModifiedMs: number;
}

/** How many pollers a provisioned mapping has: see `queue-poller.ts`. */
export interface ProvisionedPollers {
  minimum: number;
  maximum: number;
}

/** Where a mapping stands; those in -ing pass by themselves. */
export type MappingState = "Creating" | "Enabling" | "Enabled" | "Disabling" | "Disabled" | "Updating" | "Deleting";

/** What Create, Get, Update, Delete and List answer. */
export interface EventSourceMappingConfiguration {
  UUID: string;
  EventSourceMappingArn: string;
  BatchSize: number;
  MaximumBatchingWindowInSeconds: number;
  EventSourceArn: string;
  FilterCriteria?: { Filters: { Pattern: string }[] };
  FunctionArn: string;
  LastModified: Date;
  State: MappingState;
  StateTransitionReason: string;
  FunctionResponseTypes: string[];
  ScalingConfig?: { MaximumConcurrency: number };
  ProvisionedPollerConfig?: { MinimumPollers: number; MaximumPollers: number };
  MetricsConfig?: { Metrics: string[] };
  /** Of a stream's mapping, as all that follow. */
  LastProcessingResult?: string;
  StartingPosition?: string;
  StartingPositionTimestamp?: Date;
  ParallelizationFactor?: number;
  BisectBatchOnFunctionError?: boolean;
  MaximumRecordAgeInSeconds?: number;
  MaximumRetryAttempts?: number;
  TumblingWindowInSeconds?: number;
  DestinationConfig?: { OnFailure: { Destination?: string } };
}

/** The function's ARN, with the qualifier that the mapping names. */
export function toFunctionArn(scope: Scope, mapping: Pick<EventSourceMapping, "functionName" | "qualifier">): string {
  const arn = toArn(scope, "lambda", `function:${mapping.functionName}`);
  return mapping.qualifier === undefined ? arn : `${arn}:${mapping.qualifier}`;
}

export function toMappingConfiguration(
  scope: Scope,
  mapping: EventSourceMapping,
  state: MappingState,
  lastResult?: string,
): EventSourceMappingConfiguration {
  const { maximumConcurrency, provisionedPollers, metrics, filterPatterns, stream } = mapping;
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: toArn(scope, "lambda", `event-source-mapping:${mapping.uuid}`),
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.batchingWindowSeconds,
    EventSourceArn: mapping.eventSourceArn,
    ...(filterPatterns.length === 0
      ? {}
      : { FilterCriteria: { Filters: filterPatterns.map((Pattern) => ({ Pattern })) } }),
    FunctionArn: toFunctionArn(scope, mapping),
    LastModified: new Date(mapping.lastModifiedMs),
    State: state,
    StateTransitionReason: stream === undefined ? "USER_INITIATED" : "User action",
    FunctionResponseTypes: mapping.reportsBatchItemFailures ? ["ReportBatchItemFailures"] : [],
    ...(maximumConcurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
    ...(provisionedPollers === undefined
      ? {}
      : {
          ProvisionedPollerConfig: {
            MinimumPollers: provisionedPollers.minimum,
            MaximumPollers: provisionedPollers.maximum,
          },
        }),
    ...(metrics === undefined ? {} : { MetricsConfig: { Metrics: metrics } }),
    ...(stream === undefined ? {} : toStreamMembers(stream, lastResult)),
  };
}

function toStreamMembers(
  stream: StreamSettings,
  lastResult: string | undefined,
): Partial<EventSourceMappingConfiguration> {
  const { startingTimestampMs, onFailureArn } = stream;
  return {
    LastProcessingResult: lastResult ?? "No records processed",
    StartingPosition: stream.startingPosition,
    ...(startingTimestampMs === undefined ? {} : { StartingPositionTimestamp: new Date(startingTimestampMs) }),
    ParallelizationFactor: stream.parallelizationFactor,
    BisectBatchOnFunctionError: stream.bisectsBatchOnError,
    MaximumRecordAgeInSeconds: stream.maximumRecordAgeSeconds,
    MaximumRetryAttempts: stream.maximumRetryAttempts,
    TumblingWindowInSeconds: stream.tumblingWindowSeconds,
    DestinationConfig: { OnFailure: onFailureArn === undefined ? {} : { Destination: onFailureArn } },
  };
}
