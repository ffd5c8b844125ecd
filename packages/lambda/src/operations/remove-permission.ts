import type { Operation } from "@tripline/kernel";
import type { FunctionRegistry } from "../function-registry.ts";
import { checkLength, checkPattern } from "../member-constraints.ts";
import type { FunctionPolicies } from "../policy/function-policies.ts";
import { mustExist, notFound, parsePolicyTarget } from "../policy/policy-target.ts";
import { checkPolicyRevision } from "./policy-revision.ts";

/** Input of RemovePermission. */
export interface RemovePermissionInput {
  FunctionName: string;
  StatementId: string;
  Qualifier?: string;
  RevisionId?: string;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html */
export function removePermissionOperation(
  registry: FunctionRegistry,
  policies: FunctionPolicies,
): Operation<RemovePermissionInput, Record<string, never>> {
  return {
    name: "RemovePermission",
    honoured: ["FunctionName", "StatementId", "Qualifier", "RevisionId"],
    async run(input) {
      checkLength("statementId", input.StatementId, 100);
      checkPattern("statementId", input.StatementId, "([a-zA-Z0-9-_.]+)");
      const target = parsePolicyTarget(registry, input);
      const { functionName, qualifier, resource } = target;
      if (registry.find(functionName) === undefined) throw notFound(`No policy found for: ${resource}`);
      mustExist(registry, target);
      const policy = policies.get(functionName, qualifier);
      if (policy === undefined) throw notFound("No policy is associated with the given resource.");
      const kept = policy.statements.filter((one) => one.Sid !== input.StatementId);
      if (kept.length === policy.statements.length) {
        throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
      }
      checkPolicyRevision({ registry, policies, target, revisionId: input.RevisionId });
      await policies.put(functionName, qualifier, kept);
      return {};
    },
  };
}
