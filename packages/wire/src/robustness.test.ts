/** What no client sends: the endpoint answers in AWS's shape or closes the connection, keeps nothing, and goes on. */
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, type EndpointFixture, startEndpoint, type TestOperation } from "./testing/endpoint-fixture.ts";
import { exchangeRaw, parseRaw, rawRequest } from "./testing/raw-http.ts";

const echo = (...honoured: string[]): TestOperation => ({ honoured, answer: () => ({}) });

const startAll = (): Promise<EndpointFixture> =>
  startEndpoint({
    "sqs.SendMessage": echo("QueueUrl", "MessageBody", "MessageAttributes"),
    "lambda.Invoke": echo("FunctionName", "Payload", "InvocationType"),
    "lambda.CreateAlias": echo("FunctionName", "Name", "FunctionVersion", "RoutingConfig"),
    "kinesis.PutRecords": echo("StreamName", "Records"),
    "dynamodb.PutItem": echo("TableName", "Item"),
    "iam.CreateRole": echo("RoleName", "AssumeRolePolicyDocument", "Tags"),
    "s3.PutBucketTagging": echo("Bucket", "Tagging"),
    "s3.PutObject": {
      honoured: ["Bucket", "Key", "Body"],
      async answer({ Body }) {
        await bytesOf(Body);
        return {};
      },
    },
    "scheduler.CreateSchedule": echo("Name", "ScheduleExpression", "Target", "FlexibleTimeWindow"),
  });

const json = fc.json({ maxDepth: 6 });
const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  json.map((text) => Buffer.from(text)),
  json.map((text) => Buffer.from(text.slice(0, -1))),
  fc
    .constantFrom(
      "",
      "{",
      "[]",
      "null",
      '"x"',
      '{"__proto__":{"a":1}}',
      '{"QueueUrl":{"a":1},"MessageBody":[]}',
      '{"Records":[null,{"Data":"%%%","PartitionKey":1}],"StreamName":{}}',
      '{"Item":{"a":{"B":"=="},"b":{"M":{"c":{"L":[{"N":"x"}]}}}},"TableName":"t"}',
      "[".repeat(5000),
      `{"a":${"[".repeat(3000)}${"]".repeat(3000)}}`,
      "<a",
      "<Tagging><TagSet><Tag><Key>k</Key></Tag></TagSet></Tagging>",
      "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
      "<a><b></a></b>",
      "Action=SendMessage&MessageBody=m&MessageAttribute.1.Name=a&MessageAttribute.x.Value=1",
      `Action=CreateRole&${"Tags.member.".repeat(40)}Key=a`,
      "Action=CreateRole&RoleName=%E0%A4%A",
      "5;x\r\nhello\r\n0\r\n\r\n",
      "zz\r\n",
    )
    .map((text) => Buffer.from(text)),
);
const anyTarget = fc.constantFrom(
  "/",
  "/photos/a",
  "/photos?tagging",
  "/photos/%E0%A4%A",
  "/photos/a?X-Amz-Expires=x&X-Amz-Signature=0&X-Amz-Credential=a%2Fb%2Fc%2Fs3%2Fd",
  "/2015-03-31/functions/f/invocations",
  "/2015-03-31/functions/%00/aliases",
  "/schedules/x",
  "/service/Kinesis_20131202/operation/PutRecords",
  "/?Action=SendMessage",
  "//",
  "/..%2f..",
);
const anyHeaders = fc.dictionary(
  fc.constantFrom(
    "x-amz-target",
    "content-type",
    "authorization",
    "host",
    "smithy-protocol",
    "content-encoding",
    "x-amz-decoded-content-length",
    "x-amz-content-sha256",
    "x-amz-trailer",
    "content-md5",
    "x-amz-checksum-crc32",
    "x-amz-checksum-xxhash64",
    "expect",
  ),
  fc.constantFrom(
    "AmazonSQS.SendMessage",
    "Kinesis_20131202.PutRecords",
    "DynamoDB_20120810.PutItem",
    "Nothing.At.All",
    ".",
    "application/json",
    "application/x-amz-json-1.1",
    "application/x-amz-cbor-1.1",
    "application/x-www-form-urlencoded",
    "application/xml",
    "text/plain; charset=",
    "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0",
    "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/scheduler/aws4_request, SignedHeaders=host, Signature=0",
    "AWS4-HMAC-SHA256 Credential=////",
    "AWS a:b",
    "photos.s3.amazonaws.com",
    "x.execute-api.localhost",
    "rpc-v2-cbor",
    "aws-chunked",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "x-amz-checksum-crc32",
    "-1",
    "99",
    "AAAAAA==",
    "100-continue",
  ),
  { maxKeys: 5 },
);

test("any request at all is answered in a client's error shape, or done: no failure of our own, nothing left in flight", async () => {
  await using wire = await startAll();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method: string, path: string, headers: Record<string, string>, body: Buffer): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = httpRequest({ port: wire.port, host: "127.0.0.1", agent, method, path, headers }, (answer) => {
        answer.resume();
        answer.on("end", () => {
          resolve(answer.statusCode ?? 0);
        });
        answer.on("error", reject);
      });
      sent.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ECONNRESET" || error.code === "EPIPE") resolve(0); // closed: as good an answer
        else reject(error);
      });
      sent.end(body);
    });
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "DELETE", "HEAD"),
        anyTarget,
        anyHeaders,
        anyBody,
        async (method, target, headers, body) => {
          const status = await send(method, target, { ...headers, "content-length": String(body.byteLength) }, body);
          expect(status === 0 || (status >= 200 && status < 500) || status === 501).toBe(true);
        },
      ),
      { seed: 7, numRuns: 1500 },
    );
  } finally {
    agent.destroy();
  }
  expect(wire.internalErrors).toEqual([]);
  expect(wire.activity.pending()).toEqual([]);
});

test("10,000 connections, one after another, leave no memory behind", { timeout: 60_000 }, async () => {
  await using wire = await startAll();
  const body = '{"QueueUrl":"q","MessageBody":"m"}';
  const message = rawRequest(
    "POST",
    "/",
    {
      connection: "keep-alive",
      "x-amz-target": "AmazonSQS.SendMessage",
      "content-type": "application/x-amz-json-1.0",
      "content-length": String(body.length),
    },
    body,
  );
  const one = async (): Promise<void> => {
    const socket = connect(wire.port, "127.0.0.1");
    socket.write(message);
    await once(socket, "data");
    socket.destroy();
    await once(socket, "close");
  };
  const many = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done++) await one();
    wire.calls.length = 0; // the fixture's own book
  };
  await many(2000);
  const before = process.memoryUsage();
  await many(8000);
  const after = process.memoryUsage();
  expect(after.heapUsed - before.heapUsed).toBeLessThan(32 * 1024 * 1024);
  expect([wire.internalErrors, wire.activity.pending()]).toEqual([[], []]);
});

test("uploads that are slow, cut short or never begun reach no operation as whole ones", async () => {
  const seen: string[] = [];
  await using wire = await startEndpoint({
    "s3.PutObject": {
      honoured: ["Bucket", "Key", "Body"],
      async answer({ Body }) {
        seen.push((await bytesOf(Body)).toString());
        return { ETag: '"e"' };
      },
    },
  });
  const head = (length: number): Buffer => rawRequest("PUT", "/photos/a", { "content-length": String(length) });
  for (let sent = 0; sent < 10; sent++) {
    const socket = connect(wire.port, "127.0.0.1");
    socket.write(head(10));
    socket.write("x".repeat(sent), () => {
      socket.destroy();
    });
    await once(socket, "close");
  }
  const slow = connect(wire.port, "127.0.0.1");
  slow.setNoDelay(true);
  slow.write(head(5));
  for (const letter of "slowl") {
    await new Promise((resolve) => slow.write(letter, resolve));
  }
  const [answer] = (await once(slow, "data")) as [Buffer];
  expect(parseRaw(answer.toString()).status).toBe(200);
  slow.destroy();
  expect(seen).toEqual(["slowl"]);
  await wire.endpoint.close(1000);
  expect([wire.internalErrors, wire.activity.pending()]).toEqual([[], []]);
});

test("a flood of headers is refused, and the endpoint goes on", async () => {
  await using wire = await startAll();
  const flood = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`x-header-${index}`, "x".repeat(20)]));
  expect(parseRaw(await exchangeRaw(wire.port, [rawRequest("GET", "/", flood)])).status).toBe(431);
  expect(parseRaw(await exchangeRaw(wire.port, [rawRequest("GET", "/nothing", {})])).status).toBe(501);
});
