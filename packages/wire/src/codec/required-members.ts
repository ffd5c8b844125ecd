/** What the caller left out. */
import type { Shape, StructureShape } from "../model/shape.ts";

/** One step of a path: a member's name, or the number of an item (from 1) or key of an entry. */
export type PathStep = string | number;

/** Paths of the required members that `input` does not have, in the model's order. */
export function missingMembers(shape: StructureShape, input: Readonly<Record<string, unknown>>): PathStep[][] {
  const missing: PathStep[][] = [];
  walk(shape, input, [], missing);
  return missing;
}

function walk(shape: Shape, value: unknown, path: PathStep[], missing: PathStep[][]): void {
  if (value === undefined || value === null || typeof value !== "object") return;
  if (shape.kind === "structure") {
    const given = value as Readonly<Record<string, unknown>>;
    for (const member of shape.members) {
      const one = given[member.name];
      if (one === undefined || one === null) {
        if (member.isRequired) missing.push([...path, member.name]);
      } else if (holdsMembers(member.shape)) {
        walk(member.shape, one, [...path, member.name], missing);
      }
    }
  } else if (shape.kind === "list" && Array.isArray(value)) {
    if (!holdsMembers(shape.item)) return;
    value.forEach((item, index) => {
      walk(shape.item, item, [...path, index + 1], missing);
    });
  } else if (shape.kind === "map") {
    if (!holdsMembers(shape.value)) return;
    for (const [key, one] of Object.entries(value)) walk(shape.value, one, [...path, key], missing);
  }
}

function holdsMembers({ kind }: Shape): boolean {
  return kind === "structure" || kind === "list" || kind === "map";
}
