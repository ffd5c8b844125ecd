/** References and expressions of templates. */
import {
  type BinaryOperator,
  type Expression,
  type Reference,
  type Step,
  TemplateError,
  type TemplateNode,
} from "./template-node.ts";

/** Reads at a place that it shares with the parser of templates. */
export interface ExpressionParser {
  space(): void;
  /** Throws where something else stands. */
  expect(char: string): void;
  peek(char: string): boolean;
  word(word: string): void;
  expression(): Expression;
  /** Undefined, and nothing is taken, where none begins. */
  reference(): Reference | undefined;
  /** `(1 $a, "b")`, of a macro; undefined where they cannot be. */
  callArguments(): readonly Expression[] | undefined;
  /** `name $a $b` */
  names(): string[];
}

const levels: readonly (readonly [string, BinaryOperator])[][] = [
  [
    ["||", "||"],
    ["or", "||"],
  ],
  [
    ["&&", "&&"],
    ["and", "&&"],
  ],
  [
    ["==", "=="],
    ["!=", "!="],
    ["eq", "=="],
    ["ne", "!="],
  ],
  [
    ["<=", "<="],
    [">=", ">="],
    ["<", "<"],
    [">", ">"],
    ["lt", "<"],
    ["le", "<="],
    ["gt", ">"],
    ["ge", ">="],
  ],
  [
    ["+", "+"],
    ["-", "-"],
  ],
  [
    ["*", "*"],
    ["/", "/"],
    ["%", "%"],
  ],
];

/** `interpolate` parses what stands in double quotes. */
export function createExpressionParser(
  text: string,
  place: () => number,
  move: (at: number) => void,
  interpolate: (text: string) => readonly TemplateNode[],
): ExpressionParser {
  const fail = (what: string): never => {
    throw new TemplateError(
      `${what} at ${text.slice(0, place()).split("\n").length}: ${text.slice(place(), place() + 20)}`,
    );
  };
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = place();
    const match = pattern.exec(text) ?? undefined;
    if (match !== undefined) move(place() + match[0].length);
    return match;
  };
  const space = (): void => {
    take(/\s+/y);
  };
  const peek = (char: string): boolean => {
    space();
    return text.startsWith(char, place());
  };
  const takeChar = (char: string): boolean => {
    if (!peek(char)) return false;
    move(place() + char.length);
    return true;
  };
  const expect = (char: string): void => {
    if (!takeChar(char)) fail(`"${char}" is missing`);
  };

  const binary = (level: number): Expression => {
    const operators = levels[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (;;) {
      space();
      const found = operators.find(([sign]) =>
        /\w/.test(sign) ? new RegExp(`${sign}\\b`, "y").test(rest()) : text.startsWith(sign, place()),
      );
      if (found === undefined) return left;
      move(place() + found[0].length);
      left = { kind: "binary", operator: found[1], left, right: binary(level + 1) };
    }
  };
  const rest = (): string => text.slice(place(), place() + 4);
  const unary = (): Expression => {
    space();
    if (take(/!(?!=)/y) !== undefined || take(/not\b/y) !== undefined) return { kind: "not", of: unary() };
    if (text.charAt(place()) === "-" && !/\d/.test(text.charAt(place() + 1))) {
      move(place() + 1);
      return { kind: "negative", of: unary() };
    }
    return primary();
  };

  const primary = (): Expression => {
    space();
    const char = text.charAt(place());
    if (char === "(") {
      expect("(");
      const inner = binary(0);
      expect(")");
      return inner;
    }
    if (char === "$") return reference() ?? fail("A reference is missing");
    if (char === "'") {
      const [, value = ""] = take(/'((?:[^']|'')*)'/y) ?? fail("A text does not end");
      return { kind: "literal", value: value.replaceAll("''", "'") };
    }
    if (char === '"') {
      const [, value = ""] = take(/"((?:[^"]|"")*)"/y) ?? fail("A text does not end");
      const plain = value.replaceAll('""', '"');
      return /[$#\\]/.test(plain)
        ? { kind: "interpolated", nodes: interpolate(plain) }
        : { kind: "literal", value: plain };
    }
    if (char === "[") return list();
    if (char === "{") return map();
    const number = take(/-?\d+(\.\d+)?([eE][+-]?\d+)?/y);
    if (number !== undefined) return toNumber(number);
    const word = take(/(?:true|false)\b/y)?.[0];
    return word === undefined ? fail("Not an expression") : { kind: "literal", value: word === "true" };
  };

  const list = (): Expression => {
    expect("[");
    if (takeChar("]")) return { kind: "list", items: [] };
    const first = binary(0);
    if (takeChar("..")) {
      const to = binary(0);
      expect("]");
      return { kind: "range", from: first, to };
    }
    const items = [first];
    while (takeChar(",")) items.push(binary(0));
    expect("]");
    return { kind: "list", items };
  };
  const map = (): Expression => {
    expect("{");
    const entries: (readonly [Expression, Expression])[] = [];
    if (takeChar("}")) return { kind: "map", entries };
    do {
      const key = binary(0);
      expect(":");
      entries.push([key, binary(0)]);
    } while (takeChar(","));
    expect("}");
    return { kind: "map", entries };
  };

  const methodArguments = (): Expression[] => {
    const args: Expression[] = [];
    expect("(");
    if (takeChar(")")) return args;
    do args.push(binary(0));
    while (takeChar(","));
    expect(")");
    return args;
  };

  const steps = (): Step[] => {
    const path: Step[] = [];
    for (;;) {
      const before = place();
      const name = take(/\.([A-Za-z_][\w-]*)/y)?.[1];
      if (name !== undefined) {
        if (text.charAt(place()) !== "(") {
          path.push({ kind: "property", name });
          continue;
        }
        try {
          path.push({ kind: "method", name, args: methodArguments() });
        } catch (error) {
          if (!(error instanceof TemplateError)) throw error;
          // No call, then: what follows is text.
          move(before);
          return path;
        }
        continue;
      }
      if (text.charAt(place()) !== "[") return path;
      try {
        move(place() + 1);
        const index = binary(0);
        expect("]");
        path.push({ kind: "index", index });
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        move(before);
        return path;
      }
    }
  };

  const reference = (): Reference | undefined => {
    const start = place();
    const [head, silent, brace, name = ""] = take(/\$(!?)(\{?)([A-Za-z_][\w-]*)/y) ?? [];
    if (head === undefined) return undefined;
    const path = steps();
    if (brace === "{") {
      if (text.charAt(place()) !== "}") fail("} of a reference is missing");
      move(place() + 1);
    }
    return { kind: "reference", name, isSilent: silent === "!", path, text: text.slice(start, place()) };
  };

  return {
    space,
    expect,
    peek,
    word(word) {
      space();
      if (take(new RegExp(`${word}\\b`, "y")) === undefined) fail(`"${word}" is missing`);
    },
    expression: () => binary(0),
    reference,
    callArguments() {
      const start = place();
      try {
        const args: Expression[] = [];
        expect("(");
        while (!takeChar(")")) {
          args.push(unary());
          takeChar(",");
        }
        return args;
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        move(start);
        return undefined;
      }
    },
    names() {
      const names: string[] = [];
      for (;;) {
        space();
        takeChar(",");
        space();
        const name = take(/\$?!?\{?([A-Za-z_][\w-]*)\}?/y)?.[1];
        if (name === undefined) return names;
        names.push(name);
      }
    },
  };
}

function toNumber([text, fraction, exponent]: RegExpExecArray): Expression {
  if (fraction !== undefined || exponent !== undefined) return { kind: "literal", value: { fraction: Number(text) } };
  const value = BigInt(text);
  return { kind: "literal", value: Number.isSafeInteger(Number(value)) ? Number(value) : value };
}
