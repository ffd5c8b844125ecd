import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestS3, type TestS3 } from "./testing/create-test-s3.ts";
import { notifyOfEverything, takeEvents } from "./testing/notified.ts";

let test: TestS3;
beforeEach(async () => {
  test = await createTestS3();
  await test.call("CreateBucket", { Bucket: "box" });
});
afterEach(() => test.stop());

const form = (Fields: Record<string, string>, body = "hello"): object => ({
  Bucket: "box",
  Fields,
  FileName: "me.png",
  Body: Buffer.from(body),
});
const policyOf = (conditions: unknown[], expiration = "2026-01-01T00:10:00Z"): string =>
  Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");

it("PostObject puts the file with the form's fields, and is told as ObjectCreated:Post", async () => {
  await notifyOfEverything(test, "box");
  const answer = await test.call(
    "PostObject",
    form({
      key: "user/${filename}",
      "content-type": "image/png",
      "x-amz-meta-by": "ada",
      tagging: "<Tagging><TagSet><Tag><Key>a&amp;b</Key><Value>v</Value></Tag></TagSet></Tagging>".replace(
        "a&amp;b",
        "ab",
      ),
      success_action_status: "201",
    }),
  );
  expect(answer).toEqual({
    Status: 201,
    Location: "http://127.0.0.1:4566/box/user/me.png",
    Bucket: "box",
    Key: "user/me.png",
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
  });
  expect(await test.call("HeadObject", { Bucket: "box", Key: "user/me.png" })).toMatchObject({
    ContentType: "image/png",
    Metadata: { by: "ada" },
    TagCount: 1,
  });
  expect(await takeEvents(test)).toEqual([
    {
      eventName: "ObjectCreated:Post",
      eventVersion: "2.1",
      object: { key: "user/me.png", size: 5, eTag: "5d41402abc4b2a76b9719d911017c592", sequencer: "S" },
    },
  ]);
});

it.each([
  [[{ bucket: "box" }, ["starts-with", "$key", "user/"], ["content-length-range", 1, 5]], "hello", undefined],
  [
    [{ bucket: "other" }, ["starts-with", "$key", "user/"]],
    "hello",
    ["AccessDenied", 'Invalid according to Policy: Policy Condition failed: ["eq", "$bucket", "other"]'],
  ],
  [
    [["starts-with", "$key", "admin/"]],
    "hello",
    ["AccessDenied", 'Invalid according to Policy: Policy Condition failed: ["starts-with", "$key", "admin/"]'],
  ],
  [[{ bucket: "box" }], "hello", ["AccessDenied", "Invalid according to Policy: Extra input fields: key"]],
  [
    [
      ["starts-with", "$key", ""],
      ["content-length-range", 1, 4],
    ],
    "hello",
    ["EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"],
  ],
  [
    [
      ["starts-with", "$key", ""],
      ["content-length-range", 6, 9],
    ],
    "hello",
    ["EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"],
  ],
  [
    [["like", "$key", ""]],
    "hello",
    ["InvalidPolicyDocument", 'Invalid Policy: Invalid Condition: ["like","$key",""].'],
  ],
])("a form under the policy %j", async (conditions, body, error) => {
  const input = form({ key: "user/a", policy: policyOf(conditions) }, body);
  if (error === undefined) expect(await test.call("PostObject", input)).toMatchObject({ Status: 204 });
  else {
    const [code, message] = error;
    expect(await test.errorOf("PostObject", input)).toMatchObject({ code, message });
    expect(await test.call("ListObjectsV2", { Bucket: "box" })).toMatchObject({ KeyCount: 0 });
  }
});

it("an expired policy, a form without a key and a wrong checksum are refused", async () => {
  const expired = policyOf([["starts-with", "$key", ""]], "2025-12-31T00:00:00Z");
  expect(await test.errorOf("PostObject", form({ key: "a", policy: expired }))).toMatchObject({
    status: 403,
    message: "Invalid according to Policy: Policy expired.",
  });
  expect(await test.errorOf("PostObject", form({}))).toMatchObject({ code: "InvalidArgument", ArgumentName: "key" });
  expect(await test.errorOf("PostObject", form({ key: "a", "x-amz-checksum-crc32": "AAAAAA==" }))).toMatchObject({
    code: "BadDigest",
  });
  expect(await test.errorOf("PostObject", form({ key: "a", "x-amz-grant-read": "x" }))).toMatchObject({
    code: "NotImplemented",
  });
});
