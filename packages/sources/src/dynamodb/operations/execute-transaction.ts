/**
 * ExecuteTransaction: statements that are done together, or not at all.
 *
 * X1. All of them read, each one item by its key, or all of them write; EXISTS is a condition among writes.
 * X2. What is wrong with a statement by itself fails the request; what is wrong for its table cancels the transaction, with a reason.
 *
 * As AWS is seen to answer.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html
 */
import type { Operation } from "@tripline/kernel";
import type { CapacityInput } from "../capacity.ts";
import type { ConditionInput } from "../conditions.ts";
import { validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";
import type { PreparedWrite } from "../item-writes.ts";
import { findKey } from "../partiql/key-of-where.ts";
import { parseStatement } from "../partiql/parse-statement.ts";
import { toProjected } from "../partiql/projected.ts";
import { toExistsCheck, toWrite } from "../partiql/run-write.ts";
import type { SelectStatement, Statement } from "../partiql/statement.ts";
import { checkKey, type Table } from "../table.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import {
  attempt,
  checkDistinct,
  checkTransactionBytes,
  readTransaction,
  toFingerprint,
  withReasons,
  writeTransaction,
} from "./transact.ts";

interface TransactStatement extends Pick<ConditionInput, "ReturnValuesOnConditionCheckFailure"> {
  Statement: string;
  Parameters?: AttributeValue[];
}

interface ExecuteTransactionInput extends CapacityInput {
  TransactStatements: TransactStatement[];
  ClientRequestToken?: string;
}

export function executeTransactionOperation(house: DynamoHouse): Operation<ExecuteTransactionInput> {
  return {
    name: "ExecuteTransaction",
    honoured: ["TransactStatements", "ClientRequestToken", "ReturnConsumedCapacity"],
    async run(input) {
      const { TransactStatements: all, ClientRequestToken: token } = input;
      const fingerprint = toFingerprint(all);
      const statements = all.map((one) => parseStatement(one.Statement, one.Parameters));
      for (const [at, statement] of statements.entries()) checkAllowed(statement, at);
      const reads = statements.flatMap((statement) => (statement.kind === "select" ? [statement] : []));
      const writes = statements.flatMap((statement) => (statement.kind === "select" ? [] : [statement]));
      if (reads.length > 0 && writes.length > 0) {
        throw validation("ExecuteTransaction API does not support both read and write operations in the same request.");
      }
      if (reads.length > 0) return read(house, reads, input);
      const requests = withReasons(writes, (statement, at) => toRequest(house, statement, all[at] ?? {}, at));
      checkDistinct(requests);
      checkTransactionBytes(
        writes.flatMap((statement, at) => [
          statement.kind === "insert" ? statement.item : (requests[at]?.key ?? {}),
          Object.fromEntries((all[at]?.Parameters ?? []).map((value, number) => [String(number), value])),
        ]),
      );
      const capacity = await writeTransaction(house, requests, input, {
        token: token === undefined ? undefined : `ExecuteTransaction ${token}`, // apart from those of TransactWriteItems
        fingerprint,
      });
      return { Responses: statements.map(() => ({})), ...capacity };
    },
  };
}

function checkAllowed(statement: Statement, at: number): void {
  const index = statement.kind === "select" ? statement.index : undefined;
  if (index !== undefined) throw refused(at, "Reads on indices are not supported within transactions.");
  const isReturning = (statement.kind === "update" || statement.kind === "delete") && statement.returning !== undefined;
  if (isReturning) throw refused(at, "RETURNING clause is not supported in ExecuteTransaction.");
}

function refused(at: number, message: string): Error {
  return validation(`Validation failed in TransactStatements[${at}]: ${message}`);
}

function toRequest(
  { tables }: DynamoHouse,
  statement: Exclude<Statement, SelectStatement>,
  input: ConditionInput,
  at: number,
): PreparedWrite | Error {
  const table = attempt(() => tables.resolveItems(statement.table));
  if (table instanceof Error) return table;
  if (statement.kind === "insert") return attempt(() => toWrite(statement, table, input));
  if (statement.kind !== "exists") {
    const found = attempt(() => findKey(statement.where, table.key));
    if (found === undefined || found instanceof Error) {
      return validation("The provided key element does not match the schema");
    }
    return attempt(() => toWrite(statement, table, input));
  }
  const { select } = statement;
  const found = select.index === undefined ? findKey(select.where, table.key) : undefined;
  if (found?.condition === undefined) {
    throw refused(at, "EXISTS() must contain a single item read with additional condition");
  }
  return attempt(() => toExistsCheck(found, table, input));
}

async function read(
  house: DynamoHouse,
  statements: readonly SelectStatement[],
  input: CapacityInput,
): Promise<Record<string, unknown>> {
  const gets = withReasons(statements, (statement, at): { table: Table; key: Item } | Error => {
    const table = attempt(() => house.tables.resolveItems(statement.table));
    if (table instanceof Error) return table;
    const found = findKey(statement.where, table.key);
    if (found === undefined || found.condition !== undefined) {
      throw refused(
        at,
        "Select statements within ExecuteTransaction must specify the primary key in the where clause.",
      );
    }
    return attempt(() => {
      checkKey(table, found.key);
      return { table, key: found.key };
    });
  });
  checkDistinct(gets);
  const { items, capacity } = await readTransaction(house, gets, input);
  const Responses = statements.map(({ paths }, at) => {
    const item = items[at];
    return item === undefined ? {} : { Item: toProjected(item, paths) };
  });
  return { Responses, ...capacity };
}
