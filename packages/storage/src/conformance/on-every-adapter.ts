import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Activity } from "@tripline/kernel";
import { afterEach, describe } from "vitest";
import { type Database, openDatabase } from "../index.ts";

/** Hands out databases that are closed, and their folders removed, after each test. `reopen` closes one and opens its file again. */
export interface TestDatabases {
  open(): Database;
  reopen(database: Database): Database;
}

/** Runs a conformance suite against every adapter: in memory and on a file. `reopen` exists on a file only. */
export function onEveryAdapter(
  port: string,
  suite: (databases: TestDatabases & { persistent: boolean }) => void,
): void {
  for (const persistent of [false, true]) {
    describe(`${port} on ${persistent ? "a file" : ":memory:"}`, () => {
      const opened = new Map<Database, string | undefined>();
      const open = (dataDir: string | undefined): Database => {
        const database = openDatabase({ dataDir, activity: new Activity() });
        opened.set(database, dataDir);
        return database;
      };
      afterEach(() => {
        for (const [database, folder] of opened) {
          database.close();
          if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
        }
        opened.clear();
      });
      suite({
        persistent,
        open: () => open(persistent ? mkdtempSync(join(tmpdir(), "tripline-storage-")) : undefined),
        reopen(database) {
          const folder = opened.get(database);
          opened.delete(database);
          database.close();
          return open(folder);
        },
      });
    });
  }
}
