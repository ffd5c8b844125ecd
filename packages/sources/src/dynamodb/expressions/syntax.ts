/** What expressions, and the older parameters, are parsed into. Placeholders are resolved. */
import type { AttributeValue } from "../values/attribute-value.ts";

/** Names of attributes and positions in lists. */
export type Path = readonly (string | number)[];

export type Operand =
  | { kind: "path"; path: Path }
  | { kind: "value"; value: AttributeValue }
  | { kind: "size"; path: Path };

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Condition =
  | { kind: "and" | "or"; left: Condition; right: Condition }
  | { kind: "not"; condition: Condition }
  | { kind: "compare"; comparator: Comparator; left: Operand; right: Operand }
  | { kind: "between"; operand: Operand; low: Operand; high: Operand }
  | { kind: "in"; operand: Operand; options: Operand[] }
  | { kind: "exists" | "notExists"; path: Path }
  | { kind: "type"; path: Path; type: Operand }
  | { kind: "beginsWith" | "contains"; operand: Operand; argument: Operand };

export type SetValue =
  | Operand
  | { kind: "ifNotExists"; path: Path; otherwise: SetValue }
  | { kind: "listAppend"; first: SetValue; second: SetValue }
  | { kind: "plus" | "minus"; left: SetValue; right: SetValue };

export type UpdateAction =
  | { kind: "set"; path: Path; value: SetValue }
  | { kind: "remove"; path: Path }
  | { kind: "add" | "delete"; path: Path; value: AttributeValue }
  /** The older ADD, which also lengthens lists. */
  | { kind: "append"; path: Path; value: AttributeValue };

/** `[a, b, [0]]`, as AWS shows a path. */
export function showPath(path: Path): string {
  return `[${path.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(", ")}]`;
}
