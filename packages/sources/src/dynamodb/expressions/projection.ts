/**
 * ProjectionExpression: parsing, and what it leaves of an item. Elements of lists keep their order and close ranks.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
 */
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { childOf, setMember } from "./document-path.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { findOverlap } from "./path-overlap.ts";
import type { Placeholders } from "./placeholders.ts";
import type { Path } from "./syntax.ts";

/** Throws ValidationException. */
export function parseProjection(text: string, placeholders: Placeholders): Path[] {
  const parser = new ExpressionParser("ProjectionExpression", text, placeholders);
  const paths: Path[] = [];
  do paths.push(parser.path());
  while (parser.takeSign(","));
  const overlap = findOverlap(paths);
  if (overlap !== undefined) parser.tellLater(overlap);
  parser.finish();
  return paths;
}

/** A tree of what is wanted; null: all of it. */
type Wanted = Map<string | number, Wanted> | null;

/** What the paths lead to, in the form that the item has. */
export function project(item: Item, paths: readonly Path[]): Item {
  const wanted: Wanted = new Map();
  for (const path of paths) {
    let at: Wanted = wanted;
    for (const [depth, step] of path.entries()) {
      const next: Wanted = depth === path.length - 1 ? null : (at?.get(step) ?? new Map<string | number, Wanted>());
      at?.set(step, next);
      at = next;
    }
  }
  return pick({ M: item }, wanted)?.M ?? {};
}

function pick(value: AttributeValue, wanted: Wanted): AttributeValue | undefined {
  if (wanted === null) return value;
  if (value.M !== undefined) {
    const members: Item = {};
    for (const [step, inner] of wanted) {
      const child = typeof step === "string" ? childOf(value, step) : undefined;
      const picked = child === undefined ? undefined : pick(child, inner);
      if (picked !== undefined) setMember(members, String(step), picked);
    }
    return Object.keys(members).length === 0 ? undefined : { M: members };
  }
  if (value.L === undefined) return undefined;
  const items = Array.from(wanted)
    .filter((entry): entry is [number, Wanted] => typeof entry[0] === "number")
    .sort(([a], [b]) => a - b)
    .flatMap(([step, inner]) => {
      const child = childOf(value, step);
      const picked = child === undefined ? undefined : pick(child, inner);
      return picked === undefined ? [] : [picked];
    });
  return items.length === 0 ? undefined : { L: items };
}
