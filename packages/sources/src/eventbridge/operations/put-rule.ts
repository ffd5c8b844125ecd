import type { Operation } from "@tripline/kernel";
import { parseScheduleExpression } from "../../schedule-expression/index.ts";
import { constraint, invalid, limitExceeded, notSimulated } from "../errors.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";
import type { RuleBook } from "../rule-book.ts";
import { isDefaultBus } from "./event-bus-name.ts";

/** Input of PutRule. */
export interface PutRuleInput {
  Name: string;
  ScheduleExpression?: string;
  EventPattern?: string;
  State?: string;
  Description?: string;
  RoleArn?: string;
  EventBusName?: string;
}

const eventPatternRefusal = "only rules with a ScheduleExpression are simulated so far.";

/**
 * Creates a rule, or replaces everything of it but its targets.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
export function putRuleOperation(rules: RuleBook): Operation<PutRuleInput, { RuleArn: string }> {
  return {
    name: "PutRule",
    honoured: ["Name", "ScheduleExpression", "State", "Description", "RoleArn", "EventBusName"],
    refused: { EventPattern: eventPatternRefusal, Tags: "tags of rules are not simulated." },
    run: (input) =>
      rules.exclusive(async () => {
        const rule = toRule(input, rules);
        await rules.save(rule);
        return { RuleArn: rules.toArn(rule.name) };
      }),
  };
}

function toRule(input: PutRuleInput, rules: RuleBook): Rule {
  const { Name: name, ScheduleExpression: scheduleExpression } = input;
  checkMembers(input);
  if (scheduleExpression === undefined || scheduleExpression === "") {
    throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  }
  if (!isDefaultBus(input.EventBusName)) {
    throw invalid("ScheduleExpression is supported only on the default event bus.");
  }
  if (parseScheduleExpression(scheduleExpression, "rule") === undefined) {
    throw invalid("Parameter ScheduleExpression is not valid.");
  }
  const before = rules.get(name);
  if (before === undefined && rules.all().length >= limits.rulesMax) throw limitExceeded();
  const isSameRhythm = before?.scheduleExpression === scheduleExpression;
  return {
    name,
    scheduleExpression,
    state: input.State === "DISABLED" ? "DISABLED" : "ENABLED",
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.RoleArn === undefined ? {} : { roleArn: input.RoleArn }),
    anchorMs: isSameRhythm ? before.anchorMs : Math.ceil(rules.clock.now() / 1000) * 1000,
    targets: before?.targets ?? [],
  };
}

function checkMembers(input: PutRuleInput): void {
  if (input.EventPattern !== undefined) throw notSimulated("EventPattern", eventPatternRefusal);
  if (typeof input.Name !== "string" || !/^[.\-_A-Za-z0-9]{1,64}$/.test(input.Name)) {
    throw constraint(input.Name, "name", "Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+");
  }
  const states = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];
  if (input.State !== undefined && !states.includes(input.State)) {
    throw constraint(input.State, "state", `Member must satisfy enum value set: [${states.join(", ")}]`);
  }
  if (input.State === states[2]) throw notSimulated(`State ${states[2]}`, "there are no CloudTrail events.");
  checkLength(input.Description, "description", limits.descriptionCharactersMax);
  checkLength(input.ScheduleExpression, "scheduleExpression", limits.scheduleExpressionCharactersMax);
}

function checkLength(text: string | undefined, member: string, max: number): void {
  if (text !== undefined && text.length > max) {
    throw constraint(text, member, `Member must have length less than or equal to ${max}`);
  }
}
