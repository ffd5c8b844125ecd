/**
 * One SQLite database, written once per event-loop turn.
 *
 * D1. Writes asked for in the same turn, or while an earlier commit is on its way to the disk, share one transaction; each one's promise
 *     settles after the commit.
 * D2. A write that throws is rolled back alone; the others of its turn stand.
 * D3. A resolved write is on the disk: the file is in WAL mode, and its log is synced after each commit, beside the event loop.
 * D4. One process holds a data directory. The lock is SQLite's own exclusive lock, so that kill -9 frees it.
 * D5. A read sees what is committed: await a write before reading what it wrote. It resolves when what it saw is on the disk.
 * D6. While it is relaxed, at a start that makes tables and applies a template, commits wait for no disk; a kill loses none of them, and
 *     they are all on the disk when the relaxation ends.
 * D7. A store that keeps in memory what its tables hold joins the commits, and keeps in step with them.
 */
import BetterSqlite3 from "better-sqlite3";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Activity, invariant, SimulatorError } from "@tripline/kernel";
import { LogSync, type SyncFile } from "./log-sync.ts";

/** A connection, as stores use it. */
export type Connection = BetterSqlite3.Database;

/** The tables of one store: `steps` are run once each, in order, and never edited after a release. */
export interface Schema {
  readonly store: string;
  readonly steps: readonly string[];
}

/** Options of {@link openDatabase}. */
export interface DatabaseOptions {
  /** Folder of the database file `tripline.sqlite`; created when missing. `undefined`: in memory. */
  dataDir: string | undefined;
  activity: Activity;
  /** How the log is brought to the disk. Default: `fdatasync`. */
  syncFile?: SyncFile;
  /** Who holds the directory, for the error that a second process gets. */
  owner?: DatabaseOwner;
}

/** Written beside the database for whoever finds it locked. */
export interface DatabaseOwner {
  pid: number;
  /** Where the owner answers, once known. */
  endpoint?: string;
}

/** What a store does to keep its memory in step with its tables (D7). */
export interface CommitMember {
  /** How much the turn has done so far. */
  mark(): number;
  /** Undoes, in memory, what the turn did after `mark`: the tables are back there too. */
  backTo(mark: number): void;
  /** Last in the transaction: may write. */
  beforeCommit(): void;
  /** The turn is over; unless `isKept` all that it did to the tables is undone. */
  ended(isKept: boolean): void;
}

interface PendingWrite {
  work: () => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/** How a write went; a commit that fails fails it too. */
type Outcome = { write: PendingWrite } & ({ value: never } | { error: unknown });

/** See the module's header. */
export class Database {
  readonly connection: Connection;
  readonly #activity: Activity;
  readonly #ownerFile: string | undefined;
  /** Prepared, since every write runs them. */
  readonly #sql: Record<"begin" | "commit" | "savepoint" | "release", BetterSqlite3.Statement<[]>>;
  readonly #members: CommitMember[] = [];
  #pending: PendingWrite[] = [];
  #endActivity: (() => void) | undefined;
  #closed = false;
  /** Undefined in memory. */
  readonly #sync: LogSync | undefined;
  #isRelaxed = false;

  /** `files`: undefined in memory. */
  constructor(
    connection: Connection,
    activity: Activity,
    files?: { log: string; owner: string; syncFile: SyncFile | undefined },
  ) {
    this.connection = connection;
    this.#activity = activity;
    this.#ownerFile = files?.owner;
    this.#sql = {
      begin: connection.prepare("BEGIN IMMEDIATE"),
      commit: connection.prepare("COMMIT"),
      savepoint: connection.prepare("SAVEPOINT one"),
      release: connection.prepare("RELEASE one"),
    };
    connection.exec(
      "CREATE TABLE IF NOT EXISTS schema_steps (store TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (store, step)) STRICT",
    );
    this.#sync = files === undefined ? undefined : new LogSync(files.log, files.syncFile);
  }

  /** Whether nothing can be written any more. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Runs the steps of `schema` that this file has not seen. Call once per store, before its first statement. */
  migrate(schema: Schema): void {
    const done = this.connection.prepare<[string], { count: number }>(
      "SELECT count(*) AS count FROM schema_steps WHERE store = ?",
    );
    const mark = this.connection.prepare("INSERT INTO schema_steps (store, step) VALUES (?, ?)");
    const first = done.get(schema.store)?.count ?? 0;
    if (first > schema.steps.length) {
      throw new SimulatorError("SIM_DATA_DIR_NEWER", {
        what: `The data directory was written by a newer Tripline (store "${schema.store}", step ${first}).`,
        next: "Use that version, or choose another --data-dir.",
      });
    }
    for (const [index, step] of schema.steps.entries()) {
      if (index < first) continue;
      this.connection.transaction(() => {
        this.connection.exec(step);
        mark.run(schema.store, index);
      })();
    }
  }

  /** Runs `work` in this turn's transaction; resolves with its result once that is committed (D1, D3). */
  write<T>(work: () => T): Promise<T> {
    invariant(!this.#closed, "D1: write after close");
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({ work, resolve, reject });
      if (this.#pending.length > 1) return;
      this.#endActivity = this.#activity.begin("storage commit");
      if (this.#sync?.isPending !== true) this.#commitSoon(); // else the end of the sync does (D1)
    });
  }

  /** See D6. Ends with the call of what it returns. */
  relax(): () => Promise<void> {
    this.#isRelaxed = true;
    return async () => {
      this.#isRelaxed = false;
      if (this.#closed) return;
      await new Promise<void>((resolve, reject) => {
        this.#whenSynced(toDone(resolve, reject));
      });
    };
  }

  /** Runs `work` on what is committed (D5). */
  async read<T>(work: () => T): Promise<T> {
    const value = work();
    const sync = this.#sync;
    if (sync?.isPending !== true || this.#isRelaxed) return value;
    await new Promise<void>((resolve, reject) => {
      sync.afterRunning(toDone(resolve, reject));
    });
    return value;
  }

  /** D7 */
  join(member: CommitMember): void {
    this.#members.push(member);
  }

  /** Tells who holds the data directory and where it answers. */
  setOwner(owner: DatabaseOwner): void {
    if (this.#ownerFile !== undefined) writeFileSync(this.#ownerFile, JSON.stringify(owner));
  }

  /** Commits what is pending, and closes. */
  close(): void {
    if (this.#closed) return;
    this.#commit();
    this.#closed = true;
    this.connection.close(); // brings everything to the disk
    this.#sync?.close();
  }

  #commit(): void {
    const writes = this.#pending;
    if (writes.length === 0) return;
    this.#pending = [];
    const end = this.#endActivity;
    const outcomes: Outcome[] = [];
    try {
      this.#sql.begin.run();
      for (const write of writes) outcomes.push(this.#runOne(write, writes.length > 1));
      for (const member of this.#members) member.beforeCommit();
      this.#sql.commit.run();
      for (const member of this.#members) member.ended(true);
    } catch (error) {
      if (this.connection.inTransaction) this.connection.exec("ROLLBACK");
      for (const member of this.#members) member.ended(false);
      for (const { reject } of writes) reject(error);
      end?.();
      return;
    }
    const settle = (error: Error | null): void => {
      for (const outcome of outcomes) {
        if (error !== null) outcome.write.reject(error);
        else if ("error" in outcome) outcome.write.reject(outcome.error);
        else outcome.write.resolve(outcome.value);
      }
      end?.();
    };
    if (this.#isRelaxed) settle(null);
    else this.#whenSynced(settle);
  }

  /** Calls `done` when what is committed is on the disk; then what was written meanwhile is committed (D1). */
  #whenSynced(done: (error: Error | null) => void): void {
    if (this.#sync === undefined) {
      done(null);
      return;
    }
    this.#sync.after((error) => {
      done(error);
      if (this.#pending.length > 0) this.#commitSoon();
    });
  }

  #commitSoon(): void {
    setImmediate(() => {
      this.#commit();
    });
  }

  /** D2: with company, each write has a savepoint of its own. */
  #runOne(write: PendingWrite, hasCompany: boolean): Outcome {
    if (!hasCompany) return { write, value: write.work() as never }; // a throw rolls back the transaction, which is this write alone
    this.#sql.savepoint.run();
    const marks = this.#members.map((member) => member.mark());
    try {
      const value = write.work() as never;
      this.#sql.release.run();
      return { write, value };
    } catch (error) {
      this.connection.exec("ROLLBACK TO one; RELEASE one");
      for (const [at, member] of this.#members.entries()) member.backTo(marks[at] ?? 0);
      return { write, error };
    }
  }
}

function toDone(resolve: () => void, reject: (error: Error) => void): (error: Error | null) => void {
  return (error) => {
    if (error === null) resolve();
    else reject(error);
  };
}

/** Pages kept in memory at most: inner pages of the indices of a million messages fit. */
const cacheKib = 65_536;
/** 16 MiB: a page that is written often is copied to the file seldom. */
const checkpointPages = 4_000;

/**
 * Opens the database of a data directory, or one in memory.
 * Throws `SIM_DATA_DIR_LOCKED` (naming the process that holds it), `SIM_DATA_DIR_UNUSABLE`.
 */
export function openDatabase(options: DatabaseOptions): Database {
  if (options.dataDir === undefined) return new Database(new BetterSqlite3(":memory:"), options.activity);
  const file = join(options.dataDir, "tripline.sqlite");
  const ownerFile = join(options.dataDir, "owner.json");
  try {
    mkdirSync(options.dataDir, { recursive: true });
    const connection = new BetterSqlite3(file, { timeout: 0 });
    connection.pragma("locking_mode = EXCLUSIVE"); // D4
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = NORMAL"); // D3: the sync after a commit is ours
    connection.pragma(`cache_size = ${-cacheKib}`);
    connection.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    connection.exec("BEGIN IMMEDIATE; COMMIT");
    if (options.owner !== undefined) writeFileSync(ownerFile, JSON.stringify(options.owner));
    return new Database(connection, options.activity, {
      log: `${file}-wal`,
      owner: ownerFile,
      syncFile: options.syncFile,
    });
  } catch (error) {
    throw isBusy(error) ? locked(options.dataDir, readOwner(ownerFile), error) : unusable(options.dataDir, error);
  }
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof BetterSqlite3.SqliteError &&
    (error.code.startsWith("SQLITE_BUSY") || error.code === "SQLITE_LOCKED")
  );
}

/** What the process that holds `dataDir` has said of itself, if anything. */
export function readDatabaseOwner(dataDir: string): DatabaseOwner | undefined {
  return readOwner(join(dataDir, "owner.json"));
}

function readOwner(file: string): DatabaseOwner | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as DatabaseOwner;
  } catch {
    return undefined; // absent, or half-written by a process that was killed: the lock itself is what counts
  }
}

function locked(dataDir: string, owner: DatabaseOwner | undefined, cause: unknown): SimulatorError {
  const who =
    owner === undefined
      ? "another process"
      : `process ${owner.pid}${owner.endpoint === undefined ? "" : ` at ${owner.endpoint}`}`;
  return new SimulatorError(
    "SIM_DATA_DIR_LOCKED",
    {
      what: `The data directory is in use by ${who}.`,
      where: dataDir,
      next: "Stop that simulator, or choose another --data-dir, or use --ephemeral.",
    },
    { cause },
  );
}

function unusable(dataDir: string, cause: unknown): SimulatorError {
  return new SimulatorError(
    "SIM_DATA_DIR_UNUSABLE",
    {
      what: `The data directory cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
      where: dataDir,
      next: "Make it a folder that you may write to, choose another --data-dir, or use --ephemeral.",
    },
    { cause },
  );
}
