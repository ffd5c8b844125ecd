/**
 * WHERE: conditions in the form that expressions have.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html
 */
import { validation } from "../errors.ts";
import {
  beginsWithFault,
  betweenFault,
  distinctFault,
  orderedFault,
  typeNameFault,
} from "../expressions/operand-faults.ts";
import type { Comparator, Condition, Operand } from "../expressions/syntax.ts";
import { conditionOperandsMax } from "../limits.ts";
import { LiteralReader } from "./literal-reader.ts";
import { badStatement } from "./statement-tokens.ts";

const comparators: Readonly<Record<string, Comparator>> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};
const attributeTypes = ["N", "BS", "L", "B", "NULL", "M", "S", "SS", "NS", "BOOL"];
/** AWS tells no limit; a statement of 8 KB needs none so deep. */
const depthMax = 200;

/** See the module's header. */
export class ConditionReader extends LiteralReader {
  #depth = 0;

  /** Throws ValidationException. */
  condition(): Condition {
    let left = this.#and();
    while (this.takeWord("OR")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.takeWord("AND")) left = { kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    if (this.takeWord("NOT")) return this.#deeper(() => ({ kind: "not", condition: this.#not() }));
    if (!this.takeSign("(")) return this.#comparison();
    const condition = this.#deeper(() => this.condition());
    this.expectSign(")");
    return condition;
  }

  #deeper(read: () => Condition): Condition {
    this.#depth += 1;
    if (this.#depth > depthMax) throw badStatement("Statement is nested too deeply");
    const condition = read();
    this.#depth -= 1;
    return condition;
  }

  #comparison(): Condition {
    if (this.isCall() && !this.isCall("SIZE")) return this.#call();
    const left = this.operand();
    if (this.takeWord("IS")) return this.#is(left);
    if (this.takeWord("BETWEEN")) {
      const low = this.operand();
      this.expectWord("AND");
      const high = this.operand();
      refuse(betweenFault(left, low, high));
      return { kind: "between", operand: left, low, high };
    }
    if (this.takeWord("IN")) return this.#in(left);
    const comparator = this.token.kind === "sign" ? comparators[this.token.text] : undefined;
    if (comparator === undefined) throw this.unexpected();
    this.next();
    const right = this.operand();
    if (comparator !== "=" && comparator !== "<>") refuse(orderedFault(comparator, [left, right]));
    refuse(distinctFault(comparator, left, right));
    return { kind: "compare", comparator, left, right };
  }

  #call(): Condition {
    const name = this.token.text.toLowerCase();
    if (name !== "begins_with" && name !== "contains" && name !== "attribute_type") throw this.unexpected();
    this.next();
    this.expectSign("(");
    const operand = this.operand();
    this.expectSign(",");
    const argument = this.operand();
    this.expectSign(")");
    if (name === "contains") return { kind: "contains", operand, argument };
    if (name === "begins_with") {
      refuse(beginsWithFault([operand, argument]));
      return { kind: "beginsWith", operand, argument };
    }
    if (operand.kind !== "path") {
      throw validation("Operator or function requires a document path; operator or function: attribute_type");
    }
    refuse(typeNameFault(argument, attributeTypes));
    return { kind: "type", path: operand.path, type: argument };
  }

  #in(operand: Operand): Condition {
    const close = this.takeSign("[") ? "]" : ")";
    if (close === ")") this.expectSign("(");
    const options = this.list(() => this.operand());
    this.expectSign(close);
    if (options.length > conditionOperandsMax) {
      throw validation(`The IN operator is provided with too many operands; number of operands: ${options.length}`);
    }
    return { kind: "in", operand, options };
  }

  /** An attribute that is not there is not NULL. */
  #is(operand: Operand): Condition {
    if (operand.kind !== "path") throw this.unexpected();
    const isNot = this.takeWord("NOT");
    const { path } = operand;
    if (this.takeWord("MISSING")) return { kind: isNot ? "exists" : "notExists", path };
    this.expectWord("NULL");
    const condition: Condition = { kind: "type", path, type: { kind: "value", value: { S: "NULL" } } };
    return isNot ? { kind: "not", condition } : condition;
  }

  operand(): Operand {
    if (this.isCall("SIZE")) {
      this.next();
      this.expectSign("(");
      const path = this.path();
      this.expectSign(")");
      return { kind: "size", path };
    }
    const isValue = this.isWord("TRUE") || this.isWord("FALSE") || this.isWord("NULL");
    const isPath = !isValue && (this.token.kind === "word" || this.token.kind === "name");
    return isPath ? { kind: "path", path: this.path() } : { kind: "value", value: this.value() };
  }
}

/** Throws ValidationException where something is wrong. */
function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw validation(fault);
}
