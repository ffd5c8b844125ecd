/** The words of a PartiQL statement. Comments (`-- …`, and between slashes and stars) are none. */
import { validation } from "../errors.ts";

export interface StatementToken {
  /** `name`: in double quotes; `text`: in single quotes, both without them. */
  kind: "word" | "name" | "text" | "number" | "sign" | "end";
  text: string;
  /** In the statement, with its quotes. */
  start: number;
  length: number;
}

const forms =
  /(?:\s|--[^\r\n]*|\/\*[\s\S]*?\*\/)*(?:([A-Za-z_$][\w$]*)|("(?:[^"]|"")*")|('(?:[^']|'')*')|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(<<|>>|<=|>=|<>|!=|[=<>()[\]{},.:;?*+-])|$|\S)/gy;
const kinds: readonly StatementToken["kind"][] = ["word", "name", "text", "number", "sign"];

/** Ends with one of kind `end`. Throws ValidationException. */
export function tokeniseStatement(statement: string): StatementToken[] {
  const tokens: StatementToken[] = [];
  forms.lastIndex = 0;
  for (let match = forms.exec(statement); match !== null; match = forms.exec(statement)) {
    const found = match.slice(1).findIndex((group) => group !== undefined);
    const kind = kinds[found];
    if (kind === undefined) {
      if (forms.lastIndex === statement.length && /^(?:\s|--[^\r\n]*|\/\*[\s\S]*?\*\/)*$/.test(match[0])) break;
      throw badStatement("Invalid character");
    }
    const raw = match[found + 1] ?? "";
    const inner = raw.slice(1, -1);
    const text = kind === "name" ? inner.replaceAll('""', '"') : kind === "text" ? inner.replaceAll("''", "'") : raw;
    tokens.push({ kind, text, start: forms.lastIndex - raw.length, length: raw.length });
  }
  return [...tokens, { kind: "end", text: "", start: statement.length, length: 0 }];
}

/** `line:column:length`, as AWS tells where something is. */
export function positionOf(statement: string, { start, length }: Pick<StatementToken, "start" | "length">): string {
  const before = statement.slice(0, start);
  const line = before.split("\n").length;
  return `${line}:${start - before.lastIndexOf("\n")}:${length}`;
}

export function badStatement(reason: string): Error {
  return validation(`Statement wasn't well formed, can't be processed: ${reason}`);
}
