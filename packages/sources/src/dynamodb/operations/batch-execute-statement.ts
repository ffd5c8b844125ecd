/**
 * BatchExecuteStatement: statements of which each is done, or fails, by itself.
 *
 * B1. All of them read, each one item, or all of them write, each its own item.
 * B2. An error names the table where the statement was run; not where it is wrong by itself (ValidationError).
 *
 * As AWS is seen to answer; but it counts the capacity that a failed statement would have taken, and we that of those which were done.
 * ReturnValuesOnConditionCheckFailure is as its documentation says.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
 */
import type { Operation } from "@tripline/kernel";
import { type CapacityInput, consumedCapacities, readUnits, type TableUnits, writeUnits } from "../capacity.ts";
import type { ConditionInput } from "../conditions.ts";
import { toFailureReason, validation } from "../errors.ts";
import { isMet } from "../expressions/evaluate-condition.ts";
import type { DynamoHouse } from "../house.ts";
import { findKey } from "../partiql/key-of-where.ts";
import { parseStatement } from "../partiql/parse-statement.ts";
import { toProjected } from "../partiql/projected.ts";
import type { SelectStatement, Statement } from "../partiql/statement.ts";
import { addressOf, checkKey, keyOf, type Table } from "../table.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { parseItemText } from "../values/item-text.ts";
import { identityOf } from "./batch.ts";
import { runWrite } from "./execute-statement.ts";

interface BatchStatement extends Pick<ConditionInput, "ReturnValuesOnConditionCheckFailure"> {
  Statement: string;
  Parameters?: AttributeValue[];
  ConsistentRead?: boolean;
}

interface Member {
  input: BatchStatement;
  statement?: Statement;
  error?: unknown;
}

interface Done {
  item: Item | undefined;
  units: TableUnits;
}

export function batchExecuteStatementOperation(
  house: DynamoHouse,
): Operation<CapacityInput & { Statements: BatchStatement[] }> {
  return {
    name: "BatchExecuteStatement",
    honoured: ["Statements", "ReturnConsumedCapacity"],
    async run(input) {
      const members = input.Statements.map(toMember);
      const kinds = new Set(members.flatMap(({ statement }) => statement ?? []).map(({ kind }) => kind === "select"));
      if (kinds.size > 1) {
        throw validation("Read and write requests together in the same batch is not supported.");
      }
      checkDistinct(house, members);
      const done = await Promise.allSettled(members.map((member) => runMember(house, member)));
      const Responses = done.map((one, at) => {
        const TableName = members[at]?.statement?.table;
        if (one.status === "fulfilled") {
          const { item } = one.value;
          return { TableName, ...(item === undefined ? {} : { Item: item }) };
        }
        const Error = toFailureReason(one.reason);
        if (Error === undefined) throw one.reason;
        return { Error, ...(Error.Code === "ValidationError" ? {} : { TableName }) }; // B2
      });
      const units = done.flatMap((one) => (one.status === "fulfilled" ? [one.value.units] : []));
      return { Responses, ...(units.length === 0 ? {} : consumedCapacities(input, units)) };
    },
  };
}

function toMember(input: BatchStatement): Member {
  try {
    return { input, statement: parseStatement(input.Statement, input.Parameters) };
  } catch (error) {
    if (toFailureReason(error) === undefined) throw error;
    return { input, error };
  }
}

/** B1. What names no item fails later, by itself. */
function checkDistinct({ tables }: DynamoHouse, members: readonly Member[]): void {
  const seen = new Set<string>();
  for (const { statement } of members) {
    const table = statement === undefined ? undefined : tables.get(statement.table);
    if (statement === undefined || table === undefined) continue;
    const key = targetOf(statement, table);
    if (key === undefined) continue;
    const identity = identityOf(table, key);
    if (seen.has(identity)) throw validation("Provided list of item keys contains duplicates");
    seen.add(identity);
  }
}

function targetOf(statement: Statement, table: Table): Item | undefined {
  try {
    const key =
      statement.kind === "insert"
        ? keyOf(table.key, statement.item)
        : statement.kind === "exists"
          ? undefined
          : findKey(statement.where, table.key)?.key;
    if (key !== undefined) checkKey(table, key);
    return key;
  } catch (error) {
    if (toFailureReason(error) === undefined) throw error;
    return undefined;
  }
}

async function runMember(house: DynamoHouse, { statement, error, input }: Member): Promise<Done> {
  if (statement === undefined) throw error;
  if (statement.kind === "exists") {
    throw validation("EXISTS can only be used in ExecuteTransaction write requests.");
  }
  if (statement.kind === "select") return readOne(house, statement, input.ConsistentRead === true);
  const { item, outcome } = await runWrite(house, statement, input);
  return { item, units: writeUnits(outcome) };
}

async function readOne(house: DynamoHouse, statement: SelectStatement, isConsistent: boolean): Promise<Done> {
  const { where, paths, index } = statement;
  const table = house.tables.resolveItems(statement.table);
  const found = index === undefined ? findKey(where, table.key) : undefined;
  if (found === undefined) {
    throw validation(
      "Select statements within BatchExecuteStatement must specify the primary key in the where clause.",
    );
  }
  const { key, condition } = found;
  checkKey(table, key);
  const [stored] = await house.items.get([addressOf(table, key)]);
  const item = stored === undefined ? undefined : parseItemText(stored.text);
  const isShown = item !== undefined && (condition === undefined || isMet(condition, item));
  return {
    item: isShown ? toProjected(item, paths) : undefined,
    units: { table, units: readUnits(stored?.bytes ?? 0, isConsistent), indexes: {} },
  };
}
