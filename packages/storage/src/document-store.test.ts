import { expect, it } from "vitest";
import { createDocumentStore } from "./index.ts";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";

onEveryAdapter("DocumentStore", ({ open, reopen, persistent }) => {
  it("put then get returns the value; a second put replaces it", async () => {
    const store = createDocumentStore(open());
    await store.put("queue", "a", { depth: 1 });
    await store.put("queue", "a", { depth: 2 });
    expect(await store.get("queue", "a")).toEqual({ depth: 2 });
    expect(await store.get("bucket", "a")).toBeUndefined();
  });

  it("list returns one kind, ordered by key", async () => {
    const store = createDocumentStore(open());
    await Promise.all([store.put("queue", "b", 2), store.put("queue", "a", 1), store.put("bucket", "c", 3)]);
    expect(await store.list("queue")).toEqual([
      { key: "a", value: 1 },
      { key: "b", value: 2 },
    ]);
  });

  it("delete tells whether there was one", async () => {
    const store = createDocumentStore(open());
    await store.put("queue", "a", 1);
    expect(await store.delete("queue", "a")).toBe(true);
    expect(await store.delete("queue", "a")).toBe(false);
    expect(await store.get("queue", "a")).toBeUndefined();
  });

  it.runIf(persistent)("what was put is there after reopening", async () => {
    const database = open();
    await createDocumentStore(database).put("queue", "a", { name: "é" });
    expect(await createDocumentStore(reopen(database)).get("queue", "a")).toEqual({ name: "é" });
  });
});
