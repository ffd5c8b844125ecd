/** AWS::Events::Rule with a schedule; SAM's Schedule event makes one as well. */
import { type Scope, toArn } from "@tripline/kernel";
import { list, map, object, readProperties } from "../shapes/collections.ts";
import { choice, text } from "../shapes/scalars.ts";
import { each, optional, type PropertyTable, required, unsupported, withoutEffect } from "../shapes/shape.ts";
import type { PlannedCall, PlannedResource } from "../template-plan.ts";
import { deadLetterConfig, retryPolicy, sqsParameters } from "./delivery-settings.ts";
import { reasons } from "./reasons.ts";
import { type Identity, placeOfProperty, planned, type ResourceType } from "./resource-type.ts";

const target = object({
  Id: required(text("Nightly")),
  Arn: required(text("!GetAtt Report.Arn")),
  RoleArn: withoutEffect(reasons.iam),
  Input: optional(text(`'{"kind":"nightly"}'`)),
  InputPath: optional(text("$.detail")),
  InputTransformer: optional(
    object({ InputPathsMap: optional(map(text("$.time"))), InputTemplate: required(text(`'{"at":<time>}'`)) }),
  ),
  SqsParameters: optional(sqsParameters),
  DeadLetterConfig: optional(deadLetterConfig),
  RetryPolicy: optional(retryPolicy),
  ...each(
    [
      "AppSyncParameters",
      "BatchParameters",
      "EcsParameters",
      "HttpParameters",
      "KinesisParameters",
      "RedshiftDataParameters",
      "RunCommandParameters",
      "SageMakerPipelineParameters",
    ],
    unsupported(reasons.targets),
  ),
});
const properties = {
  Name: optional(text("nightly-report")),
  Description: optional(text()),
  ScheduleExpression: optional(text("rate(1 hour)")),
  State: optional(choice("ENABLED", "DISABLED")),
  EventBusName: optional(text("default")),
  EventPattern: unsupported("Rules that match events are not simulated, only those with a ScheduleExpression."),
  Targets: optional(list(target)),
  RoleArn: withoutEffect(reasons.iam),
  Tags: withoutEffect(reasons.tags),
} satisfies PropertyTable;

/** `Ref` is the name. */
export const rule: ResourceType = {
  type: "AWS::Events::Rule",
  properties,
  identify: ({ scope, logicalId, property }) => identifyRule(scope, property("Name") ?? logicalId),
  plan(context) {
    const { definition, identity } = context;
    const given = readProperties(definition.properties, properties, "", context.read);
    if (given.EventBusName !== undefined && given.EventBusName !== "default") {
      context.skip(reasons.oneBus, "EventBusName", placeOfProperty(definition, "EventBusName"));
      return [];
    }
    if (given.ScheduleExpression === undefined) {
      if (!definition.properties.entries.has("EventPattern")) context.skip("It has no ScheduleExpression.");
      return [];
    }
    const targets = (given.Targets ?? []).filter((one, index) => {
      const reason = context.whyNotCallable(one.Arn);
      if (reason !== undefined) context.skip(reason, `Targets[${index}]`, placeOfProperty(definition, "Targets"));
      return reason === undefined;
    });
    const { Targets: _targets, Name: _name, EventBusName: _bus, ...members } = given;
    return [planned(context, planRule({ Name: identity.physicalId, ...members }, targets))];
  },
};

/** What `Ref` and `Fn::GetAtt` of a rule give. */
export function identifyRule(scope: Scope, name: string): Identity {
  const arn = toArn(scope, "events", `rule/${name}`);
  return { physicalId: name, ref: name, arn, attributes: { Arn: arn } };
}

/** The calls that make a rule and delete it. */
export function planRule(
  input: { Name: string } & Record<string, unknown>,
  targets: readonly ({ Id: string } & Record<string, unknown>)[],
): Pick<PlannedResource, "calls" | "removal"> {
  const Rule = input.Name;
  const Ids = targets.map((one) => one.Id);
  return {
    calls: [
      events("PutRule", input),
      ...(targets.length === 0 ? [] : [events("PutTargets", { Rule, Targets: targets })]),
    ],
    removal: [
      ...(targets.length === 0 ? [] : [events("RemoveTargets", { Rule, Ids })]),
      events("DeleteRule", { Name: Rule }),
    ],
  };
}

function events(operation: string, input: Record<string, unknown>): PlannedCall {
  return { service: "events", operation, input };
}
