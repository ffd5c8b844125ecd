/**
 * The older parameters (Expected, QueryFilter, ScanFilter, KeyConditions, AttributeUpdates, AttributesToGet) as what expressions are
 * parsed into. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
 */
import { invalidParameter, validation } from "../errors.ts";
import { type AttributeValue, checkValue, typeOf } from "../values/attribute-value.ts";
import type { KeyTerm } from "./key-condition.ts";
import type { Comparator, Condition, Operand, Path, UpdateAction } from "./syntax.ts";

export interface LegacyCondition {
  AttributeValueList?: AttributeValue[];
  ComparisonOperator?: string;
}

export interface LegacyExpected extends LegacyCondition {
  Value?: AttributeValue;
  Exists?: boolean;
}

export interface LegacyUpdate {
  Value?: AttributeValue;
  Action?: string;
}

const comparators: Readonly<Record<string, Comparator>> = { EQ: "=", NE: "<>", LE: "<=", LT: "<", GE: ">=", GT: ">" };
const counts: Readonly<Record<string, number>> = { NULL: 0, NOT_NULL: 0, BETWEEN: 2 };
/** Operators of these types of operands only. */
const scalar: ReadonlySet<string> = new Set(["S", "N", "B"]);
const scalarOnly: ReadonlySet<string> = new Set(["LE", "LT", "GE", "GT", "BETWEEN", "BEGINS_WITH", "IN"]);

/** Of Expected. Undefined where it has none. Throws ValidationException. */
export function fromExpected(
  expected: Readonly<Record<string, LegacyExpected>>,
  operator: string | undefined,
): Condition | undefined {
  const conditions = Object.entries(expected).map(([name, one]) => {
    const { Value, Exists, ComparisonOperator, AttributeValueList } = one;
    if (ComparisonOperator !== undefined) {
      if (Exists !== undefined) {
        throw invalidParameter("Exists and ComparisonOperator cannot be used together for Attribute: " + name);
      }
      if (Value !== undefined && AttributeValueList !== undefined) {
        throw invalidParameter("Value and AttributeValueList cannot be used together for Attribute: " + name);
      }
      return fromCondition(name, {
        ComparisonOperator,
        AttributeValueList: Value === undefined ? (AttributeValueList ?? []) : [Value],
      });
    }
    if (AttributeValueList !== undefined) {
      throw invalidParameter("AttributeValueList can only be used with a ComparisonOperator for Attribute: " + name);
    }
    if (Exists === false) {
      if (Value === undefined) return { kind: "notExists", path: [name] } satisfies Condition;
      throw invalidParameter("Value cannot be used when Exists is false for Attribute: " + name);
    }
    if (Value === undefined) {
      throw invalidParameter(
        Exists === true
          ? "Value must be provided when Exists is true for Attribute: " + name
          : "Value must be provided when Exists is null for Attribute: " + name,
      );
    }
    return compare(name, "=", Value);
  });
  return join(conditions, operator);
}

/** Of QueryFilter and ScanFilter. */
export function fromFilter(
  filter: Readonly<Record<string, LegacyCondition>>,
  operator: string | undefined,
): Condition | undefined {
  return join(
    Object.entries(filter).map(([name, condition]) => fromCondition(name, condition)),
    operator,
  );
}

/** Of KeyConditions. */
export function fromKeyConditions(conditions: Readonly<Record<string, LegacyCondition>>): KeyTerm[] {
  return Object.entries(conditions).map(([attribute, condition]) => {
    const { ComparisonOperator: name = "" } = condition;
    const values = checkedValues(condition);
    const comparator = comparators[name];
    const operator =
      name === "BETWEEN"
        ? "BETWEEN"
        : name === "BEGINS_WITH"
          ? "begins_with"
          : comparator === "<>"
            ? undefined
            : comparator;
    if (operator === undefined) throw validation("Attempted conditional constraint is not an indexable operation");
    return { attribute, operator, values };
  });
}

/** Of AttributeUpdates. */
export function fromAttributeUpdates(updates: Readonly<Record<string, LegacyUpdate>>): UpdateAction[] {
  return Object.entries(updates).map(([name, { Value, Action = "PUT" }]) => {
    const path = [name];
    if (Value === undefined) {
      if (Action === "DELETE") return { kind: "remove", path };
      throw invalidParameter(`Only DELETE action is allowed when no attribute value is specified`);
    }
    const value = checkValue(Value);
    const type = typeOf(value);
    if (Action === "PUT") return { kind: "set", path, value: { kind: "value", value } };
    const allowed = Action === "DELETE" ? ["SS", "NS", "BS"] : ["N", "SS", "NS", "BS", "L"];
    if (!allowed.includes(type)) {
      throw invalidParameter(
        Action === "DELETE"
          ? `DELETE action with value is not supported for the type ${type}`
          : `ADD action is not supported for the type ${type}`,
      );
    }
    return { kind: Action === "DELETE" ? "delete" : "append", path, value };
  });
}

/** Of AttributesToGet: whole attributes. Throws ValidationException. */
export function fromAttributesToGet(names: readonly string[]): Path[] {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw invalidParameter(`Duplicate value in attribute name: ${name}`);
    seen.add(name);
  }
  return names.map((name) => [name]);
}

function join(conditions: readonly Condition[], operator = "AND"): Condition | undefined {
  const kind = operator === "OR" ? "or" : "and";
  return conditions.reduce<Condition | undefined>(
    (left, right) => (left === undefined ? right : { kind, left, right }),
    undefined,
  );
}

function compare(name: string, comparator: Comparator, value: AttributeValue): Condition {
  return { kind: "compare", comparator, left: { kind: "path", path: [name] }, right: toOperand(checkValue(value)) };
}

function toOperand(value: AttributeValue): Operand {
  return { kind: "value", value };
}

function checkedValues({
  AttributeValueList: values = [],
  ComparisonOperator: name = "",
}: LegacyCondition): AttributeValue[] {
  const count = counts[name] ?? 1;
  if (name === "IN" ? values.length === 0 : values.length !== count) {
    throw invalidParameter(`Invalid number of argument(s) for the ${name} ComparisonOperator`);
  }
  for (const value of values) {
    checkValue(value);
    if (scalarOnly.has(name) && !scalar.has(typeOf(value))) {
      throw invalidParameter(`ComparisonOperator ${name} is not valid for ${typeOf(value)} AttributeValue type`);
    }
  }
  return values;
}

function fromCondition(name: string, condition: LegacyCondition): Condition {
  const operand: Operand = { kind: "path", path: [name] };
  const options = checkedValues(condition).map(toOperand);
  const [first = toOperand({ NULL: true }), second = first] = options;
  const { ComparisonOperator: operator = "" } = condition;
  switch (operator) {
    case "NULL":
      return { kind: "notExists", path: [name] };
    case "NOT_NULL":
      return { kind: "exists", path: [name] };
    case "IN":
      return { kind: "in", operand, options };
    case "BETWEEN":
      return { kind: "between", operand, low: first, high: second };
    case "BEGINS_WITH":
      return { kind: "beginsWith", operand, argument: first };
    case "CONTAINS":
      return { kind: "contains", operand, argument: first };
    case "NOT_CONTAINS":
      return {
        kind: "and",
        left: { kind: "exists", path: [name] },
        right: { kind: "not", condition: { kind: "contains", operand, argument: first } },
      };
    default:
      return { kind: "compare", comparator: comparators[operator] ?? "=", left: operand, right: first };
  }
}
