/**
 * What every part of a statement is read with: its tokens, names and paths.
 *
 * T1. Keywords and functions are told in any case; a keyword is a name only in double quotes.
 */
import { validation } from "../errors.ts";
import type { Path } from "../expressions/syntax.ts";
import { badStatement, positionOf, type StatementToken, tokeniseStatement } from "./statement-tokens.ts";

const keywords: ReadonlySet<string> = new Set(
  (
    "SELECT INSERT UPDATE DELETE FROM INTO VALUE VALUES SET REMOVE WHERE AND OR NOT IN IS BETWEEN MISSING NULL TRUE FALSE ORDER GROUP BY " +
    "ASC DESC RETURNING ALL LIMIT HAVING JOIN AS"
  ).split(" "),
);
const listIndexMax = 2 ** 31 - 1;

/** See the module's header. */
export class TokenReader {
  readonly statement: string;
  readonly #tokens: StatementToken[];
  #at = 0;

  /** Throws ValidationException. */
  constructor(statement: string) {
    this.statement = statement;
    this.#tokens = tokeniseStatement(statement);
  }

  get token(): StatementToken {
    return this.#tokens[this.#at] ?? { kind: "end", text: "", start: this.statement.length, length: 0 };
  }

  next(): StatementToken {
    const { token } = this;
    this.#at += 1;
    return token;
  }

  isWord(word: string): boolean {
    return this.token.kind === "word" && this.token.text.toUpperCase() === word;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.#at += 1;
    return true;
  }

  expectWord(word: string): string {
    if (!this.takeWord(word)) throw this.unexpected();
    return word;
  }

  isSign(sign: string): boolean {
    return this.token.kind === "sign" && this.token.text === sign;
  }

  takeSign(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.#at += 1;
    return true;
  }

  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.unexpected();
  }

  /** Whether a function is called here: in upper case, or any. */
  isCall(name?: string): boolean {
    const next = this.#tokens[this.#at + 1];
    const isName = name === undefined ? this.token.kind === "word" : this.isWord(name);
    return isName && next?.kind === "sign" && next.text === "(";
  }

  /** One or more, with commas between them. */
  list<T>(one: () => T): T[] {
    const all = [one()];
    while (this.takeSign(",")) all.push(one());
    return all;
  }

  name(): string {
    const { kind, text } = this.token;
    if (kind !== "name" && (kind !== "word" || keywords.has(text.toUpperCase()))) throw this.unexpected(); // T1
    this.#at += 1;
    return text;
  }

  path(): Path {
    const path: (string | number)[] = [this.name()];
    for (;;) {
      if (this.takeSign(".")) path.push(this.name());
      else if (this.takeSign("[")) path.push(this.#listIndex());
      else return path;
    }
  }

  #listIndex(): number {
    const isNegative = this.takeSign("-");
    const token = this.next();
    if (token.kind !== "number" || !/^\d+$/.test(token.text)) {
      this.#at -= 1;
      throw this.unexpected();
    }
    const index = Number(token.text);
    if ((isNegative && index > 0) || index > listIndexMax) {
      const shown = `${isNegative ? "-" : ""}${token.text}`;
      throw validation(`List index is not within the allowable range; index: [${shown}] at ${this.positionOf(token)}`);
    }
    this.expectSign("]");
    return index;
  }

  positionOf(token: StatementToken): string {
    return positionOf(this.statement, token);
  }

  unexpected(): Error {
    const { kind, text } = this.token;
    return badStatement(kind === "word" && keywords.has(text.toUpperCase()) ? "Unexpected keyword" : "Unexpected term");
  }
}
