/**
 * Values in statements, and the parameters that stand for some.
 *
 * V1. A parameter is a whole value: of an attribute, a comparison, an argument; not one inside of a list, a map or a set.
 * V2. A literal is nested as deep as an item may be, and no deeper.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.data-types.html
 */
import { invalidParameter, validation } from "../errors.ts";
import { setMember } from "../expressions/document-path.ts";
import { nestingMax } from "../limits.ts";
import { type AttributeValue, checkValue, type Item, typeOf } from "../values/attribute-value.ts";
import { TokenReader } from "./token-reader.ts";

/** See the module's header. */
export class LiteralReader extends TokenReader {
  readonly #parameters: readonly AttributeValue[];
  #used = 0;

  /** Throws ValidationException. */
  constructor(statement: string, parameters: readonly AttributeValue[]) {
    super(statement);
    this.#parameters = parameters.map((value) => checkValue(value));
  }

  /** Once the statement is read. Throws ValidationException where parameters are left. */
  checkParameters(): void {
    if (this.#used !== this.#parameters.length) throw wrongCount();
  }

  /** Checked. */
  value(): AttributeValue {
    return checkValue(this.#value(undefined, 0));
  }

  /** The item of an INSERT, checked; its attributes may be parameters. */
  item(): Item {
    this.expectSign("{");
    const item: Item = {};
    this.#members(item, () => this.value());
    return item;
  }

  /** `under`: where a nested value is; undefined: it is not nested. */
  #value(under: string | undefined, depth: number): AttributeValue {
    const { token } = this;
    if (depth > nestingMax) {
      throw validation(
        `Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit under ${under ?? "root"}`,
      );
    }
    const inside = under ?? "root";
    if (token.kind === "text") return { S: this.next().text };
    if (token.kind === "number") return { N: this.next().text };
    if (this.takeWord("NULL")) return { NULL: true };
    if (this.isWord("TRUE") || this.isWord("FALSE")) return { BOOL: this.next().text.toUpperCase() === "TRUE" };
    if (this.isSign("+") || this.isSign("-")) return this.#signed();
    if (this.takeSign("?")) {
      if (under === undefined) return this.#parameter();
      throw validation(`Unsupported data type: Parameter under key ${under} at ${this.positionOf(token)}`); // V1
    }
    if (this.takeSign("[")) {
      const items: AttributeValue[] = [];
      this.#elements("]", () => items.push(this.#value(`${inside}[${items.length}]`, depth + 1)));
      return { L: items };
    }
    if (this.takeSign("<<")) {
      const items: AttributeValue[] = [];
      this.#elements(">>", () => items.push(this.#value(inside, depth + 1)));
      return toSet(items);
    }
    if (this.takeSign("{")) {
      const members: Item = {};
      this.#members(members, (name) => this.#value(`${inside}.${name}`, depth + 1));
      return { M: members };
    }
    throw this.unexpected();
  }

  #signed(): AttributeValue {
    let isNegative = false;
    let sign = "";
    while (this.isSign("+") || this.isSign("-")) {
      sign = this.next().text;
      if (sign === "-") isNegative = !isNegative;
    }
    if (this.token.kind !== "number") {
      throw validation(`Unsupported operator in Condition Expression. Operator: ${sign}`);
    }
    return { N: `${isNegative ? "-" : ""}${this.next().text}` };
  }

  #parameter(): AttributeValue {
    const value = this.#parameters[this.#used];
    if (value === undefined) throw wrongCount();
    this.#used += 1;
    return value;
  }

  #elements(close: string, one: () => void): void {
    if (this.takeSign(close)) return;
    this.list(one);
    this.expectSign(close);
  }

  #members(members: Item, valueOf: (name: string) => AttributeValue): void {
    this.#elements("}", () => {
      const { kind, text } = this.token;
      if (kind !== "text" && kind !== "name") throw this.unexpected();
      this.next();
      this.expectSign(":");
      setMember(members, text, valueOf(text));
    });
  }
}

function toSet(items: readonly AttributeValue[]): AttributeValue {
  if (items.length === 0) throw validation("Empty bags are not supported");
  const types = new Set(items.map(typeOf));
  const [type] = types;
  if (types.size > 1 || (type !== "S" && type !== "N")) {
    throw validation("Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags");
  }
  if (type === "S") return { SS: items.map(({ S = "" }) => S) };
  const texts = items.map(({ N = "" }) => N);
  const values = items.map((item) => checkValue(item).N ?? "");
  if (new Set(values).size < values.length) {
    throw invalidParameter(`Input collection [${texts.join(", ")}] contains duplicates! under root`);
  }
  return { NS: values };
}

function wrongCount(): Error {
  return validation("Number of parameters in request and statement don't match.");
}
