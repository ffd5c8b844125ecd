import type { Scope } from "@tripline/kernel";
import { transformInput } from "./input-transformer.ts";
import { parseJsonPath, selectJson } from "./json-path.ts";
import { toRuleArn } from "./rule.ts";
import type { RuleTarget } from "./rule-target.ts";
import { toScheduledEvent, toScheduledEventText } from "./scheduled-event.ts";

/** One firing of a rule. */
export interface RuleFiring {
  ruleName: string;
  /** The event's id. */
  id: string;
  dueMs: number;
}

/** What `target` gets: the event, its Input, what its InputPath selects, or its InputTransformer makes. JSON text. */
export function toTargetInput(target: RuleTarget, { ruleName, id, dueMs }: RuleFiring, scope: Scope): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath === undefined && target.InputTransformer === undefined) {
    return toScheduledEventText(scope, ruleName, id, dueMs);
  }
  const event = toScheduledEvent(scope, ruleName, id, dueMs);
  if (target.InputTransformer === undefined) {
    return JSON.stringify(selectJson(event, parseJsonPath(target.InputPath ?? "$") ?? []) ?? null);
  }
  return transformInput(target.InputTransformer, {
    event: { ...event },
    ruleArn: toRuleArn(scope, ruleName),
    ruleName,
    ingestionTime: event.time,
  });
}
