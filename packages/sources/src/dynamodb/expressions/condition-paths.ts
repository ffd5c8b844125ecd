import type { Condition, Operand, Path } from "./syntax.ts";

/** What a condition asks about: the paths that it reads in an item. */
export function pathsOf(condition: Condition): Path[] {
  switch (condition.kind) {
    case "and":
    case "or":
      return [...pathsOf(condition.left), ...pathsOf(condition.right)];
    case "not":
      return pathsOf(condition.condition);
    case "exists":
    case "notExists":
      return [condition.path];
    case "type":
      return [condition.path, ...pathsIn([condition.type])];
    case "compare":
      return pathsIn([condition.left, condition.right]);
    case "between":
      return pathsIn([condition.operand, condition.low, condition.high]);
    case "in":
      return pathsIn([condition.operand, ...condition.options]);
    case "beginsWith":
    case "contains":
      return pathsIn([condition.operand, condition.argument]);
  }
}

function pathsIn(operands: readonly Operand[]): Path[] {
  return operands.flatMap((one) => (one.kind === "value" ? [] : [one.path]));
}
