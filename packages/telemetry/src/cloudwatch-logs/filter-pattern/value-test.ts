/** Comparisons with a value: what JSON conditions and conditions on fields share. */
import { invalidParameter } from "../errors.ts";
import type { PatternReader } from "./pattern-reader.ts";

/** A test of one value of an event. */
export type ValueTest = (value: string | number | boolean) => boolean;

/** What may stand in an expression between percent signs: AWS takes no parentheses and no other symbols. */
const regexText = /^[A-Za-z0-9_:#=@/;,\-\s^$?[\]{}|\\*+.'"]*$/;

/** Throws `InvalidParameterException` where CloudWatch takes no such expression. */
export function compileRegex(text: string): RegExp {
  if (!regexText.test(text)) throw invalidParameter(`Invalid regex in filter pattern: ${text}`);
  try {
    return new RegExp(text);
  } catch {
    throw invalidParameter(`Invalid regex in filter pattern: ${text}`);
  }
}

const operators = ["!=", ">=", "<=", "=", ">", "<"] as const;

/** `= 4*`, `!= "x"`, `> 1000`, `= %4\d\d%`; `undefined` where no operator comes next. */
export function readComparison(reader: PatternReader): ValueTest | undefined {
  const operator = operators.find((one) => reader.take(one));
  if (operator === undefined) return undefined;
  if (operator === "=" || operator === "!=") {
    const isEqual = readEquality(reader);
    return operator === "=" ? isEqual : (value) => !isEqual(value);
  }
  const limit = toNumber(reader.match(/[^\s,&|)\]}]+/y) ?? "");
  if (limit === undefined) throw reader.invalid();
  return (value) => {
    const number = toNumber(value);
    if (number === undefined) return false;
    if (operator === ">") return number > limit;
    if (operator === "<") return number < limit;
    return operator === ">=" ? number >= limit : number <= limit;
  };
}

function readEquality(reader: PatternReader): ValueTest {
  const regex = reader.regex();
  if (regex !== undefined) return (value) => regex.test(String(value));
  const quoted = reader.quoted();
  const text = quoted ?? reader.match(/[^\s,&|)\]}]+/y);
  if (text === undefined) throw reader.invalid();
  if (text.includes("*")) {
    const pieces = text.split("*").map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    const wildcard = new RegExp(`^${pieces.join(".*")}$`, "s");
    return (value) => wildcard.test(String(value));
  }
  const number = quoted === undefined ? toNumber(text) : undefined;
  if (number === undefined) return (value) => String(value) === text;
  return (value) => toNumber(value) === number || value === text;
}

function toNumber(value: string | number | boolean): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean" || !/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(value)) return undefined;
  return Number(value);
}
