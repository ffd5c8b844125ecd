/** The words of an expression. */
import { validation } from "../errors.ts";

export interface Token {
  kind: "word" | "name" | "value" | "number" | "sign" | "end";
  text: string;
  start: number;
  end: number;
}

const forms = /\s*(?:([A-Za-z_][\w]*)|(#\w+)|(:\w+)|(\d+)|(<=|>=|<>|[=<>()[\],.+-])|(\S))/gy;
const kinds: readonly Token["kind"][] = ["word", "name", "value", "number", "sign"];

/** Throws ValidationException. `member`: of the request, for the error. */
export function tokenise(member: string, text: string): Token[] {
  const tokens: Token[] = [];
  forms.lastIndex = 0;
  for (;;) {
    const match = forms.exec(text);
    if (match === null) break;
    const found = match.slice(1).findIndex((group) => group !== undefined);
    const word = match[found + 1] ?? "";
    const end = match.index + match[0].length;
    const kind = kinds[found] ?? "end";
    tokens.push({ kind, text: word, start: end - word.length, end });
    if (found >= kinds.length) {
      const next = forms.exec(text);
      if (next !== null) tokens.push({ kind: "end", text: "", start: next.index, end: forms.lastIndex });
      throw syntaxError(member, text, tokens, tokens.length - (next === null ? 1 : 2));
    }
  }
  return [...tokens, { kind: "end", text: "<EOF>", start: text.length, end: text.length }];
}

/** AWS shows the token with its neighbours. */
export function syntaxError(member: string, text: string, tokens: readonly Token[], at: number): Error {
  const token = tokens[at];
  const from = tokens[Math.max(0, at - 1)]?.start ?? 0;
  const to = tokens[at + 1]?.end ?? text.length;
  return validation(
    `Invalid ${member}: Syntax error; token: "${token?.text ?? ""}", near: "${text.slice(from, to).trimEnd()}"`,
  );
}
