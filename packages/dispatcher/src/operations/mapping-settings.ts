/** What Create and UpdateEventSourceMapping take, and what AWS refuses of it. */
import { type FunctionFacts, isServiceError, type QueueFacts } from "@tripline/kernel";
import { checkRange, constraintBroken, invalidParameter } from "../lambda-errors.ts";
import type { EventSourceMapping, ProvisionedPollers } from "../mappings/event-source-mapping.ts";
import { compileRecordFilter } from "../mappings/record-filter.ts";
import {
  checkStreamConstraints,
  streamSettingsHonoured,
  type StreamSettingsInput,
  unsupported,
} from "./stream-settings.ts";

/** Members that both operations honour. */
export interface MappingSettingsInput extends StreamSettingsInput {
  Enabled?: boolean;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  FilterCriteria?: { Filters?: { Pattern?: string }[] };
  FunctionResponseTypes?: string[];
  ScalingConfig?: { MaximumConcurrency?: number };
  ProvisionedPollerConfig?: { MinimumPollers?: number; MaximumPollers?: number; PollerGroupName?: string };
  MetricsConfig?: { Metrics?: string[] };
}

export const settingsHonoured: readonly string[] = [
  "Enabled",
  "BatchSize",
  "MaximumBatchingWindowInSeconds",
  "FilterCriteria",
  "FunctionResponseTypes",
  "ScalingConfig",
  "ProvisionedPollerConfig.MinimumPollers",
  "ProvisionedPollerConfig.MaximumPollers",
  "MetricsConfig",
  "DestinationConfig",
  ...streamSettingsHonoured,
];

const forBrokers = "it is for Kafka, MQ and DocumentDB, which are not simulated as event sources";

/** Members that both operations refuse, and why. */
export const settingsRefused: Readonly<Record<string, string>> = {
  KMSKeyArn: "filter criteria are not encrypted here",
  LoggingConfig: "event source mappings write no logs",
  "ProvisionedPollerConfig.PollerGroupName": "it is for Kafka, which is not simulated as an event source",
  SourceAccessConfigurations: forBrokers,
  AmazonManagedKafkaEventSourceConfig: forBrokers,
  SelfManagedKafkaEventSourceConfig: forBrokers,
  DocumentDBEventSourceConfig: forBrokers,
};

const batchSizeMax = 10_000;
const batchSizeWithoutWindowMax = 10;
const windowSecondsMax = 300;
const filtersMax = 10;
const patternCharactersMax = 4_096;
const concurrencyMin = 2;
const concurrencyMax = 1_000;
/** Of a queue. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#sqs-provisioned-mode */
const pollers = { minimumMin: 2, minimumMax: 200, minimumDefault: 2, maximumMax: 2_000, maximumDefault: 200 } as const;
const metricNames = ["EventCount", "ErrorCount", "KafkaMetrics"];

/** Settings that every mapping has, and that of a queue. */
export type MappingSettings = Pick<
  EventSourceMapping,
  | "batchSize"
  | "batchingWindowSeconds"
  | "filterPatterns"
  | "reportsBatchItemFailures"
  | "maximumConcurrency"
  | "provisionedPollers"
  | "metrics"
  | "isEnabled"
>;

/** What a mapping of a queue has by default. */
export const defaultSettings: MappingSettings = {
  batchSize: 10,
  batchingWindowSeconds: 0,
  filterPatterns: [],
  reportsBatchItemFailures: false,
  isEnabled: true,
};

/** Refuses values that the API's model does not allow. */
export function checkConstraints(input: MappingSettingsInput): void {
  checkStreamConstraints(input);
  checkRange("batchSize", input.BatchSize, 1, batchSizeMax);
  checkRange("maximumBatchingWindowInSeconds", input.MaximumBatchingWindowInSeconds, 0, windowSecondsMax);
  checkRange(
    "scalingConfig.maximumConcurrency",
    input.ScalingConfig?.MaximumConcurrency,
    concurrencyMin,
    concurrencyMax,
  );
  checkRange("provisionedPollerConfig.minimumPollers", input.ProvisionedPollerConfig?.MinimumPollers, 1, 200);
  checkRange("provisionedPollerConfig.maximumPollers", input.ProvisionedPollerConfig?.MaximumPollers, 1, 10_000);
  for (const metric of input.MetricsConfig?.Metrics ?? []) {
    if (metric === "EventCount") continue;
    if (metricNames.includes(metric)) {
      throw invalidParameter(
        `MetricsConfig.Metrics: ${metric} is for Kafka, which is not simulated as an event source. Use EventCount alone.`,
      );
    }
    const allowed = `satisfy enum value set: [${metricNames.join(", ")}]`;
    throw constraintBroken("metricsConfig.metrics", `[${metric}]`, allowed);
  }
  for (const type of input.FunctionResponseTypes ?? []) {
    if (type === "ReportBatchItemFailures") continue;
    throw constraintBroken("functionResponseTypes", `[${type}]`, "satisfy enum value set: [ReportBatchItemFailures]");
  }
  const filters = input.FilterCriteria?.Filters ?? [];
  if (filters.length > filtersMax) {
    throw constraintBroken(
      "filterCriteria.filters",
      `[${filters.length} filters]`,
      `have length less than or equal to ${filtersMax}`,
    );
  }
  for (const [index, { Pattern = "" }] of filters.entries()) {
    if (Pattern.length <= patternCharactersMax) continue;
    const member = `filterCriteria.filters.${index + 1}.member.pattern`;
    throw constraintBroken(member, Pattern, `have length less than or equal to ${patternCharactersMax}`);
  }
}

/** `before` with what `input` sets; what is set to nothing is removed. */
export function mergeSettings(before: MappingSettings, input: MappingSettingsInput): MappingSettings {
  const { maximumConcurrency, provisionedPollers: _pollers, metrics: _metrics, ...rest } = before;
  const provisionedPollers = mergePollers(before, input);
  const metrics = input.MetricsConfig === undefined ? before.metrics : input.MetricsConfig.Metrics;
  const concurrency = input.ScalingConfig === undefined ? maximumConcurrency : input.ScalingConfig.MaximumConcurrency;
  return {
    ...rest,
    batchSize: input.BatchSize ?? before.batchSize,
    batchingWindowSeconds: input.MaximumBatchingWindowInSeconds ?? before.batchingWindowSeconds,
    filterPatterns:
      input.FilterCriteria === undefined
        ? before.filterPatterns
        : (input.FilterCriteria.Filters ?? []).map(({ Pattern = "" }) => Pattern),
    reportsBatchItemFailures:
      input.FunctionResponseTypes === undefined
        ? before.reportsBatchItemFailures
        : input.FunctionResponseTypes.length > 0,
    isEnabled: input.Enabled ?? before.isEnabled,
    ...(concurrency === undefined ? {} : { maximumConcurrency: concurrency }),
    ...(provisionedPollers === undefined ? {} : { provisionedPollers }),
    ...(metrics === undefined ? {} : { metrics }),
  };
}

/** An empty configuration ends provisioned mode. */
function mergePollers(
  { provisionedPollers: before }: MappingSettings,
  { ProvisionedPollerConfig: given }: MappingSettingsInput,
): ProvisionedPollers | undefined {
  if (given === undefined) return before;
  const { MinimumPollers, MaximumPollers } = given;
  if (MinimumPollers === undefined && MaximumPollers === undefined) return undefined;
  const minimum = MinimumPollers ?? before?.minimum ?? pollers.minimumDefault;
  return { minimum, maximum: MaximumPollers ?? before?.maximum ?? Math.max(minimum, pollers.maximumDefault) };
}

function checkPollers({ provisionedPollers, maximumConcurrency }: MappingSettings): void {
  if (provisionedPollers === undefined) return;
  const { minimum, maximum } = provisionedPollers;
  if (maximumConcurrency !== undefined) {
    throw invalidParameter(
      "ScalingConfig and ProvisionedPollerConfig cannot be set for the same event source mapping. Remove one of them.",
    );
  }
  if (minimum < pollers.minimumMin) {
    throw invalidParameter(`MinimumPollers of an SQS event source mapping must be at least ${pollers.minimumMin}.`);
  }
  if (maximum > pollers.maximumMax || maximum < pollers.minimumMin) {
    const range = `${pollers.minimumMin} to ${pollers.maximumMax}`;
    throw invalidParameter(`MaximumPollers of an SQS event source mapping must be from ${range}.`);
  }
  if (minimum > maximum) throw invalidParameter("MinimumPollers must not be greater than MaximumPollers.");
}

/** Refuses settings that do not go together, or not with the queue or the function. */
export function checkSettings(
  settings: MappingSettings,
  input: MappingSettingsInput,
  queue: QueueFacts,
  target: FunctionFacts,
): void {
  if (input.DestinationConfig?.OnSuccess !== undefined || input.DestinationConfig?.OnFailure !== undefined) {
    throw unsupported("DestinationConfig");
  }
  for (const member of streamSettingsHonoured) {
    if (input[member as keyof StreamSettingsInput] !== undefined) throw unsupported(member);
  }
  if (queue.isFifo && settings.batchingWindowSeconds > 0) {
    throw invalidParameter("Batching window is not supported for FIFO queues");
  }
  if (settings.batchSize > batchSizeWithoutWindowMax && settings.batchingWindowSeconds === 0) {
    throw invalidParameter(
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
    );
  }
  checkPollers(settings);
  try {
    compileRecordFilter(settings.filterPatterns);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    throw invalidParameter("Invalid filter pattern definition.");
  }
  if (queue.visibilityTimeoutMs < target.timeoutMs) {
    throw invalidParameter(
      `Queue visibility timeout: ${queue.visibilityTimeoutMs / 1_000} seconds is less than Function timeout: ${target.timeoutMs / 1_000} seconds`,
    );
  }
}
