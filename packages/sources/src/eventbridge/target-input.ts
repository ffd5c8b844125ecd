import type { Scope } from "@tripline/kernel";
import { transformInput } from "./input-transformer.ts";
import { parseJsonPath, selectJson } from "./json-path.ts";
import { toRuleArn } from "./rule.ts";
import type { RuleTarget } from "./rule-target.ts";
import type { ScheduledEvent } from "./scheduled-event.ts";

/** What `target` gets of `event`: the event, its Input, what its InputPath selects, or its InputTransformer makes. JSON text. */
export function toTargetInput(target: RuleTarget, event: ScheduledEvent, ruleName: string, scope: Scope): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) {
    return JSON.stringify(selectJson(event, parseJsonPath(target.InputPath) ?? []) ?? null);
  }
  if (target.InputTransformer !== undefined) {
    return transformInput(target.InputTransformer, {
      event: { ...event },
      ruleArn: toRuleArn(scope, ruleName),
      ruleName,
      ingestionTime: event.time,
    });
  }
  return JSON.stringify(event);
}
