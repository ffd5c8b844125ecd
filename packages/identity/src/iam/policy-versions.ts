/** CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions, SetDefaultPolicyVersion, DeletePolicyVersion. */
import type { Operation } from "@tripline/kernel";
import type { ManagedPolicy } from "../entities.ts";
import { deleteConflict, limitExceeded, noSuchEntity } from "../errors.ts";
import type { IdentityHouse } from "../house.ts";
import { type PageInput, takePage } from "../input-checks.ts";
import { limits } from "../limits.ts";
import { checkManagedPolicy, encodeDocument } from "../policy-document.ts";
import { policyOf } from "./policy-of.ts";

type Version = ManagedPolicy["versions"][number];

/** `policy` with one more version. A new default makes room: where there are five, the oldest that is not the default goes. */
export function addVersion(policy: ManagedPolicy, document: string, nowMs: number, isDefault: boolean): ManagedPolicy {
  const id = `v${policy.nextVersion}`;
  let kept = policy.versions;
  if (isDefault && kept.length >= limits.policyVersionsMax) {
    const oldest = kept.find((one) => one.id !== policy.defaultVersionId);
    kept = kept.filter((one) => one !== oldest);
  }
  return {
    ...policy,
    updatedMs: nowMs,
    versions: [...kept, { id, document, createdMs: nowMs }],
    defaultVersionId: isDefault ? id : policy.defaultVersionId,
    nextVersion: policy.nextVersion + 1,
  };
}

interface VersionInput {
  PolicyArn: string;
  VersionId: string;
}

/** All of them. */
export function policyVersionOperations({ clock, entities }: IdentityHouse): readonly Operation[] {
  const { policies } = entities;
  const versionOf = (policy: ManagedPolicy, { PolicyArn, VersionId }: VersionInput): Version => {
    const version = policy.versions.find((one) => one.id === VersionId);
    if (version !== undefined) return version;
    throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`);
  };
  const show = (policy: ManagedPolicy, { id, createdMs }: Version): object => ({
    VersionId: id,
    IsDefaultVersion: id === policy.defaultVersionId,
    CreateDate: new Date(createdMs),
  });
  const createPolicyVersion: Operation<{ PolicyArn: string; PolicyDocument: string; SetAsDefault?: boolean }> = {
    name: "CreatePolicyVersion",
    honoured: ["PolicyArn", "PolicyDocument", "SetAsDefault"],
    async run({ PolicyArn, PolicyDocument, SetAsDefault = false }) {
      const policy = policyOf(entities, PolicyArn);
      checkManagedPolicy(PolicyDocument);
      if (policy.versions.length >= limits.policyVersionsMax) {
        throw limitExceeded(
          `A managed policy can have up to ${limits.policyVersionsMax} versions. Before you create a new version, you must delete an existing version.`,
        );
      }
      const after = addVersion(policy, PolicyDocument, clock.now(), SetAsDefault);
      await policies.save(after);
      const created = after.versions.at(-1);
      return { PolicyVersion: created === undefined ? {} : show(after, created) };
    },
  };
  const getPolicyVersion: Operation<VersionInput> = {
    name: "GetPolicyVersion",
    honoured: ["PolicyArn", "VersionId"],
    async run(input) {
      const policy = policyOf(entities, input.PolicyArn);
      const version = versionOf(policy, input);
      return { PolicyVersion: { Document: encodeDocument(version.document), ...show(policy, version) } };
    },
  };
  const listPolicyVersions: Operation<PageInput & { PolicyArn: string }> = {
    name: "ListPolicyVersions",
    honoured: ["PolicyArn", "Marker", "MaxItems"],
    async run({ PolicyArn, ...page }) {
      const policy = policyOf(entities, PolicyArn);
      const [items, more] = takePage(policy.versions.toReversed(), page);
      return { Versions: items.map((version) => show(policy, version)), ...more };
    },
  };
  const setDefaultPolicyVersion: Operation<VersionInput> = {
    name: "SetDefaultPolicyVersion",
    honoured: ["PolicyArn", "VersionId"],
    async run(input) {
      const policy = policyOf(entities, input.PolicyArn);
      const { id } = versionOf(policy, input);
      await policies.save({ ...policy, defaultVersionId: id, updatedMs: clock.now() });
    },
  };
  const deletePolicyVersion: Operation<VersionInput> = {
    name: "DeletePolicyVersion",
    honoured: ["PolicyArn", "VersionId"],
    async run(input) {
      const policy = policyOf(entities, input.PolicyArn);
      const gone = versionOf(policy, input);
      if (gone.id === policy.defaultVersionId) throw deleteConflict("Cannot delete the default version of a policy.");
      await policies.save({ ...policy, versions: policy.versions.filter((one) => one !== gone) });
    },
  };
  return [createPolicyVersion, getPolicyVersion, listPolicyVersions, setDefaultPolicyVersion, deletePolicyVersion];
}
