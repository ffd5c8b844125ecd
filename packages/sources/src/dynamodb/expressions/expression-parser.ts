/**
 * The parser that conditions, filters, key conditions, updates and projections share: tokens, paths and placeholders.
 *
 * E1. Of the errors of a request, AWS tells those of syntax first, then reserved words, then placeholders that are not defined.
 * E2. A word that begins a path, or stands after a dot, must not be reserved.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
 */
import { validation } from "../errors.ts";
import { expressionBytesMax } from "../limits.ts";
import type { AttributeValue } from "../values/attribute-value.ts";
import type { Placeholders } from "./placeholders.ts";
import { reservedWords } from "./reserved-words.ts";
import type { Path } from "./syntax.ts";
import { syntaxError, type Token, tokenise } from "./tokens.ts";

/** See the module's header. */
export class ExpressionParser {
  readonly member: string;
  readonly #text: string;
  readonly #tokens: Token[];
  readonly #placeholders: Placeholders;
  #at = 0;
  /** The first error that is not one of syntax: it is told when there is none of syntax (E1). */
  #later: Error | undefined;

  /** Throws ValidationException. */
  constructor(member: string, text: string, placeholders: Placeholders) {
    this.member = member;
    this.#text = text;
    this.#placeholders = placeholders;
    if (text.trim() === "") throw this.invalid("The expression can not be empty;");
    const bytes = Buffer.byteLength(text);
    if (bytes > expressionBytesMax) {
      throw this.invalid(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
    }
    this.#tokens = tokenise(member, text);
  }

  get token(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "<EOF>", start: 0, end: 0 };
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at + 1];
  }

  next(): Token {
    const { token } = this;
    this.#at += 1;
    return token;
  }

  isSign(text: string): boolean {
    return this.token.kind === "sign" && this.token.text === text;
  }

  /** Keywords are told in any case. */
  isKeyword(word: string): boolean {
    return this.token.kind === "word" && this.token.text.toUpperCase() === word;
  }

  takeSign(text: string): boolean {
    if (!this.isSign(text)) return false;
    this.#at += 1;
    return true;
  }

  takeKeyword(word: string): boolean {
    if (!this.isKeyword(word)) return false;
    this.#at += 1;
    return true;
  }

  expectSign(text: string): void {
    if (!this.takeSign(text)) throw this.syntaxError();
  }

  /** Whether a function is called here. */
  isCall(): boolean {
    const next = this.peek();
    return this.token.kind === "word" && next?.kind === "sign" && next.text === "(";
  }

  syntaxError(): Error {
    return syntaxError(this.member, this.#text, this.#tokens, this.#at);
  }

  invalid(message: string): Error {
    return validation(`Invalid ${this.member}: ${message}`);
  }

  /** Notes an error that is told unless the syntax is wrong (E1). */
  tellLater(message: string): void {
    this.#later ??= this.invalid(message);
  }

  /** The end of the expression, where nothing is left, and the errors that were noted. */
  finish(): void {
    if (this.token.kind !== "end") throw this.syntaxError();
    if (this.#later !== undefined) throw this.#later;
  }

  path(): Path {
    const path: (string | number)[] = [this.#pathName()];
    for (;;) {
      if (this.takeSign(".")) path.push(this.#pathName());
      else if (this.takeSign("[")) {
        if (this.token.kind !== "number") throw this.syntaxError();
        path.push(Number(this.next().text));
        this.expectSign("]");
      } else return path;
    }
  }

  #pathName(): string {
    const { token } = this;
    if (token.kind === "word") {
      this.#at += 1;
      if (reservedWords.has(token.text.toUpperCase())) {
        this.tellLater(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`); // E2
      }
      return token.text;
    }
    if (token.kind !== "name") throw this.syntaxError();
    this.#at += 1;
    const name = this.#placeholders.name(token.text);
    if (name === undefined) {
      this.tellLater(
        `An expression attribute name used in the document path is not defined; attribute name: ${token.text}`,
      );
    }
    return name ?? "";
  }

  value(): AttributeValue {
    if (this.token.kind !== "value") throw this.syntaxError();
    const { text } = this.next();
    const value = this.#placeholders.value(text);
    if (value === undefined) {
      this.tellLater(`An expression attribute value used in expression is not defined; attribute value: ${text}`);
    }
    return value ?? { NULL: true };
  }
}
