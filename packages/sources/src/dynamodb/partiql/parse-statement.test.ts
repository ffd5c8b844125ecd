import { describe, expect, it } from "vitest";
import { parseStatement } from "./parse-statement.ts";

describe("parseStatement", () => {
  it("reads a SELECT from an index with parameters", () => {
    const text = `SELECT a, b.c[1] FROM "orders"."by-status" WHERE status = ? AND n BETWEEN 1 AND -2 ORDER BY n DESC`;
    expect(parseStatement(text, [{ S: "new" }])).toEqual({
      kind: "select",
      table: "orders",
      index: "by-status",
      paths: [["a"], ["b", "c", 1]],
      order: [{ name: "n", isBackward: true }],
      where: {
        kind: "and",
        left: {
          kind: "compare",
          comparator: "=",
          left: { kind: "path", path: ["status"] },
          right: { kind: "value", value: { S: "new" } },
        },
        right: {
          kind: "between",
          operand: { kind: "path", path: ["n"] },
          low: { kind: "value", value: { N: "1" } },
          high: { kind: "value", value: { N: "-2" } },
        },
      },
    });
  });

  it("reads the literals of an INSERT", () => {
    const text = `INSERT INTO t VALUE {'a': 'it''s', 'b': [1, null, true], 'c': <<'x', 'y'>>, 'd': {'e': 1.50}}`;
    expect(parseStatement(text)).toEqual({
      kind: "insert",
      table: "t",
      item: {
        a: { S: "it's" },
        b: { L: [{ N: "1" }, { NULL: true }, { BOOL: true }] },
        c: { SS: ["x", "y"] },
        d: { M: { e: { N: "1.5" } } },
      },
    });
  });

  it("refuses what is no statement, and parameters that do not match", () => {
    expect(() => parseStatement("SELEC * FROM t")).toThrow(/^Statement wasn't well formed, can't be processed: /);
    expect(() => parseStatement("SELECT * FROM t WHERE a = ?")).toThrow(/Number of parameters/);
    expect(() => parseStatement("SELECT * FROM t", [{ S: "a" }])).toThrow(/Number of parameters/);
  });
});
