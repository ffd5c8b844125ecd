import type { Operation } from "@tripline/kernel";
import type { RuleBook } from "../rule-book.ts";
import { requireDefaultBus } from "./event-bus-name.ts";
import type { FailedEntries } from "./failed-entries.ts";

/** Input of RemoveTargets. `Force` matters for rules that AWS manages only, and there are none. */
export interface RemoveTargetsInput {
  Rule: string;
  EventBusName?: string;
  Ids: string[];
  Force?: boolean;
}

/**
 * Removes targets from a rule; unknown ids are ignored.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemoveTargets.html
 */
export function removeTargetsOperation(rules: RuleBook): Operation<RemoveTargetsInput, FailedEntries> {
  return {
    name: "RemoveTargets",
    honoured: ["Rule", "EventBusName", "Ids", "Force"],
    run: (input) =>
      rules.exclusive(async () => {
        requireDefaultBus(input.EventBusName);
        const rule = rules.find(input.Rule);
        await rules.save({ ...rule, targets: rule.targets.filter((target) => !input.Ids.includes(target.Id)) });
        return { FailedEntryCount: 0, FailedEntries: [] };
      }),
  };
}
