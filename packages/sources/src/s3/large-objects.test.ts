import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestS3, type TestS3 } from "./testing/create-test-s3.ts";

const mebibyte = 1024 * 1024;
let test: TestS3;
let dataDir: string;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "tripline-large-"));
  test = await createTestS3({ dataDir });
  await test.call("CreateBucket", { Bucket: "box" });
});
afterEach(async () => {
  await test.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The most that all buffers together held, at each chunk that was made or read. */
let highest = 0;
const look = (): void => {
  highest = Math.max(highest, process.memoryUsage().arrayBuffers);
};

/** New bytes each time, so that what is held shows. */
async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let made = 0; made < count * 4; made++) {
    look();
    yield Buffer.alloc(mebibyte / 4, made & 255);
  }
}

/** How many bytes `body` holds. */
async function drained(body: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) {
    look();
    bytes += chunk.byteLength;
  }
  return bytes;
}

it("96 MB are put, copied and read without ever being held", async () => {
  const at = { Bucket: "box", Key: "large" };
  highest = 0;
  const before = process.memoryUsage().arrayBuffers;
  await test.call("PutObject", { ...at, Body: chunks(96), ContentLength: 96 * mebibyte });
  await test.call("CopyObject", { Bucket: "box", Key: "copy", CopySource: "box/large" });
  const { Body } = await test.call<{ Body: AsyncIterable<Uint8Array> }>("GetObject", { Bucket: "box", Key: "copy" });
  expect(await drained(Body)).toBe(96 * mebibyte);
  expect((highest - before) / mebibyte).toBeLessThan(80); // with what the garbage collector has not got round to
});

it("completing an upload copies nothing: its parts are the object", async () => {
  const at = { Bucket: "box", Key: "parts" };
  const { UploadId } = await test.call<{ UploadId: string }>("CreateMultipartUpload", at);
  const Parts: object[] = [];
  for (const PartNumber of [1, 2, 3]) {
    const part = { ...at, UploadId, PartNumber, Body: chunks(5) };
    Parts.push({ PartNumber, ETag: (await test.call<{ ETag: string }>("UploadPart", part)).ETag });
  }
  const files = (): string[] =>
    readdirSync(join(dataDir, "objects"))
      .filter((name) => name !== "incoming")
      .toSorted();
  const before = files();
  expect(before.length).toBe(3);
  await test.call("CompleteMultipartUpload", { ...at, UploadId, MultipartUpload: { Parts: Parts.slice(0, 2) } });
  expect(files()).toEqual(before.slice(0, 2));
  const { Body } = await test.call<{ Body: AsyncIterable<Uint8Array> }>("GetObject", at);
  expect(await drained(Body)).toBe(10 * mebibyte);
  await test.call("DeleteObject", at);
  expect(files()).toEqual([]);
});

it("a put, a part or a copy that breaks off leaves no file behind", async () => {
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield* chunks(1);
    throw new Error("the client went away");
  };
  const at = { Bucket: "box", Key: "broken" };
  const { UploadId } = await test.call<{ UploadId: string }>("CreateMultipartUpload", at);
  await expect(test.call("PutObject", { ...at, Body: broken() })).rejects.toThrow("the client went away");
  const part = { ...at, UploadId, PartNumber: 1, Body: broken() };
  await expect(test.call("UploadPart", part)).rejects.toThrow("the client went away");
  await expect(test.call("PutObject", { ...at, Body: chunks(1), ContentLength: 7 })).rejects.toThrow();
  expect([readdirSync(join(dataDir, "objects")), readdirSync(join(dataDir, "objects/incoming"))]).toEqual([
    ["incoming"],
    [],
  ]);
});
