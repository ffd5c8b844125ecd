import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BlobBody, BlobStore } from "@tripline/kernel";
import { afterEach, describe, expect, it } from "vitest";
import { createBlobStore } from "./index.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tripline-blobs-"));
  folders.push(folder);
  return folder;
}

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function text(body: BlobBody | undefined): Promise<string | undefined> {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function ids(store: BlobStore): Promise<string[]> {
  const all: string[] = [];
  for await (const page of store.ids()) all.push(...page);
  return all.sort();
}

describe.each([
  ["memory", () => createBlobStore(undefined)],
  ["files", () => createBlobStore(newFolder())],
])("BlobStore in %s", (_, create) => {
  it("read returns what was written, whole or a range", async () => {
    const store = create();
    await store.write("a1", Buffer.from("hello"));
    await store.write("b2", chunks("wor", "ld"));
    expect(await text(await store.read("a1"))).toBe("hello");
    expect(await text(await store.read("b2"))).toBe("world");
    expect(await text(await store.read("b2", { start: 1, end: 2 }))).toBe("or");
    expect(await store.read("c3")).toBeUndefined();
    expect(await ids(store)).toEqual(["a1", "b2"]);
  });

  it("an empty body is a blob", async () => {
    const store = create();
    await store.write("e", new Uint8Array(0));
    expect(await text(await store.read("e"))).toBe("");
  });

  it("write keeps nothing of a body that breaks off, and keeps what was there", async () => {
    const store = create();
    await store.write("a1", Buffer.from("before"));
    const broken = (async function* () {
      yield Buffer.from("half");
      throw new Error("the client went away");
    })();
    await expect(store.write("a1", broken)).rejects.toThrow("the client went away");
    expect(await text(await store.read("a1"))).toBe("before");
  });

  it("a blob that is deleted while it is read is read to its end, and is gone for the next", async () => {
    const store = create();
    await store.write("big", Buffer.alloc(600 * 1024, "x"));
    const body = await store.read("big");
    await store.delete(["big", "nobody"]);
    expect((await text(body))?.length).toBe(600 * 1024);
    expect(await store.read("big")).toBeUndefined();
  });
});

describe.each([
  ["memory", () => createBlobStore(undefined)],
  ["files", () => createBlobStore(newFolder())],
])("joined blobs in %s", (_, create) => {
  const blobs = [
    { id: "a1", size: 3 },
    { id: "b2", size: 0 },
    { id: "c3", size: 300_000 },
    { id: "d4", size: 2 },
  ];
  const whole = `one${"x".repeat(300_000)}ok`;
  const filled = async (): Promise<BlobStore> => {
    const store = create();
    for (const [id, body] of [
      ["a1", "one"],
      ["b2", ""],
      ["c3", "x".repeat(300_000)],
      ["d4", "ok"],
    ] as const)
      await store.write(id, Buffer.from(body));
    return store;
  };

  it("are read as one, whole or a range", async () => {
    const store = await filled();
    expect(await text(await store.readJoined(blobs))).toBe(whole);
    for (const [start, end] of [
      [0, 0],
      [2, 3],
      [1, 300_003],
      [300_003, 300_004],
      [5, 7],
    ] as const)
      expect(await text(await store.readJoined(blobs, { start, end }))).toBe(whole.slice(start, end + 1));
    expect(await store.readJoined([{ id: "gone", size: 1 }])).toBeUndefined();
  });

  it("that are deleted while they are read are read to the end, by each reader, and are gone then", async () => {
    const store = await filled();
    const [first, second, third] = [
      await store.readJoined(blobs),
      await store.readJoined(blobs),
      await store.readJoined(blobs),
    ];
    await store.delete(blobs.map(({ id }) => id));
    expect(await text(first)).toBe(whole);
    for await (const piece of second as AsyncIterable<Uint8Array>) {
      expect(piece.byteLength).toBeGreaterThan(0);
      break;
    }
    expect(await text(third)).toBe(whole);
    expect(await ids(store)).toEqual([]);
  });
});

it("createBlobStore sweeps away what a killed process was writing", async () => {
  const folder = newFolder();
  const store = createBlobStore(folder);
  let halfWritten = false;
  const held = store.write(
    "a1",
    (async function* () {
      yield Buffer.from("half");
      halfWritten = existsSync(join(folder, "objects/incoming/a1"));
      createBlobStore(folder);
      expect(readdirSync(join(folder, "objects/incoming"))).toEqual([]);
    })(),
  );
  await expect(held).rejects.toThrow("ENOENT");
  expect(halfWritten).toBe(true);
});
