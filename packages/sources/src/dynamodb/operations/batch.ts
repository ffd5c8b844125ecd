/** BatchGetItem and BatchWriteItem. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html */
import type { Operation } from "@tripline/kernel";
import {
  type CapacityInput,
  collectionMetrics,
  consumedCapacities,
  readUnits,
  type TableUnits,
  writeUnits,
} from "../capacity.ts";
import { type ProjectionInput, readProjection } from "../conditions.ts";
import { validation } from "../errors.ts";
import { project } from "../expressions/projection.ts";
import type { DynamoHouse } from "../house.ts";
import { type Prepared, prepareDelete, preparePut } from "../item-writes.ts";
import { batchBytesMax, batchGetKeysMax, batchWritesMax } from "../limits.ts";
import { addressOf, checkKey, type Table } from "../table.ts";
import { checkItem, type Item, itemBytes } from "../values/attribute-value.ts";
import { parseItemText } from "../values/item-text.ts";
import { writeItems } from "../write-items.ts";

interface KeysAndAttributes extends ProjectionInput {
  Keys: Item[];
  ConsistentRead?: boolean;
}

/** What tells an item from others, for duplicates. */
export function identityOf(table: Table, key: Item): string {
  const { partition, sort } = addressOf(table, key);
  return `${table.name} ${Buffer.from(partition).toString("hex")} ${Buffer.from(sort).toString("hex")}`;
}

export function batchGetItemOperation(
  house: DynamoHouse,
): Operation<CapacityInput & { RequestItems: Record<string, KeysAndAttributes> }> {
  return {
    name: "BatchGetItem",
    honoured: ["RequestItems", "ReturnConsumedCapacity"],
    async run(input) {
      const requests = Object.entries(input.RequestItems).map(([name, request]) => ({
        name,
        request,
        paths: readProjection(request),
        keys: request.Keys.map(checkItem),
      }));
      if (requests.reduce((sum, { keys }) => sum + keys.length, 0) > batchGetKeysMax) {
        throw validation("Too many items requested for the BatchGetItem call");
      }
      const seen = new Set<string>();
      const planned = requests.map((one) => {
        const table = house.tables.resolveItems(one.name);
        for (const key of one.keys) {
          checkKey(table, key);
          const identity = identityOf(table, key);
          if (seen.has(identity)) throw validation("Provided list of item keys contains duplicates");
          seen.add(identity);
        }
        return { ...one, table };
      });
      const Responses: Record<string, Item[]> = {};
      const UnprocessedKeys: Record<string, KeysAndAttributes> = {};
      const units: TableUnits[] = [];
      let bytes = 0;
      for (const { name, request, paths, keys, table } of planned) {
        const items: Item[] = [];
        const left: Item[] = [];
        const found = await house.items.get(keys.map((key) => addressOf(table, key)));
        for (const [at, stored] of found.entries()) {
          if (bytes + (stored?.bytes ?? 0) > batchBytesMax) {
            left.push(keys[at] ?? {});
            continue;
          }
          bytes += stored?.bytes ?? 0;
          units.push({ table, units: readUnits(stored?.bytes ?? 0, request.ConsistentRead === true), indexes: {} });
          if (stored === undefined) continue;
          const item = parseItemText(stored.text);
          items.push(paths === undefined ? item : project(item, paths));
        }
        Responses[name] = items;
        if (left.length > 0) UnprocessedKeys[name] = { ...request, Keys: left };
      }
      return { Responses, UnprocessedKeys, ...consumedCapacities(input, units) };
    },
  };
}

interface BatchWrite {
  PutRequest?: { Item: Item };
  DeleteRequest?: { Key: Item };
}

export function batchWriteItemOperation(
  house: DynamoHouse,
): Operation<CapacityInput & { RequestItems: Record<string, BatchWrite[]>; ReturnItemCollectionMetrics?: string }> {
  return {
    name: "BatchWriteItem",
    honoured: ["RequestItems", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics"],
    async run(input) {
      const prepared = Object.entries(input.RequestItems).flatMap(([name, writes]) =>
        writes.map((one) => ({ name, prepared: prepare(name, one) })),
      );
      if (prepared.length > batchWritesMax) {
        throw validation("Too many items requested for the BatchWriteItem call");
      }
      const seen = new Set<string>();
      const requests = prepared.map(({ name, prepared: toRequest }) => {
        const table = house.tables.resolveItems(name);
        const request = toRequest(table);
        const identity = identityOf(table, request.key);
        if (seen.has(identity)) throw validation("Provided list of item keys contains duplicates");
        seen.add(identity);
        return request;
      });
      // Not atomic on AWS; here one commit, since nothing in it can be throttled.
      const outcomes = (await writeItems(house, requests)) ?? [];
      const metrics: Record<string, unknown[]> = {};
      for (const { table, key } of requests) {
        const one = await collectionMetrics(house, input, table, key);
        if (one !== undefined) metrics[table.name] = [...(metrics[table.name] ?? []), one];
      }
      return {
        UnprocessedItems: {},
        ...(Object.keys(metrics).length === 0 ? {} : { ItemCollectionMetrics: metrics }),
        ...(input.ReturnConsumedCapacity === undefined
          ? {}
          : consumedCapacities(
              input,
              outcomes.map((outcome) => writeUnits(outcome)),
            )),
      };
    },
  };
}

function prepare(TableName: string, { PutRequest, DeleteRequest }: BatchWrite): Prepared {
  if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
    throw validation(
      PutRequest === undefined
        ? "Supplied AttributeValue is empty, must contain exactly one of the supported operations"
        : "Supplied WriteRequest has more than one operation set, must contain exactly one of the supported operations",
    );
  }
  return PutRequest === undefined
    ? prepareDelete({ TableName, Key: DeleteRequest?.Key ?? {} })
    : preparePut({ TableName, Item: PutRequest.Item });
}

/** Bytes of what a request carries. */
export function bytesOf(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + itemBytes(item), 0);
}
