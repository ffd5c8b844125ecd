import type { Operation } from "@tripline/kernel";
import { pageOf } from "../../schedule-runner/index.ts";
import { invalid } from "../errors.ts";
import { limits } from "../limits.ts";
import type { RuleBook } from "../rule-book.ts";
import { type RuleDescription, toDescription } from "./describe-rule.ts";
import { requireDefaultBus } from "./event-bus-name.ts";

/** Input of ListRules. `Limit` 1 to 100. */
export interface ListRulesInput {
  NamePrefix?: string;
  EventBusName?: string;
  NextToken?: string;
  Limit?: number;
}

/** Rules by name. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html */
export function listRulesOperation(
  rules: RuleBook,
): Operation<ListRulesInput, { Rules: RuleDescription[]; NextToken?: string }> {
  return {
    name: "ListRules",
    honoured: ["NamePrefix", "EventBusName", "NextToken", "Limit"],
    async run(input) {
      await rules.ready();
      requireDefaultBus(input.EventBusName);
      const matching = rules.all().filter((rule) => rule.name.startsWith(input.NamePrefix ?? ""));
      const page = pageOf(matching, (rule) => rule.name, input.NextToken, input.Limit, limits.pageSizeMax);
      if (page === undefined) throw invalid("Parameter NextToken or Limit is not valid.");
      const { items, nextToken } = page;
      return {
        Rules: items.map((rule) => toDescription(rule, rules)),
        ...(nextToken === undefined ? {} : { NextToken: nextToken }),
      };
    },
  };
}
