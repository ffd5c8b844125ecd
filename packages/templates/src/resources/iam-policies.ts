/**
 * Policies of a template's roles, users and groups. Each attachment and each inline policy is a planned resource of its own, so that
 * one that leaves the template is detached or deleted.
 */
import type { MapNode } from "../read/template-node.ts";
import { list, object } from "../shapes/collections.ts";
import { json, text } from "../shapes/scalars.ts";
import { optional, type OptionalTable, type Property, required, type Shape, withoutEffect } from "../shapes/shape.ts";
import type { PlannedCall, PlannedResource } from "../template-plan.ts";
import type { PlanContext } from "./resource-type.ts";

/** Why a policy with such a part in it is left out. */
export const notComputed = "It holds a function that is not simulated, and IAM is not evaluated: it is left out.";

/** A property of policies, tags or roles. Where it cannot be computed it is left out, as IAM is not evaluated. */
export function kept<T>(property: T): T & { otherwise: string } {
  return { ...property, otherwise: notComputed };
}

/** Whose policies they are. */
export type PrincipalKind = "Role" | "User" | "Group";

/** `PolicyName` and `PolicyDocument`. */
export interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: unknown;
}

/** A list of inline policies. */
export const inlinePolicies: Shape<InlinePolicy[]> = list(
  object({ PolicyName: required(text("read-orders")), PolicyDocument: required(json()) }),
);

/** Who a policy is for, by name. */
export interface PolicyTargets {
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

/** The properties of {@link PolicyTargets}. */
export const policyTargets: OptionalTable<PolicyTargets> = {
  Roles: kept(optional(list(text("!Ref Worker")))),
  Users: kept(optional(list(text("!Ref Deployer")))),
  Groups: kept(optional(list(text("!Ref Team")))),
};

/** Tags as most resources have them. */
export const tagList: Shape<{ Key: string; Value: string }[]> = list(
  object({ Key: required(text("team")), Value: required(text("shop")) }),
);

/** Properties of IAM that change nothing here. */
export const unused: Property = withoutEffect("Nobody signs in here.");

/** Roles, users and groups of {@link PolicyTargets}, one by one. */
export function eachTarget({ Roles = [], Users = [], Groups = [] }: PolicyTargets): [PrincipalKind, string][] {
  return [
    ...Roles.map((name): [PrincipalKind, string] => ["Role", name]),
    ...Users.map((name): [PrincipalKind, string] => ["User", name]),
    ...Groups.map((name): [PrincipalKind, string] => ["Group", name]),
  ];
}

/** A managed policy, attached. */
export function planAttachment(
  { definition }: Pick<PlanContext, "definition">,
  kind: PrincipalKind,
  name: string,
  PolicyArn: string,
): PlannedResource {
  const input = { [`${kind}Name`]: name, PolicyArn };
  return {
    logicalId: definition.logicalId,
    type: `AWS::IAM::${kind}PolicyAttachment`,
    line: definition.place.line,
    physicalId: `${name} ${PolicyArn}`,
    calls: [iam(`Attach${kind}Policy`, input)],
    removal: [iam(`Detach${kind}Policy`, input)],
  };
}

/** A policy that is of one role, user or group alone. */
export function planInlinePolicy(
  { definition }: Pick<PlanContext, "definition">,
  kind: PrincipalKind,
  name: string,
  { PolicyName, PolicyDocument }: InlinePolicy,
): PlannedResource {
  const input = { [`${kind}Name`]: name, PolicyName };
  return {
    logicalId: definition.logicalId,
    type: `AWS::IAM::${kind}Policy`,
    line: definition.place.line,
    physicalId: `${name} ${PolicyName}`,
    calls: [iam(`Put${kind}Policy`, { ...input, PolicyDocument: toDocument(PolicyDocument) })],
    removal: [iam(`Delete${kind}Policy`, input)],
  };
}

/** A call of IAM. */
export function iam(operation: string, input: Record<string, unknown>): PlannedCall {
  return { service: "iam", operation, input };
}

/** Documents stand in templates as objects, or as JSON texts. */
export function toDocument(document: unknown): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}

/** Whether a property stands there. */
export function has(properties: MapNode, name: string): boolean {
  return properties.entries.has(name);
}
