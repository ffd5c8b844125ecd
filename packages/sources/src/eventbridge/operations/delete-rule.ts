import type { Operation } from "@tripline/kernel";
import { invalid } from "../errors.ts";
import type { RuleBook } from "../rule-book.ts";
import { requireDefaultBus } from "./event-bus-name.ts";

/** Input of DeleteRule. `Force` matters for rules that AWS manages only, and there are none. */
export interface DeleteRuleInput {
  Name: string;
  EventBusName?: string;
  Force?: boolean;
}

/**
 * Deletes a rule without targets; one that does not exist is no error.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html
 */
export function deleteRuleOperation(rules: RuleBook): Operation<DeleteRuleInput, Record<string, never>> {
  return {
    name: "DeleteRule",
    honoured: ["Name", "EventBusName", "Force"],
    run: (input) =>
      rules.exclusive(async () => {
        requireDefaultBus(input.EventBusName);
        const rule = rules.get(input.Name);
        if (rule === undefined) return {};
        if (rule.targets.length > 0) throw invalid("Rule can't be deleted since it has targets.");
        await rules.delete(input.Name);
        return {};
      }),
  };
}
