/**
 * A page of what Query, Scan and SELECT read.
 *
 * Q1. A page ends at its limit of items, or with the item that brings it to 1 MB, both counted before any filter; whether something follows
 *     is not looked at. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
 * Q2. A local index that does not hold what is asked for fetches each item from the table, and each is counted by itself.
 */
import type { ItemPlace, ItemWalk } from "@tripline/kernel";
import { readUnits, type TableUnits } from "./capacity.ts";
import type { DynamoHouse } from "./house.ts";
import { pageBytesMax } from "./limits.ts";
import { addressOf, indexedBytes, keyOf, type Table, type TableIndex } from "./table.ts";
import type { Item } from "./values/attribute-value.ts";
import { parseItemText } from "./values/item-text.ts";
import { toPartitionBytes, toSortBytes } from "./values/key-bytes.ts";

export interface PageRequest {
  table: Table;
  index: TableIndex | undefined;
  /** One after the other. */
  walks: readonly ItemWalk[];
  /** Items; undefined: none. */
  limit: number | undefined;
  isConsistent: boolean;
  /** Q2. */
  isFetching: boolean;
}

/** Where a page ended. */
export interface PageEnd {
  scanned: number;
  /** The last item that was read. */
  last: Item | undefined;
  /** The walk that it was met in. */
  walk: number;
  /** Nothing is left. */
  isEnd: boolean;
  units: TableUnits;
}

/** Calls `visit` with every item of the page, whole. */
export async function readPage(
  { items }: DynamoHouse,
  { table, index, walks, limit = Infinity, isConsistent, isFetching }: PageRequest,
  visit: (item: Item) => void,
): Promise<PageEnd> {
  let scanned = 0;
  let bytes = 0;
  let fetchedUnits = 0;
  let last: Item | undefined;
  let at = 0;
  let isCut = false;
  for (const [number, walk] of walks.entries()) {
    if (number > 0 && (scanned >= limit || bytes >= pageBytesMax)) break;
    await items.walk({ ...walk, ...(index === undefined ? {} : { index: index.space }) }, (visited) => {
      if (scanned >= limit || bytes >= pageBytesMax) {
        isCut = true;
        return false;
      }
      last = parseItemText(visited.text);
      at = number;
      scanned += 1;
      bytes += index === undefined ? visited.bytes : indexedBytes(table, index, last);
      if (isFetching) fetchedUnits += readUnits(visited.bytes, isConsistent);
      visit(last);
      return true;
    });
    if (isCut) break;
  }
  const units = readUnits(bytes, isConsistent);
  return {
    scanned,
    last,
    walk: at,
    isEnd: !isCut && scanned < limit && bytes < pageBytesMax,
    units: {
      table,
      units: index === undefined ? units : fetchedUnits,
      indexes: index === undefined ? {} : { [index.name]: units },
    },
  };
}

/** The key that tells where an item is in a table, or in an index of it. */
export function toStartKey(table: Table, index: TableIndex | undefined, item: Item): Item {
  return { ...keyOf(table.key, item), ...(index === undefined ? {} : keyOf(index.key, item)) };
}

/** Where the item of a start key is. */
export function placeOf(table: Table, index: TableIndex | undefined, key: Item): ItemPlace {
  const { partition, sort } = addressOf(table, key);
  if (index === undefined) return { partition, sort };
  const { hash, range } = index.key;
  return {
    partition: toPartitionBytes(key[hash] ?? {}),
    sort: range === undefined ? Buffer.alloc(0) : toSortBytes(key[range] ?? {}),
    base: { partition, sort },
  };
}
