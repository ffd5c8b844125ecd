/** CreateRole, GetRole, ListRoles, UpdateRole, UpdateRoleDescription, UpdateAssumeRolePolicy, DeleteRole, ListInstanceProfilesForRole. */
import { type Operation, toIamId } from "@tripline/kernel";
import type { Entities, Role } from "../entities.ts";
import { deleteConflict, invalidValue, limitExceeded } from "../errors.ts";
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
import { checkTrustPolicy, encodeDocument, policySize } from "../policy-document.ts";
import { showBoundary, toBoundary } from "./permissions-boundaries.ts";

/** Input of CreateRole. */
export interface CreateRoleInput {
  RoleName: string;
  AssumeRolePolicyDocument: string;
  Path?: string;
  Description?: string;
  /** Seconds, 3,600 to 43,200. */
  MaxSessionDuration?: number;
  PermissionsBoundary?: string;
  Tags?: Tag[];
}

/** A role as the API shows it. Lists leave out tags and the boundary. */
export function showRole(entities: Entities, role: Role, isListed = false): object {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: entities.toArn("Role", role),
    CreateDate: new Date(role.createdMs),
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionSeconds,
    ...(isListed
      ? {}
      : { ...showBoundary(role), ...(Object.keys(role.tags).length === 0 ? {} : { Tags: fromTags(role.tags) }) }),
  };
}

/** With `upsert` a role of that name takes all of it, and keeps its policies. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export function createRoleOperation({ clock, entities }: IdentityHouse): Operation<CreateRoleInput> {
  return {
    name: "CreateRole",
    honoured: [
      "RoleName",
      "AssumeRolePolicyDocument",
      "Path",
      "Description",
      "MaxSessionDuration",
      "PermissionsBoundary",
      "Tags",
    ],
    async run(input, context) {
      const { RoleName, Path = "/", Description, AssumeRolePolicyDocument, MaxSessionDuration = 3600 } = input;
      checkName(RoleName, "roleName", limits.nameMax.Role);
      checkPath(Path);
      checkDescription(Description ?? "");
      checkMaxSession(MaxSessionDuration);
      checkTrust(AssumeRolePolicyDocument);
      const tags = toTags(input.Tags);
      const boundary = input.PermissionsBoundary && toBoundary(entities, input.PermissionsBoundary);
      const existing = context.upsert === true ? entities.roles.find(RoleName) : undefined;
      if (existing === undefined) entities.roles.refuseTaken(RoleName);
      const role: Role = {
        name: RoleName,
        path: Path,
        id: existing?.id ?? toIamId("AROA", entities.toArn("Role", { path: Path, name: RoleName })),
        createdMs: existing?.createdMs ?? clock.now(),
        inline: existing?.inline ?? {},
        attached: existing?.attached ?? [],
        trustPolicy: AssumeRolePolicyDocument,
        ...(Description === undefined ? {} : { description: Description }),
        maxSessionSeconds: MaxSessionDuration,
        ...(boundary === undefined || boundary === "" ? {} : { boundary }),
        tags,
      };
      await entities.roles.save(role);
      return { Role: showRole(entities, role) };
    },
  };
}

/** The other operations on roles themselves. */
export function roleOperations({ entities }: IdentityHouse): readonly Operation[] {
  const { roles } = entities;
  const getRole: Operation<{ RoleName: string }> = {
    name: "GetRole",
    honoured: ["RoleName"],
    run: async ({ RoleName }) => ({ Role: { ...showRole(entities, roles.get(RoleName)), RoleLastUsed: {} } }),
  };
  const listRoles: Operation<PageInput & { PathPrefix?: string }> = {
    name: "ListRoles",
    honoured: ["PathPrefix", "Marker", "MaxItems"],
    async run({ PathPrefix = "/", ...page }) {
      const found = roles.list().filter((role) => role.path.startsWith(PathPrefix));
      const [items, more] = takePage(found, page);
      return { Roles: items.map((role) => showRole(entities, role, true)), ...more };
    },
  };
  const updateRole: Operation<{ RoleName: string; Description?: string; MaxSessionDuration?: number }> = {
    name: "UpdateRole",
    honoured: ["RoleName", "Description", "MaxSessionDuration"],
    async run({ RoleName, Description, MaxSessionDuration = 3600 }) {
      checkDescription(Description ?? "");
      checkMaxSession(MaxSessionDuration);
      const { description: _before, ...role } = roles.get(RoleName);
      await roles.save({
        ...role,
        ...(Description === undefined ? {} : { description: Description }),
        maxSessionSeconds: MaxSessionDuration,
      });
    },
  };
  const updateRoleDescription: Operation<{ RoleName: string; Description: string }> = {
    name: "UpdateRoleDescription",
    honoured: ["RoleName", "Description"],
    async run({ RoleName, Description }) {
      checkDescription(Description);
      await roles.save({ ...roles.get(RoleName), description: Description });
      return { Role: showRole(entities, roles.get(RoleName)) };
    },
  };
  const updateAssumeRolePolicy: Operation<{ RoleName: string; PolicyDocument: string }> = {
    name: "UpdateAssumeRolePolicy",
    honoured: ["RoleName", "PolicyDocument"],
    async run({ RoleName, PolicyDocument }) {
      const role = roles.get(RoleName);
      checkTrust(PolicyDocument);
      await roles.save({ ...role, trustPolicy: PolicyDocument });
    },
  };
  const deleteRole: Operation<{ RoleName: string }> = {
    name: "DeleteRole",
    honoured: ["RoleName"],
    async run({ RoleName }) {
      const role = roles.get(RoleName);
      if (role.attached.length > 0) throw deleteConflict("Cannot delete entity, must detach all policies first.");
      if (Object.keys(role.inline).length > 0)
        throw deleteConflict("Cannot delete entity, must delete policies first.");
      await roles.delete(RoleName);
    },
  };
  const listInstanceProfilesForRole: Operation<PageInput & { RoleName: string }> = {
    name: "ListInstanceProfilesForRole",
    honoured: ["RoleName", "Marker", "MaxItems"],
    async run({ RoleName, ...page }) {
      roles.get(RoleName);
      const [InstanceProfiles, more] = takePage([], page); // there are no instances, so no role has one
      return { InstanceProfiles, ...more };
    },
  };
  return [
    getRole,
    listRoles,
    updateRole,
    updateRoleDescription,
    updateAssumeRolePolicy,
    deleteRole,
    listInstanceProfilesForRole,
  ];
}

function checkMaxSession(seconds: number): void {
  const { sessionSecondsMin: min, sessionSecondsMax: max } = limits;
  const bound =
    seconds < min ? `greater than or equal to ${min}` : seconds > max ? `less than or equal to ${max}` : undefined;
  if (bound !== undefined) throw invalidValue(seconds, "maxSessionDuration", `Member must have value ${bound}`);
}

function checkTrust(document: string): void {
  checkTrustPolicy(document);
  if (policySize(document) <= limits.trustPolicyMax) return;
  throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${limits.trustPolicyMax}`);
}
