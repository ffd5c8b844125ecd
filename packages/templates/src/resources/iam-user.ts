/**
 * AWS::IAM::User, AWS::IAM::Group.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html
 */
import { list, readProperties } from "../shapes/collections.ts";
import { text } from "../shapes/scalars.ts";
import { optional, type PropertyTable } from "../shapes/shape.ts";
import { iam, inlinePolicies, kept, planAttachment, planInlinePolicy, tagList, unused } from "./iam-policies.ts";
import { planned, type ResourceType } from "./resource-type.ts";

const policies = {
  ManagedPolicyArns: kept(optional(list(text("arn:aws:iam::aws:policy/ReadOnlyAccess")))),
  Policies: kept(optional(inlinePolicies)),
} satisfies PropertyTable;
const userProperties = {
  UserName: optional(text("deployer")),
  Path: optional(text("/")),
  Groups: kept(optional(list(text("!Ref Team")))),
  PermissionsBoundary: kept(optional(text("!Ref Boundary"))),
  Tags: kept(optional(tagList)),
  ...policies,
  LoginProfile: unused,
} satisfies PropertyTable;
const groupProperties = {
  GroupName: optional(text("team")),
  Path: optional(text("/")),
  ...policies,
} satisfies PropertyTable;

/** `Ref` is the name. */
export const iamUser: ResourceType = {
  type: "AWS::IAM::User",
  properties: userProperties,
  identify({ scope, logicalId, property }) {
    const name = property("UserName") ?? logicalId;
    const arn = `arn:aws:iam::${scope.accountId}:user${property("Path") ?? "/"}${name}`;
    return { physicalId: name, ref: name, arn, attributes: { Arn: arn } };
  },
  plan(context) {
    const { definition } = context;
    const given = readProperties(definition.properties, userProperties, "", context.read);
    const { ManagedPolicyArns = [], Policies = [], Groups = [], UserName: _name, ...members } = given;
    const UserName = context.identity.physicalId;
    return [
      planned(context, {
        calls: [iam("CreateUser", { UserName, ...members })],
        removal: [iam("DeleteUser", { UserName })],
      }),
      ...Groups.map((GroupName) => ({
        logicalId: definition.logicalId,
        type: "AWS::IAM::UserToGroupAddition",
        line: definition.place.line,
        physicalId: `${UserName} ${GroupName}`,
        calls: [iam("AddUserToGroup", { GroupName, UserName })],
        removal: [iam("RemoveUserFromGroup", { GroupName, UserName })],
      })),
      ...ManagedPolicyArns.map((arn) => planAttachment(context, "User", UserName, arn)),
      ...Policies.map((policy) => planInlinePolicy(context, "User", UserName, policy)),
    ];
  },
};

/** `Ref` is the name. */
export const iamGroup: ResourceType = {
  type: "AWS::IAM::Group",
  properties: groupProperties,
  identify({ scope, logicalId, property }) {
    const name = property("GroupName") ?? logicalId;
    const arn = `arn:aws:iam::${scope.accountId}:group${property("Path") ?? "/"}${name}`;
    return { physicalId: name, ref: name, arn, attributes: { Arn: arn } };
  },
  plan(context) {
    const given = readProperties(context.definition.properties, groupProperties, "", context.read);
    const { ManagedPolicyArns = [], Policies = [], GroupName: _name, ...members } = given;
    const GroupName = context.identity.physicalId;
    return [
      planned(context, {
        calls: [iam("CreateGroup", { GroupName, ...members })],
        removal: [iam("DeleteGroup", { GroupName })],
      }),
      ...ManagedPolicyArns.map((arn) => planAttachment(context, "Group", GroupName, arn)),
      ...Policies.map((policy) => planInlinePolicy(context, "Group", GroupName, policy)),
    ];
  },
};
