import type { Operation } from "@tripline/kernel";
import { pageOf } from "../../schedule-runner/index.ts";
import { invalid } from "../errors.ts";
import { limits } from "../limits.ts";
import type { RuleBook } from "../rule-book.ts";
import type { RuleTarget } from "../rule-target.ts";
import { requireDefaultBus } from "./event-bus-name.ts";

/** Input of ListTargetsByRule. `Limit` 1 to 100. */
export interface ListTargetsByRuleInput {
  Rule: string;
  EventBusName?: string;
  NextToken?: string;
  Limit?: number;
}

/** A rule's targets by id. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html */
export function listTargetsByRuleOperation(
  rules: RuleBook,
): Operation<ListTargetsByRuleInput, { Targets: RuleTarget[]; NextToken?: string }> {
  return {
    name: "ListTargetsByRule",
    honoured: ["Rule", "EventBusName", "NextToken", "Limit"],
    async run(input) {
      await rules.ready();
      requireDefaultBus(input.EventBusName);
      const { targets } = rules.find(input.Rule);
      const page = pageOf(targets, (target) => target.Id, input.NextToken, input.Limit, limits.pageSizeMax);
      if (page === undefined) throw invalid("Parameter NextToken or Limit is not valid.");
      const { items, nextToken } = page;
      return { Targets: [...items], ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
    },
  };
}
