/**
 * Key conditions: one partition, and a range of its sort keys.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
import { invalidParameter, validation } from "../errors.ts";
import type { KeySchema } from "../table.ts";
import { type AttributeType, type AttributeValue, typeOf } from "../values/attribute-value.ts";
import { toSortBytes } from "../values/key-bytes.ts";
import type { Condition, Operand } from "./syntax.ts";

/** A condition on one key attribute. */
export interface KeyTerm {
  attribute: string;
  operator: "=" | "<" | "<=" | ">" | ">=" | "BETWEEN" | "begins_with";
  values: AttributeValue[];
}

/** What a query walks. `to` is exclusive. */
export interface KeyRange {
  partition: AttributeValue;
  from: Buffer;
  to: Buffer;
}

const member = "KeyConditionExpression";
/** Above every sort key. */
export const highestSort: Buffer = Buffer.alloc(1_100, 0xff);
const turned = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

/** Throws ValidationException. */
export function toKeyTerms(condition: Condition): KeyTerm[] {
  switch (condition.kind) {
    case "and":
      return [...toKeyTerms(condition.left), ...toKeyTerms(condition.right)];
    case "compare": {
      const { comparator, left, right } = condition;
      if (comparator === "<>") throw badOperator("<>");
      if (left.kind === "path" && right.kind === "value") return [term(left, comparator, [right])];
      if (left.kind === "value" && right.kind === "path") return [term(right, turned[comparator], [left])];
      throw noValue(left.kind === "path" ? right : left, comparator);
    }
    case "between":
      return [term(condition.operand, "BETWEEN", [condition.low, condition.high])];
    case "beginsWith":
      return [term(condition.operand, "begins_with", [condition.argument])];
    case "or":
      throw badOperator("OR");
    case "not":
      throw badOperator("NOT");
    case "in":
      throw badOperator("IN");
    case "exists":
      throw badOperator("attribute_exists");
    case "notExists":
      throw badOperator("attribute_not_exists");
    case "type":
      throw badOperator("attribute_type");
    case "contains":
      throw badOperator("contains");
  }
}

function badOperator(operator: string): Error {
  return validation(`Invalid operator used in ${member}: ${operator}`);
}

function noValue(operand: Operand, operator: string): Error {
  return operand.kind === "size"
    ? badOperator("size")
    : validation(`Invalid condition in ${member}: No key attribute specified; operator or function: ${operator}`);
}

function term(operand: Operand, operator: KeyTerm["operator"], given: readonly Operand[]): KeyTerm {
  if (operand.kind !== "path") throw noValue(operand, operator);
  const [attribute] = operand.path;
  if (typeof attribute !== "string" || operand.path.length !== 1) {
    throw validation(`Invalid ${member}: ${member}s cannot have conditions on nested attributes`);
  }
  const values = given.map((one) => {
    if (one.kind !== "value") {
      throw validation(`Invalid condition in ${member}: Multiple attribute names used in one condition`);
    }
    return one.value;
  });
  return { attribute, operator, values };
}

/** Throws ValidationException. */
export function toKeyRange(
  terms: readonly KeyTerm[],
  key: KeySchema,
  attributes: Readonly<Record<string, string>>,
): KeyRange {
  const names = terms.map(({ attribute }) => attribute);
  if (new Set(names).size !== names.length) {
    throw validation("KeyConditionExpressions must only contain one condition per key");
  }
  if (names.length > 2) throw validation("Conditions can be of length 1 or 2 only");
  const hash = terms.find(({ attribute }) => attribute === key.hash);
  if (hash === undefined) throw validation(`Query condition missed key schema element: ${key.hash}`);
  if (hash.operator !== "=") throw validation("Query key condition not supported");
  const range = terms.find((one) => one !== hash);
  if (range !== undefined && range.attribute !== key.range) {
    throw validation(
      key.range === undefined
        ? "Query key condition not supported"
        : `Query condition missed key schema element: ${key.range}`,
    );
  }
  for (const { attribute, values } of terms) {
    for (const value of values) checkKeyType(value, attribute, attributes[attribute]);
  }
  const partition = hash.values[0] ?? {};
  const bounds = range === undefined ? [Buffer.alloc(0), highestSort] : toBounds(range);
  return { partition, from: bounds[0] ?? Buffer.alloc(0), to: bounds[1] ?? highestSort };
}

function checkKeyType(value: AttributeValue, attribute: string, wanted: string | undefined): void {
  const type: AttributeType = typeOf(value);
  if (type !== wanted) {
    throw invalidParameter("Condition parameter type does not match schema type");
  }
  if (value.S === "" || value.B?.byteLength === 0) {
    throw validation(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${value.S === "" ? "string" : "binary"} value. Key: ${attribute}`,
    );
  }
}

/** From, and to before, which a condition on a sort key leads. */
export function toBounds({ operator, values }: KeyTerm): [Buffer, Buffer] {
  const [first, last] = values.map(toSortBytes);
  const low = first ?? Buffer.alloc(0);
  const bottom = Buffer.alloc(0);
  switch (operator) {
    case "=":
      return [low, after(low)];
    case "<":
      return [bottom, low];
    case "<=":
      return [bottom, after(low)];
    case ">":
      return [after(low), highestSort];
    case ">=":
      return [low, highestSort];
    case "BETWEEN":
      return [low, after(last ?? low)];
    case "begins_with":
      if (values[0]?.N !== undefined) {
        throw validation(
          `Invalid ${member}: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N`,
        );
      }
      return [low, afterPrefix(low)];
  }
}

/** The first key that is greater. */
function after(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.from([0])]);
}

/** The first key that is greater than every one that begins so. */
function afterPrefix(prefix: Buffer): Buffer {
  let length = prefix.byteLength;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  if (length === 0) return highestSort;
  const end = Buffer.from(prefix.subarray(0, length));
  end.writeUInt8((end[length - 1] ?? 0) + 1, length - 1);
  return end;
}
