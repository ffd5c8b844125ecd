import type { StoredObject } from "@tripline/kernel";
import { expect, it } from "vitest";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";
import { createObjectStore } from "./index.ts";

const object = (key: string, sequence: number, more: Partial<StoredObject> = {}): StoredObject => ({
  bucket: "b",
  key,
  size: 3,
  etag: `e${sequence}`,
  lastModifiedMs: 1000 + sequence,
  sequence,
  blobId: `blob-${sequence}`,
  attributes: { ContentType: "text/plain", Metadata: { a: "é" } },
  ...more,
});
const none = { owed: [] };

onEveryAdapter("ObjectStore", ({ open, reopen, persistent }) => {
  it("get returns what was put, and undefined for another bucket's key", async () => {
    const store = createObjectStore(open());
    const whole = object("a", 1, { origin: "3/1000" });
    expect(await store.put(whole, none)).toEqual({ done: true });
    expect(await store.get("b", "a")).toEqual(whole);
    expect(await store.get("c", "a")).toBeUndefined();
  });

  it("put replaces, and tells what it replaced", async () => {
    const store = createObjectStore(open());
    await store.put(object("a", 1), none);
    expect(await store.put(object("a", 2), none)).toEqual({ done: true, current: object("a", 1) });
    expect(await store.get("b", "a")).toEqual(object("a", 2));
  });

  it("put under a condition changes nothing where it fails (O3)", async () => {
    const store = createObjectStore(open());
    const [first, second] = await Promise.all([
      store.put(object("a", 1), { onlyIf: { absent: true }, owed: [{ id: "1", value: 1 }] }),
      store.put(object("a", 2), { onlyIf: { absent: true }, owed: [{ id: "2", value: 2 }] }),
    ]);
    expect([first.done, second.done]).toEqual([true, false]);
    expect(await store.put(object("a", 3), { onlyIf: { etag: "e9" }, owed: [] })).toEqual({
      done: false,
      current: object("a", 1),
    });
    expect((await store.put(object("a", 4), { onlyIf: { etag: "e1" }, owed: [] })).done).toBe(true);
    expect(await store.owed()).toEqual([{ id: "1", value: 1 }]);
  });

  it("delete returns what was there and owes notifications only then (O1)", async () => {
    const store = createObjectStore(open());
    await store.put(object("a", 1), none);
    expect(await store.delete({ bucket: "b", key: "a", sequence: 2 }, [{ id: "x", value: {} }])).toEqual(
      object("a", 1),
    );
    expect(await store.delete({ bucket: "b", key: "a", sequence: 3 }, [{ id: "y", value: {} }])).toBeUndefined();
    expect(await store.owed()).toEqual([{ id: "x", value: {} }]);
  });

  it("settle forgets notifications, and the rest stay in order", async () => {
    const store = createObjectStore(open());
    const owed = ["c", "a", "b"].map((id) => ({ id, value: { id } }));
    await store.put(object("a", 1), { owed });
    await store.settle(["a", "nobody"]);
    expect((await store.owed()).map((one) => one.id)).toEqual(["c", "b"]);
  });

  it("list orders keys by their UTF-8 bytes, from a key on, within a prefix (O2)", async () => {
    const store = createObjectStore(open());
    const keys = ["a", "a/1", "a/é", "a/\u{1F600}", "a/\uFFFD", "b", "B"];
    for (const [index, key] of keys.entries()) await store.put(object(key, index + 1), none);
    const list = async (prefix: string, from = "", max = 10): Promise<string[]> =>
      (await store.list("b", { prefix, from, max })).map((one) => one.key);
    expect(await list("")).toEqual(["B", "a", "a/1", "a/é", "a/\uFFFD", "a/\u{1F600}", "b"]);
    expect(await list("a/")).toEqual(["a/1", "a/é", "a/\uFFFD", "a/\u{1F600}"]);
    expect(await list("a/", "a/1\u0000", 2)).toEqual(["a/é", "a/\uFFFD"]);
    expect(await list("a/\u{10FFFF}")).toEqual([]);
  });

  it("usedBlobs names those that an object refers to", async () => {
    const store = createObjectStore(open());
    await store.put(object("a", 1), none);
    expect(await store.usedBlobs(["blob-1", "blob-2"])).toEqual(["blob-1"]);
  });

  it.runIf(persistent)("objects, debts and the highest sequence are there after reopening", async () => {
    const database = open();
    const store = createObjectStore(database);
    await store.put(object("a", 7), { owed: [{ id: "x", value: "v" }] });
    await store.delete({ bucket: "b", key: "a", sequence: 9 }, []);
    await store.put(object("b", 8), none);
    const again = createObjectStore(reopen(database));
    expect(await again.lastSequence()).toBe(9);
    expect(await again.get("b", "b")).toEqual(object("b", 8));
    expect(await again.owed()).toEqual([{ id: "x", value: "v" }]);
  });
});
