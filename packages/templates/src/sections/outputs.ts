import { invalid } from "../read/errors.ts";
import { type MapNode, valueOf } from "../read/template-node.ts";
import type { Resolver } from "../intrinsics/resolver.ts";
import type { TemplateOutput } from "../template-plan.ts";
import { asMap } from "./sections.ts";

/** The `Outputs` whose condition holds, resolved. Exports go nowhere. */
export function readOutputs(section: MapNode | undefined, resolver: Resolver): TemplateOutput[] {
  return Array.from(section?.entries ?? []).flatMap(([name, entry]) => {
    const output = asMap(entry.value, `Output ${name}`);
    const condition = valueOf(output, "Condition");
    if (condition?.kind === "scalar" && !resolver.conditions.holds(condition.text, condition.place)) return [];
    const given = valueOf(output, "Value");
    if (given === undefined) throw invalid(entry.place, `Output ${name} has no Value.`, "Add Value.");
    const value = resolver.resolve(given);
    if (value === undefined) return [];
    const text =
      value.kind === "list"
        ? value.items.map((item) => resolver.text(item, `Output ${name}`)).join(",")
        : resolver.text(value, `Output ${name}`);
    const description = valueOf(output, "Description");
    return [
      { name, value: text, ...(description === undefined ? {} : { description: resolver.text(description, "It") }) },
    ];
  });
}
