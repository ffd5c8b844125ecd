/** AWS::Logs::LogGroup. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html */
import { toArn } from "@tripline/kernel";
import { list, object, readProperties } from "../shapes/collections.ts";
import { boolean, choice, integer, text } from "../shapes/scalars.ts";
import { each, optional, type PropertyTable, required, unsupported, withoutEffect } from "../shapes/shape.ts";
import type { PlannedCall } from "../template-plan.ts";
import { reasons } from "./reasons.ts";
import { planned, type ResourceType } from "./resource-type.ts";

const properties = {
  LogGroupName: optional(text("/aws/lambda/import")),
  RetentionInDays: optional(integer("14")),
  LogGroupClass: optional(choice("STANDARD", "INFREQUENT_ACCESS", "DELIVERY")),
  DeletionProtectionEnabled: optional(boolean()),
  Tags: optional(list(object({ Key: required(text("team")), Value: required(text("shop")) }))),
  KmsKeyId: withoutEffect(reasons.encryption),
  ...each(
    ["BearerTokenAuthenticationEnabled", "DataProtectionPolicy", "FieldIndexPolicies", "ResourcePolicyDocument"],
    unsupported(reasons.notYet),
  ),
} satisfies PropertyTable;

/** `Ref` is the name. A group that a function has begun to write to becomes the template's. */
export const logGroup: ResourceType = {
  type: "AWS::Logs::LogGroup",
  properties,
  identify({ scope, logicalId, property }) {
    const name = property("LogGroupName") ?? logicalId;
    const arn = `${toArn(scope, "logs", `log-group:${name}`)}:*`;
    return { physicalId: name, ref: name, arn, attributes: { Arn: arn } };
  },
  plan(context) {
    const given = readProperties(context.definition.properties, properties, "", context.read);
    const logGroupName = context.identity.physicalId;
    return [
      planned(context, {
        calls: [
          logs("CreateLogGroup", {
            logGroupName,
            tags: Object.fromEntries((given.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
            ...(given.LogGroupClass === undefined ? {} : { logGroupClass: given.LogGroupClass }),
            ...(given.DeletionProtectionEnabled === undefined
              ? {}
              : { deletionProtectionEnabled: given.DeletionProtectionEnabled }),
          }),
          given.RetentionInDays === undefined
            ? logs("DeleteRetentionPolicy", { logGroupName })
            : logs("PutRetentionPolicy", { logGroupName, retentionInDays: given.RetentionInDays }),
        ],
        removal: [logs("DeleteLogGroup", { logGroupName })],
      }),
    ];
  },
};

function logs(operation: string, input: Record<string, unknown>): PlannedCall {
  return { service: "logs", operation, input };
}
