import type { Operation } from "@tripline/kernel";
import { describeTable } from "../describe.ts";
import { validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html */
export function deleteTableOperation(house: DynamoHouse): Operation<{ TableName: string }> {
  const { tables, streams } = house;
  return {
    name: "DeleteTable",
    honoured: ["TableName"],
    async run({ TableName }) {
      const table = tables.resolve(TableName);
      if (tables.status(table.name) !== "ACTIVE") tables.resolveActive(TableName);
      if (table.deletionProtection) {
        throw validation(
          "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
        );
      }
      const TableDescription = await describeTable(house, table, "DELETING");
      await tables.delete(table);
      if (table.streamArn !== undefined) await streams.disable(table.streamArn);
      return { TableDescription };
    },
  };
}
