/**
 * The key under which a queue's messages are kept: its name, until it was emptied of many.
 *
 * E1. Emptying a queue of many messages gives it another key, at once; what is left under the old one is swept away in small steps,
 *     between which others get their turn.
 * E2. An old key is remembered until nothing is left, so that a sweep goes on after a restart.
 */
import type { Database, Schema } from "./database.ts";

const schema: Schema = {
  store: "queue-keys",
  steps: [
    `CREATE TABLE queue_keys (queue TEXT PRIMARY KEY, key TEXT NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE queue_old_keys (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`,
  ],
};
const sweepStep = 1_000;

/** See the module's header. */
export interface QueueKeys {
  of(queue: string): string;
  /** Within a transaction: another key for `queue`. Call {@link QueueKeys.sweep} once that is committed. */
  renew(queue: string): void;
  /** Removes what is left under old keys, in the background. */
  sweep(): void;
  /** After a write that failed: what is committed counts. */
  reload(): void;
}

/** Needs the tables of the queue store. */
export function createQueueKeys(database: Database): QueueKeys {
  database.migrate(schema);
  const { connection } = database;
  const all = connection.prepare<[], { queue: string; key: string }>("SELECT queue, key FROM queue_keys");
  const put = connection.prepare<[string, string]>("INSERT OR REPLACE INTO queue_keys (queue, key) VALUES (?, ?)");
  const putOld = connection.prepare<[string]>("INSERT INTO queue_old_keys (key) VALUES (?)");
  const oldKey = connection.prepare<[], { key: string }>("SELECT key FROM queue_old_keys LIMIT 1");
  const deleteOld = connection.prepare<[string]>("DELETE FROM queue_old_keys WHERE key = ?");
  const deleteSome = connection.prepare<[string, number]>(
    "DELETE FROM queue_messages WHERE sequence IN (SELECT sequence FROM queue_messages WHERE queue = ? LIMIT ?)",
  );
  let keys = new Map<string, string>();
  let isSweeping = false;

  const reload = (): void => {
    keys = new Map(all.all().map(({ queue, key }) => [queue, key]));
  };
  reload();

  const sweepOnce = (): boolean => {
    const old = oldKey.get();
    if (old === undefined) return false;
    if (deleteSome.run(old.key, sweepStep).changes < sweepStep) deleteOld.run(old.key); // E2
    return true;
  };
  const sweepAll = async (): Promise<void> => {
    while (!database.isClosed && (await database.write(sweepOnce)));
  };

  return {
    of: (queue) => keys.get(queue) ?? queue,
    renew(queue) {
      const before = keys.get(queue) ?? queue;
      const [, generation = "0"] = before.split("\n"); // names of queues have no line ends
      const key = `${queue}\n${Number(generation) + 1}`;
      putOld.run(before);
      put.run(queue, key);
      keys.set(queue, key);
    },
    sweep() {
      if (isSweeping || oldKey.get() === undefined) return;
      isSweeping = true;
      // What cannot be removed now is removed after the next start.
      void sweepAll()
        .catch(() => undefined)
        .finally(() => {
          isSweeping = false;
        });
    },
    reload,
  };
}
