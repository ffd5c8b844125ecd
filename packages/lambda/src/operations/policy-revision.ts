import type { FunctionRegistry } from "../function-registry.ts";
import type { FunctionPolicies } from "../policy/function-policies.ts";
import { policyRevisionDiffers, type PolicyTarget } from "../policy/policy-target.ts";

/** Refuses a change that was asked for on the ground of something older: the policy's revision counts, and that of the function, the version or the alias. */
export function checkPolicyRevision(options: {
  registry: FunctionRegistry;
  policies: FunctionPolicies;
  target: PolicyTarget;
  revisionId: string | undefined;
}): void {
  const { registry, policies, target, revisionId } = options;
  if (revisionId === undefined) return;
  const { functionName, qualifier } = target;
  const alias = qualifier === undefined ? undefined : registry.alias(functionName, qualifier);
  const own = (alias ?? registry.describe(functionName, qualifier)).revisionId;
  if (revisionId === policies.get(functionName, qualifier)?.revisionId || revisionId === own) return;
  throw policyRevisionDiffers();
}
