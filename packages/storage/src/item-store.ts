import type { IndexEntry, ItemPlace, ItemStore, ItemWalk, ItemWrite, StoredItem, VisitedItem } from "@tripline/kernel";
import type { Database } from "./database.ts";
import { shardLogOf } from "./shard-log.ts";

/** One commit removes no more: a table of millions of items goes without holding up anyone. */
const removedAtOnce = 5_000;

/** Keys first, so that a table's items lie together and in order; an index holds keys only, and leads to the item. */
const schema = {
  store: "items",
  steps: [
    `CREATE TABLE item_spaces (
       space INTEGER PRIMARY KEY AUTOINCREMENT,
       items INTEGER NOT NULL,
       bytes INTEGER NOT NULL
     ) STRICT;
     CREATE TABLE items (
       space INTEGER NOT NULL,
       partition BLOB NOT NULL,
       sort BLOB NOT NULL,
       bytes INTEGER NOT NULL,
       item TEXT NOT NULL,
       PRIMARY KEY (space, partition, sort)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE item_index_entries (
       space INTEGER NOT NULL,
       partition BLOB NOT NULL,
       sort BLOB NOT NULL,
       base_partition BLOB NOT NULL,
       base_sort BLOB NOT NULL,
       PRIMARY KEY (space, partition, sort, base_partition, base_sort)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE item_tokens (
       token TEXT PRIMARY KEY,
       fingerprint TEXT NOT NULL,
       until_ms INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX item_tokens_until ON item_tokens (until_ms)`,
  ],
};

interface Row extends StoredItem {
  partition: Uint8Array;
  sort: Uint8Array;
  basePartition?: Uint8Array;
  baseSort?: Uint8Array;
}

type Bytes = Uint8Array;

/** {@link ItemStore} on SQLite. */
export function createItemStore(database: Database): ItemStore {
  const log = shardLogOf(database);
  database.migrate(schema);
  const { connection } = database;

  const insertSpace = connection.prepare("INSERT INTO item_spaces (items, bytes) VALUES (0, 0)");
  const removeSpace = connection.prepare("DELETE FROM item_spaces WHERE space = ?");
  const addSize = connection.prepare("UPDATE item_spaces SET items = items + ?, bytes = bytes + ? WHERE space = ?");
  const sizeOf = connection.prepare<[number], { items: number; bytes: number }>(
    "SELECT items, bytes FROM item_spaces WHERE space = ?",
  );
  const select = connection.prepare<[number, Bytes, Bytes], StoredItem>(
    "SELECT item AS text, bytes FROM items WHERE space = ? AND partition = ? AND sort = ?",
  );
  const put = connection.prepare(
    "INSERT OR REPLACE INTO items (space, partition, sort, bytes, item) VALUES (?, ?, ?, ?, ?)",
  );
  const remove = connection.prepare("DELETE FROM items WHERE space = ? AND partition = ? AND sort = ?");
  const addEntry = connection.prepare(
    "INSERT OR IGNORE INTO item_index_entries (space, partition, sort, base_partition, base_sort) VALUES (?, ?, ?, ?, ?)",
  );
  const removeEntry = connection.prepare(
    "DELETE FROM item_index_entries WHERE space = ? AND partition = ? AND sort = ? AND base_partition = ? AND base_sort = ?",
  );
  const clearItems = connection.prepare(
    "DELETE FROM items WHERE space = ? AND (partition, sort) IN (SELECT partition, sort FROM items WHERE space = ? LIMIT ?)",
  );
  const clearEntries = connection.prepare(
    `DELETE FROM item_index_entries WHERE space = ? AND (partition, sort, base_partition, base_sort) IN
       (SELECT partition, sort, base_partition, base_sort FROM item_index_entries WHERE space = ? LIMIT ?)`,
  );
  const partitionBytes = connection
    .prepare<[number, Bytes], number>("SELECT coalesce(sum(bytes), 0) FROM items WHERE space = ? AND partition = ?")
    .pluck();
  const findToken = connection.prepare<[string], string>("SELECT fingerprint FROM item_tokens WHERE token = ?").pluck();
  const keepToken = connection.prepare("INSERT INTO item_tokens (token, fingerprint, until_ms) VALUES (?, ?, ?)");
  const forgetTokens = connection.prepare("DELETE FROM item_tokens WHERE until_ms <= ?");
  const chunk = connection.prepare<[number, Bytes, Bytes, number], Row>(
    `SELECT partition, sort, item AS text, bytes FROM items
     WHERE space = ? AND (partition, sort) > (?, ?) ORDER BY partition, sort LIMIT ?`,
  );
  const first = connection.prepare<[number, number], Row>(
    "SELECT partition, sort, item AS text, bytes FROM items WHERE space = ? ORDER BY partition, sort LIMIT ?",
  );

  // Walks. Of a table: :space; of an index: :index, and :space for the items that its entries lead to.
  const tableRows = "SELECT partition, sort, item AS text, bytes FROM items WHERE space = :space";
  const indexRows = `SELECT e.partition, e.sort, e.base_partition AS basePartition, e.base_sort AS baseSort, i.item AS text, i.bytes
     FROM item_index_entries e CROSS JOIN items i
     ON i.space = :space AND i.partition = e.base_partition AND i.sort = e.base_sort WHERE e.space = :index`;
  const tableOrder = (down: string): string => `ORDER BY partition${down}, sort${down}`;
  const indexOrder = (down: string): string =>
    `ORDER BY e.partition${down}, e.sort${down}, e.base_partition${down}, e.base_sort${down}`;
  const onePartition = (e: string): string => `AND ${e}partition = :partition AND ${e}sort >= :from AND ${e}sort < :to`;
  const manyPartitions = (e: string): string => `AND ${e}partition >= :from AND ${e}partition < :to`;
  const tableAfter = (sign: string): string => `AND sort ${sign} :afterSort`;
  const indexAfter = (sign: string): string =>
    `AND (e.sort, e.base_partition, e.base_sort) ${sign} (:afterSort, :afterBasePartition, :afterBaseSort)`;
  const statement = (text: string): { iterate(values: object): IterableIterator<Row> } =>
    connection.prepare<[object], Row>(text);
  const down = " DESC";
  const walks = {
    table: {
      forward: [
        statement(`${tableRows} ${onePartition("")} ${tableOrder("")}`),
        statement(`${tableRows} ${onePartition("")} ${tableAfter(">")} ${tableOrder("")}`),
      ],
      backward: [
        statement(`${tableRows} ${onePartition("")} ${tableOrder(down)}`),
        statement(`${tableRows} ${onePartition("")} ${tableAfter("<")} ${tableOrder(down)}`),
      ],
      all: [
        statement(`${tableRows} ${manyPartitions("")} ${tableOrder("")}`),
        statement(
          `${tableRows} ${manyPartitions("")} AND (partition, sort) > (:afterPartition, :afterSort) ${tableOrder("")}`,
        ),
      ],
    },
    index: {
      forward: [
        statement(`${indexRows} ${onePartition("e.")} ${indexOrder("")}`),
        statement(`${indexRows} ${onePartition("e.")} ${indexAfter(">")} ${indexOrder("")}`),
      ],
      backward: [
        statement(`${indexRows} ${onePartition("e.")} ${indexOrder(down)}`),
        statement(`${indexRows} ${onePartition("e.")} ${indexAfter("<")} ${indexOrder(down)}`),
      ],
      all: [
        statement(`${indexRows} ${manyPartitions("e.")} ${indexOrder("")}`),
        statement(
          `${indexRows} ${manyPartitions("e.")} AND (e.partition, e.sort, e.base_partition, e.base_sort) > (:afterPartition, :afterSort, :afterBasePartition, :afterBaseSort) ${indexOrder("")}`,
        ),
      ],
    },
  };

  const putEntry = (entry: IndexEntry, partition: Bytes, sort: Bytes): void => {
    const { changes } = addEntry.run(entry.space, entry.partition, entry.sort, partition, sort);
    if (changes > 0) addSize.run(1, entry.bytes, entry.space); // a fill and a change may bring the same entry
  };
  const apply = ({ address, item, before, removed, added }: ItemWrite): void => {
    const { space, partition, sort } = address;
    if (item !== undefined) put.run(space, partition, sort, item.bytes, item.text);
    else if (before !== undefined) remove.run(space, partition, sort);
    const items = (item === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    const bytes = (item?.bytes ?? 0) - (before?.bytes ?? 0);
    if (items !== 0 || bytes !== 0) addSize.run(items, bytes, space);
    for (const entry of removed) {
      const { changes } = removeEntry.run(entry.space, entry.partition, entry.sort, partition, sort);
      if (changes > 0) addSize.run(-1, -entry.bytes, entry.space);
    }
    for (const entry of added) putEntry(entry, partition, sort);
  };

  return {
    allocate: (count) =>
      database.write(() => Array.from({ length: count }, () => Number(insertSpace.run().lastInsertRowid))),
    change: (addresses, decide, token) =>
      database.write(() => {
        if (token !== undefined) {
          forgetTokens.run(token.nowMs);
          const seen = findToken.get(token.token);
          if (seen !== undefined) return { repeated: seen === token.fingerprint ? "same" : "other" };
        }
        const found = addresses.map(({ space, partition, sort }) => select.get(space, partition, sort));
        const { writes, records, result } = decide(found);
        for (const write of writes) apply(write);
        for (const record of records) log.append(record);
        if (token !== undefined) keepToken.run(token.token, token.fingerprint, token.nowMs + token.keptMs);
        return { result };
      }),
    get: (addresses) =>
      database.read(() => addresses.map(({ space, partition, sort }) => select.get(space, partition, sort))),
    walk: (walk, visit) =>
      database.read(() => {
        const kind = walks[walk.index === undefined ? "table" : "index"];
        const [whole, rest] =
          walk.partition === undefined ? kind.all : walk.isBackward === true ? kind.backward : kind.forward;
        const rows = (walk.after === undefined ? whole : rest)?.iterate(toValues(walk)) ?? [];
        for (const row of rows) if (!visit(toVisited(row))) return;
      }),
    fill: (space, after, max, entryOf) =>
      database.write(() => {
        const rows = after === undefined ? first.all(space, max) : chunk.all(space, after.partition, after.sort, max);
        for (const row of rows) {
          const entry = entryOf(row);
          if (entry !== undefined) putEntry(entry, row.partition, row.sort);
        }
        const last = rows.at(-1);
        return last === undefined || rows.length < max ? undefined : { partition: last.partition, sort: last.sort };
      }),
    size: (space) => database.read(() => sizeOf.get(space) ?? { items: 0, bytes: 0 }),
    partitionBytes: (space, partition) => database.read(() => partitionBytes.get(space, partition) ?? 0),
    async drop(spaces) {
      for (const space of spaces) {
        while ((await database.write(() => clearItems.run(space, space, removedAtOnce).changes)) === removedAtOnce);
        while ((await database.write(() => clearEntries.run(space, space, removedAtOnce).changes)) === removedAtOnce);
        await database.write(() => removeSpace.run(space));
      }
    },
  };
}

/** By name; a statement takes those that it has. */
function toValues({ space, index, partition, from, to, after }: ItemWalk): object {
  return {
    space,
    index,
    partition,
    from,
    to,
    afterPartition: after?.partition,
    afterSort: after?.sort,
    afterBasePartition: after?.base?.partition,
    afterBaseSort: after?.base?.sort,
  };
}

function toVisited({ partition, sort, basePartition, baseSort, text, bytes }: Row): VisitedItem {
  const place: ItemPlace =
    basePartition === undefined || baseSort === undefined
      ? { partition, sort }
      : { partition, sort, base: { partition: basePartition, sort: baseSort } };
  return { place, text, bytes };
}
