/**
 * What WHERE of a statement about one item says: its key, and what else it must be.
 *
 * The text for two values of one key, and for a key that is missing, are AWS's.
 */
import { validation } from "../errors.ts";
import type { Condition } from "../expressions/syntax.ts";
import { type KeySchema, keyNames } from "../table.ts";
import { areEqual, type AttributeValue, type Item } from "../values/attribute-value.ts";

export interface KeyAndCondition {
  key: Item;
  condition?: Condition;
}

/** Throws ValidationException where an attribute of the key is not equal to a value, or to two. */
export function keyOfWhere(where: Condition | undefined, schema: KeySchema): KeyAndCondition {
  const found = findKey(where, schema);
  if (found === undefined) throw validation("Where clause does not contain a mandatory equality on all key attributes");
  return found;
}

/** The same; undefined where an attribute of the key is not equal to a value. */
export function findKey(where: Condition | undefined, schema: KeySchema): KeyAndCondition | undefined {
  const key: Item = {};
  let condition: Condition | undefined;
  const names = keyNames(schema);
  for (const term of where === undefined ? [] : termsOf(where)) {
    const equality = equalityOf(term);
    if (equality !== undefined && names.includes(equality.name)) {
      const { name, value } = equality;
      if (key[name] !== undefined && !areEqual(key[name], value)) {
        throw validation(
          `Multiple conditions on same key ${name}. Only single item Update/Insert/Delete are supported`,
        );
      }
      key[name] = value;
    } else {
      condition = condition === undefined ? term : { kind: "and", left: condition, right: term };
    }
  }
  if (names.some((name) => key[name] === undefined)) return undefined;
  return { key, ...(condition === undefined ? {} : { condition }) };
}

function termsOf(condition: Condition): Condition[] {
  return condition.kind === "and" ? [...termsOf(condition.left), ...termsOf(condition.right)] : [condition];
}

/** Of `name = value`, either way round. */
export function equalityOf(condition: Condition): { name: string; value: AttributeValue } | undefined {
  if (condition.kind !== "compare" || condition.comparator !== "=") return undefined;
  const { left, right } = condition;
  const [path, value] = left.kind === "path" ? [left, right] : [right, left];
  const [name] = path.kind === "path" && path.path.length === 1 ? path.path : [];
  return typeof name === "string" && value.kind === "value" ? { name, value: value.value } : undefined;
}
