/** ExecuteStatement. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html */
import { invariant, type Operation } from "@tripline/kernel";
import { type CapacityInput, consumedCapacity, writeUnits } from "../capacity.ts";
import type { ConditionInput } from "../conditions.ts";
import { validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";
import { parseStatement } from "../partiql/parse-statement.ts";
import { runSelect, type SelectInput } from "../partiql/run-select.ts";
import { toWrite } from "../partiql/run-write.ts";
import type { WriteStatement } from "../partiql/statement.ts";
import { returnedValues } from "../returned-values.ts";
import type { Item } from "../values/attribute-value.ts";
import { type WriteOutcome, writeItems } from "../write-items.ts";

interface ExecuteStatementInput
  extends SelectInput, CapacityInput, Pick<ConditionInput, "ReturnValuesOnConditionCheckFailure"> {}

/** Limit, ConsistentRead and NextToken are of SELECT; of others, AWS does not look at the first two. */
export function executeStatementOperation(house: DynamoHouse): Operation<ExecuteStatementInput> {
  return {
    name: "ExecuteStatement",
    honoured: [
      "Statement",
      "Parameters",
      "ConsistentRead",
      "Limit",
      "NextToken",
      "ReturnConsumedCapacity",
      "ReturnValuesOnConditionCheckFailure",
    ],
    async run(input) {
      const statement = parseStatement(input.Statement, input.Parameters);
      if (statement.kind === "exists") {
        throw validation("EXISTS can only be used in ExecuteTransaction write requests.");
      }
      if (statement.kind === "select") {
        const { items, units, nextToken, lastKey } = await runSelect(house, statement, input);
        return {
          Items: items,
          ...(nextToken === undefined ? {} : { NextToken: nextToken }),
          ...(lastKey === undefined ? {} : { LastEvaluatedKey: lastKey }),
          ...consumedCapacity(input, units),
        };
      }
      if (input.NextToken !== undefined) throw validation("NextToken is only valid on a SELECT statement");
      const { item, outcome } = await runWrite(house, statement, input);
      return {
        Items: item === undefined ? [] : [item],
        ...(input.ReturnConsumedCapacity === undefined ? {} : consumedCapacity(input, writeUnits(outcome))),
      };
    },
  };
}

/** One write, and what its RETURNING asks for. */
export async function runWrite(
  house: DynamoHouse,
  statement: WriteStatement,
  input: Pick<ConditionInput, "ReturnValuesOnConditionCheckFailure">,
): Promise<{ item: Item | undefined; outcome: WriteOutcome }> {
  const request = toWrite(statement, house.tables.resolveItems(statement.table), input);
  const [outcome] = (await writeItems(house, [request])) ?? [];
  invariant(outcome !== undefined, "a write without a token is done");
  const returning = statement.kind === "insert" ? undefined : statement.returning;
  return { item: returnedValues(returning, outcome, request.actions), outcome };
}
