/** DescribeTable, ListTables. */
import type { Operation } from "@tripline/kernel";
import { describeTable } from "../describe.ts";
import type { DynamoHouse } from "../house.ts";

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html */
export function describeTableOperation(house: DynamoHouse): Operation<{ TableName: string }> {
  return {
    name: "DescribeTable",
    honoured: ["TableName"],
    run: async ({ TableName }) => ({ Table: await describeTable(house, house.tables.resolve(TableName)) }),
  };
}

const listedMax = 100;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
export function listTablesOperation({
  tables,
}: DynamoHouse): Operation<{ ExclusiveStartTableName?: string; Limit?: number }> {
  return {
    name: "ListTables",
    honoured: ["ExclusiveStartTableName", "Limit"],
    async run({ ExclusiveStartTableName: after, Limit = listedMax }) {
      const names = tables
        .list()
        .map(({ name }) => name)
        .filter((name) => after === undefined || name > after);
      const TableNames = names.slice(0, Limit);
      return {
        TableNames,
        ...(TableNames.length < names.length ? { LastEvaluatedTableName: TableNames.at(-1) } : {}),
      };
    },
  };
}
