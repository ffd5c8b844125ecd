/**
 * Terms: `ERROR "not found" -debug`, `?ERROR ?WARN`, `%time[dr]?out%`.
 *
 * R1. Every plain term must be in the message, and no term behind a minus sign.
 * R2. Of terms behind a question mark one must be; beside other terms they do not count.
 * R3. Terms with other characters than letters, digits and underscores need quotes.
 */
import { invalidParameter } from "../errors.ts";
import type { FilterPattern } from "./compile-filter-pattern.ts";
import { PatternReader } from "./pattern-reader.ts";

/** See the module's header. */
export function compileTermPattern(text: string): FilterPattern {
  const reader = new PatternReader(text);
  const wanted: FilterPattern[] = [];
  const optional: FilterPattern[] = [];
  const unwanted: FilterPattern[] = [];
  for (reader.skipSpace(); !reader.isAtEnd; reader.skipSpace()) {
    const kind = reader.take("?") ? optional : reader.take("-") ? unwanted : wanted;
    kind.push(readTerm(reader));
  }
  if (wanted.length === 0 && unwanted.length === 0) return (message) => optional.some((one) => one(message)); // R2
  return (message) => wanted.every((one) => one(message)) && !unwanted.some((one) => one(message));
}

function readTerm(reader: PatternReader): FilterPattern {
  const regex = reader.regex();
  if (regex !== undefined) return (message) => regex.test(message);
  const quoted = reader.quoted();
  if (quoted !== undefined) return (message) => message.includes(quoted);
  const term = reader.match(/\S+/y);
  if (term === undefined) throw reader.invalid();
  if (!/^[\p{L}\p{N}_]+$/u.test(term)) throw invalidParameter(`Invalid character(s) in term '${term}'`); // R3
  return (message) => message.includes(term);
}
