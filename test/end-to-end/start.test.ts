import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { copyApp, RunningTripline, root } from "../support/tripline-process.ts";

const open: { running?: RunningTripline; remove?: () => void } = {};
afterEach(async () => {
  await open.running?.kill();
  open.remove?.();
  delete open.running;
  delete open.remove;
});

async function startShop(): Promise<{ running: RunningTripline; folder: string }> {
  const app = copyApp("fixtures/apps/shop");
  open.remove = app.remove;
  const running = await RunningTripline.start([
    app.folder,
    "--ephemeral",
    "--drop",
    `Uploads=${join(app.folder, "inbox")}`,
  ]);
  open.running = running;
  return { running, folder: app.folder };
}

/** Processes whose command line or working folder mentions `text`. */
/** Every process that descends from `pid`, by its id; empty where the machine has no `/proc`. */
function descendantsOf(pid: number): number[] {
  if (!existsSync("/proc")) return [];
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      continue; // ended while we looked
    }
  }
  const found = new Set([pid]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [child, parent] of parents) if (found.has(parent)) found.add(child);
  }
  found.delete(pid);
  return [...found];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("tripline start", () => {
  it("runs the demo application: an order over HTTP reaches the queue function, the table and its projection, a dropped file the import", async () => {
    const { running, folder } = await startShop();
    expect(running.ready.functions.map((one) => one.name)).toEqual([
      "CountClicks",
      "Fulfil",
      "ImportCatalog",
      "Report",
      "SumUp",
      "TakeOrder",
    ]);
    const api = running.ready.apis.find((one) => one.name === "ShopApi");

    const answer = await fetch(`${api?.url.replace(/\/$/, "")}/orders`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: "http://shop.example" },
      body: '{"item":"tea","quantity":2}',
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(await answer.json()).toEqual({ orderId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    await running.until("the order to be fulfilled", (seen) =>
      seen.some((one) => one.function === "Fulfil" && one.status === "success"),
    );
    await running.until("the table's stream to be summed up", (seen) => seen.some((one) => one.function === "SumUp"));
    expect(running.stderr).toContain("ordered so far: 2 x tea");

    copyFileSync(join(folder, "samples/catalog.csv"), join(folder, "inbox/catalog.csv"));
    await running.until("the import", (seen) =>
      seen.some((one) => one.function === "ImportCatalog" && one.status === "success"),
    );
    expect(running.stderr).toContain("imported 3 rows of sku,name,price from s3://");
    expect(running.invocations.map((one) => [one.function, one.source, one.status])).toEqual([
      ["TakeOrder", "apigateway", "success"],
      ["Fulfil", "sqs", "success"],
      ["SumUp", "dynamodb", "success"],
      ["ImportCatalog", "s3", "success"],
    ]);

    const descendants = descendantsOf(running.child.pid ?? 0);
    expect(await running.interrupt()).toBe(0);
    await expect.poll(() => descendants.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });

  it("leaves no process behind when it is killed with kill -9", async () => {
    const { running } = await startShop();
    const api = running.ready.apis[0];
    await fetch(`${api?.url.replace(/\/$/, "")}/orders`, { method: "POST", body: '{"item":"tea","quantity":2}' });
    await running.until("the order to be fulfilled", (seen) => seen.some((one) => one.function === "Fulfil"));
    const descendants = descendantsOf(running.child.pid ?? 0);
    expect(descendants.length).toBeGreaterThan(3); // the spawn helper, two functions, what is booted ahead
    await running.kill();
    await expect.poll(() => descendants.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });

  it("picks up a change of the code at the next invocation, and keeps warm state otherwise", async () => {
    const app = copyApp("test/apps/counter");
    open.remove = app.remove;
    writeFileSync(
      join(app.folder, "index.mjs"),
      "let calls = 0; export const worker = async () => ({ version: 1, calls: ++calls }); export const listener = worker; export const broken = worker;",
    );
    const running = await RunningTripline.start([
      app.folder,
      "--ephemeral",
      "--parameter",
      `RecordFile=${join(app.folder, "../record")}`,
    ]);
    open.running = running;
    const invoke = async (): Promise<unknown> =>
      (
        await fetch(`${running.ready.endpoint}/2015-03-31/functions/Worker/invocations`, { method: "POST", body: "{}" })
      ).json();
    expect([await invoke(), await invoke()]).toEqual([
      { version: 1, calls: 1 },
      { version: 1, calls: 2 },
    ]);
    writeFileSync(
      join(app.folder, "index.mjs"),
      "let calls = 0; export const worker = async () => ({ version: 2, calls: ++calls }); export const listener = worker; export const broken = worker;",
    );
    const changed = async (): Promise<unknown> => {
      const answer = (await invoke()) as { version: number };
      return answer.version === 2 && answer;
    };
    expect(await vi.waitUntil(changed, { timeout: 10_000, interval: 1 })).toEqual({ version: 2, calls: 1 });
    expect(await invoke()).toEqual({ version: 2, calls: 2 });
    expect(running.invocations.filter((one) => one.coldStart)).toHaveLength(2);
  });

  it("keeps a watched folder in step: create, overwrite, rename, nested folders, delete", async () => {
    const app = copyApp("test/apps/counter");
    open.remove = app.remove;
    const inbox = join(app.folder, "inbox");
    mkdirSync(inbox);
    writeFileSync(join(inbox, "already there.txt"), "0");
    const record = join(app.folder, "../record");
    const running = await RunningTripline.start([
      app.folder,
      "--ephemeral",
      "--drop",
      `Inbox=${inbox}`,
      "--parameter",
      `RecordFile=${record}`,
    ]);
    open.running = running;
    const lines = (): string[] => (existsSync(record) ? readFileSync(record, "utf8").trim().split("\n") : []);
    const seen = (wanted: string[]): Promise<void> =>
      running.until(wanted.join(", "), () => wanted.every((line) => lines().includes(line)));

    await seen(["ObjectCreated:Put already there.txt"]);
    writeFileSync(join(inbox, "a.txt"), "1");
    await seen(["ObjectCreated:Put a.txt"]);
    mkdirSync(join(inbox, "deep/er"), { recursive: true });
    writeFileSync(join(inbox, "deep/er/b.txt"), "2");
    await seen(["ObjectCreated:Put deep/er/b.txt"]);
    renameSync(join(inbox, "a.txt"), join(inbox, "c.txt"));
    await seen(["ObjectRemoved:Delete a.txt", "ObjectCreated:Put c.txt"]);
    rmSync(join(inbox, "deep"), { recursive: true });
    await seen(["ObjectRemoved:Delete deep/er/b.txt"]);
    expect(lines().sort()).toEqual(
      [
        "ObjectCreated:Put a.txt",
        "ObjectCreated:Put already there.txt",
        "ObjectCreated:Put c.txt",
        "ObjectCreated:Put deep/er/b.txt",
        "ObjectRemoved:Delete a.txt",
        "ObjectRemoved:Delete deep/er/b.txt",
      ].sort(),
    );
  });

  it("delivers each of 1,000 files dropped at once exactly once", async () => {
    const app = copyApp("test/apps/counter");
    open.remove = app.remove;
    const inbox = join(app.folder, "inbox");
    const record = join(app.folder, "../record"); // the folder of the code is read-only on Lambda
    const running = await RunningTripline.start([
      app.folder,
      "--ephemeral",
      "--drop",
      `Inbox=${inbox}`,
      "--parameter",
      `RecordFile=${record}`,
    ]);
    open.running = running;
    const names = Array.from({ length: 1000 }, (_, index) => `file-${String(index).padStart(4, "0")}.txt`);
    for (const name of names) writeFileSync(join(inbox, name), name);
    await running.until(
      "1,000 invocations",
      (seen) => seen.filter((one) => one.function === "Listener").length >= 1000,
    );
    expect(running.invocations.filter((one) => one.coldStart).length).toBeLessThan(50); // files beside the code are no code
    expect(await running.interrupt()).toBe(0);
    expect(readFileSync(record, "utf8").trim().split("\n").sort()).toEqual(
      names.map((name) => `ObjectCreated:Put ${name}`),
    );
  });

  it("serves two applications at once from one checkout", async () => {
    const [first, second] = await Promise.all([
      RunningTripline.start([join(root, "fixtures/apps/shop"), "--ephemeral"]),
      RunningTripline.start([join(root, "fixtures/apps/shop"), "--ephemeral"]),
    ]);
    try {
      expect(first.ready.endpoint).not.toBe(second.ready.endpoint);
      for (const running of [first, second])
        expect((await fetch(`${running.ready.endpoint}/_tripline/health`)).status).toBe(200);
    } finally {
      await Promise.all([first.interrupt(), second.interrupt()]);
    }
  });
});
