/** `ProvisionedConcurrencyConfig` of aliases, and of SAM functions that publish to one: a resource of its own, which leaves by itself. */
import { object } from "../shapes/collections.ts";
import { integer } from "../shapes/scalars.ts";
import { required, type Shape } from "../shapes/shape.ts";
import type { PlannedResource } from "../template-plan.ts";
import { lambda } from "./function-settings.ts";
import { type PlanContext, placeOfProperty } from "./resource-type.ts";

/** What both have. */
export interface ProvisionedConcurrencySettings {
  ProvisionedConcurrentExecutions: number;
}

/** See the module's header. */
export const provisionedConcurrency: Shape<ProvisionedConcurrencySettings> = object({
  ProvisionedConcurrentExecutions: required(integer("2")),
});

/** It comes after the alias. */
export function planProvisionedConcurrency(
  context: PlanContext,
  target: { FunctionName: string; Qualifier: string },
  settings: ProvisionedConcurrencySettings | undefined,
): PlannedResource[] {
  if (settings === undefined) return [];
  const { definition } = context;
  return [
    {
      logicalId: `${definition.logicalId}ProvisionedConcurrency`,
      type: "AWS::Lambda::ProvisionedConcurrency",
      line: placeOfProperty(definition, "ProvisionedConcurrencyConfig").line,
      physicalId: `${target.FunctionName}:${target.Qualifier}`,
      calls: [lambda("PutProvisionedConcurrencyConfig", { ...target, ...settings })],
      removal: [lambda("DeleteProvisionedConcurrencyConfig", target)],
    },
  ];
}
