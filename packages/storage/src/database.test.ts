import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Activity, isSimulatorError } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { afterEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "./index.ts";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";

const schema = { store: "numbers", steps: ["CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT"] };

onEveryAdapter("Database", ({ open }) => {
  it("D2 a failing write is rolled back alone, also among others of its turn", async () => {
    const database = open();
    database.migrate(schema);
    const insert = database.connection.prepare<[number]>("INSERT INTO numbers VALUES (?)");
    const all = database.connection.prepare<[], { n: number }>("SELECT n FROM numbers ORDER BY n");
    const results = await Promise.allSettled([
      database.write(() => insert.run(1)),
      database.write(() => {
        insert.run(2);
        throw new Error("no");
      }),
      database.write(() => insert.run(3)),
    ]);
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    await expect(
      database.write(() => {
        insert.run(4);
        throw new Error("alone");
      }),
    ).rejects.toThrow("alone");
    expect(all.all().map((row) => row.n)).toEqual([1, 3]);
  });

  it("D1 writes of one turn are committed together, and activity shows the commit until it is done", async () => {
    const activity = new Activity();
    const database = openDatabase({ dataDir: undefined, activity });
    database.migrate(schema);
    const insert = database.connection.prepare<[number]>("INSERT INTO numbers VALUES (?)");
    const both = Promise.all([database.write(() => insert.run(1)), database.write(() => insert.run(2))]);
    expect(activity.pending()).toEqual(["storage commit"]);
    await both;
    expect(activity.isIdle()).toBe(true);
    database.close();
  });

  it("migrate runs each step once", () => {
    const database = open();
    database.migrate(schema);
    database.migrate({ ...schema, steps: [...schema.steps, "ALTER TABLE numbers ADD COLUMN note TEXT"] });
    database.connection.prepare("INSERT INTO numbers (n, note) VALUES (1, 'x')").run();
    expect(() => {
      database.migrate(schema);
    }).toThrow("SIM_DATA_DIR_NEWER");
  });
});

describe("a database on a file", () => {
  const opened: { database: Database; dataDir: string }[] = [];
  const held: ((error: Error | null) => void)[] = [];
  const open = (): { database: Database; insert(n: number): Promise<unknown> } => {
    const dataDir = mkdtempSync(join(tmpdir(), "tripline-sync-"));
    const syncFile = (_file: number, done: (error: Error | null) => void): void => void held.push(done);
    const database = openDatabase({ dataDir, activity: new Activity(), syncFile });
    opened.push({ database, dataDir });
    database.migrate(schema);
    const statement = database.connection.prepare<[number]>("INSERT INTO numbers VALUES (?)");
    return { database, insert: (n) => database.write(() => statement.run(n)) };
  };
  const note = (log: string[], what: string, promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => log.push(what),
      () => log.push(`${what} failed`),
    );
  const turns = async (): Promise<void> => {
    for (let n = 0; n < 3; n++) await realTime.turn();
  };
  afterEach(() => {
    for (const { database, dataDir } of opened.splice(0)) {
      database.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
    held.length = 0;
  });

  it("D3 D5 a write resolves when its log is on the disk, and a read that saw it does not before", async () => {
    const { database, insert } = open();
    const log: string[] = [];
    const all = [note(log, "write", insert(1))];
    await turns();
    const count = database.connection.prepare<[], number>("SELECT count(*) FROM numbers").pluck();
    all.push(
      note(
        log,
        "read",
        database.read(() => log.push(`sees ${count.get()}`)),
      ),
    );
    await turns();
    expect([log, held.length]).toEqual([["sees 1"], 1]);
    held.shift()?.(null);
    await Promise.all(all);
    expect(log).toEqual(["sees 1", "write", "read"]);
  });

  it("D1 what is written while a commit is on its way to the disk is committed together after it", async () => {
    const { database, insert } = open();
    const log: string[] = [];
    const first = note(log, "1", insert(1));
    await turns();
    const others = [note(log, "2", insert(2))];
    await turns();
    others.push(note(log, "3", insert(3)));
    await turns();
    expect([database.connection.prepare("SELECT n FROM numbers").pluck().all(), held.length]).toEqual([[1], 1]);
    held.shift()?.(null);
    await first;
    await turns();
    expect([log, held.length]).toEqual([["1"], 1]);
    held.shift()?.(null);
    await Promise.all(others);
    expect([log, held.length]).toEqual([["1", "2", "3"], 0]);
  });

  it("D3 writes whose log cannot be brought to the disk are rejected", async () => {
    const { insert } = open();
    const write = insert(1);
    await turns();
    held.shift()?.(new Error("EIO"));
    await expect(write).rejects.toThrow("EIO");
  });

  it("closing settles what waits for the disk: closing brings it there", async () => {
    const { database, insert } = open();
    const log: string[] = [];
    const all = [note(log, "1", insert(1))];
    await turns();
    all.push(note(log, "2", insert(2)));
    database.close();
    await Promise.all(all);
    expect(log).toEqual(["1", "2"]);
    held.shift()?.(null);
  });

  it("D6 commits while it is relaxed wait for no disk; the end of it does", async () => {
    const { database, insert } = open();
    const end = database.relax();
    await insert(1);
    expect(held.length).toBe(0);
    const log: string[] = [];
    const ended = note(log, "end", end());
    const write = note(log, "write", insert(2));
    await turns();
    expect([log, held.length]).toEqual([[], 1]);
    held.shift()?.(null);
    await ended;
    await turns();
    held.shift()?.(null);
    await write;
    expect(log).toEqual(["end", "write"]);
  });
});

it("D4 a second opening of a data directory fails with SIM_DATA_DIR_LOCKED, naming the holder", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "tripline-lock-"));
  const first = openDatabase({
    dataDir,
    activity: new Activity(),
    owner: { pid: 4242, endpoint: "http://127.0.0.1:4566" },
  });
  try {
    openDatabase({ dataDir, activity: new Activity() });
    expect.unreachable();
  } catch (error) {
    expect(isSimulatorError(error) && error.message).toBe(
      `SIM_DATA_DIR_LOCKED: The data directory is in use by process 4242 at http://127.0.0.1:4566.\n  at ${dataDir}\n  Stop that simulator, or choose another --data-dir, or use --ephemeral.`,
    );
  } finally {
    first.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
