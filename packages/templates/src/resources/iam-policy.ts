/**
 * AWS::IAM::Policy, AWS::IAM::RolePolicy: inline policies.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
 */
import { readProperties } from "../shapes/collections.ts";
import { json, text } from "../shapes/scalars.ts";
import { optional, type PropertyTable, required } from "../shapes/shape.ts";
import { eachTarget, kept, planInlinePolicy, policyTargets } from "./iam-policies.ts";
import type { ResourceType } from "./resource-type.ts";

const properties = {
  PolicyName: required(text("read-orders")),
  PolicyDocument: kept(optional(json())),
  ...policyTargets,
} satisfies PropertyTable;

/** `Ref` is the name. */
export const iamPolicy: ResourceType = {
  type: "AWS::IAM::Policy",
  properties,
  identify({ logicalId, property }) {
    const name = property("PolicyName") ?? logicalId;
    return { physicalId: name, ref: name, attributes: { Id: name } };
  },
  plan(context) {
    const given = readProperties(context.definition.properties, properties, "", context.read);
    const { PolicyName, PolicyDocument, Roles, Users, Groups } = given;
    if (PolicyDocument === undefined) return [];
    const targets = eachTarget({
      ...(Roles === undefined ? {} : { Roles }),
      ...(Users === undefined ? {} : { Users }),
      ...(Groups === undefined ? {} : { Groups }),
    });
    return targets.map(([kind, name]) => planInlinePolicy(context, kind, name, { PolicyName, PolicyDocument }));
  },
};

const roleProperties = {
  PolicyName: required(text("read-orders")),
  PolicyDocument: kept(optional(json())),
  RoleName: required(text("!Ref Worker")),
} satisfies PropertyTable;

/** `Ref` is the name. */
export const iamRolePolicy: ResourceType = {
  type: "AWS::IAM::RolePolicy",
  properties: roleProperties,
  identify({ logicalId, property }) {
    const name = property("PolicyName") ?? logicalId;
    return { physicalId: name, ref: name, attributes: {} };
  },
  plan(context) {
    const given = readProperties(context.definition.properties, roleProperties, "", context.read);
    const { PolicyName, PolicyDocument, RoleName } = given;
    if (PolicyDocument === undefined) return [];
    return [planInlinePolicy(context, "Role", RoleName, { PolicyName, PolicyDocument })];
  },
};
