/** What is wrong with the operands of a condition, as AWS tells it; undefined: nothing. For expressions and PartiQL alike. */
import { toBase64, typeOf } from "../values/attribute-value.ts";
import { compareValues } from "../values/compare-values.ts";
import { type Operand, showPath } from "./syntax.ts";

const ordered: ReadonlySet<string> = new Set(["S", "N", "B"]);
const texts: ReadonlySet<string> = new Set(["S", "B"]);

/** Of `<`, BETWEEN and the like: only texts, numbers and bytes have an order. */
export function orderedFault(name: string, operands: readonly (Operand | undefined)[]): string | undefined {
  return typeFault(name, operands, ordered);
}

export function beginsWithFault(operands: readonly (Operand | undefined)[]): string | undefined {
  return typeFault("begins_with", operands, texts);
}

function typeFault(
  name: string,
  operands: readonly (Operand | undefined)[],
  allowed: ReadonlySet<string>,
): string | undefined {
  for (const operand of operands) {
    if (operand?.kind !== "value" || allowed.has(typeOf(operand.value))) continue;
    return `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${typeOf(operand.value)}`;
  }
  return undefined;
}

/** Of attribute_type. `names`: in the order that AWS shows them in. */
export function typeNameFault(operand: Operand | undefined, names: readonly string[]): string | undefined {
  if (operand?.kind !== "value") return undefined;
  const { S: name } = operand.value;
  if (name === undefined) return typeFault("attribute_type", [operand], new Set());
  return names.includes(name)
    ? undefined
    : `Invalid attribute type name found; type: ${name}, valid types: {${names.join(",")}}`;
}

export function betweenFault(operand: Operand, low: Operand, high: Operand): string | undefined {
  const fault = orderedFault("BETWEEN", [operand, low, high]);
  if (fault !== undefined || low.kind !== "value" || high.kind !== "value") return fault;
  const bounds = `lower bound operand: AttributeValue: ${show(low)}, upper bound operand: AttributeValue: ${show(high)}`;
  const order = compareValues(low.value, high.value);
  if (order === undefined) return `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`;
  return order > 0
    ? `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`
    : undefined;
}

export function distinctFault(name: string, left: Operand, right: Operand): string | undefined {
  return left.kind === "path" && right.kind === "path" && showPath(left.path) === showPath(right.path)
    ? `The first operand must be distinct from the remaining operands for this operator or function; operator: ${name}, first operand: ${showPath(left.path)}`
    : undefined;
}

function show({ value }: Extract<Operand, { kind: "value" }>): string {
  const { S, N, B } = value;
  return `{${typeOf(value)}:${S ?? N ?? (B === undefined ? "" : toBase64(B))}}`;
}
