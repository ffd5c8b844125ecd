import { suggest } from "@tripline/kernel";
import { invalid } from "../read/errors.ts";
import { describeNode, type MapNode } from "../read/template-node.ts";

const names = [
  "AWSTemplateFormatVersion",
  "Conditions",
  "Description",
  "Globals",
  "Hooks",
  "Mappings",
  "Metadata",
  "Outputs",
  "Parameters",
  "Resources",
  "Rules",
  "Transform",
] as const;

/** Name of a top-level section. */
export type SectionName = (typeof names)[number];

/** Throws `SIM_TEMPLATE_INVALID` for a section that templates do not have, and where there is no Resources section. */
export function checkSections(root: MapNode): void {
  for (const [key, entry] of root.entries) {
    if (names.some((name) => name === key)) continue;
    const nearest = suggest(key, names);
    throw invalid(
      entry.place,
      `"${key}" is no section of a template.`,
      nearest === undefined ? `Sections are ${names.join(", ")}.` : `Did you mean "${nearest}"?`,
    );
  }
  if (!root.entries.has("Resources")) {
    throw invalid(root.place, "The template has no Resources section.", "Add Resources with at least one resource.");
  }
}

/** A section that is a map; `undefined` where the template has none. */
export function sectionOf(root: MapNode, name: SectionName): MapNode | undefined {
  const entry = root.entries.get(name);
  return entry === undefined ? undefined : asMap(entry.value, name);
}

/** The node as a map. Throws `SIM_TEMPLATE_INVALID` where it is none. */
export function asMap(node: Parameters<typeof describeNode>[0], what: string): MapNode {
  if (node.kind === "map") return node;
  throw invalid(node.place, `${what} must be a map, and is ${describeNode(node)}.`, "Write it as keys with values.");
}
