import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestS3, type TestS3 } from "./testing/create-test-s3.ts";
import { notifyOfEverything, takeEvents } from "./testing/notified.ts";

let test: TestS3;
beforeEach(async () => {
  test = await createTestS3();
  await test.call("CreateBucket", { Bucket: "box" });
});
afterEach(() => test.stop());

const etag = '"5d41402abc4b2a76b9719d911017c592"';
const put = (Key: string, more: object = {}): Promise<object> =>
  test.call("PutObject", { Bucket: "box", Key, Body: "hello", ...more });
const copy = { Bucket: "box", Key: "copy", CopySource: "/box/a%20b" };

describe("CopyObject", () => {
  beforeEach(async () => {
    await put("a b", { Tagging: "k=v", Metadata: { by: "ada" }, CacheControl: "no-cache" });
  });

  it.each([
    [{ CopySourceIfMatch: etag }, undefined],
    [{ CopySourceIfMatch: '"other"' }, "x-amz-copy-source-If-Match"],
    [{ CopySourceIfNoneMatch: etag }, "x-amz-copy-source-If-None-Match"],
    [{ CopySourceIfModifiedSince: new Date(Date.UTC(2027, 0, 1)) }, "x-amz-copy-source-If-Modified-Since"],
    [{ CopySourceIfUnmodifiedSince: new Date(Date.UTC(2025, 0, 1)) }, "x-amz-copy-source-If-Unmodified-Since"],
    [{ CopySourceIfMatch: etag, CopySourceIfUnmodifiedSince: new Date(Date.UTC(2025, 0, 1)) }, undefined],
  ])("under %j: %s", async (conditions, Condition) => {
    const input = { ...copy, ...conditions };
    if (Condition === undefined) expect(await test.call("CopyObject", input)).toHaveProperty("CopyObjectResult");
    else
      expect(await test.errorOf("CopyObject", input)).toMatchObject({
        code: "PreconditionFailed",
        status: 412,
        Condition,
      });
  });

  it.each([
    [{}, { Metadata: { by: "ada" }, CacheControl: "no-cache", TagCount: 1 }],
    [
      { MetadataDirective: "REPLACE", Metadata: { by: "bob" } },
      { Metadata: { by: "bob" }, TagCount: 1 },
    ],
    [
      { TaggingDirective: "REPLACE", Tagging: "a=1&b=2" },
      { Metadata: { by: "ada" }, CacheControl: "no-cache", TagCount: 2 },
    ],
  ])("with %j makes %j, and is told as ObjectCreated:Copy", async (directives, expected) => {
    await notifyOfEverything(test, "box");
    await test.call("CopyObject", { ...copy, ...directives });
    const head = await test.call<object>("HeadObject", { Bucket: "box", Key: "copy" });
    expect(head).toMatchObject(expected);
    expect("CacheControl" in head).toBe("CacheControl" in expected);
    expect((await takeEvents(test)).map((event) => event.eventName)).toEqual(["ObjectCreated:Copy"]);
  });

  it.each([
    [{ CopySource: "box" }, { code: "InvalidArgument", message: "Invalid copy source object key" }],
    [{ CopySource: "gone/a" }, { code: "NoSuchBucket", BucketName: "gone" }],
    [{ CopySource: "box/gone" }, { code: "NoSuchKey", Key: "gone" }],
    [{ MetadataDirective: "MERGE" }, { code: "InvalidArgument", message: "Unknown metadata directive." }],
    [{ IfNoneMatch: "*", Key: "a b", StorageClass: "STANDARD" }, { code: "PreconditionFailed" }],
    [{ ACL: "public-read" }, { code: "AccessControlListNotSupported" }],
  ])("with %j is refused", async (more, error) => {
    expect(await test.errorOf("CopyObject", { ...copy, ...more })).toMatchObject(error);
  });
});

describe("tags", () => {
  it.each([
    [Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: "" })), "BadRequest"],
    [
      [
        { Key: "k", Value: "1" },
        { Key: "k", Value: "2" },
      ],
      "InvalidTag",
    ],
    [[{ Key: "aws:k", Value: "" }], "InvalidTag"],
    [[{ Key: "k", Value: "x".repeat(257) }], "InvalidTag"],
    [[{ Key: "", Value: "x" }], "InvalidTag"],
    [[{ Key: "a&b", Value: "x" }], "InvalidTag"],
  ])("%j are refused with %s", async (TagSet, code) => {
    await put("a");
    const input = { Bucket: "box", Key: "a", Tagging: { TagSet } };
    expect(await test.errorOf("PutObjectTagging", input)).toMatchObject({ code });
    expect(await test.call("GetObjectTagging", { Bucket: "box", Key: "a" })).toEqual({ TagSet: [] });
  });
});

describe("multipart uploads", () => {
  const at = { Bucket: "box", Key: "up" };
  const begin = async (more: object = {}): Promise<{ Bucket: string; Key: string; UploadId: string }> => {
    const { UploadId } = await test.call<{ UploadId: string }>("CreateMultipartUpload", { ...at, ...more });
    return { ...at, UploadId };
  };

  it("the object has the ETag and checksum of its parts, and one event", async () => {
    await notifyOfEverything(test, "box");
    const upload = await begin({ Metadata: { by: "ada" }, Tagging: "k=v" });
    const { ETag } = await test.call<{ ETag: string }>("UploadPart", { ...upload, PartNumber: 7, Body: "hello" });
    expect(ETag).toBe(etag);
    const done = await test.call("CompleteMultipartUpload", {
      ...upload,
      MultipartUpload: { Parts: [{ PartNumber: 7, ETag }] },
    });
    const md5 = createHash("md5").update("5d41402abc4b2a76b9719d911017c592", "hex").digest("hex");
    expect(done).toEqual({
      Location: "http://127.0.0.1:4566/box/up",
      Bucket: "box",
      Key: "up",
      ETag: `"${md5}-1"`,
      ServerSideEncryption: "AES256",
      ChecksumCRC64NVME: expect.any(String),
      ChecksumType: "FULL_OBJECT",
    });
    expect(await takeEvents(test)).toEqual([
      {
        eventName: "ObjectCreated:CompleteMultipartUpload",
        eventVersion: "2.1",
        object: { key: "up", size: 5, eTag: `${md5}-1`, sequencer: "S" },
      },
    ]);
    await put("whole");
    const whole = await test.call<object>("HeadObject", { Bucket: "box", Key: "whole", ChecksumMode: "ENABLED" });
    expect(await test.call("HeadObject", { ...at, ChecksumMode: "ENABLED" })).toMatchObject({
      Metadata: { by: "ada" },
      TagCount: 1,
      ChecksumCRC64NVME: (whole as { ChecksumCRC64NVME: string }).ChecksumCRC64NVME,
    });
  });

  it.each([
    [
      { ChecksumType: "COMPOSITE", ChecksumAlgorithm: "CRC64NVME" },
      "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.",
    ],
    [
      { ChecksumType: "FULL_OBJECT", ChecksumAlgorithm: "SHA256" },
      "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.",
    ],
    [
      { ChecksumType: "FULL_OBJECT" },
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    ],
  ])("cannot begin with %j", async (more, message) => {
    expect(await test.errorOf("CreateMultipartUpload", { ...at, ...more })).toMatchObject({
      code: "InvalidRequest",
      message,
    });
  });

  it.each([
    [{ MultipartUpload: { Parts: [] } }, { code: "MalformedXML" }],
    [{ MultipartUpload: { Parts: [{ PartNumber: 2, ETag: etag }] } }, { code: "InvalidPart", PartNumber: 2 }],
    [{ MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"other"' }] } }, { code: "InvalidPart" }],
    [
      { MpuObjectSize: 6 },
      { message: "The provided 'x-amz-mp-object-size' header value 6 does not match what was computed: 5" },
    ],
    [{ UploadId: "gone" }, { code: "NoSuchUpload", status: 404 }],
    [{ ChecksumCRC64NVME: "AAAAAAAAAAA=" }, { code: "BadDigest" }],
    [{ IfMatch: etag }, { code: "NoSuchKey" }],
  ])("completion with %j is refused, and the upload stays", async (more, error) => {
    const upload = await begin();
    await test.call("UploadPart", { ...upload, PartNumber: 1, Body: "hello" });
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: etag }] };
    expect(await test.errorOf("CompleteMultipartUpload", { ...upload, MultipartUpload, ...more })).toMatchObject(error);
    expect(await test.call("ListParts", upload)).toMatchObject({ Parts: [{ PartNumber: 1, Size: 5 }] });
  });

  it("UploadPartCopy refuses ranges that its source does not have", async () => {
    await put("a");
    const part = { ...(await begin()), PartNumber: 1, CopySource: "box/a" };
    expect(await test.errorOf("UploadPartCopy", { ...part, CopySourceRange: "bytes=1-5" })).toMatchObject({
      message: "Range specified is not valid for source object of size: 5",
    });
    expect(await test.errorOf("UploadPartCopy", { ...part, CopySourceRange: "bytes=1-" })).toMatchObject({
      code: "InvalidArgument",
    });
    expect(await test.errorOf("UploadPart", { ...part, PartNumber: 10_001, Body: "" })).toMatchObject({
      message: "Part number must be an integer between 1 and 10000, inclusive",
    });
  });
});
