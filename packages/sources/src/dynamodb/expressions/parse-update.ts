/**
 * UpdateExpression: parsing.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
import { updateOperatorsMax } from "../limits.ts";
import { type AttributeValue, typeOf } from "../values/attribute-value.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { findOverlap } from "./path-overlap.ts";
import type { Placeholders } from "./placeholders.ts";
import type { SetValue, UpdateAction } from "./syntax.ts";

const sections = ["SET", "REMOVE", "ADD", "DELETE"] as const;
type Section = (typeof sections)[number];

/** How AWS calls types in this place. */
const typeNames: Readonly<Record<string, string>> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  SS: "STRING_SET",
  NS: "NUMBER_SET",
  BS: "BINARY_SET",
  M: "MAP",
  L: "LIST",
  BOOL: "BOOLEAN",
  NULL: "NULL",
};

/** Throws ValidationException. */
export function parseUpdate(text: string, placeholders: Placeholders): UpdateAction[] {
  return new UpdateParser("UpdateExpression", text, placeholders).parse();
}

class UpdateParser extends ExpressionParser {
  #operators = 0;

  parse(): UpdateAction[] {
    const actions: UpdateAction[] = [];
    const seen = new Set<Section>();
    while (this.token.kind !== "end") {
      const section = sections.find((one) => this.isKeyword(one));
      if (section === undefined) throw this.syntaxError();
      if (seen.has(section)) {
        this.tellLater(`The "${section}" section can only be used once in an update expression;`);
      }
      seen.add(section);
      this.next();
      do actions.push(this.#action(section));
      while (this.takeSign(","));
    }
    if (this.#operators + actions.length > updateOperatorsMax) {
      this.tellLater(
        `The expression contains more than the maximum allowed number of operators; maximum: ${updateOperatorsMax}`,
      );
    }
    const overlap = findOverlap(actions.map(({ path }) => path));
    if (overlap !== undefined) this.tellLater(overlap);
    this.finish();
    return actions;
  }

  #action(section: Section): UpdateAction {
    const path = this.path();
    switch (section) {
      case "SET":
        this.expectSign("=");
        return { kind: "set", path, value: this.#sum() };
      case "REMOVE":
        return { kind: "remove", path };
      case "ADD": {
        const value = this.value();
        this.#checkOperand(section, value, new Set(["N", "SS", "NS", "BS"]));
        return { kind: "add", path, value };
      }
      case "DELETE": {
        const value = this.value();
        this.#checkOperand(section, value, new Set(["SS", "NS", "BS"]));
        return { kind: "delete", path, value };
      }
    }
  }

  #checkOperand(section: Section, value: AttributeValue, allowed: ReadonlySet<string>): void {
    const type = typeOf(value);
    if (allowed.has(type)) return;
    this.tellLater(
      `Incorrect operand type for operator or function; operator: ${section}, operand type: ${typeNames[type] ?? type}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
    );
  }

  /** One operand, or two with a sign between them. */
  #sum(): SetValue {
    const left = this.#operand();
    const sign = this.isSign("+") ? "plus" : this.isSign("-") ? "minus" : undefined;
    if (sign === undefined) return left;
    this.next();
    this.#operators += 1;
    const right = this.#operand();
    for (const operand of [left, right]) this.#checkType(sign === "plus" ? "+" : "-", operand, "N");
    return { kind: sign, left, right };
  }

  #operand(): SetValue {
    if (this.takeSign("(")) {
      const inner = this.#sum();
      this.expectSign(")");
      return inner;
    }
    if (this.token.kind === "value") return { kind: "value", value: this.value() };
    if (!this.isCall()) return { kind: "path", path: this.path() };
    const name = this.next().text;
    if (name !== "if_not_exists" && name !== "list_append") {
      throw this.invalid(`Invalid function name; function: ${name}`);
    }
    this.expectSign("(");
    this.#operators += 1;
    const operands: SetValue[] = [];
    do operands.push(this.#operand());
    while (this.takeSign(","));
    this.expectSign(")");
    const [first, second] = operands;
    if (first === undefined || second === undefined || operands.length !== 2) {
      throw this.invalid(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    }
    if (name === "list_append") {
      for (const operand of operands) this.#checkType(name, operand, "L");
      return { kind: "listAppend", first, second };
    }
    if (first.kind !== "path") {
      throw this.invalid(`Operator or function requires a document path; operator or function: ${name}`);
    }
    return { kind: "ifNotExists", path: first.path, otherwise: second };
  }

  #checkType(name: string, operand: SetValue, wanted: "N" | "L"): void {
    if (operand.kind !== "value" || operand.value[wanted] !== undefined) return;
    this.tellLater(
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${typeOf(operand.value)}`,
    );
  }
}
