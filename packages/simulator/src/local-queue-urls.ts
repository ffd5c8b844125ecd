import type { Scope } from "@tripline/kernel";
import type { TemplatePlan } from "@tripline/templates";

/**
 * A plan whose queue URLs lead here. Templates speak of `https://sqs.<region>.amazonaws.com/<account>/<name>`, and an SDK sends its
 * requests to the host of the queue URL that it is given.
 */
export function withLocalQueueUrls(plan: TemplatePlan, scope: Scope, endpoint: string): TemplatePlan {
  const away = `https://sqs.${scope.region}.amazonaws.com/${scope.accountId}/`;
  const here = `${endpoint}/${scope.accountId}/`;
  const replace = (value: unknown): unknown => {
    if (typeof value === "string") return value.includes(away) ? value.replaceAll(away, here) : value;
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== "object" || value === null || value instanceof Uint8Array || value instanceof Date)
      return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner)]));
  };
  return {
    ...plan,
    resources: plan.resources.map((resource) => ({
      ...resource,
      calls: resource.calls.map((call) => ({ ...call, input: replace(call.input) as Record<string, unknown> })),
    })),
    outputs: plan.outputs.map((output) => replace(output) as typeof output),
  };
}
