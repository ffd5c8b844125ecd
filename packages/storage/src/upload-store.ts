import type { ObjectPart, StoredUpload, UploadStore } from "@tripline/kernel";
import type { Database } from "./database.ts";
import { textRange } from "./text-range.ts";

const schema = {
  store: "uploads",
  steps: [
    `CREATE TABLE uploads (
       id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, initiated_ms INTEGER NOT NULL, value TEXT NOT NULL) STRICT;
     CREATE INDEX uploads_by_key ON uploads (bucket, key, id);
     CREATE TABLE upload_parts (
       upload_id TEXT NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, modified_ms INTEGER NOT NULL,
       blob_id TEXT NOT NULL, checksums TEXT NOT NULL, PRIMARY KEY (upload_id, number)) STRICT, WITHOUT ROWID;
     CREATE INDEX upload_parts_by_blob ON upload_parts (blob_id)`,
  ],
};

/** The tables of uploads: made once, by whichever store comes first. */
export function migrateUploads(database: Database): void {
  database.migrate(schema);
}

interface UploadRow {
  id: string;
  bucket: string;
  key: string;
  initiatedMs: number;
  value: string;
}

/** A part as a row has it. */
export interface PartRow {
  number: number;
  size: number;
  etag: string;
  modifiedMs: number;
  blobId: string;
  checksums: string;
}

/** The columns of a {@link PartRow}. */
export const partColumns = "number, size, etag, modified_ms AS modifiedMs, blob_id AS blobId, checksums";

const uploadColumns = "id, bucket, key, initiated_ms AS initiatedMs, value";

/** {@link UploadStore} on SQLite. */
export function createUploadStore(database: Database): UploadStore {
  migrateUploads(database);
  const { connection } = database;
  const create = connection.prepare<UploadRow>(
    "INSERT INTO uploads (id, bucket, key, initiated_ms, value) VALUES (@id, @bucket, @key, @initiatedMs, @value)",
  );
  const get = connection.prepare<[string], UploadRow>(`SELECT ${uploadColumns} FROM uploads WHERE id = ?`);
  const ofKey = connection.prepare<[string, string, string, number], UploadRow>(
    `SELECT ${uploadColumns} FROM uploads WHERE bucket = ? AND key = ? AND id > ? ORDER BY id LIMIT ?`,
  );
  const list = connection.prepare<[string, string, string, number], UploadRow>(
    `SELECT ${uploadColumns} FROM uploads WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key, id LIMIT ?`,
  );
  const remove = connection.prepare<[string]>("DELETE FROM uploads WHERE id = ?");
  const putPart = connection.prepare<PartRow & { uploadId: string }>(
    `INSERT OR REPLACE INTO upload_parts (upload_id, number, size, etag, modified_ms, blob_id, checksums)
     VALUES (@uploadId, @number, @size, @etag, @modifiedMs, @blobId, @checksums)`,
  );
  const blobOf = connection.prepare<[string, number], { blobId: string }>(
    "SELECT blob_id AS blobId FROM upload_parts WHERE upload_id = ? AND number = ?",
  );
  const blobsOf = connection.prepare<[string], { blobId: string }>(
    "SELECT blob_id AS blobId FROM upload_parts WHERE upload_id = ? ORDER BY number",
  );
  const parts = connection.prepare<[string, number, number], PartRow>(
    `SELECT ${partColumns} FROM upload_parts WHERE upload_id = ? AND number > ? ORDER BY number LIMIT ?`,
  );
  const removeParts = connection.prepare<[string]>("DELETE FROM upload_parts WHERE upload_id = ?");
  return {
    async create(upload) {
      const row: UploadRow = { ...upload, value: JSON.stringify(upload.value) };
      await database.write(() => create.run(row));
    },
    get: (id) =>
      database.read(() => {
        const row = get.get(id);
        return row === undefined ? undefined : toUpload(row);
      }),
    list: (bucket, { prefix, from, afterId, max }) =>
      database.read(() => {
        const { first, end } = textRange(prefix, from);
        const isWithin = afterId !== undefined && from.startsWith(prefix);
        const rest = isWithin ? ofKey.all(bucket, from, afterId, max) : [];
        const next = isWithin ? `${from}\u0000` : first;
        const rows = rest.length === max ? rest : [...rest, ...list.all(bucket, next, end, max - rest.length)];
        return rows.map(toUpload);
      }),
    putPart(id, part) {
      const row = { ...part, uploadId: id, checksums: JSON.stringify(part.checksums) };
      return database.write(() => {
        if (get.get(id) === undefined) return { done: false, freedBlobs: [] };
        const before = blobOf.get(id, part.number);
        putPart.run(row);
        return { done: true, freedBlobs: before === undefined ? [] : [before.blobId] };
      });
    },
    parts: (id, { after, max }) => database.read(() => parts.all(id, after, max).map(toPart)),
    abort: (id) =>
      database.write(() => {
        const freedBlobs = blobsOf.all(id).map((row) => row.blobId);
        removeParts.run(id);
        return { done: remove.run(id).changes > 0, freedBlobs };
      }),
  };
}

function toUpload(row: UploadRow): StoredUpload {
  return { ...row, value: JSON.parse(row.value) as Record<string, unknown> };
}

/** A row as the port has it. */
export function toPart(row: PartRow): ObjectPart {
  return { ...row, checksums: JSON.parse(row.checksums) as Record<string, string> };
}
