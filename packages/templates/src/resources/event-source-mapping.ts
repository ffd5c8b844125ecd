/** AWS::Lambda::EventSourceMapping, for queues; SAM's SQS event makes one as well. */
import { parseArn } from "@tripline/kernel";
import { list, object, readProperties } from "../shapes/collections.ts";
import { boolean, choice, integer, text } from "../shapes/scalars.ts";
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

/** What a mapping and SAM's SQS event share. */
export interface QueueMappingSettings {
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  FilterCriteria?: { Filters?: { Pattern?: string }[] };
  FunctionResponseTypes?: string[];
  ScalingConfig?: { MaximumConcurrency?: number };
  ProvisionedPollerConfig?: { MinimumPollers?: number; MaximumPollers?: number };
  MetricsConfig?: { Metrics?: string[] };
  Enabled?: boolean;
}

/** A whole mapping. */
export interface QueueMapping extends QueueMappingSettings {
  EventSourceArn: string;
  FunctionName: string;
}

/** The honoured properties that both have. */
export const queueMappingSettings: OptionalTable<QueueMappingSettings> = {
  BatchSize: optional(integer("10")),
  MaximumBatchingWindowInSeconds: optional(integer("5")),
  FilterCriteria: optional(
    object({ Filters: optional(list(object({ Pattern: optional(text(`'{"body":{"kind":["order"]}}'`)) }))) }),
  ),
  FunctionResponseTypes: optional(list(choice("ReportBatchItemFailures"))),
  ScalingConfig: optional(object({ MaximumConcurrency: optional(integer("2")) })),
  ProvisionedPollerConfig: optional(
    object({
      MinimumPollers: optional(integer("2")),
      MaximumPollers: optional(integer("20")),
      PollerGroupName: unsupported("It is for Kafka."),
    }),
  ),
  MetricsConfig: optional(object({ Metrics: optional(list(text("EventCount"))) })),
  Enabled: optional(boolean()),
};

/** The other properties that both have. */
export const otherQueueMappingSettings: PropertyTable = {
  KmsKeyArn: withoutEffect(reasons.encryption),
  Tags: withoutEffect(reasons.tags),
  LoggingConfig: unsupported(reasons.notYet),
};

const properties = withOthers(
  {
    EventSourceArn: required(text("!GetAtt Orders.Arn")),
    FunctionName: required(text("!Ref Fulfil")),
    ...queueMappingSettings,
  },
  {
    ...otherQueueMappingSettings,
    ...each(
      [
        "AmazonManagedKafkaEventSourceConfig",
        "BisectBatchOnFunctionError",
        "DestinationConfig",
        "DocumentDBEventSourceConfig",
        "MaximumRecordAgeInSeconds",
        "MaximumRetryAttempts",
        "ParallelizationFactor",
        "Queues",
        "SelfManagedEventSource",
        "SelfManagedKafkaEventSourceConfig",
        "SourceAccessConfigurations",
        "StartingPosition",
        "StartingPositionTimestamp",
        "Topics",
        "TumblingWindowInSeconds",
      ],
      unsupported("It is for streams, and only queues are simulated as event sources."),
    ),
  },
);

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
    if (arn?.kind !== "scalar" || parseArn(arn.text)?.service !== "sqs") {
      context.skip("Only SQS queues are simulated as event sources.");
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
export function planMapping(given: QueueMapping): Pick<PlannedResource, "calls" | "removal"> {
  const { EventSourceArn, FunctionName } = given;
  return {
    calls: [lambda("CreateEventSourceMapping", { ...given })],
    removal: [lambda("DeleteEventSourceMapping", { EventSourceArn, FunctionName })],
  };
}
