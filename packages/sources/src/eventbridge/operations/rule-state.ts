import type { Operation } from "@tripline/kernel";
import type { Rule } from "../rule.ts";
import type { RuleBook } from "../rule-book.ts";
import { requireDefaultBus } from "./event-bus-name.ts";

/** Input of EnableRule and DisableRule. */
export interface RuleStateInput {
  Name: string;
  EventBusName?: string;
}

/**
 * EnableRule and DisableRule. Firings that fell due while a rule was disabled are not made up for.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EnableRule.html
 */
export function ruleStateOperation(
  rules: RuleBook,
  name: "EnableRule" | "DisableRule",
  state: Rule["state"],
): Operation<RuleStateInput, Record<string, never>> {
  return {
    name,
    honoured: ["Name", "EventBusName"],
    run: (input) =>
      rules.exclusive(async () => {
        requireDefaultBus(input.EventBusName);
        await rules.save({ ...rules.find(input.Name), state });
        return {};
      }),
  };
}
