/** AWS::Lambda::EventSourceMapping, for queues and streams; SAM's SQS, Kinesis and DynamoDB events make one as well. */
import { parseArn } from "@tripline/kernel";
import { list, object, readProperties } from "../shapes/collections.ts";
import { boolean, choice, integer, number, text } from "../shapes/scalars.ts";
import {
  each,
  optional,
  type OptionalTable,
  type PropertyTable,
  required,
  unsupported,
  withoutEffect,
  withOthers,
} from "../shapes/shape.ts";
import type { PlannedResource } from "../template-plan.ts";
import { lambda } from "./function-settings.ts";
import { deterministicUuid } from "./deterministic-id.ts";
import { reasons } from "./reasons.ts";
import { placeOfProperty, planned, type ResourceType } from "./resource-type.ts";

/** What every mapping and every event of SAM that makes one share. */
export interface MappingSettings {
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  FilterCriteria?: { Filters?: { Pattern?: string }[] };
  FunctionResponseTypes?: string[];
  MetricsConfig?: { Metrics?: string[] };
  Enabled?: boolean;
}

/** What a queue's mapping and SAM's SQS event share. */
export interface QueueMappingSettings extends MappingSettings {
  ScalingConfig?: { MaximumConcurrency?: number };
  ProvisionedPollerConfig?: { MinimumPollers?: number; MaximumPollers?: number };
}

/** What a stream's mapping and SAM's events of streams share. */
export interface StreamMappingSettings extends MappingSettings {
  StartingPosition?: "TRIM_HORIZON" | "LATEST" | "AT_TIMESTAMP";
  /** Epoch seconds. */
  StartingPositionTimestamp?: number;
  ParallelizationFactor?: number;
  MaximumRecordAgeInSeconds?: number;
  MaximumRetryAttempts?: number;
  BisectBatchOnFunctionError?: boolean;
  TumblingWindowInSeconds?: number;
  DestinationConfig?: { OnFailure?: { Destination?: string } };
}

/** A whole mapping. */
export interface Mapping extends QueueMappingSettings, StreamMappingSettings {
  EventSourceArn: string;
  FunctionName: string;
}

/** The honoured properties that all have. */
const mappingSettings: OptionalTable<MappingSettings> = {
  BatchSize: optional(integer("10")),
  MaximumBatchingWindowInSeconds: optional(integer("5")),
  FilterCriteria: optional(
    object({ Filters: optional(list(object({ Pattern: optional(text(`'{"body":{"kind":["order"]}}'`)) }))) }),
  ),
  FunctionResponseTypes: optional(list(choice("ReportBatchItemFailures"))),
  MetricsConfig: optional(object({ Metrics: optional(list(text("EventCount"))) })),
  Enabled: optional(boolean()),
};

/** The honoured properties of queues. */
export const queueMappingSettings: OptionalTable<QueueMappingSettings> = {
  ...mappingSettings,
  ScalingConfig: optional(object({ MaximumConcurrency: optional(integer("2")) })),
  ProvisionedPollerConfig: optional(
    object({
      MinimumPollers: optional(integer("2")),
      MaximumPollers: optional(integer("20")),
      PollerGroupName: unsupported("It is for Kafka."),
    }),
  ),
};

/** The honoured properties of streams. */
export const streamMappingSettings: OptionalTable<StreamMappingSettings> = {
  ...mappingSettings,
  StartingPosition: optional(choice("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP")),
  StartingPositionTimestamp: optional(number("1767225600")),
  ParallelizationFactor: optional(integer("1")),
  MaximumRecordAgeInSeconds: optional(integer("-1")),
  MaximumRetryAttempts: optional(integer("-1")),
  BisectBatchOnFunctionError: optional(boolean()),
  TumblingWindowInSeconds: optional(integer("60")),
  DestinationConfig: optional(
    object({ OnFailure: optional(object({ Destination: optional(text("!GetAtt Failures.Arn")) })) }),
  ),
};

/** The other properties that all have. */
export const otherMappingSettings: PropertyTable = {
  KmsKeyArn: withoutEffect(reasons.encryption),
  Tags: withoutEffect(reasons.tags),
  LoggingConfig: unsupported(reasons.notYet),
};

const properties = withOthers(
  {
    EventSourceArn: required(text("!GetAtt Orders.Arn")),
    FunctionName: required(text("!Ref Fulfil")),
    ...queueMappingSettings,
    ...streamMappingSettings,
  },
  {
    ...otherMappingSettings,
    ...each(
      [
        "AmazonManagedKafkaEventSourceConfig",
        "DocumentDBEventSourceConfig",
        "Queues",
        "SelfManagedEventSource",
        "SelfManagedKafkaEventSourceConfig",
        "SourceAccessConfigurations",
        "Topics",
      ],
      unsupported("It is for Kafka, MQ and DocumentDB, which are not simulated as event sources."),
    ),
  },
);

/** Services that can be mapped. */
const sources = new Set(["sqs", "kinesis", "dynamodb"]);

/** `Ref` is an id of the mapping, the same at each start. */
export const eventSourceMapping: ResourceType = {
  type: "AWS::Lambda::EventSourceMapping",
  properties,
  identify({ scope, property }) {
    const id = toMappingId(property("EventSourceArn") ?? "", property("FunctionName") ?? "");
    const arn = `arn:aws:lambda:${scope.region}:${scope.accountId}:event-source-mapping:${id}`;
    return { physicalId: id, ref: id, arn, attributes: { Id: id, EventSourceMappingArn: arn } };
  },
  plan(context) {
    const { definition } = context;
    const source = definition.properties.entries.get("EventSourceArn")?.value;
    if (source === undefined && !definition.properties.entries.has("SelfManagedEventSource")) {
      readProperties(definition.properties, properties, "", context.read); // refuses what is missing
    }
    const arn = source === undefined ? undefined : context.read.resolver.resolve(source);
    if (arn?.kind !== "scalar" || !sources.has(parseArn(arn.text)?.service ?? "")) {
      context.skip("Only SQS queues, Kinesis streams and DynamoDB streams are simulated as event sources.");
      return [];
    }
    const given = readProperties(definition.properties, properties, "", context.read);
    const reason = context.whyNotCallable(given.FunctionName);
    if (reason !== undefined) {
      context.skip(reason, "FunctionName", placeOfProperty(definition, "FunctionName"));
      return [];
    }
    return [planned(context, planMapping(given))];
  },
};

/** An id that changes when the mapping joins other things: then the old mapping leaves and a new one comes. */
export function toMappingId(eventSourceArn: string, functionName: string): string {
  return deterministicUuid(eventSourceArn, functionName);
}

/** The calls that make a mapping and delete it. */
export function planMapping(given: Mapping): Pick<PlannedResource, "calls" | "removal"> {
  const { EventSourceArn, FunctionName, StartingPositionTimestamp: seconds, ...settings } = given;
  const start = seconds === undefined ? {} : { StartingPositionTimestamp: new Date(seconds * 1_000) };
  return {
    calls: [lambda("CreateEventSourceMapping", { EventSourceArn, FunctionName, ...settings, ...start })],
    removal: [lambda("DeleteEventSourceMapping", { EventSourceArn, FunctionName })],
  };
}
