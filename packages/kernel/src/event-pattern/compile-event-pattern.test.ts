import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileEventPattern } from "../index.ts";

interface RecordedCase {
  name: string;
  event: unknown;
  /** JSON text. */
  pattern: string;
  matches?: boolean;
  error?: string;
}

/** What EventBridge answered to TestEventPattern, as recorded by LocalStack's AWS-validated tests (Apache-2.0). */
const recordedCases = JSON.parse(
  readFileSync(new URL("recorded-cases.json", import.meta.url), "utf8"),
) as RecordedCase[];

const matches = (pattern: unknown, event: unknown, flavour: "bus" | "esm" = "bus"): boolean =>
  compileEventPattern(pattern, flavour)(event);
const errorOf = (pattern: unknown, flavour: "bus" | "esm" = "bus"): object => {
  try {
    compileEventPattern(pattern, flavour);
  } catch (error) {
    const { code, status, message } = error as { code: string; status: number; message: string };
    return { code, status, message };
  }
  throw new Error("the pattern was accepted");
};
const reason = (text: string): object => ({
  code: "InvalidEventPatternException",
  status: 400,
  message: `Event pattern is not valid. Reason: ${text}`,
});

describe("compileEventPattern answers as AWS did", () => {
  it.each(recordedCases.filter((one) => one.error === undefined))("$name", ({ pattern, event, matches: expected }) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it.each(recordedCases.filter((one) => one.error !== undefined))("$name", ({ pattern, error }) => {
    expect(errorOf(pattern)).toEqual({ code: "InvalidEventPatternException", status: 400, message: error });
  });

  it.each([
    [
      "this is valid json but not a dict",
      "Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
      5,
    ],
    ["{'bad': 'quotation'}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 2],
    [
      '{"not": closed mark"',
      "Unrecognized token 'closed': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
      15,
    ],
    ['["not", "a", "dict", "but valid json"]', "Filter is not an object", 2],
  ])("%s", (pattern, text, column) => {
    expect(errorOf(pattern)).toEqual(reason(`${text}\n at [Source: (String)"${pattern}"; line: 1, column: ${column}]`));
  });
});

describe("compileEventPattern", () => {
  it("takes what JSON text parses to, and names the line and column in text", () => {
    expect(matches({ a: ["x"] }, { a: "x" })).toBe(true);
    expect(errorOf('{\n  "a": 1}')).toEqual(
      reason(`"a" must be an object or an array\n at [Source: (String)"{\n  "a": 1}"; line: 2, column: 9]`),
    );
    expect(errorOf(undefined)).toEqual(
      reason('No content to map due to end-of-input\n at [Source: (String)""; line: 1, column: 1]'),
    );
    const long = `{"${"a".repeat(600)}": 1}`;
    expect(errorOf(long)).toEqual(
      reason(
        `"${"a".repeat(600)}" must be an object or an array\n at [Source: (String)"${long.slice(0, 500)}"[truncated ${long.length - 500} chars]; line: 1, column: 607]`,
      ),
    );
  });

  it.each([
    ["{}", "Empty objects are not allowed", 3],
    ['{"a": {}}', "Empty objects are not allowed", 9],
    ['{"a": [[1]]}', "Match value must be String, number, true, false, or null", 9],
    ['{"a": [{}]}', "Match expression name not found", 10],
    ['{"a": [{"exists": "yes"}]}', "exists match pattern must be either true or false.", 20],
    ['{"a": [{"prefix": "x", "suffix": "y"}]}', "Only one key allowed in match expression", 32],
    ['{"a": [{"numeric": []}]}', "Invalid member in numeric match: ]", 22],
    ['{"a": [{"numeric": ["!", 1]}]}', "Unrecognized numeric range operator: !", 24],
    ['{"a": [{"numeric": ["=", 1, "<", 2]}]}', "Too many terms in numeric range expression", 30],
    ['{"a": [{"numeric": [">", 5, "<", 5]}]}', "Bottom must be less than top", 36],
    ['{"a": [{"numeric": ["=", 5000000001]}]}', "Value of = must be between -5.0E9 and 5.0E9, inclusive", 36],
    ['{"a": [{"wildcard": "\\\\x"}]}', "Invalid escape character at pos 0", 26],
    ['{"$or": [{"a": [1]}]}', "There must have at least 2 Objects in $or relationship.", 21],
    ['{"a": [1', "Unexpected end-of-input: expected close marker for Array", 9],
  ])("refuses %s", (pattern, text, column) => {
    expect(errorOf(pattern)).toEqual(reason(`${text}\n at [Source: (String)"${pattern}"; line: 1, column: ${column}]`));
  });

  it("$or counts beside the other keys, nests, and is an ordinary key where it holds values", () => {
    const pattern = { a: [1], $or: [{ b: [1] }, { c: { $or: [{ d: [2] }, { e: [2] }] } }] };
    expect(matches(pattern, { a: 1, b: 1 })).toBe(true);
    expect(matches(pattern, { a: 1, c: { e: 2 } })).toBe(true);
    expect(matches(pattern, { a: 2, b: 1 })).toBe(false);
    expect(matches(pattern, { a: 1, b: 2, c: {} })).toBe(false);
    expect(matches({ $or: ["x", { prefix: "y" }] }, { $or: "yes" })).toBe(true);
    expect(matches({ $or: [{ prefix: "y" }] }, { $or: "yes" })).toBe(true);
    const ten = Array.from({ length: 10 }, (_, n) => ({ a: [n] }));
    expect(matches({ x: { $or: ten }, y: { $or: ten }, z: { $or: ten } }, {})).toBe(false);
    expect(errorOf({ x: { $or: ten }, y: { $or: ten }, z: { $or: [...ten, { a: [10] }] } })).toMatchObject({
      code: "InvalidEventPatternException",
    });
  });

  it("of equal keys the last counts, and dotted keys are nested ones", () => {
    expect(matches('{"a": ["x"], "a": ["y"]}', { a: "y" })).toBe(true);
    expect(matches({ "a.b": ["x"] }, { a: { b: "x" } })).toBe(true);
    expect(matches({ a: { "b.c": ["x"] } }, { "a.b": { c: "x" } })).toBe(true);
  });

  it("a list of the event matches where one element does, objects in it too", () => {
    expect(matches({ a: [{ prefix: "x" }] }, { a: ["no", "xy"] })).toBe(true);
    expect(matches({ a: [{ "anything-but": "no" }] }, { a: ["no"] })).toBe(false);
    expect(matches({ a: { b: [1] } }, { a: [{ b: 2 }, { b: 1 }] })).toBe(true);
    expect(matches({ a: [{ exists: false }] }, { a: { b: 1 } })).toBe(true);
    expect(matches({ a: [{ exists: true }] }, { a: null })).toBe(true);
  });

  it("what is no object never matches", () => {
    expect(["x", 1, null, undefined, []].map((event) => matches({ a: [{ exists: true }] }, event))).toEqual(
      [1, 2, 3, 4, 5].map(() => false),
    );
  });

  it("wildcards match the rest of a text, and escapes stand for themselves", () => {
    const isMatch = (wildcard: string, a: string): boolean => matches({ a: [{ wildcard }] }, { a });
    expect(isMatch("*", "")).toBe(true);
    expect(isMatch("a*a", "a")).toBe(false);
    expect(isMatch("a*b*a", "aba")).toBe(true);
    expect(isMatch("*.txt", "x.txt.txt")).toBe(true);
    expect(isMatch("a\\*b", "a*b")).toBe(true);
    expect(isMatch("a\\*b", "axb")).toBe(false);
    expect(isMatch("a\\\\*", "a\\x")).toBe(true);
  });

  it("addresses match by their bits", () => {
    const isMatch = (cidr: string, a: string): boolean => matches({ a: [{ cidr }] }, { a });
    expect(isMatch("10.0.0.128/25", "10.0.0.200")).toBe(true);
    expect(isMatch("10.0.0.128/25", "10.0.0.100")).toBe(false);
    expect(isMatch("0.0.0.0/0", "::1")).toBe(false);
    expect(isMatch("::ffff:10.0.0.0/104", "::ffff:10.1.2.3")).toBe(true);
    expect(isMatch("2001:db8::/32", "2001:db8:1::2:3")).toBe(true);
    expect(errorOf({ a: [{ cidr: "10.0.0.0/33" }] })).toEqual(
      reason("Malformed CIDR, IPv4 mask bits must not be more than 32"),
    );
  });

  it("filters of mappings know neither wildcard nor an operator inside anything-but", () => {
    expect(matches({ a: [{ "anything-but": ["x"] }] }, { a: "y" }, "esm")).toBe(true);
    expect(errorOf('{"a": [{"wildcard": "x*"}]}', "esm")).toEqual(
      reason(
        'Unrecognized match type wildcard\n at [Source: (String)"{"a": [{"wildcard": "x*"}]}"; line: 1, column: 22]',
      ),
    );
    expect(errorOf('{"a": [{"anything-but": {"prefix": "x"}}]}', "esm")).toMatchObject({
      code: "InvalidEventPatternException",
    });
  });
});
