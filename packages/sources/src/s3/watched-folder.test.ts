import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realTime } from "@tripline/kernel/real-time";
import { afterEach, describe, expect, it } from "vitest";
import type { WatchedFolder } from "./index.ts";
import { createTestS3, type TestS3 } from "./testing/create-test-s3.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:import";
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tripline-drop-")));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Drop {
  test: TestS3;
  folder: string;
  drop: WatchedFolder;
  /** Event name and key of what was delivered since the last call, once the folder has settled. */
  events(): Promise<string[]>;
  /** Key -> body. */
  objects(): Promise<Record<string, string>>;
  write(path: string, text: string): void;
}

async function watched(options: { folder?: string; dataDir?: string } = {}): Promise<Drop> {
  const folder = options.folder ?? newFolder();
  const test = await createTestS3(options);
  cleanups.push(() => test.stop());
  await test.call("CreateBucket", { Bucket: "inbox" });
  await test.call("PutBucketNotificationConfiguration", {
    Bucket: "inbox",
    NotificationConfiguration: {
      LambdaFunctionConfigurations: [
        { LambdaFunctionArn: functionArn, Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"] },
      ],
    },
  });
  const drop = await test.s3.watch("inbox", folder);
  cleanups.push(() => drop.close());
  return {
    test,
    folder,
    drop,
    async events() {
      await drop.settled();
      await test.idle();
      return test.delivered.splice(0).map((delivery) => {
        const { Records } = JSON.parse(Buffer.from(delivery.body).toString()) as {
          Records: { eventName: string; s3: { object: { key: string } } }[];
        };
        return `${Records[0]?.eventName} ${Records[0]?.s3.object.key}`;
      });
    },
    async objects() {
      const { Contents = [] } = await test.call<{ Contents?: { Key: string }[] }>("ListObjectsV2", { Bucket: "inbox" });
      const bodies: Record<string, string> = {};
      for (const { Key } of Contents) {
        const { Body } = await test.call<{ Body: unknown }>("GetObject", {
          Bucket: "inbox",
          Key,
        });
        if (Body instanceof Uint8Array) bodies[Key] = Buffer.from(Body).toString();
      }
      return bodies;
    },
    write(path, text) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
  };
}

describe("watched folder", () => {
  it("a created, an overwritten and a deleted file are put, put again and deleted", async () => {
    const { write, events, objects, folder } = await watched();
    write("a.csv", "one");
    expect(await events()).toEqual(["ObjectCreated:Put a.csv"]);
    write("a.csv", "two!");
    expect(await events()).toEqual(["ObjectCreated:Put a.csv"]);
    expect(await objects()).toEqual({ "a.csv": "two!" });
    rmSync(join(folder, "a.csv"));
    expect(await events()).toEqual(["ObjectRemoved:Delete a.csv"]);
    expect(await objects()).toEqual({});
  });

  it("keys are relative paths with slashes, in folders of any depth", async () => {
    const { write, events } = await watched();
    write("2026/01/días y noches/a.csv", "x");
    write("top", "x");
    expect((await events()).sort()).toEqual([
      "ObjectCreated:Put 2026/01/d%C3%ADas+y+noches/a.csv",
      "ObjectCreated:Put top",
    ]);
  });

  it("a renamed file and a renamed folder are deleted and put under their new keys", async () => {
    const { write, events, objects, folder } = await watched();
    write("a", "1");
    write("old/b", "2");
    await events();
    renameSync(join(folder, "a"), join(folder, "c"));
    renameSync(join(folder, "old"), join(folder, "new"));
    expect((await events()).sort()).toEqual([
      "ObjectCreated:Put c",
      "ObjectCreated:Put new/b",
      "ObjectRemoved:Delete a",
      "ObjectRemoved:Delete old/b",
    ]);
    expect(await objects()).toEqual({ c: "1", "new/b": "2" });
  });

  it("chokidar's own events suffice: nothing has to be asked for", async () => {
    const { write, test, folder } = await watched();
    write("deep/er/a", "x");
    while (test.delivered.length === 0) await realTime.turn();
    expect(test.delivered.map((one) => one.sourceArn)).toEqual(["arn:aws:s3:::inbox"]);
    expect(existsSync(join(folder, "deep/er/a"))).toBe(true);
  });

  it.runIf(existsSync("/proc/self/fd"))(
    "a half-written file is taken once, when its writer has closed it",
    async () => {
      const { folder, events, objects, test } = await watched();
      const path = join(folder, "big");
      const descriptor = openSync(path, "w");
      writeSync(descriptor, "first ");
      const old = new Date(2020, 0, 1);
      utimesSync(path, old, new Date()); // its age does not make it whole
      const settled = events();
      for (let look = 0; look < 3; look++) {
        // Other files come and go meanwhile: each proves that the folder was looked at with the writer still there.
        writeFileSync(join(folder, `other-${look}`), "x");
        while (test.delivered.length <= look) await realTime.turn();
      }
      expect(await objects()).toEqual({ "other-0": "x", "other-1": "x", "other-2": "x" });
      writeSync(descriptor, "second");
      closeSync(descriptor);
      expect((await settled).filter((one) => one.endsWith(" big"))).toEqual(["ObjectCreated:Put big"]);
      expect((await objects())["big"]).toBe("first second");
    },
  );

  it("a large file is put whole, streamed", async () => {
    const { folder, events, test } = await watched();
    const path = join(folder, "large");
    for (let part = 0; part < 24; part++) appendFileSync(path, Buffer.alloc(1024 * 1024, part));
    expect(await events()).toEqual(["ObjectCreated:Put large"]);
    expect(await test.call("HeadObject", { Bucket: "inbox", Key: "large" })).toMatchObject({
      ContentLength: 24 * 1024 * 1024,
    });
  });

  it("1,000 files dropped at once are delivered once each", { timeout: 30_000 }, async () => {
    const { write, events } = await watched();
    const keys = Array.from({ length: 1000 }, (_, index) => `${index % 10}/file-${index}`);
    for (const key of keys) write(key, key);
    expect((await events()).sort()).toEqual(keys.map((key) => `ObjectCreated:Put ${key}`).sort());
    expect(await events()).toEqual([]);
  });

  it("files that are there at start are put; at the next start only what changed meanwhile is", async () => {
    const folder = newFolder();
    const dataDir = newFolder();
    for (const name of ["stays", "changes", "goes"]) writeFileSync(join(folder, name), name);
    const first = await watched({ folder, dataDir });
    expect((await first.events()).sort()).toEqual([
      "ObjectCreated:Put changes",
      "ObjectCreated:Put goes",
      "ObjectCreated:Put stays",
    ]);
    await first.test.call("PutObject", { Bucket: "inbox", Key: "by-api", Body: "x" });
    await first.drop.close();
    await first.test.stop();
    cleanups.splice(-2, 2);

    writeFileSync(join(folder, "changes"), "changed");
    rmSync(join(folder, "goes"));
    const second = await watched({ folder, dataDir });
    expect((await second.events()).sort()).toEqual(["ObjectCreated:Put changes", "ObjectRemoved:Delete goes"]);
    expect(await second.objects()).toEqual({ "by-api": "x", changes: "changed", stays: "stays" });
  });

  it("a link out of the folder is refused with a notice, one within is followed", async () => {
    const { folder, write, events, objects, test } = await watched();
    const secret = join(newFolder(), "secret");
    writeFileSync(secret, "s3cr3t");
    symlinkSync(secret, join(folder, "leak"));
    write("real", "x");
    symlinkSync(join(folder, "real"), join(folder, "alias"));
    expect((await events()).sort()).toEqual(["ObjectCreated:Put alias", "ObjectCreated:Put real"]);
    expect(Object.keys(await objects())).toEqual(["alias", "real"]);
    expect(test.notices.map((one) => [one.level, one.subject, one.message])).toContainEqual([
      "warning",
      join(folder, "leak"),
      `Not taken as an object of inbox. It is a link to ${secret}, outside of the watched folder.`,
    ]);
  });

  it("what editors leave while they save is no object", async () => {
    const { write, events } = await watched();
    for (const name of [".DS_Store", "a.txt~", ".a.txt.swp"]) write(name, "x");
    write("a.txt", "x");
    expect(await events()).toEqual(["ObjectCreated:Put a.txt"]);
  });

  it("a folder that is missing is made; one that is a file is SIM_FOLDER_UNREADABLE", async () => {
    const test = await createTestS3();
    cleanups.push(() => test.stop());
    await test.call("CreateBucket", { Bucket: "inbox" });
    const folder = newFolder();
    const drop = await test.s3.watch("inbox", join(folder, "in/box"));
    expect(existsSync(join(folder, "in/box"))).toBe(true);
    await drop.close();
    writeFileSync(join(folder, "file"), "x");
    await expect(test.s3.watch("inbox", join(folder, "file"))).rejects.toThrow("SIM_FOLDER_UNREADABLE");
    await expect(test.s3.watch("nobody", folder)).rejects.toThrow("The specified bucket does not exist");
  });

  it("an object that is put through the API becomes a file, and one that is deleted is gone, with one event each", async () => {
    const { test, events, folder, objects } = await watched();
    await test.call("PutObject", { Bucket: "inbox", Key: "deep/a.csv", Body: "one" });
    expect(await events()).toEqual(["ObjectCreated:Put deep/a.csv"]);
    expect(readFileSync(join(folder, "deep/a.csv"), "utf8")).toBe("one");
    await test.call("PutObject", { Bucket: "inbox", Key: "deep/a.csv", Body: "two, longer" });
    expect(await events()).toEqual(["ObjectCreated:Put deep/a.csv"]);
    expect(readFileSync(join(folder, "deep/a.csv"), "utf8")).toBe("two, longer");
    await test.call("CopyObject", { Bucket: "inbox", Key: "b", CopySource: "inbox/deep/a.csv" });
    expect(await events()).toEqual(["ObjectCreated:Copy b"]);
    await test.call("DeleteObject", { Bucket: "inbox", Key: "deep/a.csv" });
    expect(await events()).toEqual(["ObjectRemoved:Delete deep/a.csv"]);
    expect([readdirSync(join(folder, "deep")), await objects()]).toEqual([[], { b: "two, longer" }]);
  });

  it("a file that came from the API is the user's: changed, it is put; removed, it is deleted", async () => {
    const { test, events, folder, write } = await watched();
    await test.call("PutObject", { Bucket: "inbox", Key: "a", Body: "api" });
    await events();
    write("a", "by hand");
    expect(await events()).toEqual(["ObjectCreated:Put a"]);
    rmSync(join(folder, "a"));
    expect(await events()).toEqual(["ObjectRemoved:Delete a"]);
  });

  it("keys that cannot be files stay in the bucket, with a notice", async () => {
    const { test, events, folder, objects } = await watched();
    const keys = ["folder/", "a//b", "plain/sub", "plain", "note~"];
    for (const Key of keys) await test.call("PutObject", { Bucket: "inbox", Key, Body: "x" });
    expect((await events()).length).toBe(5);
    expect(Object.keys(await objects()).sort()).toEqual(keys.toSorted());
    expect(readdirSync(folder)).toEqual(["plain"]);
    expect(test.notices.map((one) => one.subject).toSorted()).toEqual([
      join(folder, "plain"),
      "a//b",
      "folder/",
      "note~",
    ]);
    expect(test.notices.find((one) => one.subject === "a//b")?.message).toBe(
      `Not written to ${folder}. Such a key cannot be a file.`,
    );
  });

  it("with versioning the file is the latest version, and what hides it removes it", async () => {
    const { test, events, folder } = await watched();
    const at = { Bucket: "inbox", Key: "a" };
    await test.call("PutBucketVersioning", { Bucket: "inbox", VersioningConfiguration: { Status: "Enabled" } });
    const shown = async (): Promise<string | undefined> => {
      await events();
      return existsSync(join(folder, "a")) ? readFileSync(join(folder, "a"), "utf8") : undefined;
    };
    await test.call("PutObject", { ...at, Body: "one" });
    const { VersionId: two } = await test.call<{ VersionId: string }>("PutObject", { ...at, Body: "two" });
    expect(await shown()).toBe("two");
    const { VersionId: marker } = await test.call<{ VersionId: string }>("DeleteObject", at);
    expect(await shown()).toBeUndefined();
    await test.call("DeleteObject", { ...at, VersionId: marker });
    expect(await shown()).toBe("two");
    await test.call("DeleteObject", { ...at, VersionId: two });
    expect(await shown()).toBe("one");
    rmSync(join(folder, "a"));
    expect(await events()).toEqual(["ObjectRemoved:DeleteMarkerCreated a"]);
  });

  it("what the API did while nobody watched is in the folder at the next start, without events", async () => {
    const dataDir = newFolder();
    const folder = newFolder();
    for (const name of ["changes", "goes", "stays"]) writeFileSync(join(folder, name), "file");
    const first = await watched({ folder, dataDir });
    await first.events();
    await first.drop.close();
    await first.test.call("PutObject", { Bucket: "inbox", Key: "changes", Body: "api" });
    await first.test.call("PutObject", { Bucket: "inbox", Key: "new", Body: "new" });
    await first.test.call("DeleteObject", { Bucket: "inbox", Key: "goes" });
    await first.test.idle();
    await first.test.stop();
    writeFileSync(join(folder, ".tripline-draft-0~"), "half");
    const second = await watched({ folder, dataDir });
    expect(await second.events()).toEqual([]);
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")])).toEqual([
      ["changes", "api"],
      ["new", "new"],
      ["stays", "file"],
    ]);
  });

  it("a file that was written before its object knew of it is no change", async () => {
    const dataDir = newFolder();
    const folder = newFolder();
    const first = await createTestS3({ dataDir });
    await first.call("CreateBucket", { Bucket: "inbox" });
    await first.call("PutObject", { Bucket: "inbox", Key: "same", Body: "x".repeat(100_000) });
    await first.call("PutObject", { Bucket: "inbox", Key: "other", Body: "bucket" });
    await first.stop();
    writeFileSync(join(folder, "same"), "x".repeat(100_000));
    writeFileSync(join(folder, "other"), "folder");
    const { events } = await watched({ folder, dataDir });
    expect(await events()).toEqual(["ObjectCreated:Put other"]);
  });
});
