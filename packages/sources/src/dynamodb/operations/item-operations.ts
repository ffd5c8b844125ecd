/** PutItem, GetItem, UpdateItem and DeleteItem. */
import type { Operation } from "@tripline/kernel";
import { type CapacityInput, collectionMetrics, consumedCapacity, readUnits, writeUnits } from "../capacity.ts";
import { type ProjectionInput, readProjection } from "../conditions.ts";
import { validation } from "../errors.ts";
import { project } from "../expressions/projection.ts";
import type { DynamoHouse } from "../house.ts";
import {
  type DeleteInput,
  prepareDelete,
  type Prepared,
  preparePut,
  prepareUpdate,
  type PutInput,
  type UpdateInput,
} from "../item-writes.ts";
import { returnedValues } from "../returned-values.ts";
import { addressOf, checkKey } from "../table.ts";
import { checkItem, type Item } from "../values/attribute-value.ts";
import { parseItemText } from "../values/item-text.ts";
import { writeItems } from "../write-items.ts";

interface WriteInput extends CapacityInput {
  ReturnValues?: string;
  ReturnItemCollectionMetrics?: string;
}

const writeHonoured = [
  "TableName",
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "Expected",
  "ConditionalOperator",
  "ReturnValues",
  "ReturnValuesOnConditionCheckFailure",
  "ReturnConsumedCapacity",
  "ReturnItemCollectionMetrics",
];

async function write(
  house: DynamoHouse,
  input: WriteInput & { TableName: string },
  prepared: Prepared,
): Promise<Record<string, unknown>> {
  const request = prepared(house.tables.resolveItems(input.TableName));
  const [outcome] = (await writeItems(house, [request])) ?? [];
  if (outcome === undefined) return {};
  const Attributes = returnedValues(input.ReturnValues, outcome, request.actions);
  const ItemCollectionMetrics = await collectionMetrics(house, input, outcome.table, request.key);
  return {
    ...(Attributes === undefined ? {} : { Attributes }),
    ...(ItemCollectionMetrics === undefined ? {} : { ItemCollectionMetrics }),
    ...(input.ReturnConsumedCapacity === undefined ? {} : consumedCapacity(input, writeUnits(outcome))),
  };
}

function checkReturnValues({ ReturnValues: asked = "NONE" }: WriteInput): void {
  if (asked !== "NONE" && asked !== "ALL_OLD") throw validation("ReturnValues can only be ALL_OLD or NONE");
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html */
export function putItemOperation(house: DynamoHouse): Operation<PutInput & WriteInput> {
  return {
    name: "PutItem",
    honoured: [...writeHonoured, "Item"],
    async run(input) {
      checkReturnValues(input);
      return write(house, input, preparePut(input));
    },
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html */
export function deleteItemOperation(house: DynamoHouse): Operation<DeleteInput & WriteInput> {
  return {
    name: "DeleteItem",
    honoured: [...writeHonoured, "Key"],
    async run(input) {
      checkReturnValues(input);
      return write(house, input, prepareDelete(input));
    },
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export function updateItemOperation(house: DynamoHouse): Operation<UpdateInput & WriteInput> {
  return {
    name: "UpdateItem",
    honoured: [...writeHonoured, "Key", "UpdateExpression", "AttributeUpdates"],
    async run(input) {
      return write(house, input, prepareUpdate(input));
    },
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html */
export function getItemOperation(
  house: DynamoHouse,
): Operation<ProjectionInput & CapacityInput & { TableName: string; Key: Item; ConsistentRead?: boolean }> {
  return {
    name: "GetItem",
    honoured: [
      "TableName",
      "Key",
      "AttributesToGet",
      "ConsistentRead",
      "ReturnConsumedCapacity",
      "ProjectionExpression",
      "ExpressionAttributeNames",
    ],
    async run(input) {
      const paths = readProjection(input);
      const key = checkItem(input.Key);
      const table = house.tables.resolveItems(input.TableName);
      checkKey(table, key);
      const [stored] = await house.items.get([addressOf(table, key)]);
      const item = stored === undefined ? undefined : parseItemText(stored.text);
      const units = readUnits(stored?.bytes ?? 0, input.ConsistentRead === true);
      return {
        ...(item === undefined ? {} : { Item: paths === undefined ? item : project(item, paths) }),
        ...consumedCapacity(input, { table, units, indexes: {} }),
      };
    },
  };
}
