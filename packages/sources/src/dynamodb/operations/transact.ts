/** TransactWriteItems and TransactGetItems. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
import { createHash } from "node:crypto";
import type { Operation } from "@tripline/kernel";
import { type CapacityInput, collectionMetrics, consumedCapacities, readUnits, writeUnits } from "../capacity.ts";
import { type ProjectionInput, readProjection } from "../conditions.ts";
import { validation } from "../errors.ts";
import { project } from "../expressions/projection.ts";
import type { DynamoHouse } from "../house.ts";
import {
  type DeleteInput,
  prepareCheck,
  prepareDelete,
  type Prepared,
  preparePut,
  prepareUpdate,
  type PutInput,
  type UpdateInput,
} from "../item-writes.ts";
import { tokenMs, transactionBytesMax } from "../limits.ts";
import { addressOf, checkKey } from "../table.ts";
import { checkItem, type Item } from "../values/attribute-value.ts";
import { parseItemText } from "../values/item-text.ts";
import { writeItems } from "../write-items.ts";
import { bytesOf, identityOf } from "./batch.ts";

interface WriteAction {
  ConditionCheck?: DeleteInput;
  Put?: PutInput;
  Delete?: DeleteInput;
  Update?: UpdateInput;
}

interface TransactWriteInput extends CapacityInput {
  TransactItems: WriteAction[];
  ClientRequestToken?: string;
  ReturnItemCollectionMetrics?: string;
}

/** A token counts for ten minutes. */
export function transactWriteItemsOperation(house: DynamoHouse): Operation<TransactWriteInput> {
  return {
    name: "TransactWriteItems",
    honoured: ["TransactItems", "ClientRequestToken", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics"],
    async run(input) {
      const { ClientRequestToken, TransactItems } = input;
      const fingerprint = createHash("sha256").update(JSON.stringify(TransactItems)).digest("hex");
      const prepared = TransactItems.map(prepare);
      const seen = new Set<string>();
      const requests = prepared.map(({ name, toRequest }) => {
        const table = house.tables.resolveItems(name);
        const request = toRequest(table);
        const identity = identityOf(table, request.key);
        if (seen.has(identity)) {
          throw validation("Transaction request cannot include multiple operations on one item");
        }
        seen.add(identity);
        return request;
      });
      const given = TransactItems.flatMap(({ Put, Delete, Update, ConditionCheck }) => [
        Put?.Item ?? Delete?.Key ?? Update?.Key ?? ConditionCheck?.Key ?? {},
        (Put ?? Delete ?? Update ?? ConditionCheck)?.ExpressionAttributeValues ?? {},
      ]);
      if (bytesOf(given) > transactionBytesMax) {
        throw validation("Transaction request size exceeded the maximum allowed size: 4 MB");
      }
      const outcomes = await writeItems(house, requests, {
        isTransaction: true,
        ...(ClientRequestToken === undefined
          ? {}
          : { token: { token: ClientRequestToken, fingerprint, nowMs: house.clock.now(), keptMs: tokenMs } }),
      });
      const metrics: Record<string, unknown[]> = {};
      for (const { table, key } of requests) {
        const one = await collectionMetrics(house, input, table, key);
        if (one !== undefined) metrics[table.name] = [...(metrics[table.name] ?? []), one];
      }
      // Done before: AWS reads what is there, and counts that.
      const repeated = (): object =>
        consumedCapacities(
          input,
          requests.map(({ table }) => ({ table, units: 2, indexes: {} })),
          "read",
        );
      return {
        ...(Object.keys(metrics).length === 0 ? {} : { ItemCollectionMetrics: metrics }),
        ...(outcomes === undefined
          ? repeated()
          : input.ReturnConsumedCapacity === undefined
            ? {}
            : consumedCapacities(
                input,
                outcomes.map((outcome) => writeUnits(outcome, 2)),
                "write",
              )),
      };
    },
  };
}

function prepare({ ConditionCheck, Put, Delete, Update }: WriteAction): { name: string; toRequest: Prepared } {
  const given = [ConditionCheck, Put, Delete, Update].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw validation("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  const name = given[0]?.TableName ?? "";
  if (ConditionCheck !== undefined) return { name, toRequest: prepareCheck(ConditionCheck) };
  if (Put !== undefined) return { name, toRequest: preparePut(Put) };
  if (Delete !== undefined) return { name, toRequest: prepareDelete(Delete) };
  return { name, toRequest: prepareUpdate(Update ?? { TableName: name, Key: {} }) };
}

interface GetAction extends ProjectionInput {
  TableName: string;
  Key: Item;
}

export function transactGetItemsOperation(
  house: DynamoHouse,
): Operation<CapacityInput & { TransactItems: { Get: GetAction }[] }> {
  return {
    name: "TransactGetItems",
    honoured: ["TransactItems", "ReturnConsumedCapacity"],
    async run(input) {
      const gets = input.TransactItems.map(({ Get }) => ({
        name: Get.TableName,
        paths: readProjection(Get),
        key: checkItem(Get.Key),
      }));
      const seen = new Set<string>();
      const planned = gets.map((get) => {
        const table = house.tables.resolveItems(get.name);
        checkKey(table, get.key);
        const identity = identityOf(table, get.key);
        if (seen.has(identity)) {
          throw validation("Transaction request cannot include multiple operations on one item");
        }
        seen.add(identity);
        return { ...get, table };
      });
      const found = await house.items.get(planned.map(({ table, key }) => addressOf(table, key)));
      if (found.reduce((sum, stored) => sum + (stored?.bytes ?? 0), 0) > transactionBytesMax) {
        throw validation("Aggregate size of items in the transaction exceeds the maximum allowed size: 4 MB");
      }
      const Responses = planned.map(({ paths }, at) => {
        const stored = found[at];
        if (stored === undefined) return {};
        const item = parseItemText(stored.text);
        return { Item: paths === undefined ? item : project(item, paths) };
      });
      const units = planned.map(({ table }, at) => ({
        table,
        units: 2 * readUnits(found[at]?.bytes ?? 0, true),
        indexes: {},
      }));
      return { Responses, ...consumedCapacities(input, units, "read") };
    },
  };
}
