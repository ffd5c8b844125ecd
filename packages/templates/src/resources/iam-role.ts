/** AWS::IAM::Role. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html */
import { toIamId } from "@tripline/kernel";
import { list, readProperties } from "../shapes/collections.ts";
import { integer, json, text } from "../shapes/scalars.ts";
import { optional, type PropertyTable } from "../shapes/shape.ts";
import { iam, inlinePolicies, kept, planAttachment, planInlinePolicy, tagList, toDocument } from "./iam-policies.ts";
import { planned, type ResourceType } from "./resource-type.ts";

const properties = {
  RoleName: optional(text("worker")),
  AssumeRolePolicyDocument: kept(optional(json())),
  Description: optional(text()),
  ManagedPolicyArns: kept(optional(list(text("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")))),
  MaxSessionDuration: optional(integer("3600")),
  Path: optional(text("/")),
  PermissionsBoundary: kept(optional(text("!Ref Boundary"))),
  Policies: kept(optional(inlinePolicies)),
  Tags: kept(optional(tagList)),
} satisfies PropertyTable;

/** `Ref` is the name. */
export const iamRole: ResourceType = {
  type: "AWS::IAM::Role",
  properties,
  identify({ scope, logicalId, property }) {
    const name = property("RoleName") ?? logicalId;
    const arn = `arn:aws:iam::${scope.accountId}:role${property("Path") ?? "/"}${name}`;
    return { physicalId: name, ref: name, arn, attributes: { Arn: arn, RoleId: toIamId("AROA", arn) } };
  },
  plan(context) {
    const given = readProperties(context.definition.properties, properties, "", context.read);
    const { AssumeRolePolicyDocument, ManagedPolicyArns = [], Policies = [], RoleName: _name, ...members } = given;
    const RoleName = context.identity.physicalId;
    return [
      planned(context, {
        calls: [
          iam("CreateRole", {
            RoleName,
            ...members,
            AssumeRolePolicyDocument: toDocument(AssumeRolePolicyDocument ?? denyAll),
          }),
        ],
        removal: [iam("DeleteRole", { RoleName })],
      }),
      ...ManagedPolicyArns.map((arn) => planAttachment(context, "Role", RoleName, arn)),
      ...Policies.map((policy) => planInlinePolicy(context, "Role", RoleName, policy)),
    ];
  },
};

/** Stands in for a trust policy that could not be computed. */
const denyAll = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" }],
};
