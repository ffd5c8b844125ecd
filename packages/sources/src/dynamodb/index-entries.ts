/** Entries that an item has in the indexes of its table, and in that of its expiry: pure. */
import type { IndexEntry } from "@tripline/kernel";
import { indexedBytes, isIndexed, type Table, type TableIndex, type TimeToLive } from "./table.ts";
import type { AttributeValue, Item } from "./values/attribute-value.ts";
import { toPartitionBytes, toSortBytes } from "./values/key-bytes.ts";

const onePartition = Buffer.alloc(0);

/** Undefined where the item is not in the index. */
export function toIndexEntry(table: Table, index: TableIndex, item: Item): IndexEntry | undefined {
  if (!isIndexed(index, item)) return undefined;
  const { hash, range } = index.key;
  return {
    space: index.space,
    partition: toPartitionBytes(item[hash] ?? {}),
    sort: range === undefined ? Buffer.alloc(0) : toSortBytes(item[range] ?? {}),
    bytes: indexedBytes(table, index, item),
  };
}

/** Expiries in one partition, by time. Undefined where the item never expires. */
export function toExpiryEntry({ attribute, space }: TimeToLive, item: Item): IndexEntry | undefined {
  const atSeconds = expirySeconds(item[attribute]);
  return atSeconds === undefined
    ? undefined
    : { space, partition: onePartition, sort: toExpirySort(atSeconds), bytes: 0 };
}

/** Of an expiry, epoch seconds. */
export function toExpirySort(atSeconds: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(atSeconds))));
  return bytes;
}

/** Only numbers are expiries. */
export function expirySeconds(value: AttributeValue | undefined): number | undefined {
  const seconds = value?.N === undefined ? NaN : Number(value.N);
  return seconds >= 0 && seconds < Number.MAX_SAFE_INTEGER ? seconds : undefined;
}

/** Every entry of an item. */
export function toEntries(table: Table, item: Item | undefined): IndexEntry[] {
  if (item === undefined) return [];
  const entries = table.indexes.flatMap((index) => toIndexEntry(table, index, item) ?? []);
  const expiry = table.ttl === undefined ? undefined : toExpiryEntry(table.ttl, item);
  return expiry === undefined ? entries : [...entries, expiry];
}

/** What changes in the indexes; entries that stay where they are and as large as they are, stay. */
export function entryChanges(
  table: Table,
  before: Item | undefined,
  after: Item | undefined,
): { removed: IndexEntry[]; added: IndexEntry[] } {
  const [old, now] = [toEntries(table, before), toEntries(table, after)];
  const isIn = (entries: readonly IndexEntry[], one: IndexEntry): boolean =>
    entries.some(
      ({ space, partition, sort, bytes }) =>
        space === one.space &&
        bytes === one.bytes &&
        Buffer.compare(partition, one.partition) === 0 &&
        Buffer.compare(sort, one.sort) === 0,
    );
  return { removed: old.filter((one) => !isIn(now, one)), added: now.filter((one) => !isIn(old, one)) };
}
