import type { ListedVersion, ObjectCondition, ObjectStore, OwedNotification, StoredObject } from "@tripline/kernel";
import type { Database } from "./database.ts";
import { textRange } from "./text-range.ts";
import { migrateUploads, partColumns, type PartRow, toPart } from "./upload-store.ts";

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
    // Versions. Sequences grow, so that new rows go to the table's end; the body comes last, where lists do not read it.
    `CREATE TABLE object_versions (
       sequence INTEGER PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, version_id TEXT NOT NULL, is_latest INTEGER NOT NULL,
       is_delete_marker INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, last_modified_ms INTEGER NOT NULL,
       blob_id TEXT, part_count INTEGER, attributes TEXT NOT NULL, tags TEXT, origin TEXT, body BLOB) STRICT;
     CREATE INDEX object_versions_by_key ON object_versions (bucket, key, sequence DESC);
     CREATE INDEX current_objects ON object_versions (bucket, key) WHERE is_latest = 1 AND is_delete_marker = 0;
     CREATE INDEX object_versions_by_blob ON object_versions (blob_id) WHERE blob_id IS NOT NULL;
     CREATE TABLE object_parts (
       sequence INTEGER NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, modified_ms INTEGER NOT NULL,
       blob_id TEXT NOT NULL, checksums TEXT NOT NULL, PRIMARY KEY (sequence, number)) STRICT, WITHOUT ROWID;
     CREATE INDEX object_parts_by_blob ON object_parts (blob_id);
     CREATE TABLE folder_debts (bucket TEXT NOT NULL, key TEXT NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (bucket, key)) STRICT, WITHOUT ROWID;
     INSERT INTO object_versions (sequence, bucket, key, version_id, is_latest, is_delete_marker, size, etag, last_modified_ms, blob_id,
       attributes, origin) SELECT sequence, bucket, key, 'null', 1, 0, size, etag, last_modified_ms, blob_id, attributes, origin FROM objects;
     DROP TABLE objects`,
  ],
};

interface Row {
  sequence: number;
  bucket: string;
  key: string;
  versionId: string;
  isLatest: number;
  isDeleteMarker: number;
  size: number;
  etag: string;
  lastModifiedMs: number;
  blobId: string | null;
  partCount: number | null;
  attributes: string;
  tags: string | null;
  origin: string | null;
}

const columns = `sequence, bucket, key, version_id AS versionId, is_latest AS isLatest, is_delete_marker AS isDeleteMarker, size, etag,
  last_modified_ms AS lastModifiedMs, blob_id AS blobId, part_count AS partCount, attributes, tags, origin`;

/** {@link ObjectStore} on SQLite. */
export function createObjectStore(database: Database): ObjectStore {
  migrateUploads(database);
  database.migrate(schema);
  const { connection } = database;
  const newest = connection.prepare<[string, string], Row>(
    `SELECT ${columns} FROM object_versions WHERE bucket = ? AND key = ? ORDER BY sequence DESC LIMIT 1`,
  );
  const byId = connection.prepare<[string, string, string], Row>(
    `SELECT ${columns} FROM object_versions WHERE bucket = ? AND key = ? AND version_id = ?`,
  );
  const newestWithBody = connection.prepare<[string, string], Row & { body: Buffer | null }>(
    `SELECT ${columns}, body FROM object_versions WHERE bucket = ? AND key = ? ORDER BY sequence DESC LIMIT 1`,
  );
  const byIdWithBody = connection.prepare<[string, string, string], Row & { body: Buffer | null }>(
    `SELECT ${columns}, body FROM object_versions WHERE bucket = ? AND key = ? AND version_id = ?`,
  );
  const list = connection.prepare<[string, string, string, number], Row>(
    `SELECT ${columns} FROM object_versions WHERE bucket = ? AND key >= ? AND key < ? AND is_latest = 1 AND is_delete_marker = 0
     ORDER BY key LIMIT ?`,
  );
  const olderOfKey = connection.prepare<[string, string, number, number], Row>(
    `SELECT ${columns} FROM object_versions WHERE bucket = ? AND key = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`,
  );
  const listVersions = connection.prepare<[string, string, string, number], Row>(
    `SELECT ${columns} FROM object_versions WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key, sequence DESC LIMIT ?`,
  );
  const insert = connection.prepare<Row & { body: Uint8Array | null }>(
    `INSERT INTO object_versions (sequence, bucket, key, version_id, is_latest, is_delete_marker, size, etag, last_modified_ms, blob_id,
       part_count, attributes, tags, origin, body)
     VALUES (@sequence, @bucket, @key, @versionId, @isLatest, @isDeleteMarker, @size, @etag, @lastModifiedMs, @blobId,
       @partCount, @attributes, @tags, @origin, @body)`,
  );
  const setLatest = connection.prepare<[number, number]>("UPDATE object_versions SET is_latest = ? WHERE sequence = ?");
  const removeRow = connection.prepare<[number]>("DELETE FROM object_versions WHERE sequence = ?");
  const setTags = connection.prepare<[string, number]>("UPDATE object_versions SET tags = ? WHERE sequence = ?");
  const setOrigin = connection.prepare<[string, number]>("UPDATE object_versions SET origin = ? WHERE sequence = ?");
  const parts = connection.prepare<[number], PartRow>(
    `SELECT ${partColumns} FROM object_parts WHERE sequence = ? ORDER BY number`,
  );
  const removeParts = connection.prepare<[number]>("DELETE FROM object_parts WHERE sequence = ?");
  const upload = connection.prepare<[string], { id: string }>("SELECT id FROM uploads WHERE id = ?");
  const takePart = connection.prepare<[number, string, number]>(
    `INSERT INTO object_parts (sequence, number, size, etag, modified_ms, blob_id, checksums)
     SELECT ?, number, size, etag, modified_ms, blob_id, checksums FROM upload_parts WHERE upload_id = ? AND number = ?`,
  );
  const forgetPart = connection.prepare<[string, number]>(
    "DELETE FROM upload_parts WHERE upload_id = ? AND number = ?",
  );
  const otherParts = connection.prepare<[string], { blobId: string }>(
    "SELECT blob_id AS blobId FROM upload_parts WHERE upload_id = ? ORDER BY number",
  );
  const forgetParts = connection.prepare<[string]>("DELETE FROM upload_parts WHERE upload_id = ?");
  const forgetUpload = connection.prepare<[string]>("DELETE FROM uploads WHERE id = ?");
  const raise = connection.prepare<[number]>("UPDATE object_sequence SET last = max(last, ?)");
  const last = connection.prepare<[], { last: number }>("SELECT last FROM object_sequence");
  const owe = connection.prepare<[string, string]>(
    "INSERT OR IGNORE INTO owed_notifications (id, value) VALUES (?, ?)",
  );
  const settle = connection.prepare<[string]>("DELETE FROM owed_notifications WHERE id = ?");
  const owed = connection.prepare<[], { id: string; value: string }>(
    "SELECT id, value FROM owed_notifications ORDER BY position",
  );
  const oweFolder = connection.prepare<[string, string, string]>(
    "INSERT OR IGNORE INTO folder_debts (bucket, key, origin) VALUES (?, ?, ?)",
  );
  const folderDebts = connection.prepare<[string], { key: string; origin: string }>(
    "SELECT key, origin FROM folder_debts WHERE bucket = ? ORDER BY key",
  );
  const settleFolder = connection.prepare<[string, string]>("DELETE FROM folder_debts WHERE bucket = ? AND key = ?");
  const usesBlob = connection.prepare<{ id: string }, { one: number }>(
    `SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM object_versions WHERE blob_id = @id) OR EXISTS (SELECT 1 FROM object_parts WHERE blob_id = @id)
       OR EXISTS (SELECT 1 FROM upload_parts WHERE blob_id = @id)`,
  );

  const keep = (notifications: readonly { id: string; text: string }[]): void => {
    for (const { id, text } of notifications) owe.run(id, text);
  };
  /** O6: `origin` is that of the new version, `current` the row that was the latest. */
  const keepFolder = (current: Row | undefined, origin: string | null): void => {
    if (current === undefined || current.origin === origin) return;
    if (origin !== null) settleFolder.run(current.bucket, current.key);
    else if (current.origin !== null) oweFolder.run(current.bucket, current.key, current.origin);
  };
  /** Removes a row and its parts; returns their blobs. */
  const drop = (row: Row): string[] => {
    removeRow.run(row.sequence);
    if (row.partCount === null) return row.blobId === null ? [] : [row.blobId];
    const blobs = parts.all(row.sequence).map((part) => part.blobId);
    removeParts.run(row.sequence);
    return blobs;
  };
  /** Moves parts of an upload to the version `sequence`, and ends the upload; returns the blobs of parts that it does not want. */
  const takeUpload = (id: string, partNumbers: readonly number[], sequence: number): string[] => {
    for (const number of partNumbers) {
      takePart.run(sequence, id, number);
      forgetPart.run(id, number);
    }
    const unwanted = otherParts.all(id).map((part) => part.blobId);
    forgetParts.run(id);
    forgetUpload.run(id);
    return unwanted;
  };

  return {
    put(object, { onlyIf, owed: notifications, upload: from }) {
      const row = toRow(object);
      const texts = toTexts(notifications);
      return database.write(() => {
        const current = newest.get(object.bucket, object.key);
        const before = current === undefined ? {} : { current: toObject(current) };
        const isGone = from !== undefined && upload.get(from.id) === undefined;
        if (isGone || !passes(current, onlyIf)) return { done: false, freedBlobs: [], ...before };
        const freedBlobs: string[] = [];
        const replaced =
          current?.versionId === object.versionId
            ? current
            : object.versionId === "null" && current !== undefined
              ? byId.get(object.bucket, object.key, "null")
              : undefined; // other ids are never given twice
        if (current !== undefined && replaced !== current) setLatest.run(0, current.sequence);
        if (replaced !== undefined) freedBlobs.push(...drop(replaced));
        insert.run(row);
        keepFolder(current, row.origin);
        if (from !== undefined) freedBlobs.push(...takeUpload(from.id, from.partNumbers, object.sequence));
        raise.run(object.sequence);
        keep(texts);
        return { done: true, freedBlobs, ...before };
      });
    },
    remove({ bucket, key, versionId, sequence }, { onlyIf, owed: notifications }) {
      const texts = toTexts(notifications);
      return database.write(() => {
        const current = newest.get(bucket, key);
        const before = current === undefined ? {} : { current: toObject(current) };
        if (!passes(current, onlyIf)) return { done: false, freedBlobs: [], ...before };
        const removed = current?.versionId === versionId ? current : byId.get(bucket, key, versionId);
        if (removed === undefined) return { done: true, freedBlobs: [], ...before };
        const freedBlobs = drop(removed);
        if (removed.isLatest === 1) {
          keepFolder(removed, null);
          const next = newest.get(bucket, key);
          if (next !== undefined) setLatest.run(1, next.sequence);
        }
        raise.run(sequence);
        keep(texts);
        return { done: true, freedBlobs, ...before, removed: toObject(removed) };
      });
    },
    amend({ bucket, key, versionId, sequence }, { tags, origin }, notifications) {
      const texts = toTexts(notifications);
      return database.write(() => {
        const row = byId.get(bucket, key, versionId);
        if (row === undefined || row.isDeleteMarker === 1) return false;
        if (sequence !== undefined && row.sequence !== sequence) return false;
        if (tags !== undefined) setTags.run(JSON.stringify(tags), row.sequence);
        if (origin !== undefined) {
          setOrigin.run(origin, row.sequence);
          settleFolder.run(bucket, key);
        }
        keep(texts);
        return true;
      });
    },
    get: (bucket, key, versionId) =>
      database.read(() => {
        const row =
          versionId === undefined ? newestWithBody.get(bucket, key) : byIdWithBody.get(bucket, key, versionId);
        if (row === undefined) return undefined;
        const object = toObject(row);
        if (row.body !== null) object.body = row.body;
        return object;
      }),
    list: (bucket, { prefix, from, max }) =>
      database.read(() => {
        const { first, end } = textRange(prefix, from);
        return list.all(bucket, first, end, max).map(toObject);
      }),
    listVersions: (bucket, { prefix, from, before, max }) =>
      database.read(() => {
        const { first, end } = textRange(prefix, from);
        const isWithin = before !== undefined && from.startsWith(prefix);
        const rest = isWithin ? olderOfKey.all(bucket, from, before, max) : [];
        const next = isWithin ? `${from}\u0000` : first;
        const rows = rest.length === max ? rest : [...rest, ...listVersions.all(bucket, next, end, max - rest.length)];
        return rows.map((row): ListedVersion => ({ ...toObject(row), isLatest: row.isLatest === 1 }));
      }),
    parts: (sequence) => database.read(() => parts.all(sequence).map(toPart)),
    folderDebts: (bucket) => database.read(() => folderDebts.all(bucket)),
    settleFolderDebts: (bucket, keys) =>
      database.write(() => {
        for (const key of keys) settleFolder.run(bucket, key);
      }),
    lastSequence: () => database.read(() => last.get()?.last ?? 0),
    usedBlobs: (blobIds) => database.read(() => blobIds.filter((id) => usesBlob.get({ id }) !== undefined)),
    owed: () => database.read(() => owed.all().map(({ id, value }) => ({ id, value: JSON.parse(value) as unknown }))),
    settle: (ids) =>
      database.write(() => {
        for (const id of ids) settle.run(id);
      }),
  };
}

function passes(current: Row | undefined, onlyIf: ObjectCondition | undefined): boolean {
  if (onlyIf === undefined) return true;
  if ("sequence" in onlyIf) return current?.sequence === onlyIf.sequence;
  const object = current?.isDeleteMarker === 1 ? undefined : current;
  if ("absent" in onlyIf) return object === undefined;
  return object !== undefined && ("present" in onlyIf || object.etag === onlyIf.etag);
}

function toTexts(notifications: readonly OwedNotification[]): { id: string; text: string }[] {
  return notifications.map(({ id, value }) => ({ id, text: JSON.stringify(value) }));
}

function toRow(object: StoredObject): Row & { body: Uint8Array | null } {
  return {
    sequence: object.sequence,
    bucket: object.bucket,
    key: object.key,
    versionId: object.versionId,
    isLatest: 1,
    isDeleteMarker: object.isDeleteMarker === true ? 1 : 0,
    size: object.size,
    etag: object.etag,
    lastModifiedMs: object.lastModifiedMs,
    blobId: object.blobId ?? null,
    partCount: object.partCount ?? null,
    attributes: JSON.stringify(object.attributes),
    tags: object.tags === undefined ? null : JSON.stringify(object.tags),
    origin: object.origin ?? null,
    body: object.body ?? null,
  };
}

function toObject(row: Row): StoredObject {
  const object: StoredObject = {
    bucket: row.bucket,
    key: row.key,
    versionId: row.versionId,
    size: row.size,
    etag: row.etag,
    lastModifiedMs: row.lastModifiedMs,
    sequence: row.sequence,
    attributes: JSON.parse(row.attributes) as Record<string, unknown>,
  };
  if (row.isDeleteMarker === 1) object.isDeleteMarker = true;
  if (row.blobId !== null) object.blobId = row.blobId;
  if (row.partCount !== null) object.partCount = row.partCount;
  if (row.tags !== null) object.tags = JSON.parse(row.tags) as NonNullable<StoredObject["tags"]>;
  if (row.origin !== null) object.origin = row.origin;
  return object;
}
