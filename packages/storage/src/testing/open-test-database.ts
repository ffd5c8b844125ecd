/**
 * Where tests keep what they keep: in memory, and once more on a file, in the project `file` of vitest.config.ts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, type DatabaseOptions, openDatabase } from "../database.ts";

/** A new folder in the project `file`; else undefined: in memory. */
export function makeTestDataDir(): { dataDir: string | undefined; remove(): void } {
  if (process.env["TRIPLINE_TEST_STORAGE"] !== "file") return { dataDir: undefined, remove: () => undefined };
  const dataDir = mkdtempSync(join(tmpdir(), "tripline-test-"));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

/** A database in `dataDir`, or else where this project keeps it; that is removed when it is closed. */
export function openTestDatabase(options: DatabaseOptions): Database {
  if (options.dataDir !== undefined) return openDatabase(options);
  const { dataDir, remove } = makeTestDataDir();
  const database = openDatabase({ ...options, dataDir });
  const close = database.close.bind(database);
  database.close = () => {
    close();
    remove();
  };
  return database;
}
