/**
 * Event patterns, as rules of an event bus and filters of event source mappings have them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 *
 * E1. Every key of a pattern must match; of a list, one entry must. `$or` needs one of its alternatives.
 * E2. A list of the event matches where one of its elements does. Objects in a list are looked at one key at a time, each by itself.
 * E3. Matching is by type and case: "300" is not 300, but 300.0 is. Of equal keys in a pattern, the last counts.
 */
import { valuesAt } from "./event-values.ts";
import { type PatternFlavour, readMatchExpression, type ValueTest } from "./match-expression.ts";
import { invalidPattern, PatternReader, type PatternToken } from "./pattern-reader.ts";

type Matcher = (event: unknown) => boolean;

/** One object of a pattern, read. */
interface PatternNode {
  /** By the last key of its place. */
  fields: Map<string, Matcher>;
  /** How many rules without `$or` it stands for. */
  combinations: number;
}

const combinationsMax = 1_000;
const operatorNames = new Set([
  "prefix",
  "suffix",
  "equals-ignore-case",
  "numeric",
  "anything-but",
  "exists",
  "cidr",
  "wildcard",
]);

/**
 * A function that tells whether an event (parsed JSON) matches. `pattern`: JSON text, or what it parses to.
 * Throws `InvalidEventPatternException` with AWS's text.
 * @example compileEventPattern({ source: ["aws.s3"] }, "bus")({ source: "aws.s3" }) // true
 */
export function compileEventPattern(pattern: unknown, flavour: PatternFlavour): (event: unknown) => boolean {
  const text = typeof pattern === "string" ? pattern : (JSON.stringify(pattern) ?? "");
  const reader = new PatternReader(text);
  if (reader.next().kind !== "{") throw reader.error("Filter is not an object");
  const root = readObject(reader, flavour, "");
  if (root.combinations > combinationsMax) {
    throw invalidPattern(`Rule is too complex - $or stands for more than ${combinationsMax} combinations`);
  }
  return toMatcher(root);
}

function toMatcher(node: PatternNode): Matcher {
  const matchers = [...node.fields.values()];
  return (event) => matchers.every((matches) => matches(event)); // E1
}

/** An object whose brace was read; `path`: where it stands, with a dot behind, or empty. */
function readObject(reader: PatternReader, flavour: PatternFlavour, path: string): PatternNode {
  const node: PatternNode = { fields: new Map(), combinations: 1 };
  for (let field = reader.next(); field.kind !== "}"; field = reader.next()) {
    const name = field.text;
    const token = reader.next();
    if (token.kind === "{") {
      const inner = readObject(reader, flavour, `${path}${name}.`);
      node.combinations *= inner.combinations;
      node.fields.set(name, toMatcher(inner)); // E3
    } else if (token.kind !== "[") throw reader.error(`"${name}" must be an object or an array`);
    else if (name === "$or" && isAlternatives(reader)) readAlternatives(reader, flavour, path, node);
    else {
      const test = readList(reader, flavour);
      const place = `${path}${name}`;
      node.fields.set(name, (event) => isPassed(test, valuesAt(event, place)));
    }
  }
  if (node.fields.size === 0) throw reader.error("Empty objects are not allowed");
  return node;
}

function readAlternatives(reader: PatternReader, flavour: PatternFlavour, path: string, node: PatternNode): void {
  const alternatives: PatternNode[] = [];
  for (let token = reader.next(); token.kind !== "]"; token = reader.next()) {
    alternatives.push(readObject(reader, flavour, path));
  }
  if (alternatives.length < 2) throw reader.error("There must have at least 2 Objects in $or relationship.");
  node.combinations *= alternatives.reduce((sum, one) => sum + one.combinations, 0);
  const matchers = alternatives.map(toMatcher);
  node.fields.set("$or", (event) => matchers.some((matches) => matches(event)));
}

/** Whether the list that follows `$or` holds patterns; else `$or` is a key like any other. */
function isAlternatives(reader: PatternReader): boolean {
  return reader.ahead(() => {
    let count = 0;
    for (let token: PatternToken = reader.next(); token.kind !== "]"; token = reader.next()) {
      if (token.kind !== "{") return false;
      const name = reader.ahead(() => reader.next());
      if (name.kind === "field" && operatorNames.has(name.text)) return false;
      reader.skip(token);
      count++;
    }
    return count > 0;
  });
}

/** A list whose bracket was read. */
function readList(reader: PatternReader, flavour: PatternFlavour): ValueTest {
  const test: ValueTest = { exact: new Set(), tests: [], isAbsent: false };
  let count = 0;
  for (let token = reader.next(); token.kind !== "]"; token = reader.next(), count++) {
    switch (token.kind) {
      case "{":
        readMatchExpression(reader, flavour, test);
        break;
      case "string":
        test.exact.add(token.text);
        break;
      case "number":
        test.exact.add(token.number);
        break;
      case "true":
      case "false":
        test.exact.add(token.kind === "true");
        break;
      case "null":
        test.exact.add(null);
        break;
      default:
        throw reader.error("Match value must be String, number, true, false, or null");
    }
  }
  if (count === 0) throw reader.error("Empty arrays are not allowed");
  return test;
}

function isPassed(test: ValueTest, values: ReturnType<typeof valuesAt>): boolean {
  if (values.length === 0) return test.isAbsent;
  return values.some((value) => test.exact.has(value) || test.tests.some((passes) => passes(value))); // E2
}
