/**
 * Conditions on fields between spaces: `[ip, user, time, request = "GET *", status = 4*, bytes > 1000]`, `[..., status, bytes]`.
 *
 * S1. What stands in double quotes, or in brackets, is one field.
 * S2. Without `...` an event has exactly as many fields as the pattern; `...` stands for any number of them.
 * S3. A condition names its own field; `&&` and `||` combine conditions of one field.
 */
import type { FilterPattern } from "./compile-filter-pattern.ts";
import { PatternReader } from "./pattern-reader.ts";
import { readComparison, type ValueTest } from "./value-test.ts";

type Field = ValueTest | "...";

/** See the module's header. */
export function compileFieldPattern(text: string): FilterPattern {
  const reader = new PatternReader(text);
  reader.expect("[");
  const fields: Field[] = [readField(reader)];
  while (reader.take(",")) fields.push(readField(reader));
  reader.expect("]");
  reader.skipSpace();
  if (!reader.isAtEnd) throw reader.invalid();
  const gap = fields.indexOf("...");
  if (gap !== fields.lastIndexOf("...")) throw reader.invalid();
  const head = (gap === -1 ? fields : fields.slice(0, gap)) as ValueTest[];
  const tail = (gap === -1 ? [] : fields.slice(gap + 1)) as ValueTest[];
  return (message) => {
    const values = splitFields(message);
    if (gap === -1 ? values.length !== head.length : values.length < head.length + tail.length) return false; // S2
    return (
      head.every((test, index) => test(values[index] ?? "")) &&
      tail.every((test, index) => test(values[values.length - tail.length + index] ?? ""))
    );
  };
}

function readField(reader: PatternReader): Field {
  if (reader.take("...")) return "...";
  const name = reader.match(/[\w$@.:-]+/y) ?? "";
  const first = readComparison(reader);
  if (first === undefined) return () => true;
  const alternatives: ValueTest[][] = [[first]];
  for (;;) {
    const isAnd = reader.take("&&");
    if (!isAnd && !reader.take("||")) break;
    const again = reader.match(/[\w$@.:-]+/y);
    if (again !== undefined && again !== name) throw reader.invalid(); // S3
    const test = readComparison(reader);
    if (test === undefined) throw reader.invalid();
    if (isAnd) alternatives.at(-1)?.push(test);
    else alternatives.push([test]);
  }
  return (value) => alternatives.some((tests) => tests.every((test) => test(value)));
}

/** S1. */
function splitFields(message: string): string[] {
  return Array.from(
    message.trim().matchAll(/"((?:[^"\\]|\\.)*)"|\[([^\]]*)\]|\S+/g),
    (match) => match[1] ?? match[2] ?? match[0],
  );
}
