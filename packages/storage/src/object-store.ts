import type { ObjectStore, StoredObject } from "@tripline/kernel";
import type { Database } from "./database.ts";

const schema = {
  store: "objects",
  steps: [
    `CREATE TABLE objects (
       bucket TEXT NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, last_modified_ms INTEGER NOT NULL,
       sequence INTEGER NOT NULL, blob_id TEXT NOT NULL, attributes TEXT NOT NULL, origin TEXT,
       PRIMARY KEY (bucket, key)) STRICT, WITHOUT ROWID;
     CREATE INDEX objects_by_blob ON objects (blob_id);
     CREATE TABLE object_sequence (one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL) STRICT;
     INSERT INTO object_sequence (one, last) VALUES (1, 0);
     CREATE TABLE owed_notifications (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT`,
  ],
};

interface Row {
  bucket: string;
  key: string;
  size: number;
  etag: string;
  lastModifiedMs: number;
  sequence: number;
  blobId: string;
  attributes: string;
  origin: string | null;
}

const columns =
  "bucket, key, size, etag, last_modified_ms AS lastModifiedMs, sequence, blob_id AS blobId, attributes, origin";

/** {@link ObjectStore} on SQLite. */
export function createObjectStore(database: Database): ObjectStore {
  database.migrate(schema);
  const { connection } = database;
  const get = connection.prepare<[string, string], Row>(`SELECT ${columns} FROM objects WHERE bucket = ? AND key = ?`);
  const list = connection.prepare<[string, string, string, number], Row>(
    `SELECT ${columns} FROM objects WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?`,
  );
  const listToEnd = connection.prepare<[string, string, number], Row>(
    `SELECT ${columns} FROM objects WHERE bucket = ? AND key >= ? ORDER BY key LIMIT ?`,
  );
  const put = connection.prepare<Row>(
    `INSERT OR REPLACE INTO objects (bucket, key, size, etag, last_modified_ms, sequence, blob_id, attributes, origin)
     VALUES (@bucket, @key, @size, @etag, @lastModifiedMs, @sequence, @blobId, @attributes, @origin)`,
  );
  const remove = connection.prepare<[string, string]>("DELETE FROM objects WHERE bucket = ? AND key = ?");
  const raise = connection.prepare<[number]>("UPDATE object_sequence SET last = max(last, ?)");
  const last = connection.prepare<[], { last: number }>("SELECT last FROM object_sequence");
  const owe = connection.prepare<[string, string]>(
    "INSERT OR IGNORE INTO owed_notifications (id, value) VALUES (?, ?)",
  );
  const settle = connection.prepare<[string]>("DELETE FROM owed_notifications WHERE id = ?");
  const owed = connection.prepare<[], { id: string; value: string }>(
    "SELECT id, value FROM owed_notifications ORDER BY position",
  );
  const usesBlob = connection.prepare<[string], { blobId: string }>(
    "SELECT blob_id AS blobId FROM objects WHERE blob_id = ? LIMIT 1",
  );
  return {
    put(object, { onlyIf, owed: notifications }) {
      const row: Row = { ...object, attributes: JSON.stringify(object.attributes), origin: object.origin ?? null };
      const texts = notifications.map(({ id, value }) => ({ id, text: JSON.stringify(value) }));
      return database.write(() => {
        const current = get.get(object.bucket, object.key);
        const before = current === undefined ? {} : { current: toObject(current) };
        const passes =
          onlyIf === undefined || ("absent" in onlyIf ? current === undefined : current?.etag === onlyIf.etag);
        if (!passes) return { done: false, ...before };
        put.run(row);
        raise.run(object.sequence);
        for (const { id, text } of texts) owe.run(id, text);
        return { done: true, ...before };
      });
    },
    delete({ bucket, key, sequence }, notifications) {
      const texts = notifications.map(({ id, value }) => ({ id, text: JSON.stringify(value) }));
      return database.write(() => {
        const current = get.get(bucket, key);
        if (current === undefined) return undefined;
        remove.run(bucket, key);
        raise.run(sequence);
        for (const { id, text } of texts) owe.run(id, text);
        return toObject(current);
      });
    },
    get: (bucket, key) =>
      database.read(() => {
        const row = get.get(bucket, key);
        return row === undefined ? undefined : toObject(row);
      }),
    list: (bucket, { prefix, from, max }) =>
      database.read(() => {
        const first = from > prefix ? from : prefix;
        const end = afterPrefix(prefix);
        const rows = end === undefined ? listToEnd.all(bucket, first, max) : list.all(bucket, first, end, max);
        return rows.map(toObject);
      }),
    lastSequence: () => database.read(() => last.get()?.last ?? 0),
    usedBlobs: (blobIds) => database.read(() => blobIds.filter((id) => usesBlob.get(id) !== undefined)),
    owed: () => database.read(() => owed.all().map(({ id, value }) => ({ id, value: JSON.parse(value) as unknown }))),
    settle: (ids) =>
      database.write(() => {
        for (const id of ids) settle.run(id);
      }),
  };
}

/** The first text after every text that begins with `prefix`, in UTF-8 order; undefined where there is none. */
function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const point = points.pop() ?? 0;
    if (point === 0x10ffff) continue;
    return String.fromCodePoint(...points, point === 0xd7ff ? 0xe000 : point + 1);
  }
  return undefined;
}

function toObject(row: Row): StoredObject {
  const { attributes, origin, ...rest } = row;
  return {
    ...rest,
    attributes: JSON.parse(attributes) as Record<string, unknown>,
    ...(origin === null ? {} : { origin }),
  };
}
