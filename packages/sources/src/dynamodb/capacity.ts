/**
 * ConsumedCapacity and ItemCollectionMetrics.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
import type { DynamoHouse } from "./house.ts";
import { readUnitBytes, writeUnitBytes } from "./limits.ts";
import { addressOf, indexedBytes, type Table } from "./table.ts";
import type { Item } from "./values/attribute-value.ts";
import type { WriteOutcome } from "./write-items.ts";

/** As requests ask for it. */
export interface CapacityInput {
  ReturnConsumedCapacity?: string;
}

/** What one request took of one table. */
export interface TableUnits {
  table: Table;
  units: number;
  /** By name of the index. */
  indexes: Record<string, number>;
}

export function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / readUnitBytes)) * (isConsistent ? 1 : 0.5);
}

/**
 * Of the larger of what was and what is; of each index whose entry changed, likewise, or both where it moved. `factor`: 2 in a transaction,
 * of the table alone, as AWS is seen to count.
 */
export function writeUnits({ table, before, after, beforeBytes, afterBytes }: WriteOutcome, factor = 1): TableUnits {
  const unitsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / writeUnitBytes));
  const indexes: Record<string, number> = {};
  for (const index of table.indexes) {
    const [old, now] = [indexedBytes(table, index, before()), indexedBytes(table, index, after)];
    if (old === 0 && now === 0) continue;
    const keys = [index.key.hash, ...(index.key.range === undefined ? [] : [index.key.range])];
    const isMoved =
      old > 0 && now > 0 && keys.some((name) => JSON.stringify(before()?.[name]) !== JSON.stringify(after?.[name]));
    if (old === now && !isMoved && JSON.stringify(before()) === JSON.stringify(after)) continue;
    indexes[index.name] = isMoved ? unitsOf(old) + unitsOf(now) : unitsOf(Math.max(old, now));
  }
  return { table, units: unitsOf(Math.max(beforeBytes, afterBytes)) * factor, indexes };
}

/** Members of the output for one table; none where they are not asked for. */
export function consumedCapacity(
  { ReturnConsumedCapacity: asked }: CapacityInput,
  units: TableUnits,
  kind: "read" | "write" | "plain" = "plain",
): { ConsumedCapacity?: Record<string, unknown> } {
  if (asked !== "TOTAL" && asked !== "INDEXES") return {};
  return { ConsumedCapacity: toConsumed(asked, units, kind) };
}

/** The same for several tables; units of one table are added up. */
export function consumedCapacities(
  { ReturnConsumedCapacity: asked }: CapacityInput,
  all: readonly TableUnits[],
  kind: "read" | "write" | "plain" = "plain",
): { ConsumedCapacity?: Record<string, unknown>[] } {
  if (asked !== "TOTAL" && asked !== "INDEXES") return {};
  const byTable = new Map<string, TableUnits>();
  for (const { table, units, indexes } of all) {
    const sum = byTable.get(table.name) ?? { table, units: 0, indexes: {} };
    sum.units += units;
    for (const [name, more] of Object.entries(indexes)) sum.indexes[name] = (sum.indexes[name] ?? 0) + more;
    byTable.set(table.name, sum);
  }
  return { ConsumedCapacity: Array.from(byTable.values(), (one) => toConsumed(asked, one, kind)) };
}

function toConsumed(
  asked: "TOTAL" | "INDEXES",
  { table, units, indexes }: TableUnits,
  kind: "read" | "write" | "plain",
): Record<string, unknown> {
  const capacity = (CapacityUnits: number): Record<string, number> => ({
    CapacityUnits,
    ...(kind === "read" ? { ReadCapacityUnits: CapacityUnits } : {}),
    ...(kind === "write" ? { WriteCapacityUnits: CapacityUnits } : {}),
  });
  const total = Object.values(indexes).reduce((sum, one) => sum + one, units);
  const ofKind = (wanted: "global" | "local"): Record<string, object> =>
    Object.fromEntries(
      table.indexes.flatMap(({ name, kind: its }) =>
        its === wanted && indexes[name] !== undefined ? [[name, capacity(indexes[name])]] : [],
      ),
    );
  const [global, local] = [ofKind("global"), ofKind("local")];
  return {
    TableName: table.name,
    ...capacity(total),
    ...(asked === "INDEXES"
      ? {
          Table: capacity(units),
          ...(Object.keys(global).length > 0 ? { GlobalSecondaryIndexes: global } : {}),
          ...(Object.keys(local).length > 0 ? { LocalSecondaryIndexes: local } : {}),
        }
      : {}),
  };
}

/** Of a table with local indexes, where it is asked for. The size is what the partition holds, of table and indexes. */
export async function collectionMetrics(
  { items }: DynamoHouse,
  { ReturnItemCollectionMetrics: asked }: { ReturnItemCollectionMetrics?: string },
  table: Table,
  key: Item,
): Promise<Record<string, unknown> | undefined> {
  const locals = table.indexes.filter(({ kind }) => kind === "local").length;
  if (asked !== "SIZE" || locals === 0) return undefined;
  const { space, partition } = addressOf(table, key);
  const gigabytes = Math.floor(((1 + locals) * (await items.partitionBytes(space, partition))) / 2 ** 30);
  return {
    ItemCollectionKey: { [table.key.hash]: key[table.key.hash] },
    SizeEstimateRangeGB: [gigabytes, gigabytes + 1],
  };
}
