/**
 * Whether an item meets a condition.
 *
 * C1. A comparison with what is not there, or is of another type, is false; but `<>` is true.
 */
import { areEqual, type AttributeValue, type Item, toBase64, typeOf } from "../values/attribute-value.ts";
import { compareValues } from "../values/compare-values.ts";
import { valueAt } from "./document-path.ts";
import type { Comparator, Condition, Operand } from "./syntax.ts";

/** An item that does not exist has no attributes. */
export function isMet(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case "and":
      return isMet(condition.left, item) && isMet(condition.right, item);
    case "or":
      return isMet(condition.left, item) || isMet(condition.right, item);
    case "not":
      return !isMet(condition.condition, item);
    case "exists":
      return valueAt(item, condition.path) !== undefined;
    case "notExists":
      return valueAt(item, condition.path) === undefined;
    case "compare":
      return compares(condition.comparator, resolve(condition.left, item), resolve(condition.right, item));
    case "between": {
      const value = resolve(condition.operand, item);
      return (
        compares(">=", value, resolve(condition.low, item)) && compares("<=", value, resolve(condition.high, item))
      );
    }
    case "in": {
      const value = resolve(condition.operand, item);
      return condition.options.some((option) => compares("=", value, resolve(option, item)));
    }
    case "type": {
      const value = valueAt(item, condition.path);
      return value !== undefined && resolve(condition.type, item)?.S === typeOf(value);
    }
    case "beginsWith":
      return beginsWith(resolve(condition.operand, item), resolve(condition.argument, item));
    case "contains":
      return contains(resolve(condition.operand, item), resolve(condition.argument, item));
  }
}

function resolve(operand: Operand, item: Item): AttributeValue | undefined {
  if (operand.kind === "value") return operand.value;
  const value = valueAt(item, operand.path);
  if (operand.kind === "path" || value === undefined) return value;
  const size = sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

/** What `size()` gives; numbers and the like have none. */
function sizeOf(value: AttributeValue): number | undefined {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.byteLength;
  const items = value.L ?? value.SS ?? value.NS ?? value.BS;
  if (items !== undefined) return items.length;
  return value.M === undefined ? undefined : Object.keys(value.M).length;
}

/** C1 */
function compares(comparator: Comparator, left?: AttributeValue, right?: AttributeValue): boolean {
  if (left === undefined || right === undefined) return comparator === "<>";
  if (comparator === "=") return areEqual(left, right);
  if (comparator === "<>") return !areEqual(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  switch (comparator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

function beginsWith(value?: AttributeValue, prefix?: AttributeValue): boolean {
  if (value?.S !== undefined && prefix?.S !== undefined) return value.S.startsWith(prefix.S);
  if (value?.B === undefined || prefix?.B === undefined) return false;
  return Buffer.from(value.B).subarray(0, prefix.B.byteLength).equals(prefix.B);
}

function contains(value?: AttributeValue, part?: AttributeValue): boolean {
  if (value === undefined || part === undefined) return false;
  if (value.S !== undefined) return part.S !== undefined && value.S.includes(part.S);
  if (value.B !== undefined) return part.B !== undefined && Buffer.from(value.B).includes(Buffer.from(part.B));
  if (value.SS !== undefined) return part.S !== undefined && value.SS.includes(part.S);
  if (value.NS !== undefined) return part.N !== undefined && value.NS.includes(part.N);
  if (value.BS !== undefined) {
    const wanted = part.B === undefined ? undefined : toBase64(part.B);
    return value.BS.some((one) => toBase64(one) === wanted);
  }
  return value.L?.some((one) => areEqual(one, part)) ?? false;
}
