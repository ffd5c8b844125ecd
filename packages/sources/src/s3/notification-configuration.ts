/**
 * A bucket's notification configuration: read, checked, and printed as S3 does.
 *
 * N1. ARNs are parsed first; then overlaps are looked for; then destinations, all of them, are looked up.
 * N2. Two configurations may share an event type only if no key could match both: disjoint prefixes, or disjoint suffixes.
 * Topics and EventBridge are refused by name: nothing here delivers to them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
 */
import { parseArn } from "@tripline/kernel";
import { invalidArgument, malformedXml, notSimulated } from "./errors.ts";
import { s3Limits } from "./limits.ts";

/** One configuration: which events of which keys go where. */
export interface BucketNotification {
  id: string;
  /** `s3:ObjectCreated:*`, … */
  events: readonly string[];
  /** Matched against the key as events carry it (form-encoded); empty: every key. */
  prefix: string;
  suffix: string;
  /** The rules as they were given, to be given back. */
  rules: readonly FilterRule[];
  targetArn: string;
  target: "lambda" | "sqs";
}

/** One filter rule, `Prefix` or `Suffix`. */
export interface FilterRule {
  Name: string;
  Value: string;
}

interface WireConfiguration {
  Id?: string;
  Events?: string[];
  Filter?: { Key?: { FilterRules?: { Name?: string; Value?: string }[] } };
}

/** As the API has it. */
export interface NotificationConfiguration {
  TopicConfigurations?: unknown[];
  QueueConfigurations?: (WireConfiguration & { QueueArn?: string })[];
  LambdaFunctionConfigurations?: (WireConfiguration & { LambdaFunctionArn?: string })[];
  EventBridgeConfiguration?: unknown;
}

/** Every event type that can be configured. Those of features that are not simulated never happen. */
const eventTypes: ReadonlySet<string> = new Set(
  [
    ["ReducedRedundancyLostObject"],
    ["ObjectCreated", "*", "Put", "Post", "Copy", "CompleteMultipartUpload"],
    ["ObjectRemoved", "*", "Delete", "DeleteMarkerCreated"],
    ["ObjectRestore", "*", "Post", "Completed", "Delete"],
    [
      "Replication",
      "*",
      "OperationFailedReplication",
      "OperationNotTracked",
      "OperationMissedThreshold",
      "OperationReplicatedAfterThreshold",
    ],
    ["LifecycleExpiration", "*", "Delete", "DeleteMarkerCreated"],
    ["LifecycleTransition"],
    ["IntelligentTiering"],
    ["ObjectAcl", "Put"],
    ["ObjectTagging", "*", "Put", "Delete"],
  ].flatMap(([family, ...members]) =>
    members.length === 0 ? [`s3:${family}`] : members.map((member) => `s3:${family}:${member}`),
  ),
);

/** Reads what a client sent. `newId` names configurations that carry no id. Throws S3's errors. */
export function parseNotifications(input: NotificationConfiguration, newId: () => string): BucketNotification[] {
  if ((input.TopicConfigurations?.length ?? 0) > 0)
    throw notSimulated("TopicConfigurations", "Tripline does not simulate SNS yet");
  if (input.EventBridgeConfiguration !== undefined)
    throw notSimulated("EventBridgeConfiguration", "Tripline does not deliver S3 events to EventBridge yet");
  const given = [
    ...(input.LambdaFunctionConfigurations ?? []).map((one) => ({
      ...one,
      arn: one.LambdaFunctionArn,
      target: "lambda" as const,
    })),
    ...(input.QueueConfigurations ?? []).map((one) => ({ ...one, arn: one.QueueArn, target: "sqs" as const })),
  ];
  if (given.length > s3Limits.notificationConfigurationsMax)
    throw invalidArgument("Too many notification configurations");
  const notifications = given.map((one): BucketNotification => {
    const targetArn = one.arn ?? "";
    if (parseArn(targetArn)?.service !== one.target) {
      throw invalidArgument("The ARN could not be parsed", {
        ArgumentName: one.target === "lambda" ? "CloudFunction" : "Queue",
        ArgumentValue: targetArn,
      });
    }
    const events = one.Events ?? [];
    if (events.length === 0) throw malformedXml();
    for (const event of events) {
      if (!eventTypes.has(event))
        throw invalidArgument("The event is not supported for notifications", {
          ArgumentName: "Event",
          ArgumentValue: event,
        });
    }
    return { id: one.Id ?? newId(), events, targetArn, target: one.target, ...readRules(one) };
  });
  refuseOverlaps(notifications); // N2
  return notifications;
}

/** The configuration as `GetBucketNotificationConfiguration` answers it. */
export function toWireNotifications(notifications: readonly BucketNotification[]): NotificationConfiguration {
  const print = (one: BucketNotification): WireConfiguration => ({
    Id: one.id,
    Events: [...one.events],
    ...(one.rules.length === 0 ? {} : { Filter: { Key: { FilterRules: [...one.rules] } } }),
  });
  const queues = notifications.filter((one) => one.target === "sqs");
  const functions = notifications.filter((one) => one.target === "lambda");
  return {
    ...(queues.length === 0
      ? {}
      : { QueueConfigurations: queues.map((one) => ({ ...print(one), QueueArn: one.targetArn })) }),
    ...(functions.length === 0
      ? {}
      : {
          LambdaFunctionConfigurations: functions.map((one) => ({ ...print(one), LambdaFunctionArn: one.targetArn })),
        }),
  };
}

function readRules(one: WireConfiguration): Pick<BucketNotification, "prefix" | "suffix" | "rules"> {
  const rules = (one.Filter?.Key?.FilterRules ?? []).map(({ Name = "", Value = "" }): FilterRule => {
    const name = Name.toLowerCase();
    if (name !== "prefix" && name !== "suffix") {
      throw invalidArgument("filter rule name must be either prefix or suffix", {
        ArgumentName: "FilterRule.Name",
        ArgumentValue: Name,
      });
    }
    if (Buffer.byteLength(Value) > s3Limits.filterValueBytesMax)
      throw invalidArgument("Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation");
    return { Name: name === "prefix" ? "Prefix" : "Suffix", Value };
  });
  const value = (name: string): string => {
    const found = rules.filter((rule) => rule.Name === name);
    if (found.length > 1)
      throw invalidArgument(`Cannot specify more than one ${name.toLowerCase()} rule in a filter.`, {
        ArgumentName: "FilterRule.Name",
        ArgumentValue: name.toLowerCase(),
      });
    return found[0]?.Value ?? "";
  };
  return { prefix: value("Prefix"), suffix: value("Suffix"), rules };
}

function refuseOverlaps(notifications: readonly BucketNotification[]): void {
  for (const [index, one] of notifications.entries()) {
    for (const other of notifications.slice(index + 1)) {
      if (!one.events.some((event) => other.events.some((another) => shareEvents(event, another)))) continue;
      const prefixesMeet = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
      const suffixesMeet = one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix);
      if (!prefixesMeet || !suffixesMeet) continue;
      throw invalidArgument(
        one.rules.length === 0 && other.rules.length === 0
          ? "Configurations overlap. Configurations on the same bucket cannot share a common event type."
          : "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.",
      );
    }
  }
}

function shareEvents(one: string, other: string): boolean {
  return coversEvent(one, other) || coversEvent(other, one);
}

/** Whether the configured `type` (`s3:ObjectCreated:*`) covers `event` (`s3:ObjectCreated:Put`). */
export function coversEvent(type: string, event: string): boolean {
  return type === event || (type.endsWith(":*") && event.startsWith(type.slice(0, -1)));
}
