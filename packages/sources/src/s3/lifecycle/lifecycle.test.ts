import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestS3, type TestS3 } from "../testing/create-test-s3.ts";
import { notifyOfEverything, takeEvents } from "../testing/notified.ts";

const dayMs = 86_400_000;
let test: TestS3;
beforeEach(async () => {
  test = await createTestS3();
  await test.call("CreateBucket", { Bucket: "box" });
  await notifyOfEverything(test, "box");
});
afterEach(() => test.stop());

const put = (Key: string, more: object = {}): Promise<object> =>
  test.call("PutObject", { Bucket: "box", Key, Body: "x", ...more });
const setRules = (...Rules: object[]): Promise<object> =>
  test.call("PutBucketLifecycleConfiguration", {
    Bucket: "box",
    LifecycleConfiguration: {
      Rules: Rules.map((rule) => ({ Status: "Enabled", Filter: { Prefix: "" }, ...rule })),
    },
  });
const keys = async (): Promise<string[]> => {
  const { Contents = [] } = await test.call<{ Contents?: { Key: string }[] }>("ListObjectsV2", { Bucket: "box" });
  return Contents.map((one) => one.Key);
};
const eventNames = async (): Promise<string[]> =>
  (await takeEvents(test)).map(({ eventName, object }) => `${eventName} ${String(object["key"])}`);

it("an object expires at the midnight after its days, and S3 says when", async () => {
  await setRules({ ID: "my rule", Expiration: { Days: 2 } });
  await test.clock.advance(3_600_000);
  expect(await put("a")).toMatchObject({
    Expiration: 'expiry-date="Sun, 04 Jan 2026 00:00:00 GMT", rule-id="my%20rule"',
  });
  await takeEvents(test);
  await test.clock.advance(2 * dayMs + 22 * 3_600_000);
  expect([await keys(), await eventNames()]).toEqual([["a"], []]);
  await test.clock.advance(3_600_000);
  expect(await keys()).toEqual([]);
  expect(await takeEvents(test)).toEqual([
    { eventName: "LifecycleExpiration:Delete", eventVersion: "2.3", object: { key: "a", sequencer: "S" } },
  ]);
});

it("a rule takes what its prefix, tags and sizes cover", async () => {
  await setRules(
    { ID: "1", Filter: { Prefix: "logs/" }, Expiration: { Days: 1 } },
    { ID: "2", Filter: { Tag: { Key: "keep", Value: "no" } }, Expiration: { Days: 1 } },
    {
      ID: "3",
      Filter: { And: { Prefix: "big", ObjectSizeGreaterThan: 3, Tags: [{ Key: "a", Value: "b" }] } },
      Expiration: { Date: new Date(Date.UTC(2026, 0, 2)) },
    },
    { ID: "4", Status: "Disabled", Expiration: { Days: 1 } },
  );
  await put("logs/a");
  await put("tagged", { Tagging: "keep=no" });
  await put("other", { Tagging: "keep=yes" });
  await put("big1", { Tagging: "a=b", Body: "1234" });
  await put("big2", { Tagging: "a=b", Body: "123" });
  await put("big3", { Body: "1234" });
  await test.clock.advance(dayMs);
  expect(await keys()).toEqual(["big2", "big3", "other"]);
});

it("with versioning a marker hides the object; old versions and lone markers go by their own rules", async () => {
  await test.call("PutBucketVersioning", { Bucket: "box", VersioningConfiguration: { Status: "Enabled" } });
  await setRules(
    { ID: "1", Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 3 } },
    { ID: "2", Expiration: { ExpiredObjectDeleteMarker: true } },
  );
  await put("a");
  await takeEvents(test);
  await test.clock.advance(dayMs);
  expect([await keys(), await eventNames()]).toEqual([[], ["LifecycleExpiration:DeleteMarkerCreated a"]]);
  await test.clock.advance(2 * dayMs);
  expect(await eventNames()).toEqual([]);
  await test.clock.advance(dayMs);
  expect(await eventNames()).toEqual(["LifecycleExpiration:Delete a"]);
  await test.clock.advance(dayMs);
  expect(await eventNames()).toEqual(["LifecycleExpiration:Delete a"]);
  expect(await test.call("ListObjectVersions", { Bucket: "box" })).not.toHaveProperty("DeleteMarkers");
});

it("NewerNoncurrentVersions keeps so many", async () => {
  await test.call("PutBucketVersioning", { Bucket: "box", VersioningConfiguration: { Status: "Enabled" } });
  await setRules({ ID: "1", NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } });
  for (let count = 0; count < 5; count++) await put("a");
  await test.clock.advance(2 * dayMs);
  const { Versions } = await test.call<{ Versions: object[] }>("ListObjectVersions", { Bucket: "box" });
  expect(Versions.length).toBe(3);
});

it("uploads that nobody completes are aborted", async () => {
  await setRules({ ID: "tidy", Filter: { Prefix: "up" }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } });
  expect(await test.call("CreateMultipartUpload", { Bucket: "box", Key: "up" })).toMatchObject({
    AbortDate: new Date(Date.UTC(2026, 0, 2)),
    AbortRuleId: "tidy",
  });
  await test.call("CreateMultipartUpload", { Bucket: "box", Key: "stays" });
  await test.clock.advance(dayMs);
  const { Uploads } = await test.call<{ Uploads: { Key: string }[] }>("ListMultipartUploads", { Bucket: "box" });
  expect(Uploads.map((one) => one.Key)).toEqual(["stays"]);
});

it("what fell due while the simulator was stopped is done at its next start", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "tripline-lifecycle-"));
  try {
    const first = await createTestS3({ dataDir });
    await first.call("CreateBucket", { Bucket: "box" });
    await first.call("PutObject", { Bucket: "box", Key: "a", Body: "x" });
    const Rules = [{ ID: "1", Status: "Enabled", Prefix: "", Expiration: { Days: 1 } }];
    await first.call("PutBucketLifecycleConfiguration", { Bucket: "box", LifecycleConfiguration: { Rules } });
    await first.stop();
    const second = await createTestS3({ dataDir, startMs: Date.UTC(2026, 0, 5, 12) });
    await second.idle();
    expect(await second.call("ListObjectsV2", { Bucket: "box" })).toMatchObject({ KeyCount: 0 });
    await second.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

it.each([
  [[], { code: "MalformedXML" }],
  [[{ Status: "Enabled", Prefix: "" }], { message: "At least one action needs to be specified in a rule" }],
  [
    [{ Status: "Enabled", Prefix: "", Expiration: { Days: 0 } }],
    { message: "'Days' for Expiration action must be a positive integer" },
  ],
  [
    [{ Status: "Enabled", Prefix: "", Expiration: { Date: new Date(1) } }],
    { message: "'Date' must be at midnight GMT" },
  ],
  [[{ Status: "Enabled", Expiration: { Days: 1 } }], { code: "MalformedXML" }],
  [
    [1, 2].map(() => ({ ID: "same", Status: "Enabled", Prefix: "", Expiration: { Days: 1 } })),
    { message: "Rule ID must be unique. Found same ID for more than one rule" },
  ],
  [
    [{ Status: "Enabled", Prefix: "", Transitions: [{ Days: 1, StorageClass: "GLACIER" }] }],
    { code: "NotImplemented" },
  ],
])("PutBucketLifecycleConfiguration of %j is refused", async (Rules, error) => {
  const input = { Bucket: "box", LifecycleConfiguration: { Rules } };
  expect(await test.errorOf("PutBucketLifecycleConfiguration", input)).toMatchObject(error);
});
