/**
 * JSONPath as Jayway's implementation reads it, which API Gateway uses. https://github.com/json-path/JsonPath#readme
 *
 * P1. A definite path leads to one value, or to nothing; an indefinite one (`*`, `..`, filters, slices, several indexes) to a list, empty at worst.
 * P2. `.length()`, `.min()`, `.max()`, `.sum()`, `.avg()` end a path.
 * P3. In filters `@` is the item: `==`, `!=`, `<`, `<=`, `>`, `>=`, `=~`, `in`, `nin`, `&&`, `||`, `!`, and a path alone asks whether it leads anywhere.
 */
import { JavaDouble, JavaList, type JavaValue, printJava, toNumber } from "./java-value.ts";

/** A path that cannot be read. */
export class JsonPathError extends Error {}

type Step =
  | { kind: "names"; names: readonly string[] }
  | { kind: "indexes"; indexes: readonly number[] }
  | { kind: "slice"; from: number | undefined; to: number | undefined }
  | { kind: "all" }
  | { kind: "descend" }
  | { kind: "filter"; accepts: (item: JavaValue, root: JavaValue) => boolean }
  | { kind: "function"; name: string };

const compiled = new Map<string, readonly Step[]>();
const compiledMax = 1000;

/** What `path` leads to in `root`; undefined: nowhere. Throws {@link JsonPathError}. */
export function readJsonPath(root: JavaValue, path: string): JavaValue | undefined {
  let steps = compiled.get(path);
  if (steps === undefined) {
    steps = compile(path);
    if (compiled.size < compiledMax) compiled.set(path, steps);
  }
  return follow(root, steps);
}

function follow(root: JavaValue, steps: readonly Step[]): JavaValue | undefined {
  let found: JavaValue[] = [root];
  let isDefinite = true;
  for (const step of steps) {
    if (step.kind === "function") {
      const [one] = found;
      return applyFunction(step.name, isDefinite ? one : new JavaList(found, true));
    }
    if (step.kind !== "names" && !(step.kind === "indexes" && step.indexes.length === 1)) isDefinite = false;
    found = found.flatMap((value) => take(value, step, root, isDefinite));
  }
  return isDefinite ? found[0] : new JavaList(found, true); // P1
}

function take(value: JavaValue, step: Step, root: JavaValue, isDefinite: boolean): JavaValue[] {
  switch (step.kind) {
    case "names": {
      if (!(value instanceof Map)) return [];
      const names = step.names.filter((name) => value.has(name));
      if (step.names.length > 1) return [new Map(names.map((name) => [name, value.get(name) ?? null]))];
      return names.map((name) => value.get(name) ?? null);
    }
    case "indexes":
      return value instanceof JavaList
        ? step.indexes.flatMap((index) => value.items.slice(index < 0 ? value.items.length + index : index).slice(0, 1))
        : [];
    case "slice":
      return value instanceof JavaList ? value.items.slice(step.from, step.to) : [];
    case "all":
      return childrenOf(value);
    case "descend":
      return descendants(value);
    case "filter":
      if (value instanceof JavaList) return value.items.filter((item) => step.accepts(item, root));
      return value instanceof Map && step.accepts(value, root) ? [value] : [];
    case "function":
      return isDefinite ? [value] : [];
  }
}

function childrenOf(value: JavaValue): JavaValue[] {
  if (value instanceof JavaList) return value.items;
  return value instanceof Map ? [...value.values()] : [];
}

function descendants(value: JavaValue): JavaValue[] {
  return [value, ...childrenOf(value).flatMap(descendants)];
}

/** P2 */
function applyFunction(name: string, value: JavaValue | undefined): JavaValue | undefined {
  if (name === "length" || name === "size") {
    if (value instanceof JavaList) return value.items.length;
    if (value instanceof Map) return value.size;
    return typeof value === "string" ? value.length : undefined;
  }
  if (name === "keys") return value instanceof Map ? new JavaList([...value.keys()], true) : undefined;
  const numbers = (value instanceof JavaList ? value.items : []).flatMap((one) => toNumber(one) ?? []);
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, one) => total + one, 0);
  if (name === "min") return new JavaDouble(Math.min(...numbers));
  if (name === "max") return new JavaDouble(Math.max(...numbers));
  if (name === "sum") return new JavaDouble(sum);
  if (name === "avg") return new JavaDouble(sum / numbers.length);
  throw new JsonPathError(`Function ${name}() is not known`);
}

function compile(path: string): readonly Step[] {
  const text = path.trim();
  // Jayway takes `a.b` for `$.a.b`.
  const rest = text.startsWith("$") || text.startsWith("@") ? text.slice(1) : `.${text}`;
  const steps: Step[] = [];
  let at = 0;
  while (at < rest.length) {
    if (rest.startsWith("..", at)) {
      steps.push({ kind: "descend" });
      at += rest.charAt(at + 2) === "[" ? 2 : 1;
      continue;
    }
    const char = rest.charAt(at);
    if (char === ".") {
      const name = /[^.[\]()\s]+/y;
      name.lastIndex = at + 1;
      const found = name.exec(rest)?.[0];
      if (found === undefined) throw new JsonPathError(`Path must not end with a '.' or '..': ${path}`);
      at += found.length + 1;
      if (rest.startsWith("()", at)) {
        steps.push({ kind: "function", name: found });
        at += 2;
      } else steps.push(found === "*" ? { kind: "all" } : { kind: "names", names: [found] });
      continue;
    }
    if (char === "[") {
      const end = closing(rest, at);
      if (end < 0) throw new JsonPathError(`Could not parse token starting at position ${at}: ${path}`);
      steps.push(toBracket(rest.slice(at + 1, end).trim(), path));
      at = end + 1;
      continue;
    }
    throw new JsonPathError(`Illegal character at position ${at} in ${path}`);
  }
  return steps;
}

/** Where the bracket at `from` ends, texts and brackets within it passed by. */
function closing(text: string, from: number): number {
  let depth = 0;
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== "") {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
    } else if (char === "'" || char === '"') quote = char;
    else if (char === "[" || char === "(") depth++;
    else if ((char === "]" || char === ")") && --depth === 0) return at;
  }
  return -1;
}

function toBracket(inner: string, path: string): Step {
  if (inner === "*") return { kind: "all" };
  if (inner.startsWith("?")) return { kind: "filter", accepts: compileFilter(inner.slice(1).trim(), path) };
  if (inner.startsWith("'") || inner.startsWith('"')) {
    const names = Array.from(inner.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g), ([, a, b]) =>
      (a ?? b ?? "").replaceAll(/\\(.)/g, "$1"),
    );
    return { kind: "names", names };
  }
  const slice = /^(-?\d*)\s*:\s*(-?\d*)$/.exec(inner);
  if (slice !== null) {
    const [, from = "", to = ""] = slice;
    return { kind: "slice", from: from === "" ? undefined : Number(from), to: to === "" ? undefined : Number(to) };
  }
  if (/^-?\d+(?:\s*,\s*-?\d+)*$/.test(inner)) return { kind: "indexes", indexes: inner.split(",").map(Number) };
  throw new JsonPathError(`Could not parse token [${inner}] of ${path}`);
}

/** P3 */
function compileFilter(source: string, path: string): (item: JavaValue, root: JavaValue) => boolean {
  const tokens =
    source.match(
      /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\/(?:[^/\\]|\\.)*\/i?|&&|\|\||[=!<>]=|=~|[<>!()[\],]|[@$](?:\.\.?[\w*-]+(?:\(\))?|\[[^\]]*\])*|[^\s()=!<>&|,\]]+/g,
    ) ?? [];
  let at = 0;
  type Test = (item: JavaValue, root: JavaValue) => boolean;
  type Operand = (item: JavaValue, root: JavaValue) => JavaValue | undefined;
  const fail = (): never => {
    throw new JsonPathError(`Failed to parse filter ${source} of ${path}`);
  };
  const either = (): Test => {
    let left = both();
    while (tokens[at] === "||") {
      at++;
      const [a, b] = [left, both()];
      left = (item, root) => a(item, root) || b(item, root);
    }
    return left;
  };
  const both = (): Test => {
    let left = not();
    while (tokens[at] === "&&") {
      at++;
      const [a, b] = [left, not()];
      left = (item, root) => a(item, root) && b(item, root);
    }
    return left;
  };
  const not = (): Test => {
    if (tokens[at] === "!") {
      at++;
      const test = not();
      return (item, root) => !test(item, root);
    }
    if (tokens[at] === "(") {
      at++;
      const test = either();
      if (tokens[at++] !== ")") fail();
      return test;
    }
    return comparison();
  };
  const operand = (): Operand => {
    const token = tokens[at++] ?? fail();
    if (token === "[") {
      const items: Operand[] = [];
      while (tokens[at] !== "]") {
        if (tokens[at] === undefined) fail();
        if (tokens[at] === ",") at++;
        else items.push(operand());
      }
      at++;
      return (item, root) =>
        new JavaList(
          items.map((one) => one(item, root) ?? null),
          true,
        );
    }
    if (token.startsWith("@") || token.startsWith("$")) {
      const steps = compile(token);
      return (item, root) => follow(token.startsWith("@") ? item : root, steps);
    }
    const literal = toLiteral(token);
    return () => literal;
  };
  const comparison = (): Test => {
    const left = operand();
    const operator = tokens[at];
    if (operator === "=~") {
      at++;
      const [, pattern = "", flags = ""] = /^\/(.*)\/(i?)$/s.exec(tokens[at++] ?? "") ?? fail();
      const regex = new RegExp(`^(?:${pattern})$`, flags);
      return (item, root) => {
        const value = left(item, root);
        return typeof value === "string" && regex.test(value);
      };
    }
    const compare = comparisons[operator?.toLowerCase() ?? ""];
    if (compare === undefined) return (item, root) => left(item, root) !== undefined;
    at++;
    const right = operand();
    return (item, root) => compare(left(item, root), right(item, root));
  };
  const test = either();
  return at === tokens.length ? test : fail();
}

function toLiteral(token: string): JavaValue {
  if (/^['"]/.test(token)) return token.slice(1, -1).replaceAll(/\\(.)/g, "$1");
  if (token === "true" || token === "false") return token === "true";
  if (token === "null") return null;
  const number = Number(token);
  if (Number.isNaN(number)) throw new JsonPathError(`Not a value: ${token}`);
  return Number.isInteger(number) ? number : new JavaDouble(number);
}

type Compare = (left: JavaValue | undefined, right: JavaValue | undefined) => boolean;

const same: Compare = (left, right) => {
  if (left === undefined || right === undefined) return false;
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a !== undefined || b !== undefined) return a === b;
  if (left === null || right === null) return left === right;
  return typeof left === typeof right && printJava(left) === printJava(right);
};
const ordered =
  (accepts: (order: number) => boolean): Compare =>
  (left, right) => {
    const [a, b] = [toNumber(left ?? null), toNumber(right ?? null)];
    if (a !== undefined && b !== undefined) return accepts(a - b);
    if (typeof left === "string" && typeof right === "string")
      return accepts(left === right ? 0 : left < right ? -1 : 1);
    return false;
  };
const within: Compare = (left, right) => right instanceof JavaList && right.items.some((one) => same(left, one));

const comparisons: Readonly<Record<string, Compare | undefined>> = {
  "==": same,
  "!=": (left, right) => !same(left, right),
  "<": ordered((order) => order < 0),
  "<=": ordered((order) => order <= 0),
  ">": ordered((order) => order > 0),
  ">=": ordered((order) => order >= 0),
  in: within,
  nin: (left, right) => left !== undefined && !within(left, right),
};
