/**
 * Conditions on JSON events: `{ $.status >= 500 && ($.path = "/orders/*" || $.retry IS TRUE) }`.
 *
 * J1. `&&` binds tighter than `||`; parentheses group.
 * J2. A comparison with a property that the event lacks does not hold, whichever comparison it is.
 * J3. `[*]` compares with each element; one that holds is enough.
 */
import type { FilterPattern } from "./compile-filter-pattern.ts";
import { PatternReader } from "./pattern-reader.ts";
import { readComparison } from "./value-test.ts";

type Condition = (event: unknown) => boolean;
type Step = string | number | "*";

/** See the module's header. */
export function compileJsonPattern(text: string): FilterPattern {
  const reader = new PatternReader(text);
  reader.expect("{");
  const condition = readAny(reader);
  reader.expect("}");
  reader.skipSpace();
  if (!reader.isAtEnd) throw reader.invalid();
  return (message) => {
    const event = parseObject(message);
    return event !== undefined && condition(event);
  };
}

function parseObject(message: string): unknown {
  if (!/^\s*[[{]/.test(message)) return undefined;
  try {
    return JSON.parse(message) as unknown;
  } catch {
    return undefined;
  }
}

function readAny(reader: PatternReader): Condition {
  const conditions = [readAll(reader)];
  while (reader.take("||")) conditions.push(readAll(reader));
  return conditions.length === 1 && conditions[0] !== undefined
    ? conditions[0]
    : (event) => conditions.some((one) => one(event));
}

function readAll(reader: PatternReader): Condition {
  const conditions = [readOne(reader)];
  while (reader.take("&&")) conditions.push(readOne(reader));
  return conditions.length === 1 && conditions[0] !== undefined
    ? conditions[0]
    : (event) => conditions.every((one) => one(event));
}

function readOne(reader: PatternReader): Condition {
  if (reader.take("(")) {
    const condition = readAny(reader);
    reader.expect(")");
    return condition;
  }
  const steps = readSelector(reader);
  const word = reader
    .match(/(IS\s+(NULL|TRUE|FALSE)|NOT\s+EXISTS)\b/iy)
    ?.toUpperCase()
    .replace(/\s+/g, " ");
  switch (word) {
    case "IS NULL":
      return (event) => select(event, steps).some((value) => value === null);
    case "IS TRUE":
      return (event) => select(event, steps).some((value) => value === true);
    case "IS FALSE":
      return (event) => select(event, steps).some((value) => value === false);
    case "NOT EXISTS":
      return (event) => select(event, steps).length === 0;
    default: {
      const test = readComparison(reader);
      if (test === undefined) throw reader.invalid();
      return (event) => select(event, steps).some((value) => isPlain(value) && test(value)); // J2, J3
    }
  }
}

/** `$.a.b[0]`, `$.a[*].b`, `$.['a b']`, `$['a']`. */
function readSelector(reader: PatternReader): Step[] {
  reader.expect("$");
  const steps: Step[] = [];
  for (;;) {
    const step = reader.match(
      /\.?\["(?:[^"\\]|\\.)*"\]|\.?\['(?:[^'\\]|\\.)*'\]|\[\d+\]|\[\*\]|\.[\w@:\-\u0080-\uffff]+/y,
    );
    if (step === undefined) break;
    if (step === "[*]") steps.push("*");
    else if (/^\[\d/.test(step)) steps.push(Number(step.slice(1, -1)));
    else if (step.includes("[")) steps.push(step.slice(step.indexOf("[") + 2, -2));
    else steps.push(step.slice(1));
  }
  if (steps.length === 0) throw reader.invalid();
  return steps;
}

function select(event: unknown, steps: readonly Step[]): unknown[] {
  let values = [event];
  for (const step of steps) {
    values = values.flatMap((value) => {
      if (typeof value !== "object" || value === null) return [];
      if (Array.isArray(value)) {
        if (step === "*") return value as unknown[];
        return typeof step === "number" && step < value.length ? [value[step] as unknown] : [];
      }
      return typeof step === "string" && Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : [];
    });
  }
  return values;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
