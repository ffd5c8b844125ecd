/**
 * Where the items of tables are, and the entries of their indexes.
 *
 * I1. A change is one commit: items, index entries, stream records and the token of a transaction, or none of them. What it does is
 *     decided inside of that commit, from the items as they stand there: `decide` is called once, at once, and may throw.
 * I2. Items lie in the order of partition and sort key, as bytes; entries of an index in that of the index's keys, then of the table's.
 * I3. A walk reads what it visits and no more, whatever the table holds.
 */
import type { NewShardRecord } from "./shard-log-store.ts";

/** Where an item is. */
export interface ItemAddress {
  /** Of the table, from {@link ItemStore.allocate}. */
  space: number;
  partition: Uint8Array;
  /** Empty where the table has no sort key. */
  sort: Uint8Array;
}

/** An item as it is kept. */
export interface StoredItem {
  text: string;
  /** As AWS counts it. */
  bytes: number;
}

/** An entry of an index, for one item. */
export interface IndexEntry {
  /** Of the index. */
  space: number;
  partition: Uint8Array;
  sort: Uint8Array;
  /** As AWS counts what is projected. */
  bytes: number;
}

/** What becomes of one item. */
export interface ItemWrite {
  address: ItemAddress;
  /** Undefined: it is removed. */
  item: StoredItem | undefined;
  before: StoredItem | undefined;
  removed: readonly IndexEntry[];
  added: readonly IndexEntry[];
}

/** A change, decided. */
export interface ItemChange<T> {
  writes: readonly ItemWrite[];
  records: readonly NewShardRecord[];
  result: T;
}

/** Where a walk is in a table or an index. Of an index, `base` is the item's own place. */
export interface ItemPlace {
  partition: Uint8Array;
  sort: Uint8Array;
  base?: { partition: Uint8Array; sort: Uint8Array };
}

/** An item that a walk meets. */
export interface VisitedItem extends StoredItem {
  place: ItemPlace;
}

/** What is walked: one partition between two sort keys, or a range of partitions. */
export interface ItemWalk {
  /** Of the table. */
  space: number;
  /** Of the index, where one is walked. */
  index?: number;
  /** One partition. */
  partition?: Uint8Array;
  /** From this on; of the sort key within one partition, else of the partition key. */
  from: Uint8Array;
  /** Before this. */
  to: Uint8Array;
  /** Exclusive. */
  after?: ItemPlace;
  /** Of one partition only. */
  isBackward?: boolean;
}

/** What a space holds. */
export interface SpaceSize {
  items: number;
  bytes: number;
}

/** Idempotency of a transaction. */
export interface ChangeToken {
  token: string;
  /** Of the request's parameters. */
  fingerprint: string;
  nowMs: number;
  /** For how long it counts. */
  keptMs: number;
}

/** See the module's header. */
export interface ItemStore {
  /** New spaces, for tables and indexes. */
  allocate(count: number): Promise<number[]>;
  /**
   * I1. `found` are the items at `addresses`, in their order. With a token that was seen, `decide` is not called: `repeated` tells so,
   * and whether the parameters were the same.
   */
  change<T>(
    addresses: readonly ItemAddress[],
    decide: (found: readonly (StoredItem | undefined)[]) => ItemChange<T>,
    token?: ChangeToken,
  ): Promise<{ result: T } | { repeated: "same" | "other" }>;
  /** In the order of `addresses`. */
  get(addresses: readonly ItemAddress[]): Promise<(StoredItem | undefined)[]>;
  /** Calls `visit` for each item in order, until it returns false (I3). It must not call the store. */
  walk(walk: ItemWalk, visit: (item: VisitedItem) => boolean): Promise<void>;
  /** Adds to an index entries for up to `max` items of a table after a place; the last place, undefined at the end. */
  fill(
    space: number,
    after: ItemPlace | undefined,
    max: number,
    entryOf: (item: StoredItem) => IndexEntry | undefined,
  ): Promise<ItemPlace | undefined>;
  size(space: number): Promise<SpaceSize>;
  /** Bytes of the items of one partition. */
  partitionBytes(space: number, partition: Uint8Array): Promise<number>;
  /** Removes spaces and all that is in them. */
  drop(spaces: readonly number[]): Promise<void>;
}
