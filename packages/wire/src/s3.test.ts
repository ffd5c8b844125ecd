/** S3 through its own client, and uploads as other clients send them. */
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { ServiceError } from "@tripline/kernel";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import {
  bytesOf,
  clientOptions,
  disposable,
  type EndpointFixture,
  errorOf,
  startEndpoint,
  type TestOperation,
} from "./testing/endpoint-fixture.ts";
import { exchangeRaw, parseRaw, rawRequest } from "./testing/raw-http.ts";

const stored: TestOperation = {
  honoured: ["Bucket", "Key", "Body", "Metadata", "ContentType", "ContentEncoding"],
  refused: { Tagging: "tags are not simulated" },
  async answer(input) {
    const body = await bytesOf(input["Body"]);
    input["Body"] = body.toString("latin1"); // what a test compares
    return { ETag: `"${createHash("md5").update(body).digest("hex")}"`, ChecksumCRC32: input["ChecksumCRC32"] };
  },
};

const clientOf = (wire: EndpointFixture, more: S3ClientConfig = {}): S3Client & Disposable =>
  disposable(new S3Client({ ...clientOptions(wire.url), forcePathStyle: true, ...more }));
const inputs = (wire: EndpointFixture): unknown[] => wire.calls.map((call) => call.input);
const crc32Of = (text: string): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString("base64");
};

test("PutObject streams its bytes to the operation, with key, metadata and checksum", async () => {
  await using wire = await startEndpoint({ "s3.PutObject": stored });
  using client = clientOf(wire);
  const key = "dir/ü k&e+y%/a//b/../c";
  const answer = await client.send(
    new PutObjectCommand({
      Bucket: "photos",
      Key: key,
      Body: "hello",
      Metadata: { Owner: "me" },
      ContentType: "text/plain",
    }),
  );
  expect(inputs(wire)).toEqual([
    {
      Bucket: "photos",
      Key: key,
      Body: "hello",
      Metadata: { owner: "me" },
      ContentType: "text/plain",
      ContentLength: 5,
      ChecksumAlgorithm: "CRC32",
      ChecksumCRC32: crc32Of("hello"),
    },
  ]);
  expect([answer.ETag, answer.ChecksumCRC32]).toEqual(['"5d41402abc4b2a76b9719d911017c592"', crc32Of("hello")]);
  expect(answer.$metadata.requestId).toMatch(/^[0-9A-F]{16}$/);
  expect(answer.$metadata.extendedRequestId).toMatch(/^[A-Za-z0-9+/=]{70,80}$/);
});

test("PutObject of a stream takes off the aws-chunked framing and knows the checksum of the trailer", async () => {
  await using wire = await startEndpoint({ "s3.PutObject": stored });
  using client = clientOf(wire);
  const text = "0123456789".repeat(30_000);
  await client.send(
    new PutObjectCommand({
      Bucket: "photos",
      Key: "k",
      Body: Readable.from([Buffer.from(text.slice(0, 100_001)), Buffer.from(text.slice(100_001))]),
      ContentLength: text.length,
      ContentEncoding: "gzip",
    }),
  );
  expect(wire.calls[0]?.headers["content-encoding"]).toBe("gzip,aws-chunked");
  expect(inputs(wire)).toEqual([
    {
      Bucket: "photos",
      Key: "k",
      Body: text,
      ContentEncoding: "gzip",
      ContentLength: text.length,
      ContentType: "application/octet-stream",
      ChecksumAlgorithm: "CRC32",
      ChecksumCRC32: crc32Of(text),
    },
  ]);
});

test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
  "PutObject accepts the client's own %s, and refuses another with BadDigest",
  async (algorithm) => {
    await using wire = await startEndpoint({ "s3.PutObject": stored });
    using client = clientOf(wire);
    const put = (more: object): Promise<unknown> =>
      client.send(
        new PutObjectCommand({ Bucket: "b", Key: "k", Body: "hello", ChecksumAlgorithm: algorithm, ...more }),
      );
    await put({});
    const given = wire.calls[0]?.input[`Checksum${algorithm}`];
    expect(given).toMatch(/^[A-Za-z0-9+/]+=*$/);
    const wrong = Buffer.alloc(Buffer.from(String(given), "base64").byteLength, 7).toString("base64");
    const error = await errorOf(put({ [`Checksum${algorithm}`]: wrong }));
    expect([error.name, error.message]).toEqual([
      "BadDigest",
      `The ${algorithm} you specified did not match the calculated checksum.`,
    ]);
  },
);

test("PutObject refuses a Content-MD5 that does not hold, or is none", async () => {
  await using wire = await startEndpoint({ "s3.PutObject": stored });
  const put = async (md5: string): Promise<unknown> => {
    const answer = await fetch(`${wire.url}/b/k`, { method: "PUT", body: "hello", headers: { "content-md5": md5 } });
    return [answer.status, /<Code>.*<\/Message>/.exec(await answer.text())?.[0]];
  };
  expect(await put("XUFAKrxLKna5cZ2REBfFkg==")).toEqual([200, undefined]);
  expect(await put("AAAAKrxLKna5cZ2REBfFkg==")).toEqual([
    400,
    "<Code>BadDigest</Code><Message>The Content-MD5 you specified did not match what we received.</Message>",
  ]);
  expect(await put("nonsense")).toEqual([
    400,
    "<Code>InvalidDigest</Code><Message>The Content-MD5 you specified is not valid.</Message>",
  ]);
});

const chunkedHeaders = {
  "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "content-encoding": "aws-chunked",
  "x-amz-decoded-content-length": "11",
  "x-amz-trailer": "x-amz-checksum-crc32",
};
const putChunked = async (
  wire: EndpointFixture,
  body: string,
  headers: Readonly<Record<string, string>> = chunkedHeaders,
): Promise<unknown> => {
  const request = rawRequest("PUT", "/b/k", { ...headers, "content-length": String(body.length) }, body);
  const answer = parseRaw(await exchangeRaw(wire.port, [request]));
  return [answer.status, /<Code>(.*)<\/Code>/.exec(answer.body)?.[1]];
};
const signature = `;chunk-signature=${"0".repeat(64)}`;

test("an aws-chunked upload with signed chunks, split anywhere, is put together", async () => {
  await using wire = await startEndpoint({ "s3.PutObject": stored });
  const framed = `5${signature}\r\nhello\r\n6${signature}\r\n world\r\n0${signature}\r\nx-amz-checksum-crc32:${crc32Of("hello world")}\r\nx-amz-trailer-signature:${"0".repeat(64)}\r\n\r\n`;
  const request = rawRequest("PUT", "/b/k", { ...chunkedHeaders, "content-length": String(framed.length) }, framed);
  expect(await putChunked(wire, framed)).toEqual([200, undefined]);
  const answer = await exchangeRaw(
    wire.port,
    Array.from(request, (byte) => Buffer.from([byte])),
  );
  expect(parseRaw(answer).status).toBe(200);
  const expected = {
    Bucket: "b",
    Key: "k",
    Body: "hello world",
    ContentLength: 11,
    ChecksumCRC32: crc32Of("hello world"),
  };
  expect(inputs(wire)).toEqual([expected, expected]);
});

test("an aws-chunked upload that is cut, malformed, or without the trailer it announces is refused", async () => {
  await using wire = await startEndpoint({ "s3.PutObject": stored });
  expect(await putChunked(wire, "b\r\nhello world\r\n")).toEqual([400, "IncompleteBody"]);
  expect(await putChunked(wire, "5\r\nhello\r\n0\r\n\r\n")).toEqual([400, "IncompleteBody"]);
  expect(await putChunked(wire, "c\r\nhello world!\r\n0\r\n\r\n")).toEqual([400, "IncompleteBody"]);
  expect(await putChunked(wire, "zz\r\nhello world\r\n0\r\n\r\n")).toEqual([400, "InvalidRequest"]);
  expect(await putChunked(wire, "b\r\nhello worldXX\r\n0\r\n\r\n")).toEqual([400, "InvalidRequest"]);
  expect(await putChunked(wire, "b\r\nhello world\r\n0\r\n\r\n")).toEqual([400, "MalformedTrailerError"]);
  expect(await putChunked(wire, "b\r\nhello world\r\n0\r\nnonsense\r\n\r\n")).toEqual([400, "MalformedTrailerError"]);
  expect(await putChunked(wire, "b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n")).toEqual([
    400,
    "BadDigest",
  ]);
  expect(
    await putChunked(wire, "b\r\nhello world\r\n0\r\n\r\n", {
      ...chunkedHeaders,
      "x-amz-trailer": "x-amz-checksum-xxhash64",
    }),
  ).toEqual([501, "NotImplemented"]);
});

test("an upload that its caller breaks off ends in an error for the operation, and leaves nothing in flight", async () => {
  let ended = (_error: unknown): void => undefined;
  const end = new Promise<unknown>((resolve) => (ended = resolve));
  await using wire = await startEndpoint({
    "s3.PutObject": {
      honoured: ["Bucket", "Key", "Body"],
      async answer(input) {
        try {
          await bytesOf(input["Body"]);
        } catch (error) {
          ended(error);
          throw error;
        }
        return {};
      },
    },
  });
  const socket = connect(wire.port, "127.0.0.1");
  socket.write("PUT /b/k HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nhello", () => {
    socket.destroy();
  });
  expect(await end).toMatchObject({ name: "CallerGone" });
  await wire.endpoint.close(0);
  expect([wire.activity.pending(), wire.internalErrors]).toEqual([[], []]);
});

test("GetObject streams the operation's bytes and headers back", async () => {
  const pieces = [Buffer.alloc(100_000, "a"), Buffer.alloc(200_000, "b")];
  await using wire = await startEndpoint({
    "s3.GetObject": {
      honoured: ["Bucket", "Key", "Range", "ChecksumMode", "IfModifiedSince"],
      answer: () => ({
        Body: Readable.from(pieces),
        ContentLength: 300_000,
        ContentType: "text/x",
        ETag: '"e"',
        LastModified: new Date(1e12),
        Metadata: { owner: "mé" },
      }),
    },
  });
  using client = clientOf(wire);
  const answer = await client.send(
    new GetObjectCommand({ Bucket: "b", Key: "k", Range: "bytes=0-1", IfModifiedSince: new Date(1e12) }),
  );
  const body = await answer.Body?.transformToByteArray();
  expect(Buffer.concat(pieces).equals(body ?? Buffer.alloc(0))).toBe(true);
  expect(answer).toMatchObject({
    ContentLength: 300_000,
    ContentType: "text/x",
    LastModified: new Date(1e12),
    Metadata: { owner: "=?UTF-8?B?bcOp?=" },
  });
  expect(inputs(wire)).toEqual([
    { Bucket: "b", Key: "k", Range: "bytes=0-1", ChecksumMode: "ENABLED", IfModifiedSince: new Date(1e12) },
  ]);
});

test("a download that its caller breaks off ends the operation's stream, also before its first byte", async () => {
  const ends: string[] = [];
  let whenEnded = (): void => undefined;
  const reading = async function* (name: string): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) yield Buffer.alloc(1_000_000);
    } finally {
      ends.push(name);
      whenEnded();
    }
  };
  await using wire = await startEndpoint({
    "s3.GetObject": {
      honoured: ["Bucket", "Key"],
      answer: async (input, signal) => {
        if (input["Key"] === "late") await new Promise((resolve) => signal.addEventListener("abort", resolve));
        return { Body: reading(String(input["Key"])) };
      },
    },
  });
  const ended = new Promise<void>((resolve) => (whenEnded = resolve));
  const early = connect(wire.port, "127.0.0.1");
  early.once("data", () => early.destroy());
  early.write("GET /b/early HTTP/1.1\r\nhost: a\r\n\r\n");
  await ended;
  const endedLate = new Promise<void>((resolve) => (whenEnded = resolve));
  const late = connect(wire.port, "127.0.0.1");
  late.write("GET /b/late HTTP/1.1\r\nhost: a\r\n\r\n", () => late.destroy());
  await endedLate;
  await wire.endpoint.close(0);
  expect([ends, wire.internalErrors, wire.activity.pending()]).toEqual([["early", "late"], [], []]);
});

test("a body that breaks off in the middle is not taken for a whole one", async () => {
  await using wire = await startEndpoint({
    "s3.GetObject": {
      honoured: ["Bucket", "Key"],
      answer: () => ({
        Body: (async function* () {
          yield Buffer.from("hello");
          throw new Error("the disk is gone");
        })(),
      }),
    },
  });
  const got = fetch(`${wire.url}/b/k`).then((answer) => answer.text());
  expect((await errorOf(got)).name).toBe("TypeError"); // however much of it came
  expect(wire.internalErrors).toEqual([new Error("the disk is gone")]);
});

test("HeadObject answers headers without a body, errors too", async () => {
  await using wire = await startEndpoint({
    "s3.HeadObject": {
      honoured: ["Bucket", "Key", "ChecksumMode"],
      answer(input) {
        if (input["Key"] === "none")
          throw new ServiceError("NoSuchKey", "The specified key does not exist.", { status: 404 });
        return { ContentLength: 7, ETag: '"e"' };
      },
    },
  });
  using client = clientOf(wire);
  expect(await client.send(new HeadObjectCommand({ Bucket: "b", Key: "k" }))).toMatchObject({ ContentLength: 7 });
  expect(await errorOf(client.send(new HeadObjectCommand({ Bucket: "b", Key: "none" })))).toMatchObject({
    name: "NotFound",
    $metadata: { httpStatusCode: 404 },
  });
  const raw = parseRaw(await exchangeRaw(wire.port, [rawRequest("HEAD", "/b/none", {})]));
  expect([raw.status, raw.body, raw.headers["x-amz-request-id"]?.length]).toEqual([404, "", 16]);
});

test("an error's document names code, text, members, resource and request", async () => {
  await using wire = await startEndpoint({
    "s3.GetObject": {
      honoured: ["Bucket", "Key"],
      answer() {
        throw new ServiceError("NoSuchKey", "The specified key does not exist.", {
          status: 404,
          members: { Key: "a&b" },
        });
      },
    },
  });
  const answer = await fetch(`${wire.url}/b/a%26b`);
  const requestId = answer.headers.get("x-amz-request-id") ?? "";
  const hostId = answer.headers.get("x-amz-id-2") ?? "";
  expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
    404,
    "application/xml",
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a&amp;b</Key><Resource>/b/a%26b</Resource><RequestId>${requestId}</RequestId><HostId>${hostId}</HostId></Error>`,
  ]);
});

test("XML is written and read: ListObjectsV2, DeleteObjects, notifications, CreateBucket", async () => {
  const listing = {
    Name: "b",
    Prefix: "dir/",
    KeyCount: 2,
    MaxKeys: 3,
    IsTruncated: false,
    Contents: [{ Key: "dir/<&>", Size: 5, ETag: '"e"', LastModified: new Date(1e12), StorageClass: "STANDARD" }],
    CommonPrefixes: [{ Prefix: "dir/sub/" }],
  };
  const configuration = {
    LambdaFunctionConfigurations: [
      {
        Id: "one",
        LambdaFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
        Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
        Filter: { Key: { FilterRules: [{ Name: "prefix", Value: "in/" }] } },
      },
    ],
  };
  await using wire = await startEndpoint({
    "s3.ListObjectsV2": { honoured: ["Bucket", "Prefix", "MaxKeys", "FetchOwner"], answer: () => listing },
    "s3.ListObjects": { honoured: ["Bucket"], answer: () => ({}) },
    "s3.DeleteObjects": { honoured: ["Bucket", "Delete"], answer: () => ({ Deleted: [{ Key: "a" }] }) },
    "s3.PutBucketNotificationConfiguration": {
      honoured: ["Bucket", "NotificationConfiguration"],
      answer: () => undefined,
    },
    "s3.CreateBucket": { honoured: ["Bucket", "CreateBucketConfiguration"], answer: () => ({ Location: "/b" }) },
    "s3.ListBuckets": { honoured: [], answer: () => ({ Buckets: [{ Name: "b", CreationDate: new Date(1e12) }] }) },
  });
  using client = clientOf(wire);
  const { $metadata: _metadata, ...listed } = await client.send(
    new ListObjectsV2Command({ Bucket: "b", Prefix: "dir/", MaxKeys: 3, FetchOwner: true }),
  );
  expect(listed).toEqual(listing);
  await client.send(new ListObjectsCommand({ Bucket: "b" }));
  const deleted = await client.send(
    new DeleteObjectsCommand({ Bucket: "b", Delete: { Objects: [{ Key: "a" }, { Key: "<b>" }], Quiet: false } }),
  );
  expect(deleted.Deleted).toEqual([{ Key: "a" }]);
  await client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: "b",
      NotificationConfiguration: configuration as never,
    }),
  );
  const created = await client.send(
    new CreateBucketCommand({ Bucket: "b", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
  );
  expect(created.Location).toBe("/b");
  expect((await client.send(new ListBucketsCommand({}))).Buckets).toEqual([
    { Name: "b", CreationDate: new Date(1e12) },
  ]);
  expect(wire.calls.map(({ operation, input }) => [operation, input])).toEqual([
    ["ListObjectsV2", { Bucket: "b", Prefix: "dir/", MaxKeys: 3, FetchOwner: true }],
    ["ListObjects", { Bucket: "b" }],
    [
      "DeleteObjects",
      {
        Bucket: "b",
        ChecksumAlgorithm: "CRC32",
        ChecksumCRC32: undefined,
        Delete: { Objects: [{ Key: "a" }, { Key: "<b>" }], Quiet: false },
      },
    ],
    ["PutBucketNotificationConfiguration", { Bucket: "b", NotificationConfiguration: configuration }],
    ["CreateBucket", { Bucket: "b", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }],
    ["ListBuckets", {}],
  ]);
});

test("malformed XML, and XML without what is required, is MalformedXML", async () => {
  await using wire = await startEndpoint({
    "s3.DeleteObjects": { honoured: ["Bucket", "Delete"], answer: () => ({}) },
  });
  for (const body of ["<Delete><Object>", "nonsense", "<Delete><Quiet>maybe</Quiet></Delete>", "<Delete/>"]) {
    const answer = await fetch(`${wire.url}/b?delete`, { method: "POST", body });
    expect([body, answer.status, /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1]]).toEqual([
      body,
      400,
      "MalformedXML",
    ]);
  }
  expect(wire.calls).toEqual([]);
});

test("an operation is told from others of the same path by its query and headers", async () => {
  const any: TestOperation = {
    honoured: ["Bucket", "Key", "Body", "UploadId", "PartNumber", "CopySource"],
    answer: () => ({}),
  };
  const copy: TestOperation = { ...any, answer: () => ({ CopyObjectResult: { ETag: '"e"' } }) };
  await using wire = await startEndpoint({ "s3.PutObject": any, "s3.UploadPart": any, "s3.CopyObject": copy });
  using client = clientOf(wire);
  const to = { Bucket: "b", Key: "k" };
  await client.send(new UploadPartCommand({ ...to, UploadId: "u", PartNumber: 2, Body: "x" }));
  await client.send(new CopyObjectCommand({ ...to, CopySource: "b/j" }));
  expect(wire.calls.map(({ operation }) => operation)).toEqual(["UploadPart", "CopyObject"]);
  expect(await errorOf(client.send(new GetBucketAclCommand({ Bucket: "b" })))).toMatchObject({
    name: "NotImplemented",
    message:
      "Tripline does not simulate the operation GetBucketAcl of s3. What is supported is listed in docs/support.md.",
  });
  const tagged = new PutObjectCommand({ ...to, Body: "x", Tagging: "a=b" });
  expect((await errorOf(client.send(tagged))).name).toBe("NotImplemented");
});

test("a bucket is found in the path or in the host name", async () => {
  await using wire = await startEndpoint({
    "s3.GetObject": { honoured: ["Bucket", "Key"], answer: () => ({ Body: Buffer.from("x") }) },
  });
  const get = (host: string, target: string): Promise<string> =>
    exchangeRaw(wire.port, [rawRequest("GET", target, { host })]);
  await get(`localhost:${wire.port}`, "/photos/a/b.jpg");
  await get(`photos.s3.localhost:${wire.port}`, "/a/b.jpg");
  await get("photos.s3.us-east-1.amazonaws.com", "/a/b.jpg");
  await get("my.dotted.photos.s3.amazonaws.com", "/a%2Fb.jpg");
  await get("photos.localhost", "/a/b.jpg");
  await get("s3.us-east-1.amazonaws.com", "/photos/a/b.jpg");
  expect(inputs(wire)).toEqual(
    ["photos", "photos", "photos", "my.dotted.photos", "photos", "photos"].map((Bucket) => ({
      Bucket,
      Key: "a/b.jpg",
    })),
  );
});

test("what a presigned URL carries in its query counts as headers, but for the checksum", async () => {
  await using wire = await startEndpoint({ "s3.PutObject": stored });
  const query = new URLSearchParams({
    "X-Amz-Credential": "AKID/20260101/us-east-1/s3/aws4_request",
    "X-Amz-Signature": "0",
    "X-Amz-Date": new Date(wire.clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, ""),
    "X-Amz-Expires": "60",
    "x-amz-checksum-crc32": "AAAAAA==",
    "x-amz-sdk-checksum-algorithm": "CRC32",
    "x-amz-meta-owner": "me",
    "x-id": "PutObject",
  });
  const headers = { "content-type": "text/plain" };
  const answer = await fetch(`${wire.url}/b/k?${query.toString()}`, { method: "PUT", body: "hello", headers });
  expect(answer.status).toBe(200);
  expect(inputs(wire)).toEqual([
    { Bucket: "b", Key: "k", Body: "hello", ContentLength: 5, ContentType: "text/plain", Metadata: { owner: "me" } },
  ]);
});

test("a key that is no percent-encoded UTF-8 is InvalidURI", async () => {
  await using wire = await startEndpoint({ "s3.GetObject": { honoured: ["Bucket", "Key"], answer: () => ({}) } });
  const answer = parseRaw(await exchangeRaw(wire.port, [rawRequest("GET", "/b/%ff%zz", {})]));
  expect([answer.status, /<Code>(.*)<\/Code>/.exec(answer.body)?.[1]]).toEqual([400, "InvalidURI"]);
});
