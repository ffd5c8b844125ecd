import type { ObjectPart, StoredObject } from "@tripline/kernel";
import { expect, it } from "vitest";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";
import { createObjectStore, createUploadStore } from "./index.ts";

const object = (key: string, sequence: number, more: Partial<StoredObject> = {}): StoredObject => ({
  bucket: "b",
  key,
  versionId: "null",
  size: 3,
  etag: `e${sequence}`,
  lastModifiedMs: 1000 + sequence,
  sequence,
  blobId: `blob-${sequence}`,
  attributes: { ContentType: "text/plain", Metadata: { a: "é" } },
  ...more,
});
const version = (key: string, sequence: number, more: Partial<StoredObject> = {}): StoredObject =>
  object(key, sequence, { versionId: `v${sequence}`, ...more });
const marker = (key: string, sequence: number): StoredObject => {
  const { blobId: _none, ...rest } = version(key, sequence, { isDeleteMarker: true, size: 0 });
  return rest;
};
const none = { owed: [] };
const address = (key: string, versionId: string, sequence: number) => ({ bucket: "b", key, versionId, sequence });

onEveryAdapter("ObjectStore", ({ open, reopen, persistent }) => {
  it("get returns what was put, small body and tags included, and undefined for another bucket's key", async () => {
    const store = createObjectStore(open());
    const { blobId: _none, ...small } = object("a", 1, { origin: "3/1000", tags: [{ Key: "k", Value: "v" }] });
    const whole = { ...small, body: Buffer.from("abc") };
    expect(await store.put(whole, none)).toEqual({ done: true, freedBlobs: [] });
    expect(await store.get("b", "a")).toEqual(whole);
    expect(await store.get("c", "a")).toBeUndefined();
  });

  it("put replaces the version of its id, and tells what it replaced and which blob is free (O4, O5)", async () => {
    const store = createObjectStore(open());
    await store.put(object("a", 1), none);
    expect(await store.put(object("a", 2), none)).toEqual({
      done: true,
      current: object("a", 1),
      freedBlobs: ["blob-1"],
    });
    expect(await store.get("b", "a")).toEqual(object("a", 2));
    expect(await store.put(version("a", 3), none)).toMatchObject({ freedBlobs: [] });
    expect(await store.put(object("a", 4), none)).toMatchObject({ current: version("a", 3), freedBlobs: ["blob-2"] });
    expect((await store.listVersions("b", { prefix: "", from: "", max: 9 })).map((one) => one.sequence)).toEqual([
      4, 3,
    ]);
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
      freedBlobs: [],
    });
    expect((await store.put(object("a", 4), { onlyIf: { etag: "e1" }, owed: [] })).done).toBe(true);
    expect((await store.put(object("a", 5), { onlyIf: { sequence: 1 }, owed: [] })).done).toBe(false);
    expect((await store.put(object("z", 5), { onlyIf: { present: true }, owed: [] })).done).toBe(false);
    expect(await store.owed()).toEqual([{ id: "1", value: 1 }]);
  });

  it("a delete marker hides its key from lists and counts as absent", async () => {
    const store = createObjectStore(open());
    await store.put(version("a", 1), none);
    await store.put(marker("a", 2), none);
    expect(await store.get("b", "a")).toEqual(marker("a", 2));
    expect(await store.get("b", "a", "v1")).toEqual(version("a", 1));
    expect(await store.list("b", { prefix: "", from: "", max: 9 })).toEqual([]);
    expect((await store.put(version("a", 3), { onlyIf: { absent: true }, owed: [] })).done).toBe(true);
    expect(await store.list("b", { prefix: "", from: "", max: 9 })).toEqual([version("a", 3)]);
  });

  it("remove takes one version, makes the next newest the latest, and owes only where it was there (O1)", async () => {
    const store = createObjectStore(open());
    await store.put(version("a", 1), none);
    await store.put(marker("a", 2), none);
    const owed = [{ id: "x", value: {} }];
    expect(await store.remove(address("a", "v2", 3), { owed })).toEqual({
      done: true,
      current: marker("a", 2),
      removed: marker("a", 2),
      freedBlobs: [],
    });
    expect(await store.list("b", { prefix: "", from: "", max: 9 })).toEqual([version("a", 1)]);
    expect(await store.remove(address("a", "v9", 4), { owed: [{ id: "y", value: {} }] })).toEqual({
      done: true,
      current: version("a", 1),
      freedBlobs: [],
    });
    expect(await store.remove(address("a", "v1", 5), { onlyIf: { etag: "other" }, owed: [] })).toMatchObject({
      done: false,
    });
    expect(await store.remove(address("a", "v1", 5), none)).toMatchObject({ freedBlobs: ["blob-1"] });
    expect(await store.get("b", "a")).toBeUndefined();
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
    expect(await list("a/", "a/\uFFFD\u0000")).toEqual(["a/\u{1F600}"]);
    expect(await list("a/\u{10FFFF}")).toEqual([]);
  });

  it("listVersions orders versions of a key from the newest on, and goes on anywhere (O2)", async () => {
    const store = createObjectStore(open());
    for (const [index, key] of ["a", "b", "a", "b", "c"].entries()) await store.put(version(key, index + 1), none);
    const list = async (from: string, before?: number, max = 9): Promise<string[]> =>
      (await store.listVersions("b", { prefix: "", from, max, ...(before === undefined ? {} : { before }) })).map(
        (one) => `${one.key}${one.sequence}${one.isLatest ? "*" : ""}`,
      );
    expect(await list("")).toEqual(["a3*", "a1", "b4*", "b2", "c5*"]);
    expect(await list("a", 3, 2)).toEqual(["a1", "b4*"]);
    expect(await list("b", 2)).toEqual(["c5*"]);
    expect(await list("b")).toEqual(["b4*", "b2", "c5*"]);
  });

  it("amend replaces the tags of a version, and does not of a marker", async () => {
    const store = createObjectStore(open());
    await store.put(version("a", 1), none);
    await store.put(marker("a", 2), none);
    const tags = [{ Key: "k", Value: "v" }];
    const change = (versionId: string, id: string): Promise<boolean> =>
      store.amend({ bucket: "b", key: "a", versionId }, { tags }, [{ id, value: 1 }]);
    expect([await change("v1", "x"), await change("v2", "y"), await change("v3", "z")]).toEqual([true, false, false]);
    expect(await store.get("b", "a", "v1")).toEqual({ ...version("a", 1), tags });
    expect((await store.owed()).map((one) => one.id)).toEqual(["x"]);
  });

  it("a change of what a folder has is owed to the folder until it is settled (O6)", async () => {
    const store = createObjectStore(open());
    await store.put(object("a", 1, { origin: "f1" }), none);
    await store.put(object("b", 2, { origin: "f2" }), none);
    await store.put(object("c", 3), none);
    await store.put(object("a", 4), none);
    await store.put(object("a", 5), none);
    await store.remove(address("b", "null", 6), none);
    await store.put(object("c", 7), none);
    expect(await store.folderDebts("b")).toEqual([
      { key: "a", origin: "f1" },
      { key: "b", origin: "f2" },
    ]);
    await store.amend({ bucket: "b", key: "a", versionId: "null" }, { origin: "f3" }, []);
    await store.settleFolderDebts("b", ["b"]);
    expect(await store.folderDebts("b")).toEqual([]);
  });

  it("an upload becomes an object of its parts, and frees the others", async () => {
    const database = open();
    const [uploads, store] = [createUploadStore(database), createObjectStore(database)];
    const part = (number: number): ObjectPart => ({
      number,
      size: 5,
      etag: `p${number}`,
      modifiedMs: number,
      blobId: `part-${number}`,
      checksums: { CRC32: "AAAA" },
    });
    await uploads.create({ id: "u1", bucket: "b", key: "a", initiatedMs: 1, value: {} });
    for (const number of [3, 1, 2]) await uploads.putPart("u1", part(number));
    const { blobId: _none, ...draft } = object("a", 9, { partCount: 2 });
    const upload = { id: "u1", partNumbers: [1, 3] };
    expect((await store.put(draft, { owed: [], onlyIf: { present: true }, upload })).done).toBe(false);
    expect(await store.usedBlobs(["part-1", "part-2", "part-9"])).toEqual(["part-1", "part-2"]);
    expect(await store.put(draft, { owed: [], upload })).toEqual({ done: true, freedBlobs: ["part-2"] });
    expect(await store.parts(9)).toEqual([part(1), part(3)]);
    expect(await store.usedBlobs(["part-1", "part-2"])).toEqual(["part-1"]);
    expect([await uploads.get("u1"), await uploads.parts("u1", { after: 0, max: 9 })]).toEqual([undefined, []]);
    expect((await store.put(draft, { owed: [], upload })).done).toBe(false);
    expect(await store.remove(address("a", "null", 10), none)).toMatchObject({ freedBlobs: ["part-1", "part-3"] });
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
    await store.remove(address("a", "null", 9), none);
    await store.put(object("b", 8), none);
    const again = createObjectStore(reopen(database));
    expect(await again.lastSequence()).toBe(9);
    expect(await again.get("b", "b")).toEqual(object("b", 8));
    expect(await again.owed()).toEqual([{ id: "x", value: "v" }]);
  });
});
