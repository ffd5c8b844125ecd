import type { Operation } from "@tripline/kernel";
import type { Rule } from "../rule.ts";
import type { RuleBook } from "../rule-book.ts";
import { requireDefaultBus } from "./event-bus-name.ts";

/** Input of DescribeRule. */
export interface DescribeRuleInput {
  Name: string;
  EventBusName?: string;
}

/** A rule as ListRules shows it; DescribeRule adds `CreatedBy`. */
export interface RuleDescription {
  Name: string;
  Arn: string;
  State: string;
  ScheduleExpression: string;
  EventBusName: string;
  Description?: string;
  RoleArn?: string;
  CreatedBy?: string;
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html */
export function describeRuleOperation(rules: RuleBook): Operation<DescribeRuleInput, RuleDescription> {
  return {
    name: "DescribeRule",
    honoured: ["Name", "EventBusName"],
    async run(input) {
      await rules.ready();
      requireDefaultBus(input.EventBusName);
      return { ...toDescription(rules.find(input.Name), rules), CreatedBy: rules.scope.accountId };
    },
  };
}

/** What both operations show of `rule`. */
export function toDescription(rule: Rule, rules: RuleBook): RuleDescription {
  return {
    Name: rule.name,
    Arn: rules.toArn(rule.name),
    State: rule.state,
    ScheduleExpression: rule.scheduleExpression,
    EventBusName: "default",
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    ...(rule.roleArn === undefined ? {} : { RoleArn: rule.roleArn }),
  };
}
