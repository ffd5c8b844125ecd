import type { Operation } from "@tripline/kernel";
import type { DynamoHouse } from "../house.ts";
import { createAccountOperations } from "./account-operations.ts";
import { batchGetItemOperation, batchWriteItemOperation } from "./batch.ts";
import { batchExecuteStatementOperation } from "./batch-execute-statement.ts";
import { executeStatementOperation } from "./execute-statement.ts";
import { executeTransactionOperation } from "./execute-transaction.ts";
import { deleteItemOperation, getItemOperation, putItemOperation, updateItemOperation } from "./item-operations.ts";
import { queryOperation, scanOperation } from "./query-scan.ts";
import { createTableOperation } from "./create-table.ts";
import { deleteTableOperation } from "./delete-table.ts";
import { describeTableOperation, listTablesOperation } from "./describe-tables.ts";
import { updateTableOperation } from "./update-table.ts";
import { describeTimeToLiveOperation, updateTimeToLiveOperation } from "./time-to-live-operations.ts";
import { transactGetItemsOperation, transactWriteItemsOperation } from "./transact.ts";

/** Every operation of DynamoDB that we have. */
export function createDynamoOperations(house: DynamoHouse): Operation[] {
  return [
    createTableOperation(house),
    updateTableOperation(house),
    deleteTableOperation(house),
    describeTableOperation(house),
    listTablesOperation(house),
    updateTimeToLiveOperation(house),
    describeTimeToLiveOperation(house),
    ...createAccountOperations(house),
    putItemOperation(house),
    getItemOperation(house),
    updateItemOperation(house),
    deleteItemOperation(house),
    queryOperation(house),
    scanOperation(house),
    batchGetItemOperation(house),
    batchWriteItemOperation(house),
    transactWriteItemsOperation(house),
    transactGetItemsOperation(house),
    executeStatementOperation(house),
    batchExecuteStatementOperation(house),
    executeTransactionOperation(house),
  ];
}
