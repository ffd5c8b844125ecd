import type { PendingFiring, ScheduleStore } from "@tripline/kernel";
import type { Database } from "./database.ts";

const schema = {
  store: "pending-firings",
  steps: [
    "CREATE TABLE pending_firings (id TEXT PRIMARY KEY, source TEXT NOT NULL, next_attempt_ms INTEGER NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
  ],
};

interface Row {
  id: string;
  source: string;
  nextAttemptMs: number;
  value: string;
}

/** {@link ScheduleStore} on SQLite. */
export function createScheduleStore(database: Database): ScheduleStore {
  database.migrate(schema);
  const { connection } = database;
  const put = connection.prepare<[string, string, number, string]>(
    "INSERT OR REPLACE INTO pending_firings (id, source, next_attempt_ms, value) VALUES (?, ?, ?, ?)",
  );
  const remove = connection.prepare<[string]>("DELETE FROM pending_firings WHERE id = ?");
  const list = connection.prepare<[string], Row>(
    "SELECT id, source, next_attempt_ms AS nextAttemptMs, value FROM pending_firings WHERE source = ? ORDER BY next_attempt_ms, id",
  );
  return {
    async put(firings) {
      const rows = firings.map((firing) => ({ ...firing, text: JSON.stringify(firing.value) }));
      await database.write(() => {
        for (const row of rows) put.run(row.id, row.source, Math.round(row.nextAttemptMs), row.text);
      });
    },
    delete: (ids) =>
      database.write(() => {
        for (const id of ids) remove.run(id);
      }),
    list: (source) =>
      database.read(() =>
        list.all(source).map((row): PendingFiring => ({ ...row, value: JSON.parse(row.value) as unknown })),
      ),
  };
}
