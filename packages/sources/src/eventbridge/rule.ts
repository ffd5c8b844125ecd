import type { Scope } from "@tripline/kernel";
import { toArn } from "@tripline/kernel";
import { createFiringTimes, type NextFiring, parseScheduleExpression } from "../schedule-expression/index.ts";
import type { RuleTarget } from "./rule-target.ts";

/** A rule as it is kept. */
export interface Rule {
  name: string;
  scheduleExpression: string;
  state: "ENABLED" | "DISABLED";
  description?: string;
  roleArn?: string;
  /** From when `rate()` counts: when the expression was set, in whole seconds. */
  anchorMs: number;
  /** Ordered by id. */
  targets: readonly RuleTarget[];
}

/** Rules on the default bus have no bus name in their ARN. */
export function toRuleArn(scope: Scope, name: string): string {
  return toArn(scope, "events", `rule/${name}`);
}

/** When `rule` fires, whether it is enabled or not. */
export function firingsOf(rule: Pick<Rule, "scheduleExpression" | "anchorMs">): NextFiring {
  const expression = parseScheduleExpression(rule.scheduleExpression, "rule");
  return expression === undefined ? () => undefined : createFiringTimes(expression, { anchorMs: rule.anchorMs });
}
