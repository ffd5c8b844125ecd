/**
 * PartiQL statements.
 *
 * S1. What is no statement is told as "Statement wasn't well formed, can't be processed: …"; what is one, but is not allowed, as it is.
 * S2. SET and REMOVE may be repeated, and every value is computed from the item as it was.
 *
 * Behind the colon of S1, AWS is seen to say "Expected data manipulation", "Unexpected keyword" and "Unexpected token after expression";
 * "Unexpected term" stands for whatever else it says. The texts about parameters, bags, SET_ADD, list indexes, RETURNING and FROM are AWS's.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html
 */
import { validation } from "../errors.ts";
import { findOverlap } from "../expressions/path-overlap.ts";
import { type Condition, type Path, type SetValue, showPath, type UpdateAction } from "../expressions/syntax.ts";
import { type AttributeValue, typeOf } from "../values/attribute-value.ts";
import { ConditionReader } from "./condition-reader.ts";
import type {
  DeleteStatement,
  InsertStatement,
  Returning,
  SelectStatement,
  Statement,
  UpdateStatement,
} from "./statement.ts";
import { badStatement, type StatementToken } from "./statement-tokens.ts";

/** Throws ValidationException. */
export function parseStatement(text: string, parameters: readonly AttributeValue[] = []): Statement {
  return new StatementParser(text, parameters).parse();
}

class StatementParser extends ConditionReader {
  parse(): Statement {
    const statement = this.#statement();
    this.takeSign(";");
    if (this.token.kind !== "end") throw badStatement("Unexpected token after expression");
    this.checkParameters();
    return statement;
  }

  #statement(): Statement {
    if (this.takeWord("SELECT")) return this.#select();
    if (this.takeWord("INSERT")) return this.#insert();
    if (this.takeWord("UPDATE")) return this.#update();
    if (this.takeWord("DELETE")) return this.#delete();
    if (!this.isCall("EXISTS")) throw badStatement("Expected data manipulation");
    this.next();
    this.expectSign("(");
    this.expectWord("SELECT");
    const select = this.#select();
    this.expectSign(")");
    return { kind: "exists", table: select.table, select };
  }

  #select(): SelectStatement {
    const paths = this.takeSign("*") ? undefined : this.list(() => this.#projected());
    this.expectWord("FROM");
    const { table, index } = this.#from();
    const where = this.#where();
    const order = this.takeWord("ORDER") ? this.#order() : [];
    return {
      kind: "select",
      table,
      order,
      ...(index === undefined ? {} : { index }),
      ...(paths === undefined ? {} : { paths }),
      ...where,
    };
  }

  #projected(): Path {
    if (!this.isCall()) return this.path();
    throw validation(`Unexpected path component at ${this.positionOf(this.token)}`);
  }

  #order(): SelectStatement["order"] {
    this.expectWord("BY");
    return this.list(() => {
      const name = this.name();
      return { name, isBackward: !this.takeWord("ASC") && this.takeWord("DESC") };
    });
  }

  #from(): { table: string; index?: string; token: StatementToken } {
    const { token } = this;
    const names = [this.name()];
    while (this.takeSign(".")) names.push(this.name());
    if (names.includes("")) throw validation("Path component cannot be an empty string");
    if (names.length > 2) throw validation("A path may contain at most 2 components in the FROM clause");
    const [table = "", index] = names;
    return { table, token, ...(index === undefined ? {} : { index }) };
  }

  #writtenTable(): string {
    const { table, index } = this.#from();
    if (index !== undefined) throw validation("This operation is not supported on an index");
    return table;
  }

  #insert(): InsertStatement {
    this.expectWord("INTO");
    const { table, index, token } = this.#from();
    if (index !== undefined) {
      throw validation(
        `FROM clause may only contain a single table name in data manipulation statements at ${this.positionOf(token)}`,
      );
    }
    this.expectWord("VALUE");
    return { kind: "insert", table, item: this.item() };
  }

  #update(): UpdateStatement {
    const table = this.#writtenTable();
    const actions: UpdateAction[] = [];
    for (;;) {
      if (this.takeWord("SET")) actions.push(...this.list(() => this.#set()));
      else if (this.takeWord("REMOVE")) {
        actions.push(...this.list((): UpdateAction => ({ kind: "remove", path: this.path() })));
      } else break;
    }
    if (actions.length === 0) throw badStatement("Expected data manipulation");
    const overlap = findOverlap(actions.map(({ path }) => path));
    if (overlap !== undefined) throw validation(overlap);
    return { kind: "update", table, actions, ...this.#where(), ...this.#returning() };
  }

  #delete(): DeleteStatement {
    this.expectWord("FROM");
    const statement: DeleteStatement = {
      kind: "delete",
      table: this.#writtenTable(),
      ...this.#where(),
      ...this.#returning(),
    };
    const { returning } = statement;
    if (returning !== undefined && returning !== "ALL_OLD") {
      throw validation(
        `Invalid returning clause: RETURNING ${returning.replace("UPDATED", "MODIFIED").replace("_", " ")} *. Only RETURNING ALL OLD * is allowed in DELETE statements.`,
      );
    }
    return statement;
  }

  #set(): UpdateAction {
    const path = this.path();
    this.expectSign("=");
    for (const [name, kind] of [
      ["SET_ADD", "add"],
      ["SET_DELETE", "delete"],
    ] as const) {
      if (this.isCall(name)) return { kind, path, value: this.#setArgument(name, path) };
    }
    return { kind: "set", path, value: this.#setValue() };
  }

  /** Of SET_ADD and SET_DELETE: their first argument is what is set. */
  #setArgument(name: string, target: Path): AttributeValue {
    const call = this.next();
    this.expectSign("(");
    const first = this.token;
    if (showPath(this.path()) !== showPath(target)) {
      throw validation(`The first argument to ${name} must equal the assignment value at ${this.positionOf(call)}`);
    }
    this.expectSign(",");
    const value = this.value();
    this.expectSign(")");
    if (value.SS === undefined && value.NS === undefined && value.BS === undefined) {
      throw validation(`The second argument to ${name} must be a value with type SET at ${this.positionOf(first)}`);
    }
    return value;
  }

  #setValue(): SetValue {
    const left = this.#setOperand();
    const sign = this.takeSign("+") ? "plus" : this.takeSign("-") ? "minus" : undefined;
    if (sign === undefined) return left;
    const right = this.#setOperand();
    for (const operand of [left, right]) checkType(sign === "plus" ? "+" : "-", operand, "N");
    return { kind: sign, left, right };
  }

  #setOperand(): SetValue {
    if (!this.isCall("LIST_APPEND")) return this.operand();
    this.next();
    this.expectSign("(");
    const first = this.#setOperand();
    this.expectSign(",");
    const second = this.#setOperand();
    this.expectSign(")");
    for (const operand of [first, second]) checkType("list_append", operand, "L");
    return { kind: "listAppend", first, second };
  }

  #where(): { where?: Condition } {
    return this.takeWord("WHERE") ? { where: this.condition() } : {};
  }

  #returning(): { returning?: Returning } {
    if (!this.takeWord("RETURNING")) return {};
    const scope = this.takeWord("ALL") ? "ALL" : this.expectWord("MODIFIED") && "UPDATED";
    const age = this.takeWord("OLD") ? "OLD" : this.expectWord("NEW") && "NEW";
    this.expectSign("*");
    return { returning: `${scope === "ALL" ? "ALL" : "UPDATED"}_${age === "OLD" ? "OLD" : "NEW"}` };
  }
}

function checkType(name: string, operand: SetValue, wanted: "N" | "L"): void {
  if (operand.kind !== "value" || operand.value[wanted] !== undefined) return;
  throw validation(
    `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${typeOf(operand.value)}`,
  );
}
