/** The `Conditions` section: computed when first asked for, each once. */
import { invalid, cycleError, unknownReference } from "../read/errors.ts";
import { describeNode, type MapNode, type Place, type TemplateNode } from "../read/template-node.ts";
import type { Resolver } from "./resolver.ts";

/** The conditions of a template. */
export interface Conditions {
  /** Whether the condition called `name` holds. Throws `SIM_TEMPLATE_REFERENCE` where there is none. */
  holds(name: string, place: Place): boolean;
  /** Whether a condition expression holds, such as `!Equals [a, b]`. */
  evaluate(node: TemplateNode): boolean;
}

/** `resolver` is asked late, because it needs the conditions itself. */
export function createConditions(section: MapNode | undefined, resolver: () => Resolver): Conditions {
  const known = new Map<string, boolean>();
  const open: string[] = [];
  const conditions: Conditions = {
    holds(name, place) {
      const before = known.get(name);
      if (before !== undefined) return before;
      const entry = section?.entries.get(name);
      if (entry === undefined) {
        throw unknownReference(
          place,
          `"${name}" is no condition of this template.`,
          name,
          section?.entries.keys() ?? [],
          "Define it under Conditions, or correct the name.",
        );
      }
      if (open.includes(name)) throw cycleError(entry.place, [...open.slice(open.indexOf(name)), name]);
      open.push(name);
      const result = conditions.evaluate(entry.value);
      open.pop();
      known.set(name, result);
      return result;
    },
    evaluate(node) {
      if (node.kind === "map" && node.entries.size === 1) {
        const name = node.entries.get("Condition")?.value;
        if (name?.kind === "scalar") return conditions.holds(name.text, name.place);
      }
      const value = resolver().resolve(node);
      if (value?.kind === "scalar" && /^(true|false)$/.test(value.text)) return value.text === "true";
      throw invalid(
        node.place,
        `A condition must be true or false, not ${value === undefined ? "AWS::NoValue" : describeNode(value)}.`,
        "Use Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition.",
      );
    },
  };
  return conditions;
}
