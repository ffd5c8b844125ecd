import { setMember, valueAt } from "../expressions/document-path.ts";
import type { Path } from "../expressions/syntax.ts";
import type { Item } from "../values/attribute-value.ts";

/** What SELECT gives of an item: each value under the last name of its path, `c` of `a.b.c` and `b[0]` of `a.b[0]`. */
export function toProjected(item: Item, paths: readonly Path[] | undefined): Item {
  if (paths === undefined) return item;
  const projected: Item = {};
  for (const path of paths) {
    const value = valueAt(item, path);
    if (value !== undefined) setMember(projected, shownName(path), value);
  }
  return projected;
}

function shownName(path: Path): string {
  const last = path.findLastIndex((step) => typeof step === "string");
  const positions = path.slice(last + 1).map((step) => `[${step}]`);
  return `${path[last] ?? ""}${positions.join("")}`;
}
