/**
 * The operators of event patterns.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
import { readAnythingBut } from "./anything-but.ts";
import { compileCidr } from "./cidr.ts";
import { readNumericRange } from "./numeric-range.ts";
import type { PatternReader } from "./pattern-reader.ts";
import { compileWildcard } from "./wildcard.ts";

/** Whose patterns: an event bus's rules, or Lambda's filters, which know no `wildcard` and no nested `anything-but`. */
export type PatternFlavour = "bus" | "esm";

/** A value of an event: what is no object and no list. */
export type EventValue = string | number | boolean | null;

/** What a list of a pattern asks of the values that an event has in its place: one of these. */
export interface ValueTest {
  exact: Set<EventValue>;
  tests: ((value: EventValue) => boolean)[];
  /** `exists: false`: there is no value at all. */
  isAbsent: boolean;
}

/** Reads `{"<operator>": …}`, whose brace was read, and adds it to `test`. */
export function readMatchExpression(reader: PatternReader, flavour: PatternFlavour, test: ValueTest): void {
  const token = reader.next();
  if (token.kind !== "field") throw reader.error("Match expression name not found");
  readOperator(reader, flavour, token.text, test);
  if (reader.next().kind !== "}") throw reader.error("Only one key allowed in match expression");
}

function readOperator(reader: PatternReader, flavour: PatternFlavour, name: string, test: ValueTest): void {
  const onText = (run: (text: string) => boolean): void => {
    test.tests.push((value) => typeof value === "string" && run(value));
  };
  switch (name) {
    case "prefix":
    case "suffix":
      return onText(readAffix(reader, name));
    case "equals-ignore-case": {
      const wanted = readText(reader, name).toLowerCase();
      return onText((text) => text.toLowerCase() === wanted);
    }
    case "cidr":
      return onText(compileCidr(readText(reader, "prefix"))); // AWS says "prefix" here
    case "numeric": {
      const isInRange = readNumericRange(reader);
      test.tests.push((value) => typeof value === "number" && isInRange(value));
      return;
    }
    case "exists": {
      const { kind } = reader.next();
      if (kind === "true") test.tests.push(() => true);
      else if (kind === "false") test.isAbsent = true;
      else throw reader.error("exists match pattern must be either true or false.");
      return;
    }
    case "anything-but":
      test.tests.push(readAnythingBut(reader, flavour === "bus"));
      return;
    case "wildcard":
      if (flavour === "bus") return onText(compileWildcard(readText(reader, "wildcard"), reader));
      break;
  }
  reader.next();
  throw reader.error(`Unrecognized match type ${name}`);
}

function readText(reader: PatternReader, name: string): string {
  const token = reader.next();
  if (token.kind !== "string") throw reader.error(`${name} match pattern must be a string`);
  reader.look();
  return token.text;
}

/** A text, or `{"equals-ignore-case": text}`. */
function readAffix(reader: PatternReader, name: "prefix" | "suffix"): (text: string) => boolean {
  const isAffix = (text: string, affix: string): boolean =>
    name === "prefix" ? text.startsWith(affix) : text.endsWith(affix);
  const token = reader.next();
  if (token.kind === "string") {
    reader.look();
    return (text) => isAffix(text, token.text);
  }
  if (token.kind !== "{") throw reader.error(`${name} match pattern must be a string`);
  const nested = reader.next();
  if (nested.kind !== "field" || nested.text !== "equals-ignore-case") {
    throw reader.error(`Unsupported ${name} pattern: ${nested.text}`);
  }
  const affix = readText(reader, "equals-ignore-case").toLowerCase();
  if (reader.next().kind !== "}") throw reader.error("Only one key allowed in match expression");
  return (text) => isAffix(text.toLowerCase(), affix);
}
