import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Activity, createRng, isServiceError, VirtualClock } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { afterEach, beforeEach, expect, it } from "vitest";
import yazl from "yazl";
import { CodeStore } from "./code-store.ts";
import { unpackArchive } from "./unpack-archive.ts";

let root: string;
let clock: VirtualClock;
let store: CodeStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tripline-code-"));
  const activity = new Activity();
  clock = new VirtualClock({ activity, realTime });
  store = new CodeStore({ root, clock, rng: createRng("code"), activity });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function archive(files: Record<string, { content: string; mode?: number }>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, { content, mode }] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), name, mode === undefined ? {} : { mode });
  }
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "no error",
    (error: unknown) => (isServiceError(error) ? error.message : error),
  );
}

it("U1 files keep their folders, permissions and links", async () => {
  const { sha256, unpackedBytes } = await store.add(
    await archive({
      "bin/run": { content: "#!/bin/sh", mode: 0o100755 },
      "lib/data.txt": { content: "data", mode: 0o100600 },
      "lib/alias.txt": { content: "data.txt", mode: 0o120777 },
    }),
  );
  const folder = store.folderOf(sha256);
  expect(statSync(join(folder, "bin/run")).mode & 0o777).toBe(0o755);
  expect(statSync(join(folder, "lib/data.txt")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, "lib/alias.txt"), "utf8")).toBe("data");
  expect(unpackedBytes).toBe(9 + 4 + 8);
});

it("U2 a link is not written through, and nothing is kept of an archive that tries", async () => {
  const outside = mkdtempSync(join(tmpdir(), "tripline-outside-"));
  const sneaky = await archive({
    escape: { content: outside, mode: 0o120777 },
    "escape/file": { content: "x", mode: 0o100644 },
  });
  expect(await refusal(store.add(sneaky))).toBe(
    "Could not unzip uploaded file. Please check your file, then try to upload again.",
  );
  expect([readdirSync(outside), readdirSync(join(root, "incoming"))]).toEqual([[], []]);
  rmSync(outside, { recursive: true });
});

it("U3 more than may be unpacked is refused", async () => {
  const folder = join(root, "out");
  mkdirSync(folder);
  const large = await archive({ a: { content: "x".repeat(600) }, b: { content: "x".repeat(600) } });
  expect(await refusal(unpackArchive(large, folder, 1000))).toBe("Unzipped size must be smaller than 1000 bytes");
  expect(existsSync(join(folder, "b"))).toBe(false);
});

it("C1 what a killed process left half done is replaced or removed", async () => {
  const bytes = await archive({ "index.js": { content: "1" } });
  const { sha256 } = await store.add(bytes);
  rmSync(`${store.folderOf(sha256)}.zip`); // killed between the two moves
  writeFileSync(join(store.folderOf(sha256), "index.js"), "half");
  mkdirSync(join(root, "incoming/1234"), { recursive: true });
  await store.sweep({ archives: [], layers: [] }, true);
  expect(readdirSync(root)).toEqual([]);
  await store.add(bytes);
  expect(readFileSync(join(store.folderOf(sha256), "index.js"), "utf8")).toBe("1");
});

it("C2 what is not used any more stays as long as an invocation may take", async () => {
  const { sha256 } = await store.add(await archive({ a: { content: "1" } }));
  const sweep = (): Promise<void> => store.sweep({ archives: [], layers: [] }, false);
  await sweep();
  await clock.advance(900_000);
  await sweep();
  expect(existsSync(store.folderOf(sha256))).toBe(true);
  await clock.advance(1);
  await sweep();
  expect(existsSync(store.folderOf(sha256))).toBe(false);
});

it("C3 layers are merged in order: a later file, folder or link wins", async () => {
  const first = await store.add(
    await archive({ "same/a": { content: "1" }, "same/b": { content: "1" }, kind: { content: "file" } }),
  );
  const second = await store.add(await archive({ "same/b": { content: "2" }, "kind/inner": { content: "folder" } }));
  const layers = [first.sha256, second.sha256];
  await store.merge(layers);
  const opt = store.optFolderOf(layers) ?? "";
  const read = (name: string): string => readFileSync(join(opt, name), "utf8");
  expect([read("same/a"), read("same/b"), read("kind/inner")]).toEqual(["1", "2", "folder"]);
  await store.sweep({ archives: layers, layers: [layers] }, true);
  expect(existsSync(opt)).toBe(true);
  expect(store.optFolderOf([])).toBeUndefined();
});
