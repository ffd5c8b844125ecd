/**
 * Reads the JSON of an event pattern token by token, and knows where it is: AWS's errors name the place behind the offending token
 * (behind the opening quote, for a string that was not looked at). The texts of malformed JSON are those of the parser that AWS uses.
 */
import { ServiceError } from "../errors.ts";

/** One token. Structure is its own kind; `field` is an object's key. */
export type TokenKind = "{" | "}" | "[" | "]" | "field" | "string" | "number" | "true" | "false" | "null";

/** A token and what it says. */
export interface PatternToken {
  kind: TokenKind;
  /** Of a field or a string. */
  text: string;
  /** Of a number. */
  number: number;
}

const sourceCharactersMax = 500;
const values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** See the module's header. */
export class PatternReader {
  readonly #source: string;
  #at = 0;
  /** Where the current token counts as read up to, while it was not looked at. */
  #seen = 0;
  #open: ("{" | "[")[] = [];
  #expects: "value" | "first-field" | "first-value" | "separator" | "nothing" = "value";

  constructor(source: string) {
    this.#source = source;
  }

  /** The next token. Throws `InvalidEventPatternException` where the JSON is malformed. */
  next(): PatternToken {
    this.#skipSpace();
    const inside = this.#open.at(-1);
    if (this.#expects === "separator") {
      const close = inside === "{" ? "}" : "]";
      if (this.#peek() === close) return this.#close(close);
      if (this.#peek() !== ",") {
        const entries = inside === "{" ? "Object" : "Array";
        throw this.#unexpected(`was expecting comma to separate ${entries} entries`);
      }
      this.#at++;
      this.#skipSpace();
      this.#expects = "value";
      if (inside === "{") return this.#field();
    } else if (this.#expects === "first-field") {
      if (this.#peek() === "}") return this.#close("}");
      return this.#field();
    } else if (this.#expects === "first-value" && this.#peek() === "]") return this.#close("]");
    return this.#value();
  }

  /** Looks at what follows, and goes back to where it was. */
  ahead<T>(look: () => T): T {
    const saved = { at: this.#at, seen: this.#seen, open: [...this.#open], expects: this.#expects };
    try {
      return look();
    } finally {
      this.#at = saved.at;
      this.#seen = saved.seen;
      this.#open = saved.open;
      this.#expects = saved.expects;
    }
  }

  /** Skips the value that begins with `token`. */
  skip(token: PatternToken): void {
    const depth = this.#open.length - 1;
    if (token.kind !== "{" && token.kind !== "[") return;
    while (this.#open.length > depth) this.next();
  }

  /** The current token has been looked at: places count from behind it. */
  look(): void {
    this.#seen = this.#at;
  }

  /** The error that says `reason` and where. `twice`: as AWS does where a list inside an operator is wrong. */
  error(reason: string, options: { twice?: boolean } = {}): ServiceError {
    const place = this.#place(this.#seen);
    return invalidPattern(`${reason}${place}${options.twice === true ? place : ""}`);
  }

  #peek(): string {
    return this.#source.charAt(this.#at);
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#peek())) this.#at++;
  }

  #token(kind: TokenKind, text = "", number = 0): PatternToken {
    return { kind, text, number };
  }

  #close(kind: "}" | "]"): PatternToken {
    this.#at++;
    this.#seen = this.#at;
    this.#open.pop();
    this.#expects = this.#open.length === 0 ? "nothing" : "separator";
    return this.#token(kind);
  }

  #field(): PatternToken {
    if (this.#peek() !== '"') throw this.#unexpected("was expecting double-quote to start field name");
    const text = this.#string();
    this.#seen = this.#at;
    this.#skipSpace();
    if (this.#peek() !== ":") throw this.#unexpected("was expecting a colon to separate field name and value");
    this.#at++;
    this.#expects = "value";
    return this.#token("field", text);
  }

  #value(): PatternToken {
    const character = this.#peek();
    const after = (): void => {
      this.#expects = this.#open.length === 0 ? "nothing" : "separator";
    };
    if (character === "{" || character === "[") {
      this.#at++;
      this.#seen = this.#at;
      this.#open.push(character);
      this.#expects = character === "{" ? "first-field" : "first-value";
      return this.#token(character);
    }
    if (character === '"') {
      const seen = this.#at + 1;
      const text = this.#string();
      this.#seen = seen;
      after();
      return this.#token("string", text);
    }
    const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(
      this.#source.slice(this.#at, this.#at + 400),
    )?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      this.#seen = this.#at;
      after();
      return this.#token("number", number, Number(number));
    }
    const word = /^[\p{L}\p{N}_$]+/u.exec(this.#source.slice(this.#at))?.[0];
    if (word === "true" || word === "false" || word === "null") {
      this.#at += word.length;
      this.#seen = this.#at;
      after();
      return this.#token(word);
    }
    if (word !== undefined) {
      this.#seen = this.#at + word.length;
      throw this.error(`Unrecognized token '${word}': was expecting ${values}`);
    }
    throw this.#unexpected(`expected a valid value ${values}`);
  }

  #string(): string {
    const rest = /"(?:[^"\\\u0000-\u001f]|\\.)*"/suy; // oxlint-disable-line no-control-regex
    rest.lastIndex = this.#at;
    const literal = rest.exec(this.#source)?.[0];
    if (literal === undefined) {
      this.#seen = this.#source.length;
      throw this.error("Unexpected end-of-input in VALUE_STRING");
    }
    try {
      const text = JSON.parse(literal) as string;
      this.#at += literal.length;
      return text;
    } catch {
      this.#seen = this.#at + 1;
      throw this.error("Unrecognized character escape"); // JSON.parse says no more that AWS would say
    }
  }

  #unexpected(expectation: string): ServiceError {
    this.#seen = this.#at;
    const character = this.#peek();
    if (character === "") {
      const kind = this.#open.at(-1) === "[" ? "Array" : "Object";
      if (this.#open.length === 0) return this.error("No content to map due to end-of-input");
      return this.error(`Unexpected end-of-input: expected close marker for ${kind}`);
    }
    return this.error(`Unexpected character ('${character}' (code ${character.charCodeAt(0)})): ${expectation}`);
  }

  #place(offset: number): string {
    const before = this.#source.slice(0, offset);
    const line = before.split("\n").length;
    const column = offset - (before.lastIndexOf("\n") + 1) + 1;
    const cut = this.#source.length - sourceCharactersMax;
    const shown =
      cut > 0 ? `${this.#source.slice(0, sourceCharactersMax)}"[truncated ${cut} chars]` : `${this.#source}"`;
    return `\n at [Source: (String)"${shown}; line: ${line}, column: ${column}]`;
  }
}

/** `InvalidEventPatternException`. */
export function invalidPattern(reason: string): ServiceError {
  return new ServiceError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);
}
