import {
  createRng,
  type ItemAddress,
  type ItemPlace,
  type ItemStore,
  type ItemWalk,
  type ItemWrite,
} from "@tripline/kernel";
import { expect, it } from "vitest";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";
import { createItemStore, createShardLogStore } from "./index.ts";

const bytes = (text: string): Buffer => Buffer.from(text);
const at = (space: number, key: string): ItemAddress => {
  const [partition = "", sort = ""] = key.split("/");
  return { space, partition: bytes(partition), sort: bytes(sort) };
};
const everything = { from: bytes(""), to: Buffer.alloc(40, 0xff) };

/** Writes texts at keys; undefined removes. */
async function write(
  store: ItemStore,
  space: number,
  items: Record<string, string | undefined>,
  entries: (key: string) => Pick<ItemWrite, "removed" | "added"> = () => ({ removed: [], added: [] }),
): Promise<void> {
  const keys = Object.keys(items);
  await store.change(
    keys.map((key) => at(space, key)),
    (found) => ({
      writes: keys.map((key, n) => {
        const text = items[key];
        return {
          address: at(space, key),
          before: found[n],
          item: text === undefined ? undefined : { text, bytes: text.length },
          ...entries(key),
        };
      }),
      records: [],
      result: undefined,
    }),
  );
}

async function texts(store: ItemStore, walk: ItemWalk, max = 100): Promise<string[]> {
  const found: string[] = [];
  await store.walk(walk, ({ text }) => found.push(text) < max);
  return found;
}

onEveryAdapter("ItemStore", ({ open, reopen, persistent }) => {
  it("change shows what is there, and keeps what was decided", async () => {
    const store = createItemStore(open());
    const [space = 0] = await store.allocate(1);
    await write(store, space, { "a/1": "one", "a/2": "two" });
    const outcome = await store.change([at(space, "a/1"), at(space, "a/3")], (found) => ({
      writes: [{ address: at(space, "a/1"), before: found[0], item: undefined, removed: [], added: [] }],
      records: [],
      result: found,
    }));
    expect(outcome).toEqual({ result: [{ text: "one", bytes: 3 }, undefined] });
    expect(await store.get([at(space, "a/1"), at(space, "a/2")])).toEqual([undefined, { text: "two", bytes: 3 }]);
    expect(await store.size(space)).toEqual({ items: 1, bytes: 3 });
  });

  it("changes of one turn see each other, and one that throws leaves nothing behind", async () => {
    const database = open();
    const store = createItemStore(database);
    const logs = createShardLogStore(database);
    const [space = 0] = await store.allocate(1);
    const [shard = 0] = await logs.allocate(1);
    const add = (by: number, fails = false): Promise<unknown> =>
      store.change([at(space, "n")], ([before]) => {
        if (fails) throw new Error("refused");
        const text = String(Number(before?.text ?? 0) + by);
        const record = { shard, partitionKey: "n", data: bytes(text), arrivedAtMs: 1 };
        return {
          writes: [{ address: at(space, "n"), before, item: { text, bytes: 1 }, removed: [], added: [] }],
          records: [record],
          result: text,
        };
      });
    const outcomes = await Promise.allSettled([add(1), add(10, true), add(100)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await store.get([at(space, "n")])).toEqual([{ text: "101", bytes: 1 }]);
    const read = await logs.read(shard, 0, { max: 10, bytesMax: 1_000, arrivedFromMs: 0 });
    expect(read.map(({ data }) => Buffer.from(data).toString())).toEqual(["1", "101"]);
  });

  it("walk goes through one partition, forward and backward, within bounds, after a place, until it is told to stop", async () => {
    const store = createItemStore(open());
    const [space = 0, other = 0] = await store.allocate(2);
    await write(store, space, { "a/1": "a1", "a/2": "a2", "a/3": "a3", "b/1": "b1" });
    await write(store, other, { "a/2": "other" });
    const walk = { space, partition: bytes("a"), ...everything };
    expect(await texts(store, walk)).toEqual(["a1", "a2", "a3"]);
    expect(await texts(store, walk, 2)).toEqual(["a1", "a2"]);
    expect(await texts(store, { ...walk, isBackward: true })).toEqual(["a3", "a2", "a1"]);
    expect(await texts(store, { ...walk, from: bytes("2"), to: bytes("3") })).toEqual(["a2"]);
    const after = at(space, "a/2");
    expect(await texts(store, { ...walk, after })).toEqual(["a3"]);
    expect(await texts(store, { ...walk, after, isBackward: true })).toEqual(["a1"]);
    expect(await texts(store, { space, ...everything })).toEqual(["a1", "a2", "a3", "b1"]);
    expect(await texts(store, { space, ...everything, after })).toEqual(["a3", "b1"]);
    expect(await texts(store, { space, from: bytes("b"), to: bytes("c") })).toEqual(["b1"]);
  });

  it("walk goes through an index in the order of its keys, then of the table's", async () => {
    const store = createItemStore(open());
    const [space = 0, index = 0] = await store.allocate(2);
    const entry = (key: string) => ({
      space: index,
      partition: bytes("p"),
      sort: bytes(key.endsWith("1") ? "x" : "w"),
      bytes: 1,
    });
    await write(store, space, { "b/1": "b1", "a/1": "a1", "a/2": "a2" }, (key) => ({
      removed: [],
      added: [entry(key)],
    }));
    const walk = { space, index, partition: bytes("p"), ...everything };
    expect(await texts(store, walk)).toEqual(["a2", "a1", "b1"]);
    expect(await texts(store, { ...walk, isBackward: true })).toEqual(["b1", "a1", "a2"]);
    expect(await texts(store, { space, index, ...everything })).toEqual(["a2", "a1", "b1"]);
    const places: ItemPlace[] = [];
    await store.walk(walk, ({ place }) => places.push(place) < 2);
    const after = places[1];
    if (after === undefined) throw new Error("no place");
    expect(await texts(store, { ...walk, after })).toEqual(["b1"]);
    expect(await texts(store, { ...walk, after, isBackward: true })).toEqual(["a2"]);
    expect(await texts(store, { space, index, ...everything, after })).toEqual(["b1"]);
    await write(store, space, { "a/1": undefined }, (key) => ({ removed: [entry(key)], added: [] }));
    expect([await texts(store, walk), await store.size(index)]).toEqual([["a2", "b1"], { items: 2, bytes: 2 }]);
  });

  it("fill gives an index its entries, chunk by chunk; drop takes all away", async () => {
    const store = createItemStore(open());
    const [space = 0, index = 0] = await store.allocate(2);
    await write(store, space, { a: "1", b: "22", c: "3", d: "4", e: "5" });
    let after: ItemPlace | undefined;
    let rounds = 0;
    do {
      rounds += 1;
      after = await store.fill(space, after, 2, ({ text, bytes: size }) =>
        text === "3" ? undefined : { space: index, partition: bytes("p"), sort: bytes(text), bytes: size },
      );
    } while (after !== undefined);
    expect([rounds, await texts(store, { space, index, ...everything }), await store.size(index)]).toEqual([
      3,
      ["1", "22", "4", "5"],
      { items: 4, bytes: 5 },
    ]);
    expect(await store.partitionBytes(space, bytes("b"))).toBe(2);
    await store.drop([space, index]);
    const [next = 0] = await store.allocate(1);
    expect([await store.get([at(space, "a")]), await store.size(index), next]).toEqual([
      [undefined],
      { items: 0, bytes: 0 },
      index + 1,
    ]);
  });

  it("a token that was seen is told, until its time is over", async () => {
    const store = createItemStore(open());
    const [space = 0] = await store.allocate(1);
    const run = (fingerprint: string, nowMs: number): Promise<unknown> =>
      store.change([at(space, "a")], () => ({ writes: [], records: [], result: "done" }), {
        token: "t",
        fingerprint,
        nowMs,
        keptMs: 10,
      });
    expect([await run("f", 0), await run("f", 9), await run("g", 9), await run("g", 10)]).toEqual([
      { result: "done" },
      { repeated: "same" },
      { repeated: "other" },
      { result: "done" },
    ]);
  });

  it("walks agree with a sorted list, whatever the keys are", async () => {
    const store = createItemStore(open());
    const [space = 0] = await store.allocate(1);
    const rng = createRng("items");
    const keys = new Set(Array.from({ length: 60 }, () => `${rng.below(4)}/${rng.below(40).toString(3)}`));
    await write(store, space, Object.fromEntries(Array.from(keys, (key) => [key, key])));
    const sorted = Array.from(keys).sort((a, b) => (a < b ? -1 : 1));
    expect(await texts(store, { space, ...everything })).toEqual(sorted);
    for (const key of sorted) {
      expect(await texts(store, { space, ...everything, after: at(space, key) })).toEqual(
        sorted.slice(sorted.indexOf(key) + 1),
      );
    }
  });

  it.runIf(persistent)("items are there after reopening", async () => {
    const database = open();
    const store = createItemStore(database);
    const [space = 0] = await store.allocate(1);
    await write(store, space, { a: "kept" });
    const again = createItemStore(reopen(database));
    expect([await again.get([at(space, "a")]), await again.allocate(1)]).toEqual([
      [{ text: "kept", bytes: 4 }],
      [space + 1],
    ]);
  });
});
