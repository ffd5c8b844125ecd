import type { Operation } from "@tripline/kernel";
import { constraint, limitExceeded } from "../errors.ts";
import { limits } from "../limits.ts";
import type { RuleBook } from "../rule-book.ts";
import { checkTarget, type RuleTarget } from "../rule-target.ts";
import { requireDefaultBus } from "./event-bus-name.ts";
import type { FailedEntries } from "./failed-entries.ts";

/** Input of PutTargets. */
export interface PutTargetsInput {
  Rule: string;
  EventBusName?: string;
  Targets: RuleTarget[];
}

/**
 * Adds targets to a rule, or replaces those of the same id. Called for a template (`upsert`), the rule has exactly these targets after it.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
export function putTargetsOperation(rules: RuleBook): Operation<PutTargetsInput, FailedEntries> {
  return {
    name: "PutTargets",
    honoured: ["Rule", "EventBusName", "Targets"],
    run: (input, context) =>
      rules.exclusive(async () => {
        requireDefaultBus(input.EventBusName);
        const rule = rules.find(input.Rule);
        if (!(input.Targets.length > 0)) {
          throw constraint("[]", "targets", "Member must have length greater than or equal to 1");
        }
        if (input.Targets.length > limits.targetsPerCallMax) throw limitExceeded();
        for (const target of input.Targets) checkTarget(target);
        const targets = new Map<string, RuleTarget>();
        if (context.upsert !== true) for (const target of rule.targets) targets.set(target.Id, target);
        for (const target of input.Targets) targets.set(target.Id, target);
        if (targets.size > limits.targetsPerRuleMax) throw limitExceeded();
        const ordered = Array.from(targets.values()).sort((a, b) => (a.Id < b.Id ? -1 : 1));
        await rules.save({ ...rule, targets: ordered });
        return { FailedEntryCount: 0, FailedEntries: [] };
      }),
  };
}
