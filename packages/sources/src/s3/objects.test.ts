import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestS3, type TestS3 } from "./testing/create-test-s3.ts";

let test: TestS3;
beforeEach(async () => {
  test = await createTestS3();
  await test.call("CreateBucket", { Bucket: "photos" });
});
afterEach(() => test.stop());

const put = (Key: string, Body = "hello", more: object = {}): Promise<object> =>
  test.call("PutObject", { Bucket: "photos", Key, Body, ...more });

describe("objects", () => {
  it("GetObject answers what PutObject was given", async () => {
    const Expires = new Date(Date.UTC(2027, 0, 1));
    const headers = {
      CacheControl: "no-cache",
      ContentDisposition: "inline",
      ContentLanguage: "de",
      ContentType: "text/csv",
      Expires,
      Metadata: { author: "ada" },
    };
    expect(
      await put("a/b.csv", "hello", { ...headers, ContentEncoding: "aws-chunked,gzip", ChecksumCRC32: "NhCmhg==" }),
    ).toEqual({
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ServerSideEncryption: "AES256",
      ChecksumCRC32: "NhCmhg==",
      ChecksumType: "FULL_OBJECT",
    });
    const expected = {
      ...headers,
      AcceptRanges: "bytes",
      ContentEncoding: "gzip",
      ContentLength: 5,
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      LastModified: new Date(Date.UTC(2026, 0, 1)),
      ServerSideEncryption: "AES256",
    };
    const { Body, ...rest } = await test.call<{ Body: Uint8Array }>("GetObject", { Bucket: "photos", Key: "a/b.csv" });
    expect(Buffer.from(Body).toString()).toBe("hello");
    expect(rest).toEqual(expected);
    expect(await test.call("HeadObject", { Bucket: "photos", Key: "a/b.csv", ChecksumMode: "ENABLED" })).toEqual({
      ...expected,
      ChecksumCRC32: "NhCmhg==",
      ChecksumType: "FULL_OBJECT",
    });
  });

  it.each([
    ["bytes=1-3", "ell", "bytes 1-3/5"],
    ["bytes=3-", "lo", "bytes 3-4/5"],
    ["bytes=-2", "lo", "bytes 3-4/5"],
    ["bytes=2-99", "llo", "bytes 2-4/5"],
    ["bytes=0-0,2-3", "hello", undefined],
    ["lines=1-2", "hello", undefined],
    ["bytes=4-2", "hello", undefined],
  ])("GetObject with Range %s answers %s", async (Range, body, ContentRange) => {
    await put("a");
    const output = await test.call<{ Body: Uint8Array; ContentRange?: string; ContentLength: number }>("GetObject", {
      Bucket: "photos",
      Key: "a",
      Range,
    });
    expect([Buffer.from(output.Body).toString(), output.ContentRange, output.ContentLength]).toEqual([
      body,
      ContentRange,
      body.length,
    ]);
  });

  it("GetObject refuses a range after the end with InvalidRange", async () => {
    await put("a");
    expect(await test.errorOf("GetObject", { Bucket: "photos", Key: "a", Range: "bytes=5-" })).toEqual({
      code: "InvalidRange",
      status: 416,
      message: "The requested range is not satisfiable",
      RangeRequested: "bytes=5-",
      ActualObjectSize: 5,
    });
  });

  it.each([
    [{ IfMatch: '"5d41402abc4b2a76b9719d911017c592"' }, "ok"],
    [{ IfMatch: '"other"' }, "PreconditionFailed"],
    [{ IfNoneMatch: '"5d41402abc4b2a76b9719d911017c592"' }, "NotModified"],
    [{ IfNoneMatch: "*" }, "NotModified"],
    [{ IfModifiedSince: new Date(Date.UTC(2026, 0, 1)) }, "NotModified"],
    [{ IfModifiedSince: new Date(Date.UTC(2025, 11, 31)) }, "ok"],
    [{ IfUnmodifiedSince: new Date(Date.UTC(2025, 11, 31)) }, "PreconditionFailed"],
    [{ IfMatch: '"5d41402abc4b2a76b9719d911017c592"', IfUnmodifiedSince: new Date(Date.UTC(2025, 11, 31)) }, "ok"],
    [{ IfNoneMatch: '"other"', IfModifiedSince: new Date(Date.UTC(2027, 0, 1)) }, "ok"],
  ])("HeadObject under %j: %s", async (conditions, outcome) => {
    await put("a");
    const code = await test.call("HeadObject", { Bucket: "photos", Key: "a", ...conditions }).then(
      () => "ok",
      (error: { code: string }) => error.code,
    );
    expect(code).toBe(outcome);
  });

  it("PutObject with If-None-Match * keeps the first of two", async () => {
    const results = await Promise.allSettled([
      put("once", "first", { IfNoneMatch: "*" }),
      put("once", "second", { IfNoneMatch: "*" }),
    ]);
    expect(results.map((one) => one.status)).toEqual(["fulfilled", "rejected"]);
    expect(await test.errorOf("PutObject", { Bucket: "photos", Key: "once", IfNoneMatch: "*" })).toEqual({
      code: "PreconditionFailed",
      status: 412,
      message: "At least one of the pre-conditions you specified did not hold",
      Condition: "If-None-Match",
    });
    const { Body } = await test.call<{ Body: Uint8Array }>("GetObject", { Bucket: "photos", Key: "once" });
    expect(Buffer.from(Body).toString()).toBe("first");
  });

  it.each([
    ["PutObject", { Bucket: "nobody", Key: "a" }, { code: "NoSuchBucket", status: 404, BucketName: "nobody" }],
    ["GetObject", { Bucket: "photos", Key: "gone" }, { code: "NoSuchKey", status: 404, Key: "gone" }],
    [
      "GetObject",
      { Bucket: "photos", Key: "a", ExpectedBucketOwner: "111111111111" },
      { code: "AccessDenied", status: 403 },
    ],
    ["PutObject", { Bucket: "photos", Key: "k".repeat(1025) }, { code: "KeyTooLongError", status: 400, Size: 1025 }],
    ["PutObject", { Bucket: "photos", Key: "../etc/passwd" }, { code: "InvalidURI", status: 400 }],
    ["PutObject", { Bucket: "photos", Key: "a/../../b" }, { code: "InvalidURI", status: 400 }],
    ["PutObject", { Bucket: "photos", Key: "a", Body: "x", ContentMD5: "nonsense" }, { code: "InvalidDigest" }],
    [
      "PutObject",
      { Bucket: "photos", Key: "a", Body: "x", ContentMD5: "XUFAKrxLKna5cZ2REBfFkg==" },
      { code: "BadDigest" },
    ],
    ["PutObject", { Bucket: "photos", Key: "a", Body: "x", ContentLength: 2 }, { code: "IncompleteBody" }],
    [
      "PutObject",
      { Bucket: "photos", Key: "a", Metadata: { a: "x".repeat(2048) } },
      { code: "MetadataTooLarge", Size: 2049 },
    ],
    ["PutObject", { Bucket: "photos", Key: "a", StorageClass: "GLACIER" }, { code: "InvalidArgument" }],
    [
      "CreateBucket",
      { Bucket: "Photos" },
      { code: "InvalidBucketName", message: "The specified bucket is not valid." },
    ],
    ["CreateBucket", { Bucket: "127.0.0.1" }, { code: "InvalidBucketName" }],
    ["DeleteBucket", { Bucket: "nobody" }, { code: "NoSuchBucket" }],
  ])("%s %j is refused and changes nothing", async (operation, input, error) => {
    expect(await test.errorOf(operation, input)).toMatchObject(error);
    expect(await keys({})).toEqual([]);
  });

  it("DeleteBucket refuses a bucket that holds objects, and deletes an empty one", async () => {
    await put("a");
    expect(await test.errorOf("DeleteBucket", { Bucket: "photos" })).toMatchObject({
      code: "BucketNotEmpty",
      status: 409,
    });
    await test.call("DeleteObject", { Bucket: "photos", Key: "a" });
    await test.call("DeleteBucket", { Bucket: "photos" });
    expect(await test.call("ListBuckets", {})).toEqual({ Buckets: [], Owner: { ID: "tripline" } });
  });
});

interface Page {
  Contents?: { Key: string }[];
  CommonPrefixes?: { Prefix: string }[];
  NextContinuationToken?: string;
  KeyCount: number;
}

async function keys(input: object): Promise<string[]> {
  const found: string[] = [];
  let token: string | undefined;
  do {
    const page: Page = await test.call<Page>("ListObjectsV2", {
      Bucket: "photos",
      ...input,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    const names = [
      ...(page.Contents ?? []).map((one) => one.Key),
      ...(page.CommonPrefixes ?? []).map((one) => `${one.Prefix}*`),
    ].sort();
    expect(page.KeyCount).toBe(names.length);
    found.push(...names);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found;
}

describe("ListObjectsV2", () => {
  beforeEach(async () => {
    for (const key of ["a", "b/1", "b/2", "b/c/3", "d", "e f/é"]) await put(key);
  });

  it.each([
    [{}, ["a", "b/1", "b/2", "b/c/3", "d", "e f/é"]],
    [{ Prefix: "b/" }, ["b/1", "b/2", "b/c/3"]],
    [{ Delimiter: "/" }, ["a", "b/*", "d", "e f/*"]],
    [{ Prefix: "b/", Delimiter: "/" }, ["b/1", "b/2", "b/c/*"]],
    [{ StartAfter: "b/1" }, ["b/2", "b/c/3", "d", "e f/é"]],
    [{ StartAfter: "b/1", Delimiter: "/" }, ["d", "e f/*"]],
    [{ EncodingType: "url", Prefix: "e" }, ["e+f/%C3%A9"]],
    [{ Prefix: "nothing" }, []],
  ])("%j lists %j, in pages of every size", async (input, expected) => {
    for (const MaxKeys of [1000, 1, 2, 3]) expect(await keys({ ...input, MaxKeys })).toEqual(expected);
  });

  it("refuses a token that it did not give", async () => {
    expect(await test.errorOf("ListObjectsV2", { Bucket: "photos", ContinuationToken: "!!" })).toMatchObject({
      code: "InvalidArgument",
      message: "The continuation token provided is incorrect",
    });
  });
});
