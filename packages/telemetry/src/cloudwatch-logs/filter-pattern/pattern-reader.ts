/** Reads a filter pattern from left to right. */
import { invalidParameter } from "../errors.ts";
import { compileRegex } from "./value-test.ts";

/** A position in a pattern's text. */
export class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  skipSpace(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  /** Whether `text` comes next, which is then behind. Spaces before it are skipped. */
  take(text: string): boolean {
    this.skipSpace();
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** What matches here, which is then behind. Spaces before it are skipped. The expression must be sticky. */
  match(expression: RegExp): string | undefined {
    this.skipSpace();
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** Throws where `text` does not come next. */
  expect(text: string): void {
    if (!this.take(text)) throw this.invalid();
  }

  /** A text in double quotes, with `\"` and `\\` inside. */
  quoted(): string | undefined {
    const found = this.match(/"(?:[^"\\]|\\.)*"/sy);
    return found?.slice(1, -1).replace(/\\(["\\])/g, "$1");
  }

  /** An expression between percent signs. */
  regex(): RegExp | undefined {
    const found = this.match(/%(?:[^%\\]|\\.)*%/y);
    return found === undefined ? undefined : compileRegex(found.slice(1, -1));
  }

  invalid(): Error {
    return invalidParameter("Invalid filter pattern");
  }
}
