import type { DocumentStore } from "@tripline/kernel";
import type { Database } from "./database.ts";

const schema = {
  store: "documents",
  steps: [
    "CREATE TABLE documents (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID",
  ],
};

/** {@link DocumentStore} on SQLite. */
export function createDocumentStore(database: Database): DocumentStore {
  database.migrate(schema);
  const { connection } = database;
  const put = connection.prepare<[string, string, string]>(
    "INSERT OR REPLACE INTO documents (kind, key, value) VALUES (?, ?, ?)",
  );
  const get = connection.prepare<[string, string], { value: string }>(
    "SELECT value FROM documents WHERE kind = ? AND key = ?",
  );
  const list = connection.prepare<[string], { key: string; value: string }>(
    "SELECT key, value FROM documents WHERE kind = ? ORDER BY key",
  );
  const remove = connection.prepare<[string, string]>("DELETE FROM documents WHERE kind = ? AND key = ?");
  return {
    async put(kind, key, value) {
      const text = JSON.stringify(value);
      await database.write(() => put.run(kind, key, text));
    },
    get: <T>(kind: string, key: string) =>
      database.read(() => {
        const row = get.get(kind, key);
        return row === undefined ? undefined : (JSON.parse(row.value) as T);
      }),
    list: <T>(kind: string) =>
      database.read(() => list.all(kind).map((row) => ({ key: row.key, value: JSON.parse(row.value) as T }))),
    delete: (kind, key) => database.write(() => remove.run(kind, key).changes > 0),
  };
}
