import type { FunctionRegistry } from "../function-registry.ts";
import type { FunctionPolicies } from "../policy/function-policies.ts";
import { policyRevisionDiffers, type PolicyTarget } from "../policy/policy-target.ts";

/** Refuses a change that was asked for on the ground of something older: the policy's revision counts, and without one the function's. */
export function checkPolicyRevision(options: {
  registry: FunctionRegistry;
  policies: FunctionPolicies;
  target: PolicyTarget;
  revisionId: string | undefined;
}): void {
  const { registry, policies, target, revisionId } = options;
  if (revisionId === undefined) return;
  const { functionName, qualifier } = target;
  const current = policies.get(functionName, qualifier)?.revisionId;
  if (revisionId === current || revisionId === registry.get(functionName)?.revisionId) return;
  throw policyRevisionDiffers();
}
