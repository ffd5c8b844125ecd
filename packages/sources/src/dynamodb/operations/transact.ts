/** TransactWriteItems and TransactGetItems. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
import { createHash } from "node:crypto";
import { isServiceError, type Operation } from "@tripline/kernel";
import { type CapacityInput, collectionMetrics, consumedCapacities, readUnits, writeUnits } from "../capacity.ts";
import { type ProjectionInput, readProjection } from "../conditions.ts";
import { transactionCanceled, validation } from "../errors.ts";
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
import { addressOf, checkKey, type Table } from "../table.ts";
import { checkItem, type Item } from "../values/attribute-value.ts";
import { parseItemText } from "../values/item-text.ts";
import { type WriteRequest, writeItems } from "../write-items.ts";
import { bytesOf, identityOf } from "./batch.ts";

/** What is made of each action. Throws TransactionCanceledException, with a reason for each action, where an error is made of one. */
export function withReasons<S, T>(actions: readonly S[], prepareOne: (action: S, at: number) => T | Error): T[] {
  const prepared = actions.map(prepareOne);
  const errors = prepared.map((one) => (one instanceof Error ? one : undefined));
  if (errors.some((one) => one !== undefined)) throw transactionCanceled(errors);
  return prepared.flatMap((one) => (one instanceof Error ? [] : [one]));
}

/** What `run` gives, or the error of the service that it throws. */
export function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    if (isServiceError(error)) return error;
    throw error;
  }
}

/** Of what a token stands for. */
export function toFingerprint(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** Throws ValidationException where two actions are of one item. */
export function checkDistinct(actions: readonly { table: Table; key: Item }[]): void {
  const identities = new Set(actions.map(({ table, key }) => identityOf(table, key)));
  if (identities.size < actions.length) {
    throw validation("Transaction request cannot include multiple operations on one item");
  }
}

/** All or none; done once for a token. The consumed capacity. Throws TransactionCanceledException. */
export async function writeTransaction(
  house: DynamoHouse,
  requests: readonly WriteRequest[],
  input: CapacityInput,
  { token, fingerprint }: { token: string | undefined; fingerprint: string },
): Promise<ReturnType<typeof consumedCapacities>> {
  const outcomes = await writeItems(house, requests, {
    isTransaction: true,
    ...(token === undefined ? {} : { token: { token, fingerprint, nowMs: house.clock.now(), keptMs: tokenMs } }),
  });
  if (outcomes === undefined) {
    // Done before: AWS reads what is there, and counts that.
    return consumedCapacities(
      input,
      requests.map(({ table }) => ({ table, units: 2, indexes: {} })),
      "read",
    );
  }
  if (input.ReturnConsumedCapacity === undefined) return {};
  return consumedCapacities(
    input,
    outcomes.map((outcome) => writeUnits(outcome, 2)),
    "write",
  );
}

/** The items, in the order of the actions, and the consumed capacity. Throws ValidationException where it is too much. */
export async function readTransaction(
  house: DynamoHouse,
  actions: readonly { table: Table; key: Item }[],
  input: CapacityInput,
): Promise<{ items: (Item | undefined)[]; capacity: ReturnType<typeof consumedCapacities> }> {
  const found = await house.items.get(actions.map(({ table, key }) => addressOf(table, key)));
  if (found.reduce((sum, stored) => sum + (stored?.bytes ?? 0), 0) > transactionBytesMax) {
    throw validation("Aggregate size of items in the transaction exceeds the maximum allowed size: 4 MB");
  }
  const units = actions.map(({ table }, at) => ({
    table,
    units: 2 * readUnits(found[at]?.bytes ?? 0, true),
    indexes: {},
  }));
  return {
    items: found.map((stored) => (stored === undefined ? undefined : parseItemText(stored.text))),
    capacity: consumedCapacities(input, units, "read"),
  };
}

/** Throws ValidationException. */
export function checkTransactionBytes(given: readonly Item[]): void {
  if (bytesOf(given) > transactionBytesMax) {
    throw validation("Transaction request size exceeded the maximum allowed size: 4 MB");
  }
}

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
      const fingerprint = toFingerprint(TransactItems);
      const prepared = TransactItems.map(prepare);
      const found = prepared.map((one) => ({ ...one, table: house.tables.resolveItems(one.name) }));
      const requests = withReasons(found, ({ table, toRequest }) => attempt(() => toRequest(table)));
      checkDistinct(requests);
      const given = TransactItems.flatMap(({ Put, Delete, Update, ConditionCheck }) => [
        Put?.Item ?? Delete?.Key ?? Update?.Key ?? ConditionCheck?.Key ?? {},
        (Put ?? Delete ?? Update ?? ConditionCheck)?.ExpressionAttributeValues ?? {},
      ]);
      checkTransactionBytes(given);
      const capacity = await writeTransaction(house, requests, input, { token: ClientRequestToken, fingerprint });
      const metrics: Record<string, unknown[]> = {};
      for (const { table, key } of requests) {
        const one = await collectionMetrics(house, input, table, key);
        if (one !== undefined) metrics[table.name] = [...(metrics[table.name] ?? []), one];
      }
      return { ...(Object.keys(metrics).length === 0 ? {} : { ItemCollectionMetrics: metrics }), ...capacity };
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
      const found = gets.map((get) => ({ ...get, table: house.tables.resolveItems(get.name) }));
      const planned = withReasons(found, (get) =>
        attempt(() => {
          checkKey(get.table, get.key);
          return get;
        }),
      );
      checkDistinct(planned);
      const { items, capacity } = await readTransaction(house, planned, input);
      const Responses = planned.map(({ paths }, at) => {
        const item = items[at];
        return item === undefined ? {} : { Item: paths === undefined ? item : project(item, paths) };
      });
      return { Responses, ...capacity };
    },
  };
}
