/** AWS::IAM::ManagedPolicy. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html */
import { toIamId } from "@tripline/kernel";
import { readProperties } from "../shapes/collections.ts";
import { json, text } from "../shapes/scalars.ts";
import { optional, type PropertyTable } from "../shapes/shape.ts";
import { eachTarget, iam, kept, notComputed, planAttachment, policyTargets, toDocument } from "./iam-policies.ts";
import { planned, type ResourceType } from "./resource-type.ts";

const properties = {
  ManagedPolicyName: optional(text("read-orders")),
  PolicyDocument: kept(optional(json())),
  Description: optional(text()),
  Path: optional(text("/")),
  ...policyTargets,
} satisfies PropertyTable;

/** `Ref` is the ARN. A changed document becomes the default version. */
export const iamManagedPolicy: ResourceType = {
  type: "AWS::IAM::ManagedPolicy",
  properties,
  identify({ scope, logicalId, property }) {
    const name = property("ManagedPolicyName") ?? logicalId;
    const arn = `arn:aws:iam::${scope.accountId}:policy${property("Path") ?? "/"}${name}`;
    return { physicalId: name, ref: arn, arn, attributes: { PolicyArn: arn, PolicyId: toIamId("ANPA", arn) } };
  },
  plan(context) {
    const given = readProperties(context.definition.properties, properties, "", context.read);
    const { PolicyDocument, ManagedPolicyName: _name, Roles, Users, Groups, ...members } = given;
    const { physicalId: PolicyName, ref: PolicyArn } = context.identity;
    if (PolicyDocument === undefined) {
      context.skip(notComputed, "PolicyDocument");
      return [];
    }
    const targets = eachTarget({
      ...(Roles === undefined ? {} : { Roles }),
      ...(Users === undefined ? {} : { Users }),
      ...(Groups === undefined ? {} : { Groups }),
    });
    return [
      planned(context, {
        calls: [iam("CreatePolicy", { PolicyName, ...members, PolicyDocument: toDocument(PolicyDocument) })],
        removal: [iam("DeletePolicy", { PolicyArn })],
      }),
      ...targets.map(([kind, name]) => planAttachment(context, kind, name, PolicyArn)),
    ];
  },
};
