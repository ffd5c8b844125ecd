/** ReturnValues of writes, and RETURNING of statements. */
import { project } from "./expressions/projection.ts";
import type { UpdateAction } from "./expressions/syntax.ts";
import type { Item } from "./values/attribute-value.ts";
import type { WriteOutcome } from "./write-items.ts";

/** Undefined: nothing. `actions`: of an update. */
export function returnedValues(
  asked: string | undefined,
  { before, after }: Pick<WriteOutcome, "before" | "after">,
  actions: readonly UpdateAction[] = [],
): Item | undefined {
  switch (asked) {
    case "ALL_OLD":
      return before();
    case "ALL_NEW":
      return after;
    case "UPDATED_OLD":
      return updated(before(), actions);
    case "UPDATED_NEW":
      return updated(after, actions);
    default:
      return undefined;
  }
}

/** What the paths of an update lead to; undefined where that is nothing. */
function updated(item: Item | undefined, actions: readonly UpdateAction[]): Item | undefined {
  const found = project(
    item ?? {},
    actions.map(({ path }) => path),
  );
  return Object.keys(found).length === 0 ? undefined : found;
}
