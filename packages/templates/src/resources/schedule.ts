/** AWS::Scheduler::Schedule and ScheduleGroup; SAM's ScheduleV2 event makes a schedule as well. */
import { type Scope, toArn } from "@tripline/kernel";
import { object, readProperties } from "../shapes/collections.ts";
import { choice, integer, text, timestamp } from "../shapes/scalars.ts";
import {
  each,
  optional,
  type Properties,
  type PropertyTable,
  required,
  type Shape,
  unsupported,
  withoutEffect,
} from "../shapes/shape.ts";
import type { PlannedResource } from "../template-plan.ts";
import { deadLetterConfig, retryPolicy, sqsParameters } from "./delivery-settings.ts";
import { reasons } from "./reasons.ts";
import { type Identity, placeOfProperty, planned, type ResourceType } from "./resource-type.ts";

const flexibleTimeWindow: Shape<{ Mode: "OFF" | "FLEXIBLE"; MaximumWindowInMinutes?: number }> = object({
  Mode: required(choice("OFF", "FLEXIBLE")),
  MaximumWindowInMinutes: optional(integer("15")),
});

const settings = {
  Name: optional(text("nightly-report")),
  GroupName: optional(text("default")),
  Description: optional(text()),
  ScheduleExpressionTimezone: optional(text("Europe/Paris")),
  StartDate: optional(timestamp()),
  EndDate: optional(timestamp()),
  State: optional(choice("ENABLED", "DISABLED")),
  KmsKeyArn: withoutEffect(reasons.encryption),
} satisfies PropertyTable;

/** What a schedule and SAM's ScheduleV2 event share. */
export const scheduleSettings: typeof settings = settings;

const target = object({
  Arn: required(text("!GetAtt Report.Arn")),
  RoleArn: withoutEffect(reasons.iam),
  Input: optional(text(`'{"kind":"nightly"}'`)),
  SqsParameters: optional(sqsParameters),
  DeadLetterConfig: optional(deadLetterConfig),
  RetryPolicy: optional(retryPolicy),
  ...each(
    ["EcsParameters", "EventBridgeParameters", "KinesisParameters", "SageMakerPipelineParameters"],
    unsupported(reasons.targets),
  ),
});
const properties = {
  ...settings,
  ScheduleExpression: required(text("rate(1 hour)")),
  FlexibleTimeWindow: required(flexibleTimeWindow),
  ActionAfterCompletion: optional(choice("NONE", "DELETE")),
  Target: required(target),
} satisfies PropertyTable;

/** `Ref` is the name. */
export const schedule: ResourceType = {
  type: "AWS::Scheduler::Schedule",
  properties,
  identify: ({ scope, logicalId, property }) =>
    identifySchedule(scope, property("GroupName"), property("Name") ?? logicalId),
  plan(context) {
    const { definition, identity } = context;
    const given = readProperties(definition.properties, properties, "", context.read);
    const reason = context.whyNotCallable(given.Target.Arn);
    if (reason !== undefined) {
      context.skip(reason, "Target", placeOfProperty(definition, "Target"));
      return [];
    }
    return [planned(context, planSchedule({ ...given, Name: identity.physicalId }))];
  },
};

/** What `Ref` and `Fn::GetAtt` of a schedule give. */
export function identifySchedule(scope: Scope, groupName: string | undefined, name: string): Identity {
  const arn = toArn(scope, "scheduler", `schedule/${groupName ?? "default"}/${name}`);
  return { physicalId: name, ref: name, arn, attributes: { Arn: arn } };
}

/** The calls that make a schedule and delete it. */
export function planSchedule(
  input: Properties<typeof properties> & { Name: string },
): Pick<PlannedResource, "calls" | "removal"> {
  const { Name, GroupName } = input;
  return {
    calls: [{ service: "scheduler", operation: "CreateSchedule", input }],
    removal: [
      {
        service: "scheduler",
        operation: "DeleteSchedule",
        input: { Name, ...(GroupName === undefined ? {} : { GroupName }) },
      },
    ],
  };
}

/** A flexible time window. */
export const flexibleTimeWindowShape: typeof flexibleTimeWindow = flexibleTimeWindow;

const groupProperties = {
  Name: optional(text("reports")),
  Tags: withoutEffect(reasons.tags),
} satisfies PropertyTable;

/** AWS::Scheduler::ScheduleGroup. `Ref` is the name. */
export const scheduleGroup: ResourceType = {
  type: "AWS::Scheduler::ScheduleGroup",
  properties: groupProperties,
  identify({ scope, logicalId, property }) {
    const name = property("Name") ?? logicalId;
    const arn = toArn(scope, "scheduler", `schedule-group/${name}`);
    return { physicalId: name, ref: name, arn, attributes: { Arn: arn } };
  },
  plan(context) {
    readProperties(context.definition.properties, groupProperties, "", context.read);
    const Name = context.identity.physicalId;
    return [
      planned(context, {
        calls: [{ service: "scheduler", operation: "CreateScheduleGroup", input: { Name } }],
        removal: [{ service: "scheduler", operation: "DeleteScheduleGroup", input: { Name } }],
      }),
    ];
  },
};
