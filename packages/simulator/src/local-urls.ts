import type { Scope } from "@tripline/kernel";
import type { TemplatePlan } from "@tripline/templates";

/**
 * A plan whose URLs of queues and functions lead here. Templates speak of `https://sqs.<region>.amazonaws.com/<account>/<name>` and
 * `https://<id>.lambda-url.<region>.on.aws/`, and clients send their requests to the host of the URL that they are given.
 */
export function withLocalUrls(plan: TemplatePlan, scope: Scope, endpoint: string): TemplatePlan {
  const away = `https://sqs.${scope.region}.amazonaws.com/${scope.accountId}/`;
  const here = `${endpoint}/${scope.accountId}/`;
  const port = /:\d+$/.exec(endpoint)?.[0] ?? "";
  const toLocal = (text: string): string =>
    text
      .replaceAll(away, here)
      .replaceAll(/https:\/\/(\w{32}\.lambda-url\.[\w-]+)\.on\.aws\//g, `http://$1.localhost${port}/`);
  const replace = (value: unknown): unknown => {
    if (typeof value === "string") return toLocal(value);
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
