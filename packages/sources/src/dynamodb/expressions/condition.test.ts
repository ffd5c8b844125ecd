import { createRng } from "@tripline/kernel";
import { describe, expect, it } from "vitest";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { isMet } from "./evaluate-condition.ts";
import { parseCondition } from "./parse-condition.ts";
import { Placeholders } from "./placeholders.ts";

const item: Item = {
  a: { N: "10" },
  b: { S: "hello" },
  s: { SS: ["x", "y"] },
  l: { L: [{ N: "1" }, { M: { k: { S: "v" } } }] },
  e: { M: {} },
};
const values: Record<string, AttributeValue> = {
  ":five": { N: "5" },
  ":ten": { N: "1e1" },
  ":h": { S: "he" },
  ":x": { S: "x" },
  ":N": { S: "N" },
  ":two": { N: "2" },
};
/** With the placeholders that it names. */
function holds(text: string, of: Item = item): boolean {
  const used = Object.fromEntries(Object.entries(values).filter(([key]) => new RegExp(`${key}\\b`).test(text)));
  const input = Object.keys(used).length === 0 ? {} : { ExpressionAttributeValues: used };
  return isMet(parseCondition("ConditionExpression", text, new Placeholders(input, { ConditionExpression: text })), of);
}

describe("conditions", () => {
  it.each([
    ["a = :ten", true],
    ["a <> :five AND a > :five", true],
    ["a BETWEEN :five AND :ten and b = b2", false],
    ["a IN (:five, :ten)", true],
    ["NOT a IN (:five)", true],
    ["attribute_exists(l[1].k) AND attribute_not_exists(l[2])", true],
    ["begins_with(b, :h)", true],
    ["contains(s, :x) AND contains(b, :h)", true],
    ["size(b) = :five OR a = :five", true],
    ["size(s) = :two AND size(l) = :two", true],
    ["attribute_type(a, :N)", true],
    ["absent = :five", false],
    ["absent <> :five", true],
    ["absent < :five", false],
    ["b < :five", false],
    ["a = :five OR a = :ten AND b = :x", false],
    ["(a = :five OR a = :ten) AND begins_with(b, :h)", true],
    ["NOT (a = :ten)", false],
  ])("%s is %s", (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it.each([
    ["a = ", 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="'],
    ["a ! :five", 'Invalid ConditionExpression: Syntax error; token: "!", near: "a !'],
    ["foo(a)", "Invalid ConditionExpression: Invalid function name; function: foo"],
    [
      "begins_with(a)",
      "Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1",
    ],
    [
      "a BETWEEN :ten AND :five",
      "Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:10}, upper bound operand: AttributeValue: {N:5}",
    ],
    [
      "attribute_exists(:x)",
      "Invalid ConditionExpression: Operator or function requires a document path; operator or function: attribute_exists",
    ],
    ["((a = :ten))", "Invalid ConditionExpression: The expression has redundant parentheses;"],
    [
      "a = a",
      "Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]",
    ],
  ])("%s is refused", (text, message) => {
    expect(() => holds(text)).toThrow(message);
  });

  it("AND binds more than OR, and NOT more than either, whatever is written", () => {
    const rng = createRng("conditions");
    const leaves: [string, boolean][] = [
      ["a = :ten", true],
      ["a = :five", false],
      ["attribute_exists(b)", true],
      ["attribute_exists(zz)", false],
    ];
    const grow = (depth: number): [string, boolean] => {
      const leaf = leaves[rng.below(leaves.length)] ?? ["a = :ten", true];
      if (depth === 0) return leaf;
      const [left, leftHolds] = grow(depth - 1);
      const [right, rightHolds] = grow(depth - 1);
      switch (rng.below(3)) {
        case 0:
          return [`NOT (NOT ${left.includes(" AND ") || left.includes(" OR ") ? `(${left})` : left})`, leftHolds];
        case 1:
          return [`(${left}) AND NOT (${right})`, leftHolds && !rightHolds];
        default:
          return [`(${left}) OR (${right}) AND a = :ten`, leftHolds || rightHolds];
      }
    };
    for (let n = 0; n < 300; n++) {
      const [text, expected] = grow(1 + rng.below(4));
      expect([text, holds(text)]).toEqual([text, expected]);
    }
  });
});
