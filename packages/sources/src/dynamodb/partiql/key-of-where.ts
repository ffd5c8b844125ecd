/** What WHERE of an UPDATE or DELETE says: the key of one item, and a condition that it must meet. */
import { validation } from "../errors.ts";
import type { Condition } from "../expressions/syntax.ts";
import { type KeySchema, keyNames } from "../table.ts";
import type { Item } from "../values/attribute-value.ts";

/** Throws ValidationException where an attribute of the key is not equal to a value. */
export function keyOfWhere(where: Condition | undefined, schema: KeySchema): { key: Item; condition?: Condition } {
  const key: Item = {};
  let condition: Condition | undefined;
  const names = keyNames(schema);
  for (const term of where === undefined ? [] : termsOf(where)) {
    const equality = equalityOf(term);
    if (equality !== undefined && names.includes(equality.name) && key[equality.name] === undefined) {
      key[equality.name] = equality.value;
    } else {
      condition = condition === undefined ? term : { kind: "and", left: condition, right: term };
    }
  }
  if (names.some((name) => key[name] === undefined)) {
    throw validation("Where clause does not contain a mandatory equality on all key attributes");
  }
  return { key, ...(condition === undefined ? {} : { condition }) };
}

function termsOf(condition: Condition): Condition[] {
  return condition.kind === "and" ? [...termsOf(condition.left), ...termsOf(condition.right)] : [condition];
}

function equalityOf(condition: Condition): { name: string; value: Item[string] } | undefined {
  if (condition.kind !== "compare" || condition.comparator !== "=") return undefined;
  const { left, right } = condition;
  const [path, value] = left.kind === "path" ? [left, right] : [right, left];
  const [name] = path.kind === "path" && path.path.length === 1 ? path.path : [];
  return typeof name === "string" && value.kind === "value" ? { name, value: value.value } : undefined;
}
