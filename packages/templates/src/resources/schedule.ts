/** AWS::Scheduler::Schedule and ScheduleGroup; SAM's ScheduleV2 event makes a schedule as well. */
import { type Scope, toArn } from "@tripline/kernel";
import { object, readProperties } from "../shapes/collections.ts";
import { choice, integer, text, timestamp } from "../shapes/scalars.ts";
import {
  each,
  optional,
  type OptionalTable,
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

/** What a schedule and SAM's ScheduleV2 event share. */
export interface ScheduleSettings {
  Name?: string;
  GroupName?: string;
  Description?: string;
  ScheduleExpressionTimezone?: string;
  StartDate?: Date;
  EndDate?: Date;
  State?: "ENABLED" | "DISABLED";
}

/** Input of CreateSchedule. */
export interface ScheduleInput extends ScheduleSettings {
  Name: string;
  ScheduleExpression: string;
  FlexibleTimeWindow: { Mode: "OFF" | "FLEXIBLE"; MaximumWindowInMinutes?: number };
  ActionAfterCompletion?: "NONE" | "DELETE";
  Target: { Arn: string } & Record<string, unknown>;
}

/** When within a window a schedule may fire. */
export const flexibleTimeWindow: Shape<ScheduleInput["FlexibleTimeWindow"]> = object({
  Mode: required(choice("OFF", "FLEXIBLE")),
  MaximumWindowInMinutes: optional(integer("15")),
});

/** The honoured properties that both have. */
export const scheduleSettings: OptionalTable<ScheduleSettings> = {
  Name: optional(text("nightly-report")),
  GroupName: optional(text("default")),
  Description: optional(text()),
  ScheduleExpressionTimezone: optional(text("Europe/Paris")),
  StartDate: optional(timestamp()),
  EndDate: optional(timestamp()),
  State: optional(choice("ENABLED", "DISABLED")),
};

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
  ...scheduleSettings,
  ScheduleExpression: required(text("rate(1 hour)")),
  FlexibleTimeWindow: required(flexibleTimeWindow),
  ActionAfterCompletion: optional(choice("NONE", "DELETE")),
  KmsKeyArn: withoutEffect(reasons.encryption),
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
export function planSchedule(input: ScheduleInput): Pick<PlannedResource, "calls" | "removal"> {
  const { Name, GroupName } = input;
  return {
    calls: [{ service: "scheduler", operation: "CreateSchedule", input: { ...input } }],
    removal: [
      {
        service: "scheduler",
        operation: "DeleteSchedule",
        input: { Name, ...(GroupName === undefined ? {} : { GroupName }) },
      },
    ],
  };
}

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
