/**
 * `anything-but`: every value but these, JSON null and values of other types too; never a field that is missing.
 * A list holds texts only, or numbers only.
 */
import type { EventValue } from "./match-expression.ts";
import type { PatternReader, PatternToken } from "./pattern-reader.ts";
import { compileWildcard } from "./wildcard.ts";

const wrongValue = "Value of anything-but must be an array or single string/number value.";

/** Reads what follows `anything-but`. `nested`: whether an operator may stand inside. */
export function readAnythingBut(reader: PatternReader, nested: boolean): (value: EventValue) => boolean {
  const token = reader.next();
  if (token.kind === "{" && nested) return readNested(reader);
  if (token.kind === "string" || token.kind === "number") {
    const unwanted = token.kind === "string" ? token.text : token.number;
    return (value) => value !== unwanted;
  }
  if (token.kind !== "[") throw reader.error(wrongValue);
  const unwanted = new Set<EventValue>();
  const kinds = new Set<string>();
  for (let one = reader.next(); one.kind !== "]"; one = reader.next()) {
    if (one.kind !== "string" && one.kind !== "number") {
      throw reader.error("Inside anything but list, start|null|boolean is not supported.", { twice: true });
    }
    unwanted.add(one.kind === "string" ? one.text : one.number);
    if (kinds.add(one.kind).size > 1) {
      const reason = "Inside anything but list, either all values are number or string, mixed type is not supported";
      throw reader.error(reason, { twice: true });
    }
  }
  if (unwanted.size === 0) throw reader.error("Empty arrays are not allowed");
  return (value) => !unwanted.has(value);
}

/** Makes a test of one text; throws where the token is none. */
type ReadOne = (reader: PatternReader, token: PatternToken, twice: boolean) => (text: string) => boolean;

const nestedOperators: Readonly<Record<string, ReadOne>> = {
  prefix: readAffix((text, affix) => text.startsWith(affix)),
  suffix: readAffix((text, affix) => text.endsWith(affix)),
  "equals-ignore-case": (reader, token, twice) => {
    if (token.kind !== "string") {
      const reason = "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.";
      throw reader.error(reason, { twice });
    }
    const unwanted = token.text.toLowerCase();
    return (text) => text.toLowerCase() === unwanted;
  },
  wildcard: (reader, token, twice) => {
    if (token.kind !== "string") throw reader.error("wildcard match pattern must be a string", { twice });
    reader.look();
    return compileWildcard(token.text, reader);
  },
};

function readAffix(isAffix: (text: string, affix: string) => boolean): ReadOne {
  return (reader, token, twice) => {
    if (token.kind !== "string") throw reader.error("prefix/suffix match pattern must be a string", { twice });
    reader.look();
    if (token.text === "") throw reader.error("Null prefix/suffix not allowed", { twice });
    return (text) => isAffix(text, token.text);
  };
}

/** `{"prefix": text or list}` and its like, whose brace was read. */
function readNested(reader: PatternReader): (value: EventValue) => boolean {
  const name = reader.next();
  if (name.kind !== "field") throw reader.error("Anything-But expression name not found");
  const readOne = Object.hasOwn(nestedOperators, name.text) ? nestedOperators[name.text] : undefined;
  const token = reader.next();
  if (readOne === undefined) throw reader.error(`Unsupported anything-but pattern: ${name.text}`);
  const unwanted: ((text: string) => boolean)[] = [];
  if (token.kind === "string" || token.kind === "number") unwanted.push(readOne(reader, token, false));
  else if (token.kind === "[") {
    for (let one = reader.next(); one.kind !== "]"; one = reader.next()) unwanted.push(readOne(reader, one, true));
    if (unwanted.length === 0) throw reader.error("Empty arrays are not allowed");
  } else throw reader.error(wrongValue);
  if (reader.next().kind !== "}") throw reader.error("Only one key allowed in match expression");
  return (value) => typeof value !== "string" || !unwanted.some((isUnwanted) => isUnwanted(value));
}
