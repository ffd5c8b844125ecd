import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Activity, isSimulatorError } from "@tripline/kernel";
import { expect, it } from "vitest";
import { openDatabase } from "./index.ts";
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

  it("D6 commits while it is relaxed are kept, and afterwards commits wait for the disk again", async () => {
    const database = open();
    database.migrate(schema);
    const end = database.relax();
    await database.write(() => database.connection.exec("INSERT INTO numbers VALUES (1)"));
    const during = database.connection.pragma("synchronous", { simple: true });
    await end();
    expect([during, database.connection.pragma("synchronous", { simple: true })]).toEqual([1, 2]);
    expect(database.connection.prepare("SELECT n FROM numbers").all()).toEqual([{ n: 1 }]);
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
