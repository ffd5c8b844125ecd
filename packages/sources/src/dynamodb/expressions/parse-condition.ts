/**
 * ConditionExpression, FilterExpression and KeyConditionExpression.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
import { conditionOperandsMax } from "../limits.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { beginsWithFault, betweenFault, distinctFault, orderedFault, typeNameFault } from "./operand-faults.ts";
import type { Placeholders } from "./placeholders.ts";
import type { Comparator, Condition, Operand } from "./syntax.ts";

const comparators: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const argumentCounts: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};
const attributeTypes = ["B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"];

/** Throws ValidationException. */
export function parseCondition(member: string, text: string, placeholders: Placeholders): Condition {
  const parser = new ConditionParser(member, text, placeholders);
  const condition = parser.or();
  parser.finish();
  return condition;
}

class ConditionParser extends ExpressionParser {
  /** The last condition that stood in parentheses. */
  #wrapped: Condition | undefined;

  or(): Condition {
    let left = this.#and();
    while (this.takeKeyword("OR")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.takeKeyword("AND")) left = { kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    if (this.isKeyword("NOT")) {
      this.next();
      return { kind: "not", condition: this.#not() };
    }
    return this.#primary();
  }

  #primary(): Condition {
    if (this.takeSign("(")) {
      const isWrapping = this.isSign("(");
      const inner = this.or();
      if (isWrapping && this.#wrapped === inner) this.tellLater("The expression has redundant parentheses;");
      this.expectSign(")");
      this.#wrapped = inner;
      return inner;
    }
    if (this.isCall() && this.token.text !== "size") return this.#call();
    const left = this.#operand();
    if (this.takeKeyword("BETWEEN")) {
      const low = this.#operand();
      if (!this.takeKeyword("AND")) throw this.syntaxError();
      const high = this.#operand();
      this.#note(betweenFault(left, low, high));
      return { kind: "between", operand: left, low, high };
    }
    if (this.takeKeyword("IN")) return this.#in(left);
    const { token } = this;
    if (token.kind !== "sign" || !comparators.has(token.text)) throw this.syntaxError();
    this.next();
    const right = this.#operand();
    const comparator = token.text as Comparator;
    if (comparator !== "=" && comparator !== "<>") this.#note(orderedFault(comparator, [left, right]));
    this.#note(distinctFault(comparator, left, right));
    return { kind: "compare", comparator, left, right };
  }

  #operand(): Operand {
    if (this.isCall()) {
      const name = this.token.text;
      if (name !== "size") {
        if (!(name in argumentCounts)) throw this.invalid(`Invalid function name; function: ${name}`);
        throw this.invalid(`The function is not allowed to be used this way in an expression; function: ${name}`);
      }
      const [operand] = this.#arguments("size");
      return { kind: "size", path: this.#pathOf("size", operand) };
    }
    if (this.token.kind === "value") return { kind: "value", value: this.value() };
    if (this.takeSign("(")) {
      const operand = this.#operand();
      this.expectSign(")");
      return operand;
    }
    return { kind: "path", path: this.path() };
  }

  #arguments(name: string): Operand[] {
    this.next();
    this.expectSign("(");
    const operands: Operand[] = [];
    if (!this.isSign(")"))
      do operands.push(this.#operand());
      while (this.takeSign(","));
    this.expectSign(")");
    if (operands.length !== argumentCounts[name]) {
      this.tellLater(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    }
    return operands;
  }

  #pathOf(name: string, operand: Operand | undefined): readonly (string | number)[] {
    if (operand?.kind === "path") return operand.path;
    this.tellLater(`Operator or function requires a document path; operator or function: ${name}`);
    return [];
  }

  #call(): Condition {
    const name = this.token.text;
    if (!(name in argumentCounts)) throw this.invalid(`Invalid function name; function: ${name}`);
    const [first, second] = this.#arguments(name);
    const missing: Operand = { kind: "value", value: { NULL: true } };
    switch (name) {
      case "attribute_exists":
        return { kind: "exists", path: this.#pathOf(name, first) };
      case "attribute_not_exists":
        return { kind: "notExists", path: this.#pathOf(name, first) };
      case "attribute_type":
        this.#note(typeNameFault(second, attributeTypes));
        return { kind: "type", path: this.#pathOf(name, first), type: second ?? missing };
      case "begins_with":
        this.#note(beginsWithFault([first, second]));
        return { kind: "beginsWith", operand: first ?? missing, argument: second ?? missing };
      default:
        return { kind: "contains", operand: first ?? missing, argument: second ?? missing };
    }
  }

  #note(fault: string | undefined): void {
    if (fault !== undefined) this.tellLater(fault);
  }

  #in(operand: Operand): Condition {
    this.expectSign("(");
    const options: Operand[] = [];
    do options.push(this.#operand());
    while (this.takeSign(","));
    this.expectSign(")");
    if (options.length > conditionOperandsMax) {
      this.tellLater(
        `The IN operator is provided with too many operands; number of operands: ${options.length}; maximum number of operands: ${conditionOperandsMax}`,
      );
    }
    return { kind: "in", operand, options };
  }
}
