/**
 * PartiQL statements.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
 */
import type { Comparator, Condition, Operand, Path, SetValue, UpdateAction } from "../expressions/syntax.ts";
import { setMember } from "../expressions/document-path.ts";
import { type AttributeValue, checkValue, type Item } from "../values/attribute-value.ts";
import { badStatement, type StatementToken, tokeniseStatement } from "./statement-tokens.ts";
import type { Statement } from "./statement.ts";

/** Throws ValidationException. */
export function parseStatement(text: string, parameters: readonly AttributeValue[] = []): Statement {
  return new StatementParser(text, parameters).statement();
}

class StatementParser {
  readonly #tokens: StatementToken[];
  readonly #parameters: readonly AttributeValue[];
  #at = 0;
  #used = 0;

  constructor(text: string, parameters: readonly AttributeValue[]) {
    this.#tokens = tokeniseStatement(text);
    this.#parameters = parameters;
  }

  statement(): Statement {
    const statement = this.#statement();
    if (this.#token.kind !== "end") throw this.#unexpected();
    if (this.#used !== this.#parameters.length) {
      throw badStatement("Number of parameters in request and statement don't match.");
    }
    return statement;
  }

  #statement(): Statement {
    if (this.#takeWord("SELECT")) return this.#select();
    if (this.#takeWord("INSERT")) return this.#insert();
    if (this.#takeWord("UPDATE")) return this.#update();
    if (this.#takeWord("DELETE")) return this.#delete();
    throw this.#unexpected();
  }

  #select(): Statement {
    const paths = this.#takeSign("*") ? undefined : this.#list(() => this.#path());
    this.#expectWord("FROM");
    const table = this.#name();
    const index = this.#takeSign(".") ? this.#name() : undefined;
    const where = this.#where();
    const order: { name: string; isBackward: boolean }[] = [];
    if (this.#takeWord("ORDER")) {
      this.#expectWord("BY");
      order.push(
        ...this.#list(() => {
          const name = this.#name();
          return { name, isBackward: !this.#takeWord("ASC") && this.#takeWord("DESC") };
        }),
      );
    }
    return {
      kind: "select",
      table,
      order,
      ...(index === undefined ? {} : { index }),
      ...(paths === undefined ? {} : { paths }),
      ...where,
    };
  }

  #insert(): Statement {
    this.#expectWord("INTO");
    const table = this.#name();
    this.#expectWord("VALUE");
    const { M: item } = this.#value();
    if (item === undefined) throw badStatement("The value of INSERT must be a tuple");
    return { kind: "insert", table, item };
  }

  #update(): Statement {
    const table = this.#name();
    const actions: UpdateAction[] = [];
    for (;;) {
      if (this.#takeWord("SET")) actions.push(...this.#list(() => this.#set()));
      else if (this.#takeWord("REMOVE")) {
        actions.push(...this.#list((): UpdateAction => ({ kind: "remove", path: this.#path() })));
      } else break;
    }
    if (actions.length === 0) throw this.#unexpected();
    return { kind: "update", table, actions, ...this.#where(), ...this.#returning() };
  }

  #delete(): Statement {
    this.#expectWord("FROM");
    return { kind: "delete", table: this.#name(), ...this.#where(), ...this.#returning() };
  }

  #set(): UpdateAction {
    const path = this.#path();
    this.#expectSign("=");
    return { kind: "set", path, value: this.#setValue() };
  }

  #setValue(): SetValue {
    if (this.#isCall("list_append")) {
      const [first, second] = this.#call(() => this.#setValue(), 2);
      if (first !== undefined && second !== undefined) return { kind: "listAppend", first, second };
    }
    const left = this.#operand();
    if (this.#takeSign("+")) return { kind: "plus", left, right: this.#operand() };
    if (this.#takeSign("-")) return { kind: "minus", left, right: this.#operand() };
    return left;
  }

  #where(): { where?: Condition } {
    return this.#takeWord("WHERE") ? { where: this.#or() } : {};
  }

  #returning(): { returning?: string } {
    if (!this.#takeWord("RETURNING")) return {};
    const scope = this.#takeWord("ALL") ? "ALL" : this.#expectWord("MODIFIED");
    const age = this.#takeWord("OLD") ? "OLD" : this.#expectWord("NEW");
    this.#expectSign("*");
    return { returning: `${scope} ${age} *` };
  }

  #or(): Condition {
    let left = this.#and();
    while (this.#takeWord("OR")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.#takeWord("AND")) left = { kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    if (this.#takeWord("NOT")) return { kind: "not", condition: this.#not() };
    if (this.#takeSign("(")) {
      const condition = this.#or();
      this.#expectSign(")");
      return condition;
    }
    return this.#comparison();
  }

  #comparison(): Condition {
    for (const [name, kind] of [
      ["begins_with", "beginsWith"],
      ["contains", "contains"],
      ["attribute_type", "type"],
    ] as const) {
      if (!this.#isCall(name)) continue;
      const [operand, argument] = this.#call(() => this.#operand(), 2);
      if (operand === undefined || argument === undefined) throw this.#unexpected();
      if (kind !== "type") return { kind, operand, argument };
      if (operand.kind !== "path") throw badStatement("attribute_type needs a path");
      return { kind, path: operand.path, type: argument };
    }
    const left = this.#operand();
    if (this.#takeWord("IS")) return this.#is(left);
    if (this.#takeWord("BETWEEN")) {
      const low = this.#operand();
      this.#expectWord("AND");
      return { kind: "between", operand: left, low, high: this.#operand() };
    }
    if (this.#takeWord("IN")) {
      const close = this.#takeSign("[") ? "]" : (this.#expectSign("("), ")");
      const options = this.#list(() => this.#operand());
      this.#expectSign(close);
      return { kind: "in", operand: left, options };
    }
    const { kind, text } = this.#token;
    const comparator = text === "!=" ? "<>" : text;
    if (kind !== "sign" || !["=", "<>", "<", "<=", ">", ">="].includes(comparator)) throw this.#unexpected();
    this.#at += 1;
    return { kind: "compare", comparator: comparator as Comparator, left, right: this.#operand() };
  }

  #is(operand: Operand): Condition {
    if (operand.kind !== "path") throw this.#unexpected();
    const isNot = this.#takeWord("NOT");
    const { path } = operand;
    if (this.#takeWord("MISSING")) return { kind: isNot ? "exists" : "notExists", path };
    this.#expectWord("NULL");
    const condition: Condition = { kind: "type", path, type: { kind: "value", value: { S: "NULL" } } };
    return isNot ? { kind: "not", condition } : condition;
  }

  #operand(): Operand {
    if (this.#isCall("size")) {
      const [path] = this.#call(() => this.#path(), 1);
      return { kind: "size", path: path ?? [] };
    }
    const { kind, text } = this.#token;
    const isPath = kind === "name" || (kind === "word" && !/^(true|false|null)$/i.test(text));
    return isPath ? { kind: "path", path: this.#path() } : { kind: "value", value: this.#value() };
  }

  #path(): Path {
    const path: (string | number)[] = [this.#name()];
    for (;;) {
      if (this.#takeSign(".")) path.push(this.#name());
      else if (this.#takeSign("[")) {
        const { kind, text } = this.#token;
        if (kind !== "number" || !/^\d+$/.test(text)) throw this.#unexpected();
        this.#at += 1;
        path.push(Number(text));
        this.#expectSign("]");
      } else return path;
    }
  }

  #value(): AttributeValue {
    return checkValue(this.#rawValue());
  }

  #rawValue(): AttributeValue {
    const token = this.#token;
    this.#at += 1;
    if (token.kind === "text") return { S: token.text };
    if (token.kind === "number") return { N: token.text };
    if (token.kind === "word") {
      const word = token.text.toLowerCase();
      if (word === "null") return { NULL: true };
      if (word === "true" || word === "false") return { BOOL: word === "true" };
    }
    if (token.kind === "sign") {
      if (token.text === "?") return this.#parameter();
      if (token.text === "-" && this.#token.kind === "number") return { N: `-${this.#rawValue().N ?? ""}` };
      if (token.text === "[") return { L: this.#takeSign("]") ? [] : this.#closed("]", () => this.#rawValue()) };
      if (token.text === "<<") return this.#setOf(this.#closed(">>", () => this.#rawValue()));
      if (token.text === "{") return { M: this.#members() };
    }
    this.#at -= 1;
    throw this.#unexpected();
  }

  #members(): Item {
    const members: Item = {};
    if (this.#takeSign("}")) return members;
    this.#closed("}", () => {
      const { kind, text } = this.#token;
      if (kind !== "text" && kind !== "name") throw this.#unexpected();
      this.#at += 1;
      this.#expectSign(":");
      setMember(members, text, this.#rawValue());
    });
    return members;
  }

  #setOf(values: readonly AttributeValue[]): AttributeValue {
    const texts = values.flatMap(({ S }) => (S === undefined ? [] : [S]));
    if (texts.length === values.length) return { SS: texts };
    const numbers = values.flatMap(({ N }) => (N === undefined ? [] : [N]));
    if (numbers.length === values.length) return { NS: numbers };
    const bytes = values.flatMap(({ B }) => (B === undefined ? [] : [B]));
    if (bytes.length === values.length) return { BS: bytes };
    throw badStatement("A set holds values of one type: string, number or binary");
  }

  #parameter(): AttributeValue {
    const value = this.#parameters[this.#used];
    if (value === undefined) throw badStatement("Number of parameters in request and statement don't match.");
    this.#used += 1;
    return value;
  }

  #list<T>(one: () => T): T[] {
    const all = [one()];
    while (this.#takeSign(",")) all.push(one());
    return all;
  }

  #closed<T>(close: string, one: () => T): T[] {
    const all = this.#list(one);
    this.#expectSign(close);
    return all;
  }

  #call<T>(one: () => T, count: number): T[] {
    this.#at += 1;
    this.#expectSign("(");
    const all = this.#closed(")", one);
    if (all.length !== count) throw badStatement(`Expected ${count} arguments`);
    return all;
  }

  #isCall(name: string): boolean {
    const next = this.#tokens[this.#at + 1];
    return this.#isWord(name) && next?.kind === "sign" && next.text === "(";
  }

  #name(): string {
    const { kind, text } = this.#token;
    if (kind !== "word" && kind !== "name") throw this.#unexpected();
    this.#at += 1;
    return text;
  }

  get #token(): StatementToken {
    return this.#tokens[this.#at] ?? { kind: "end", text: "", at: 0 };
  }

  #isWord(word: string): boolean {
    return this.#token.kind === "word" && this.#token.text.toUpperCase() === word.toUpperCase();
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#at += 1;
    return true;
  }

  #expectWord(word: string): string {
    if (!this.#takeWord(word)) throw this.#unexpected();
    return word;
  }

  #takeSign(sign: string): boolean {
    if (this.#token.kind !== "sign" || this.#token.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #expectSign(sign: string): void {
    if (!this.#takeSign(sign)) throw this.#unexpected();
  }

  #unexpected(): Error {
    return badStatement(`Unexpected token "${this.#token.text}" at position ${this.#token.at}`);
  }
}
