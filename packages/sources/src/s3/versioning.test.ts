import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestS3, type TestS3 } from "./testing/create-test-s3.ts";
import { notifyOfEverything, takeEvents } from "./testing/notified.ts";

let test: TestS3;
beforeEach(async () => {
  test = await createTestS3();
  await test.call("CreateBucket", { Bucket: "box" });
});
afterEach(() => test.stop());

const at = { Bucket: "box", Key: "a" };
const markerEtag = "d41d8cd98f00b204e9800998ecf8427e";
const setVersioning = (Status: string): Promise<object> =>
  test.call("PutBucketVersioning", { Bucket: "box", VersioningConfiguration: { Status } });
const put = async (Body: string): Promise<string | undefined> =>
  (await test.call<{ VersionId?: string }>("PutObject", { ...at, Body })).VersionId;
const read = async (VersionId?: string): Promise<string> => {
  const input = VersionId === undefined ? at : { ...at, VersionId };
  return Buffer.from((await test.call<{ Body: Uint8Array }>("GetObject", input)).Body).toString();
};
/** Version ids from the newest on; markers with `-`. */
const versions = async (): Promise<string[]> => {
  interface Version {
    VersionId: string;
    IsLatest: boolean;
    LastModified: Date;
  }
  const found: string[] = [];
  let markers: object = {};
  for (;;) {
    const page = await test.call<{
      Versions?: Version[];
      DeleteMarkers?: Version[];
      NextKeyMarker?: string;
      NextVersionIdMarker?: string;
    }>("ListObjectVersions", { Bucket: "box", MaxKeys: 1, ...markers });
    for (const one of page.Versions ?? []) found.push(one.VersionId);
    for (const one of page.DeleteMarkers ?? []) found.push(`-${one.VersionId}`);
    if (page.NextKeyMarker === undefined) return found;
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
};

it("a bucket without versioning keeps the last object, whose version is null", async () => {
  expect(await put("one")).toBeUndefined();
  await put("two");
  expect([await versions(), await read("null")]).toEqual([["null"], "two"]);
  expect(await test.call("GetBucketVersioning", { Bucket: "box" })).toEqual({});
});

it("Enabled adds a version with each put and a marker with each delete; suspended replaces the null version", async () => {
  await put("before");
  await setVersioning("Enabled");
  const [one, two] = [await put("one"), await put("two")];
  await setVersioning("Suspended");
  expect(await put("suspended")).toBeUndefined();
  expect(await versions()).toEqual(["null", two, one]);
  expect(await test.call("DeleteObject", at)).toEqual({ VersionId: "null", DeleteMarker: true });
  expect(await versions()).toEqual(["-null", two, one]);
  expect([await read(one), await read(two)]).toEqual(["one", "two"]);
});

it("a marker hides the object, and its removal shows it again", async () => {
  await setVersioning("Enabled");
  const one = await put("one");
  const marker = await test.call<{ VersionId: string }>("DeleteObject", at);
  expect(await test.errorOf("GetObject", at)).toEqual({
    code: "NoSuchKey",
    status: 404,
    message: "The specified key does not exist.",
    Key: "a",
  });
  expect(await test.errorOf("HeadObject", { ...at, VersionId: marker.VersionId })).toMatchObject({
    code: "MethodNotAllowed",
    status: 405,
    Method: "HEAD",
    ResourceType: "DeleteMarker",
  });
  expect(
    await test.errorOf("GetObject", { ...at, VersionId: one?.replace(/.$/, (last) => (last === "0" ? "1" : "0")) }),
  ).toMatchObject({
    code: "NoSuchVersion",
  });
  expect(await test.errorOf("GetObject", { ...at, VersionId: "nonsense" })).toMatchObject({ code: "InvalidArgument" });
  expect(await test.call("DeleteObject", { ...at, VersionId: marker.VersionId })).toEqual({
    VersionId: marker.VersionId,
    DeleteMarker: true,
  });
  expect(await read()).toBe("one");
  expect(await test.call("HeadObject", at)).toMatchObject({ VersionId: one });
});

it("every change is told with its version", async () => {
  await notifyOfEverything(test, "box");
  await setVersioning("Enabled");
  const one = await put("one");
  const etag = "f97c5d29941bfb1b2fdab0874906ab82";
  await test.call("PutObjectTagging", { ...at, Tagging: { TagSet: [{ Key: "k", Value: "v" }] } });
  await test.call("DeleteObjectTagging", { ...at, VersionId: one });
  const { VersionId: marker } = await test.call<{ VersionId: string }>("DeleteObject", at);
  await test.call("DeleteObject", { ...at, VersionId: one });
  expect(await takeEvents(test)).toEqual([
    {
      eventName: "ObjectCreated:Put",
      eventVersion: "2.1",
      object: { key: "a", size: 3, eTag: etag, versionId: one, sequencer: "S" },
    },
    { eventName: "ObjectTagging:Put", eventVersion: "2.3", object: { key: "a", eTag: etag, versionId: one } },
    { eventName: "ObjectTagging:Delete", eventVersion: "2.3", object: { key: "a", eTag: etag, versionId: one } },
    {
      eventName: "ObjectRemoved:DeleteMarkerCreated",
      eventVersion: "2.1",
      object: { key: "a", eTag: markerEtag, versionId: marker, sequencer: "S" },
    },
    { eventName: "ObjectRemoved:Delete", eventVersion: "2.1", object: { key: "a", versionId: one, sequencer: "S" } },
  ]);
});

it("DeleteObjects answers for each key by itself", async () => {
  await setVersioning("Enabled");
  const one = await put("one");
  const answer = await test.call<{ Deleted: Record<string, unknown>[]; Errors: object[] }>("DeleteObjects", {
    Bucket: "box",
    Delete: { Objects: [{ Key: "a" }, { Key: "a", VersionId: one }, { Key: "a", VersionId: "nonsense" }] },
  });
  expect(answer).toEqual({
    Deleted: [
      { Key: "a", DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
      { Key: "a", VersionId: one },
    ],
    Errors: [{ Key: "a", VersionId: "nonsense", Code: "InvalidArgument", Message: "Invalid version id specified" }],
  });
  expect(await versions()).toEqual([`-${String(answer.Deleted[0]?.["DeleteMarkerVersionId"])}`]);
});

it("a copy of an older version brings it back, and a copy of a marker is refused", async () => {
  await setVersioning("Enabled");
  const one = await put("one");
  await put("two");
  expect(await test.call("CopyObject", { ...at, CopySource: `/box/a?versionId=${one}` })).toMatchObject({
    CopySourceVersionId: one,
    VersionId: expect.any(String),
  });
  expect(await read()).toBe("one");
  const { VersionId: marker } = await test.call<{ VersionId: string }>("DeleteObject", at);
  expect(await test.errorOf("CopyObject", { ...at, CopySource: `box/a?versionId=${marker}` })).toMatchObject({
    code: "InvalidRequest",
    message: "The source of a copy request may not specifically refer to a delete marker by version id.",
  });
});
