import { expect, it } from "vitest";
import { keyOfWhere } from "./key-of-where.ts";
import { parseStatement } from "./parse-statement.ts";

const schema = { hash: "a", range: "b" };
const read = (where: string): unknown => {
  const statement = parseStatement(`DELETE FROM t WHERE ${where}`);
  return keyOfWhere(statement.kind === "delete" ? statement.where : undefined, schema);
};

it("parts the key from the condition", () => {
  expect(read("a = 'x' AND 2 = b AND c IS MISSING")).toEqual({
    key: { a: { S: "x" }, b: { N: "2" } },
    condition: { kind: "notExists", path: ["c"] },
  });
});

it("refuses a WHERE that does not name one item", () => {
  const told = "Where clause does not contain a mandatory equality on all key attributes";
  expect(() => read("a = 'x'")).toThrow(told);
  expect(() => read("a = 'x' OR b = 2")).toThrow(told);
});
