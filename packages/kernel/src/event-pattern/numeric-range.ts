import type { PatternReader, PatternToken } from "./pattern-reader.ts";

const limit = 5e9;

/** Reads the list behind `numeric`: `["=", 5]`, `[">", 0, "<=", 5]`, … */
export function readNumericRange(reader: PatternReader): (value: number) => boolean {
  if (reader.next().kind !== "[") throw reader.error("Value of numeric must be an array.");
  const first = readOperator(reader, reader.next());
  const operand = readOperand(reader, first);
  let token = reader.next();
  if (first === "=") {
    if (token.kind !== "]") throw reader.error("Too many terms in numeric range expression");
    return (value) => value === operand;
  }
  const isFirst = compare(first, operand);
  if (token.kind === "]") return isFirst;
  if (first.startsWith("<")) throw reader.error("Too many terms in numeric range expression");
  const second = readOperator(reader, token);
  if (!second.startsWith("<")) throw reader.error(`Bad numeric range operator: ${second}`);
  const top = readOperand(reader, second);
  token = reader.next();
  if (token.kind !== "]") throw reader.error("Too many terms in numeric range expression");
  if (operand >= top) throw reader.error("Bottom must be less than top");
  const isSecond = compare(second, top);
  return (value) => isFirst(value) && isSecond(value);
}

function readOperator(reader: PatternReader, token: PatternToken): string {
  if (token.kind !== "string") throw reader.error(`Invalid member in numeric match: ${token.text || token.kind}`);
  reader.look();
  if (!["=", "<", "<=", ">", ">="].includes(token.text)) {
    throw reader.error(`Unrecognized numeric range operator: ${token.text}`);
  }
  return token.text;
}

function readOperand(reader: PatternReader, operator: string): number {
  const token = reader.next();
  if (token.kind !== "number") throw reader.error(`Value of ${operator} must be numeric`);
  if (Math.abs(token.number) > limit) {
    throw reader.error(`Value of ${operator} must be between -5.0E9 and 5.0E9, inclusive`);
  }
  return token.number;
}

function compare(operator: string, operand: number): (value: number) => boolean {
  switch (operator) {
    case "<":
      return (value) => value < operand;
    case "<=":
      return (value) => value <= operand;
    case ">":
      return (value) => value > operand;
    default:
      return (value) => value >= operand;
  }
}
