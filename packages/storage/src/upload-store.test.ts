import type { ObjectPart, StoredUpload } from "@tripline/kernel";
import { expect, it } from "vitest";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";
import { createUploadStore } from "./index.ts";

const upload = (id: string, key: string): StoredUpload => ({
  id,
  bucket: "b",
  key,
  initiatedMs: 5,
  value: { attributes: { ContentType: "é" } },
});
const part = (number: number, blobId = `blob-${number}`): ObjectPart => ({
  number,
  size: number,
  etag: `e${number}`,
  modifiedMs: 7,
  blobId,
  checksums: { CRC32: "AAAA" },
});

onEveryAdapter("UploadStore", ({ open, reopen, persistent }) => {
  it("get returns what was created; abort ends it and names the blobs of its parts", async () => {
    const store = createUploadStore(open());
    await store.create(upload("u1", "a"));
    expect(await store.get("u1")).toEqual(upload("u1", "a"));
    await store.putPart("u1", part(2));
    await store.putPart("u1", part(1));
    expect(await store.abort("u1")).toEqual({ done: true, freedBlobs: ["blob-1", "blob-2"] });
    expect([await store.get("u1"), await store.abort("u1")]).toEqual([undefined, { done: false, freedBlobs: [] }]);
  });

  it("putPart replaces a part of its number, and keeps nothing of an upload that is gone", async () => {
    const store = createUploadStore(open());
    await store.create(upload("u1", "a"));
    expect(await store.putPart("u1", part(1))).toEqual({ done: true, freedBlobs: [] });
    expect(await store.putPart("u1", part(1, "other"))).toEqual({ done: true, freedBlobs: ["blob-1"] });
    expect(await store.putPart("u2", part(1))).toEqual({ done: false, freedBlobs: [] });
    expect(await store.parts("u1", { after: 0, max: 9 })).toEqual([part(1, "other")]);
  });

  it("parts come in order, in pages", async () => {
    const store = createUploadStore(open());
    await store.create(upload("u1", "a"));
    for (const number of [10_000, 2, 1, 3]) await store.putPart("u1", part(number));
    const numbers = async (after: number, max: number): Promise<number[]> =>
      (await store.parts("u1", { after, max })).map((one) => one.number);
    expect([await numbers(0, 2), await numbers(2, 9)]).toEqual([
      [1, 2],
      [3, 10_000],
    ]);
  });

  it("list orders uploads by key, then by id, and goes on anywhere", async () => {
    const store = createUploadStore(open());
    for (const [id, key] of [
      ["1", "b"],
      ["2", "a"],
      ["3", "b"],
      ["4", "c/x"],
    ] as const)
      await store.create(upload(id, key));
    const ids = async (options: {
      prefix?: string;
      from?: string;
      afterId?: string;
      max?: number;
    }): Promise<string[]> => (await store.list("b", { prefix: "", from: "", max: 9, ...options })).map((one) => one.id);
    expect(await ids({})).toEqual(["2", "1", "3", "4"]);
    expect(await ids({ from: "b", afterId: "1" })).toEqual(["3", "4"]);
    expect(await ids({ from: "b\u0000", max: 1 })).toEqual(["4"]);
    expect(await ids({ prefix: "c/" })).toEqual(["4"]);
    expect(await store.list("other", { prefix: "", from: "", max: 9 })).toEqual([]);
  });

  it.runIf(persistent)("uploads and parts are there after reopening", async () => {
    const database = open();
    const store = createUploadStore(database);
    await store.create(upload("u1", "a"));
    await store.putPart("u1", part(1));
    const again = createUploadStore(reopen(database));
    expect([await again.get("u1"), await again.parts("u1", { after: 0, max: 9 })]).toEqual([
      upload("u1", "a"),
      [part(1)],
    ]);
  });
});
