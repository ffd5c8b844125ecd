import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Delivery, ServiceError } from "@tripline/kernel";
import { afterEach, describe, expect, it } from "vitest";
import { createTestS3, type TestS3 } from "./testing/create-test-s3.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:resize";
const queueArn = "arn:aws:sqs:us-east-1:000000000000:changes";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function withBucket(options: Parameters<typeof createTestS3>[0] = {}): Promise<TestS3> {
  const test = await createTestS3(options);
  cleanups.push(() => test.stop());
  await test.call("CreateBucket", { Bucket: "photos" });
  return test;
}

const configure = (test: TestS3, NotificationConfiguration: object, more: object = {}): Promise<object> =>
  test.call("PutBucketNotificationConfiguration", { Bucket: "photos", NotificationConfiguration, ...more });
const onFunction = (more: object = {}): object => ({
  LambdaFunctionConfigurations: [{ LambdaFunctionArn: functionArn, Events: ["s3:ObjectCreated:*"], ...more }],
});
const rule = (Name: string, Value: string): object => ({ Filter: { Key: { FilterRules: [{ Name, Value }] } } });
const body = (delivery: Delivery | undefined): unknown => JSON.parse(Buffer.from(delivery?.body ?? []).toString());

describe("notifications", () => {
  it("PutObject sends the event of a created object, key form-encoded", async () => {
    const test = await withBucket();
    await configure(test, onFunction({ Id: "made" }));
    await test.call("PutObject", { Bucket: "photos", Key: "new year/a+b@é.png", Body: "hello" });
    await test.idle();
    expect(
      test.delivered.map(({ source, sourceArn, targetArn, id }) => ({
        source,
        sourceArn,
        targetArn,
        isId: id.length === 36,
      })),
    ).toEqual([{ source: "s3", sourceArn: "arn:aws:s3:::photos", targetArn: functionArn, isId: true }]);
    expect(body(test.delivered[0])).toEqual({
      Records: [
        {
          eventVersion: "2.1",
          eventSource: "aws:s3",
          awsRegion: "us-east-1",
          eventTime: "2026-01-01T00:00:00.000Z",
          eventName: "ObjectCreated:Put",
          userIdentity: { principalId: "AWS:AIDATRIPLINE00000000" },
          requestParameters: { sourceIPAddress: "203.0.113.9" },
          responseElements: {
            "x-amz-request-id": "0123456789ABCDEF",
            "x-amz-id-2": expect.stringMatching(/^[\w+/]{76}$/),
          },
          s3: {
            s3SchemaVersion: "1.0",
            configurationId: "made",
            bucket: { name: "photos", ownerIdentity: { principalId: "A1TRIPLINEOWNER" }, arn: "arn:aws:s3:::photos" },
            object: {
              key: "new+year/a%2Bb%40%C3%A9.png",
              size: 5,
              eTag: "5d41402abc4b2a76b9719d911017c592",
              sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
            },
          },
        },
      ],
    });
  });

  it("DeleteObject sends key and sequencer, later than the put's; deleting what is not there sends nothing", async () => {
    const test = await withBucket();
    await configure(test, onFunction({ Events: ["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"] }));
    await test.call("PutObject", { Bucket: "photos", Key: "a", Body: "x" });
    await test.call("DeleteObject", { Bucket: "photos", Key: "a" });
    await test.call("DeleteObject", { Bucket: "photos", Key: "a" });
    await test.idle();
    const records = test.delivered.map(
      (one) => (body(one) as { Records: { eventName: string; s3: { object: { sequencer: string } } }[] }).Records[0],
    );
    expect(records.map((one) => [one?.eventName, Object.keys(one?.s3.object ?? {})])).toEqual([
      ["ObjectCreated:Put", ["key", "size", "eTag", "sequencer"]],
      ["ObjectRemoved:Delete", ["key", "sequencer"]],
    ]);
    const [created, removed] = records.map((one) => one?.s3.object.sequencer ?? "");
    expect((created ?? "") < (removed ?? "")).toBe(true);
  });

  it.each([
    ["prefix", "in/", "in/a.csv", true],
    ["prefix", "in/", "out/a.csv", false],
    ["SUFFIX", ".csv", "in/a.csv", true],
    ["suffix", ".csv", "in/a.CSV", false],
    ["prefix", "my+folder/", "my folder/a", true],
    ["prefix", "my folder/", "my folder/a", false],
    ["suffix", "", "anything", true],
  ])("a %s rule of %j on %j: sent is %s", async (name, value, key, sent) => {
    const test = await withBucket();
    await configure(test, onFunction(rule(name, value)));
    expect(test.s3.notificationTargets("photos", "s3:ObjectCreated:Put", key)).toEqual(sent ? [functionArn] : []);
    await test.call("PutObject", { Bucket: "photos", Key: key, Body: "x" });
    await test.idle();
    expect(test.delivered.length).toBe(sent ? 1 : 0);
  });

  it("GetBucketNotificationConfiguration prints rules as Prefix and Suffix, and an id that was made up", async () => {
    const test = await withBucket();
    await configure(test, onFunction(rule("prefix", "in/")));
    expect(await test.call("GetBucketNotificationConfiguration", { Bucket: "photos" })).toEqual({
      LambdaFunctionConfigurations: [
        {
          Id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          Events: ["s3:ObjectCreated:*"],
          Filter: { Key: { FilterRules: [{ Name: "Prefix", Value: "in/" }] } },
          LambdaFunctionArn: functionArn,
        },
      ],
    });
    await configure(test, {});
    expect(await test.call("GetBucketNotificationConfiguration", { Bucket: "photos" })).toEqual({});
  });

  it("a queue gets a test event when a bucket begins to notify it", async () => {
    const test = await withBucket();
    await configure(test, { QueueConfigurations: [{ QueueArn: queueArn, Events: ["s3:ObjectCreated:*"] }] });
    await test.idle();
    expect(test.delivered.map((one) => [one.targetArn, body(one)])).toEqual([
      [
        queueArn,
        {
          Service: "Amazon S3",
          Event: "s3:TestEvent",
          Time: "2026-01-01T00:00:00.000Z",
          Bucket: "photos",
          RequestId: "0123456789ABCDEF",
          HostId: expect.any(String),
        },
      ],
    ]);
  });

  const twice = (first: object, second: object): object => ({
    LambdaFunctionConfigurations: [first, second].map((more) => ({
      LambdaFunctionArn: functionArn,
      Events: ["s3:ObjectCreated:*"],
      ...more,
    })),
  });
  const overlap = "Configurations overlap. Configurations on the same bucket cannot share a common event type.";
  const ambiguous =
    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.";
  it.each([
    [twice({}, {}), { code: "InvalidArgument", message: overlap }],
    [twice({}, { Events: ["s3:ObjectCreated:Put"] }), { code: "InvalidArgument", message: overlap }],
    [twice(rule("prefix", "a"), rule("prefix", "ab")), { code: "InvalidArgument", message: ambiguous }],
    [twice(rule("suffix", ".a"), rule("prefix", "b")), { code: "InvalidArgument", message: ambiguous }],
    [
      onFunction({ LambdaFunctionArn: "invalid-queue" }),
      {
        code: "InvalidArgument",
        message: "The ARN could not be parsed",
        ArgumentName: "CloudFunction",
        ArgumentValue: "invalid-queue",
      },
    ],
    [
      { QueueConfigurations: [{ QueueArn: "invalid_arn", Events: ["s3:ObjectCreated:*"] }] },
      { message: "The ARN could not be parsed", ArgumentName: "Queue", ArgumentValue: "invalid_arn" },
    ],
    [onFunction({ Events: ["s3:Nonsense"] }), { message: "The event is not supported for notifications" }],
    [onFunction(rule("infix", "a")), { message: "filter rule name must be either prefix or suffix" }],
    [{ TopicConfigurations: [{}] }, { code: "NotImplemented", status: 501 }],
    [{ EventBridgeConfiguration: {} }, { code: "NotImplemented", status: 501 }],
  ])("PutBucketNotificationConfiguration %j is refused", async (configuration, error) => {
    const test = await withBucket();
    expect(
      await test.errorOf("PutBucketNotificationConfiguration", {
        Bucket: "photos",
        NotificationConfiguration: configuration,
      }),
    ).toMatchObject(error);
    expect(await test.call("GetBucketNotificationConfiguration", { Bucket: "photos" })).toEqual({});
  });

  it("PutBucketNotificationConfiguration names every destination that is missing, unless told to skip that", async () => {
    const test = await withBucket({ missing: [functionArn, queueArn] });
    const configuration = {
      ...onFunction(),
      QueueConfigurations: [{ QueueArn: queueArn, Events: ["s3:ObjectRemoved:*"] }],
    };
    expect(
      await test.errorOf("PutBucketNotificationConfiguration", {
        Bucket: "photos",
        NotificationConfiguration: configuration,
      }),
    ).toEqual({
      code: "InvalidArgument",
      status: 400,
      message: "Unable to validate the following destination configurations",
      ArgumentName1: `${functionArn}, null`,
      ArgumentValue1: `Not authorized to invoke function [${functionArn}]`,
      ArgumentName2: queueArn,
      ArgumentValue2: "The destination queue does not exist",
    });
    await configure(test, configuration, { SkipDestinationValidation: true });
  });

  it("a busy target is tried again with growing waits, a missing one is given up and recorded", async () => {
    const attempts: number[] = [];
    const test = await withBucket({
      deliver: async () => {
        attempts.push(test.clock.now() - Date.UTC(2026, 0, 1));
        if (attempts.length < 4) throw new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
        if (attempts.length > 4)
          throw new ServiceError("ResourceNotFoundException", "Function not found", { status: 404 });
      },
    });
    await configure(test, onFunction());
    await test.call("PutObject", { Bucket: "photos", Key: "a", Body: "x" });
    await test.clock.advance(60_000);
    expect(attempts).toEqual([0, 1000, 3000, 7000]);
    expect(test.delivered.length).toBe(1);
    await test.call("PutObject", { Bucket: "photos", Key: "b", Body: "x" });
    await test.idle();
    expect(test.records.map((one) => [one.state, one.reason])).toEqual([["failed", "Function not found"]]);
  });

  it("what is owed when a process ends is sent by the next", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "tripline-s3-"));
    cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const busy = new ServiceError("ServiceException", "down", { status: 500 });
    const first = await createTestS3({ dataDir, deliver: () => Promise.reject(busy) });
    await first.call("CreateBucket", { Bucket: "photos" });
    await configure(first, onFunction());
    await first.call("PutObject", { Bucket: "photos", Key: "a", Body: "x" });
    await first.idle();
    await first.stop();
    const second = await createTestS3({ dataDir });
    cleanups.push(() => second.stop());
    await second.idle();
    expect(second.delivered.map((one) => one.targetArn)).toEqual([functionArn]);
    const { Body } = await second.call<{ Body: Uint8Array }>("GetObject", { Bucket: "photos", Key: "a" });
    expect(Buffer.from(Body).toString()).toBe("x");
  });
});
