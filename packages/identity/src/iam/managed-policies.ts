/** CreatePolicy, GetPolicy, ListPolicies, DeletePolicy, ListEntitiesForPolicy. */
import { type Operation, toIamId } from "@tripline/kernel";
import type { Entities, ManagedPolicy, PrincipalKind } from "../entities.ts";
import { deleteConflict, invalidValue } from "../errors.ts";
import type { IdentityHouse } from "../house.ts";
import {
  checkDescription,
  checkName,
  checkPath,
  fromTags,
  type PageInput,
  type Tag,
  takePage,
  toTags,
} from "../input-checks.ts";
import { limits } from "../limits.ts";
import { checkManagedPolicy } from "../policy-document.ts";
import { policyOf } from "./policy-of.ts";
import { addVersion } from "./policy-versions.ts";

/** Input of CreatePolicy. */
export interface CreatePolicyInput {
  PolicyName: string;
  PolicyDocument: string;
  Path?: string;
  Description?: string;
  Tags?: Tag[];
}

/** Of that kind, to which the policy is attached, or whose boundary it is. */
function usersOf(entities: Entities, kind: PrincipalKind, arn: string, usage: "attached" | "boundary"): Named[] {
  return entities
    .table(kind)
    .list()
    .filter((one) =>
      usage === "attached" ? one.attached.includes(arn) : (one as { boundary?: string }).boundary === arn,
    );
}

interface Named {
  name: string;
  id: string;
  path: string;
}

const kinds = ["Role", "User", "Group"] as const;

function countOf(entities: Entities, arn: string, usage: "attached" | "boundary"): number {
  return kinds.reduce((sum, kind) => sum + usersOf(entities, kind, arn, usage).length, 0);
}

function showPolicy(entities: Entities, policy: ManagedPolicy, isListed = false): object {
  const arn = entities.toArn("Policy", policy);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: countOf(entities, arn, "attached"),
    PermissionsBoundaryUsageCount: countOf(entities, arn, "boundary"),
    IsAttachable: true,
    CreateDate: new Date(policy.createdMs),
    UpdateDate: new Date(policy.updatedMs),
    ...(isListed || policy.description === undefined ? {} : { Description: policy.description }),
    ...(isListed || Object.keys(policy.tags).length === 0 ? {} : { Tags: fromTags(policy.tags) }),
  };
}

/**
 * With `upsert` another document becomes the default version of a policy of that name; where there are five, the oldest one goes.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
 */
export function createPolicyOperation({ clock, entities }: IdentityHouse): Operation<CreatePolicyInput> {
  const { policies } = entities;
  return {
    name: "CreatePolicy",
    honoured: ["PolicyName", "PolicyDocument", "Path", "Description", "Tags"],
    async run({ PolicyName, PolicyDocument, Path = "/", Description, Tags }, context) {
      checkName(PolicyName, "policyName", limits.nameMax.Policy);
      checkPath(Path);
      checkDescription(Description ?? "");
      checkManagedPolicy(PolicyDocument);
      const tags = toTags(Tags);
      const existing = context.upsert === true ? policies.find(PolicyName) : undefined;
      if (existing === undefined) policies.refuseTaken(PolicyName);
      const nowMs = clock.now();
      const current = existing?.versions.find((one) => one.id === existing.defaultVersionId);
      const base: ManagedPolicy = existing ?? {
        name: PolicyName,
        path: Path,
        id: toIamId("ANPA", entities.toArn("Policy", { path: Path, name: PolicyName })),
        createdMs: nowMs,
        updatedMs: nowMs,
        versions: [],
        defaultVersionId: "",
        nextVersion: 1,
        tags,
      };
      const { description: _before, ...kept } =
        current?.document === PolicyDocument ? base : addVersion(base, PolicyDocument, nowMs, true);
      const policy: ManagedPolicy = {
        ...kept,
        path: Path,
        tags,
        ...(Description === undefined ? {} : { description: Description }),
      };
      await policies.save(policy);
      return { Policy: showPolicy(entities, policy) };
    },
  };
}

/** The others. */
export function managedPolicyOperations({ entities }: IdentityHouse): readonly Operation[] {
  const { policies } = entities;
  const getPolicy: Operation<{ PolicyArn: string }> = {
    name: "GetPolicy",
    honoured: ["PolicyArn"],
    run: async ({ PolicyArn }) => ({ Policy: showPolicy(entities, policyOf(entities, PolicyArn)) }),
  };
  const listPolicies: Operation<
    PageInput & { Scope?: string; OnlyAttached?: boolean; PathPrefix?: string; PolicyUsageFilter?: string }
  > = {
    name: "ListPolicies",
    honoured: ["Scope", "OnlyAttached", "PathPrefix", "PolicyUsageFilter", "Marker", "MaxItems"],
    async run({ Scope = "All", OnlyAttached = false, PathPrefix = "/", PolicyUsageFilter, ...page }) {
      if (!["All", "AWS", "Local"].includes(Scope)) {
        throw invalidValue(Scope, "scope", "Member must satisfy enum value set: [All, AWS, Local]");
      }
      const usage = toUsage(PolicyUsageFilter);
      const found = policies.list().filter((policy) => {
        const arn = entities.toArn("Policy", policy);
        const isUsed = countOf(entities, arn, usage ?? "attached") > 0;
        return policy.path.startsWith(PathPrefix) && (isUsed || (!OnlyAttached && usage === undefined));
      });
      const [items, more] = takePage(Scope === "AWS" ? [] : found, page); // AWS's own are held by name only
      return { Policies: items.map((policy) => showPolicy(entities, policy, true)), ...more };
    },
  };
  const deletePolicy: Operation<{ PolicyArn: string }> = {
    name: "DeletePolicy",
    honoured: ["PolicyArn"],
    async run({ PolicyArn }) {
      const policy = policyOf(entities, PolicyArn);
      if (countOf(entities, PolicyArn, "attached") + countOf(entities, PolicyArn, "boundary") > 0) {
        throw deleteConflict("Cannot delete a policy attached to entities.");
      }
      if (policy.versions.length > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      }
      await policies.delete(policy.name);
    },
  };
  const listEntitiesForPolicy: Operation<
    PageInput & { PolicyArn: string; EntityFilter?: string; PathPrefix?: string; PolicyUsageFilter?: string }
  > = {
    name: "ListEntitiesForPolicy",
    honoured: ["PolicyArn", "EntityFilter", "PathPrefix", "PolicyUsageFilter", "Marker", "MaxItems"],
    async run({ PolicyArn, EntityFilter, PathPrefix = "/", PolicyUsageFilter, ...page }) {
      if (!PolicyArn.startsWith("arn:aws:iam::aws:policy/")) policyOf(entities, PolicyArn);
      const usage = toUsage(PolicyUsageFilter);
      const usages = usage === undefined ? (["attached", "boundary"] as const) : [usage];
      const found = kinds
        .filter((kind) => EntityFilter === undefined || EntityFilter === kind)
        .flatMap((kind) =>
          usages
            .flatMap((one) => usersOf(entities, kind, PolicyArn, one))
            .filter((one, index, all) => one.path.startsWith(PathPrefix) && all.indexOf(one) === index)
            .map((one) => ({ kind, one })),
        );
      const [items, more] = takePage(found, page);
      const show = (kind: PrincipalKind): object[] =>
        items
          .filter((item) => item.kind === kind)
          .map(({ one }) => ({ [`${kind}Name`]: one.name, [`${kind}Id`]: one.id }));
      return { PolicyGroups: show("Group"), PolicyUsers: show("User"), PolicyRoles: show("Role"), ...more };
    },
  };
  return [getPolicy, listPolicies, deletePolicy, listEntitiesForPolicy];
}

function toUsage(filter: string | undefined): "attached" | "boundary" | undefined {
  if (filter === undefined) return undefined;
  if (filter === "PermissionsPolicy") return "attached";
  if (filter === "PermissionsBoundary") return "boundary";
  throw invalidValue(
    filter,
    "policyUsageFilter",
    "Member must satisfy enum value set: [PermissionsPolicy, PermissionsBoundary]",
  );
}
