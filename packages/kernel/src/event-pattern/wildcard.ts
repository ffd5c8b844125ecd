import { invalidPattern, type PatternReader } from "./pattern-reader.ts";

const wildcardsMax = 5;

/**
 * Whether a text matches `pattern`, in which `*` stands for any characters; `\*` and `\\` are taken as they are. An empty pattern
 * matches nothing. AWS measures how complex a pattern is; here more than five wildcards are too many.
 */
export function compileWildcard(pattern: string, reader: PatternReader): (text: string) => boolean {
  const parts: string[] = [""];
  let wasWildcard = false;
  for (let at = 0; at < pattern.length; at++) {
    let character = pattern.charAt(at);
    if (character === "*") {
      if (wasWildcard) throw reader.error(`Consecutive wildcard characters at pos ${at}`);
      wasWildcard = true;
      parts.push("");
      continue;
    }
    wasWildcard = false;
    if (character === "\\") {
      character = pattern.charAt(++at);
      if (character !== "*" && character !== "\\") throw reader.error(`Invalid escape character at pos ${at - 1}`);
    }
    parts[parts.length - 1] += character;
  }
  if (parts.length - 1 > wildcardsMax) {
    throw invalidPattern(
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    );
  }
  if (pattern === "") return () => false;
  return (text) => matches(parts, text);
}

/** The first part begins the text, the last ends it, and the others follow each other in between. */
function matches(parts: readonly string[], text: string): boolean {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= end;
}
