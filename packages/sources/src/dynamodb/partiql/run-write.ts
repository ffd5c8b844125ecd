/**
 * INSERT, UPDATE and DELETE as the writes that they are.
 *
 * I1. INSERT is of an item that is not there: DuplicateItemException.
 * I2. UPDATE is of one that is there, and meets the rest of WHERE; else ConditionalCheckFailedException.
 * I3. DELETE of an item that is not there does nothing; of one that does not meet the rest of WHERE, it fails as UPDATE does.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html
 */
import type { ConditionInput } from "../conditions.ts";
import { duplicateItem } from "../errors.ts";
import type { Condition } from "../expressions/syntax.ts";
import { type Guard, type PreparedWrite, toCheck, toDelete, toGuard, toPut, toUpdate } from "../item-writes.ts";
import type { Table } from "../table.ts";
import { type KeyAndCondition, keyOfWhere } from "./key-of-where.ts";
import type { WriteStatement } from "./statement.ts";

/** With the table that it names. Throws ValidationException. */
export function toWrite(statement: WriteStatement, table: Table, input: ConditionInput): PreparedWrite {
  if (statement.kind === "insert") return toPut(statement.item, refuseDuplicate)(table);
  const { key, condition } = keyOfWhere(statement.where, table.key);
  const { hash } = table.key;
  if (statement.kind === "update") {
    const exists: Condition = { kind: "exists", path: [hash] };
    const all: Condition = condition === undefined ? exists : { kind: "and", left: exists, right: condition };
    return toUpdate(key, statement.actions, toGuard(all, input))(table); // I2
  }
  const either: Condition | undefined =
    condition === undefined ? undefined : { kind: "or", left: { kind: "notExists", path: [hash] }, right: condition };
  return toDelete(key, toGuard(either, input))(table); // I3
}

/** EXISTS of a transaction. Throws ValidationException. */
export function toExistsCheck({ key, condition }: KeyAndCondition, table: Table, input: ConditionInput): PreparedWrite {
  return toCheck(key, toGuard(condition, input))(table);
}

/** I1. */
const refuseDuplicate: Guard = (before) => {
  if (before() !== undefined) throw duplicateItem();
};
