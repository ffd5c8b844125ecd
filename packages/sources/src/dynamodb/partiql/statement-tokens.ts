/** The words of a PartiQL statement. */
import { validation } from "../errors.ts";

export interface StatementToken {
  /** `name`: in double quotes; `text`: in single quotes, both without them. */
  kind: "word" | "name" | "text" | "number" | "sign" | "end";
  text: string;
  at: number;
}

const forms =
  /\s*(?:([A-Za-z_$][\w$]*)|"((?:[^"]|"")*)"|'((?:[^']|'')*)'|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(<<|>>|<=|>=|<>|!=|[=<>()[\]{},.:?*+-])|(\S))/gy;
const kinds: readonly StatementToken["kind"][] = ["word", "name", "text", "number", "sign"];

/** Throws ValidationException. */
export function tokeniseStatement(statement: string): StatementToken[] {
  const tokens: StatementToken[] = [];
  forms.lastIndex = 0;
  for (let match = forms.exec(statement); match !== null; match = forms.exec(statement)) {
    const found = match.slice(1).findIndex((group) => group !== undefined);
    const kind = kinds[found];
    if (kind === undefined) throw badStatement(`Unexpected character at position ${match.index}`);
    const raw = match[found + 1] ?? "";
    const text = kind === "name" ? raw.replaceAll('""', '"') : kind === "text" ? raw.replaceAll("''", "'") : raw;
    tokens.push({ kind, text, at: match.index });
  }
  return [...tokens, { kind: "end", text: "", at: statement.length }];
}

export function badStatement(reason: string): Error {
  return validation(`Statement wasn't well formed, can't be processed: ${reason}`);
}
