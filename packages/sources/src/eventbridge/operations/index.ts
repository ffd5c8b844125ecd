import type { Operation } from "@tripline/kernel";
import type { RuleBook } from "../rule-book.ts";
import { deleteRuleOperation } from "./delete-rule.ts";
import { describeRuleOperation } from "./describe-rule.ts";
import { listRulesOperation } from "./list-rules.ts";
import { listTargetsByRuleOperation } from "./list-targets-by-rule.ts";
import { putRuleOperation } from "./put-rule.ts";
import { putTargetsOperation } from "./put-targets.ts";
import { removeTargetsOperation } from "./remove-targets.ts";
import { ruleStateOperation } from "./rule-state.ts";

/** Every operation of EventBridge that there is. */
export function createRuleOperations(rules: RuleBook): Operation[] {
  return [
    putRuleOperation(rules),
    putTargetsOperation(rules),
    removeTargetsOperation(rules),
    deleteRuleOperation(rules),
    ruleStateOperation(rules, "EnableRule", "ENABLED"),
    ruleStateOperation(rules, "DisableRule", "DISABLED"),
    describeRuleOperation(rules),
    listRulesOperation(rules),
    listTargetsByRuleOperation(rules),
  ];
}
