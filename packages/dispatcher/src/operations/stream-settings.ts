/** What Create and UpdateEventSourceMapping take for streams, and what AWS refuses of it. */
import { type Clock, isServiceError, parseArn, type StreamSources } from "@tripline/kernel";
import { checkRange, constraintBroken, invalidParameter } from "../lambda-errors.ts";
import { compileStreamFilter } from "../streams/stream-reader.ts";
import type { StreamSettings } from "../streams/stream-settings.ts";

/** Members of both operations that are for streams. */
export interface StreamSettingsInput {
  ParallelizationFactor?: number;
  MaximumRecordAgeInSeconds?: number;
  BisectBatchOnFunctionError?: boolean;
  MaximumRetryAttempts?: number;
  TumblingWindowInSeconds?: number;
  DestinationConfig?: { OnSuccess?: { Destination?: string }; OnFailure?: { Destination?: string } };
}

/** Members of CreateEventSourceMapping alone. */
export interface StreamStartInput {
  StartingPosition?: string;
  StartingPositionTimestamp?: Date;
}

export const streamSettingsHonoured: readonly string[] = [
  "ParallelizationFactor",
  "MaximumRecordAgeInSeconds",
  "BisectBatchOnFunctionError",
  "MaximumRetryAttempts",
  "TumblingWindowInSeconds",
];

export const streamBatchSizeDefault = 100;
const positions = ["LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"] as const;

/** Whether `arn` is that of a stream that may be read. */
export function isStreamArn(arn: string): boolean {
  return /^arn:[^:]+:(kinesis:[^:]*:[^:]*:stream\/|dynamodb:[^:]*:[^:]*:table\/[^/]+\/stream\/)/.test(arn);
}

/** Refuses values that the API's model does not allow. */
export function checkStreamConstraints(input: StreamSettingsInput & StreamStartInput): void {
  checkRange("parallelizationFactor", input.ParallelizationFactor, 1, 10);
  checkRange("maximumRecordAgeInSeconds", input.MaximumRecordAgeInSeconds, -1, 604_800);
  checkRange("maximumRetryAttempts", input.MaximumRetryAttempts, -1, 10_000);
  checkRange("tumblingWindowInSeconds", input.TumblingWindowInSeconds, 0, 900);
  const position = input.StartingPosition;
  if (position !== undefined && !positions.some((one) => one === position)) {
    throw constraintBroken("startingPosition", position, `satisfy enum value set: [${positions.join(", ")}]`);
  }
}

/** Where a new mapping begins. */
export function toStreamStart(
  input: StreamStartInput,
  streamArn: string,
  clock: Clock,
): Pick<StreamSettings, "startingPosition" | "startingTimestampMs"> {
  const position = positions.find((one) => one === input.StartingPosition);
  if (position === undefined) {
    throw invalidParameter(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  const timestampMs = input.StartingPositionTimestamp?.getTime();
  if (position !== "AT_TIMESTAMP") {
    if (timestampMs === undefined) return { startingPosition: position };
    throw invalidParameter(`Timestamp must not be set when StartingPosition is ${position}.`);
  }
  if (parseArn(streamArn)?.service === "dynamodb") {
    throw invalidParameter(`Unsupported starting position for arn type: ${streamArn}`);
  }
  if (timestampMs === undefined) throw invalidParameter("Timestamp must be set when StartingPosition is AT_TIMESTAMP.");
  if (timestampMs > clock.now()) throw invalidParameter("StartingPositionTimestamp must not be in the future.");
  return { startingPosition: position, startingTimestampMs: timestampMs };
}

/** `before` (none: the defaults) with what `input` sets. */
export function mergeStreamSettings<Before extends Partial<StreamSettings>>(
  before: Before,
  input: StreamSettingsInput,
): Before & Omit<StreamSettings, "startingPosition"> {
  const { onFailureArn: beforeArn, ...rest } = before;
  const destination = input.DestinationConfig?.OnFailure?.Destination;
  const onFailureArn = destination ?? beforeArn; // an empty one removes it
  return {
    ...(rest as Before),
    parallelizationFactor: input.ParallelizationFactor ?? before.parallelizationFactor ?? 1,
    maximumRecordAgeSeconds: input.MaximumRecordAgeInSeconds ?? before.maximumRecordAgeSeconds ?? -1,
    maximumRetryAttempts: input.MaximumRetryAttempts ?? before.maximumRetryAttempts ?? -1,
    bisectsBatchOnError: input.BisectBatchOnFunctionError ?? before.bisectsBatchOnError ?? false,
    tumblingWindowSeconds: input.TumblingWindowInSeconds ?? before.tumblingWindowSeconds ?? 0,
    ...(onFailureArn === undefined || onFailureArn === "" ? {} : { onFailureArn }),
  };
}

/** Refuses settings that do not go together. */
export async function checkStreamSettings(
  settings: Omit<StreamSettings, "startingPosition">,
  input: StreamSettingsInput & { ScalingConfig?: object; ProvisionedPollerConfig?: object },
  filterPatterns: readonly string[],
  source: { arn: string; streams: StreamSources },
): Promise<void> {
  if (input.ScalingConfig !== undefined) throw unsupported("ScalingConfig");
  if (input.ProvisionedPollerConfig !== undefined) throw unsupported("ProvisionedPollerConfig");
  if (input.DestinationConfig?.OnSuccess?.Destination !== undefined) throw unsupported("DestinationConfig");
  const age = settings.maximumRecordAgeSeconds;
  if (age !== -1 && age < 60) {
    throw invalidParameter("MaximumRecordAgeInSeconds must be -1, or between 60 and 604800.");
  }
  if (settings.tumblingWindowSeconds > 0 && settings.parallelizationFactor > 1) {
    throw invalidParameter(
      "TumblingWindowInSeconds and a ParallelizationFactor greater than 1 cannot be used together.",
    );
  }
  const { onFailureArn } = settings;
  if (onFailureArn !== undefined) checkDestination(onFailureArn);
  checkFilters(filterPatterns, source.arn);
  if ((await source.streams.find(source.arn)) === undefined) throw invalidParameter(`Stream not found: ${source.arn}`);
}

function checkDestination(arn: string): void {
  const service = parseArn(arn)?.service;
  if (service === "sns") {
    throw invalidParameter(`Tripline does not simulate SNS yet: ${arn}. Use a queue or a bucket as the destination.`);
  }
  const isFifo = service === "sqs" && arn.endsWith(".fifo");
  if ((service !== "sqs" && service !== "s3") || isFifo) {
    throw invalidParameter(`The destination ARN ${arn} is invalid.`);
  }
}

/** The data of Kinesis records is matched as JSON: a pattern for text is refused. */
function checkFilters(patterns: readonly string[], arn: string): void {
  const bad = invalidParameter("Invalid filter pattern definition.");
  try {
    compileStreamFilter(patterns);
  } catch (error) {
    throw isServiceError(error) ? bad : error;
  }
  if (parseArn(arn)?.service !== "kinesis") return;
  for (const pattern of patterns) {
    const { data } = JSON.parse(pattern) as { data?: unknown };
    if (Array.isArray(data)) throw bad;
  }
}

/** For a member that another kind of source has. */
export function unsupported(member: string): Error {
  return invalidParameter(`Unsupported ${member} parameter for given event source mapping type.`);
}
