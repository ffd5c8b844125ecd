import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { QueueSource } from "@tripline/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestSqs, type TestSqs } from "./testing/create-test-sqs.ts";

let test: TestSqs;
const arn = "arn:aws:sqs:us-east-1:000000000000:q";
beforeEach(async () => {
  test = await createTestSqs();
  await test.call("CreateQueue", { QueueName: "q" });
});
afterEach(() => test.stop());

const send = (MessageBody: string, more: object = {}): Promise<object> =>
  test.call("SendMessage", { QueueUrl: "q", MessageBody, ...more });
const find = async (): Promise<QueueSource> => {
  const source = await test.sqs.queues.find(arn);
  if (source === undefined) throw new Error("no queue");
  return source;
};

describe("QueueSources", () => {
  it("finds a queue of this region and account only", async () => {
    expect(await test.sqs.queues.find("arn:aws:sqs:us-east-1:000000000000:none")).toBeUndefined();
    expect(await test.sqs.queues.find("arn:aws:sqs:eu-west-1:000000000000:q")).toBeUndefined();
    expect(await (await find()).facts()).toEqual({ queueArn: arn, isFifo: false, visibilityTimeoutMs: 30_000 });
  });

  it("receive gives event records in AWS's shape", async () => {
    await send("hello", {
      MessageAttributes: {
        k: { DataType: "String", StringValue: "v" },
        b: { DataType: "Binary", BinaryValue: Buffer.from([1, 2]) },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: "Root=1-x" } },
    });
    const [message] = await (await find()).receive({ max: 10_000 });
    const now = String(test.clock.now());
    expect(message?.toEventRecord()).toEqual({
      messageId: message?.messageId,
      receiptHandle: message?.receiptHandle,
      body: "hello",
      attributes: {
        ApproximateReceiveCount: "1",
        AWSTraceHeader: "Root=1-x",
        SentTimestamp: now,
        SenderId: "000000000000",
        ApproximateFirstReceiveTimestamp: now,
      },
      messageAttributes: {
        k: { stringValue: "v", stringListValues: [], binaryListValues: [], dataType: "String" },
        b: { binaryValue: "AQI=", stringListValues: [], binaryListValues: [], dataType: "Binary" },
      },
      md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      md5OfBody: "5d41402abc4b2a76b9719d911017c592",
      eventSource: "aws:sqs",
      eventSourceARN: arn,
      awsRegion: "us-east-1",
    });
  });

  it("onArrival is called on a send, at the end of a delay, and when messages become visible again; no timer stays", async () => {
    const source = await find();
    const startMs = test.clock.now();
    const woken: number[] = [];
    const cancel = source.onArrival(() => woken.push(test.clock.now() - startMs));
    await send("now");
    const [message] = await source.receive({ max: 1, visibilityTimeoutMs: 9_000 });
    await send("delayed", { DelaySeconds: 5 });
    await test.clock.runAll();
    expect(woken).toEqual([0, 5_000, 9_000]);
    expect((await source.receive({ max: 10 })).map(({ body }) => body)).toEqual(["delayed", "now"]);
    await source.release([message?.receiptHandle ?? ""], 0); // stale: it was received again
    cancel();
    expect(test.clock.nextDueMs()).toBeUndefined();
  });

  it("delete and release go by receipt handle, and ignore stale ones", async () => {
    const source = await find();
    await Promise.all([send("a"), send("b")]);
    const [a, b] = await source.receive({ max: 10 });
    await source.release([a?.receiptHandle ?? ""], 1_000);
    await source.delete([b?.receiptHandle ?? "", "nonsense"]);
    await test.clock.advance(1_000);
    expect((await source.receive({ max: 10 })).map(({ body, receiveCount }) => ({ body, receiveCount }))).toEqual([
      { body: "a", receiveCount: 2 },
    ]);
    await source.delete([a?.receiptHandle ?? ""]);
    await test.clock.advance(30_000);
    expect(await source.receive({ max: 10 })).toHaveLength(1);
  });

  it("receive of a queue that was deleted rejects with QueueDoesNotExist", async () => {
    const source = await find();
    await test.call("DeleteQueue", { QueueUrl: "q" });
    await expect(source.receive({ max: 1 })).rejects.toMatchObject({ code: "QueueDoesNotExist" });
  });
});

describe("the delivery target", () => {
  it("sends with attributes and lineage, and rejects where the queue is missing", async () => {
    const delivery = {
      id: "d1",
      source: "s3",
      sourceArn: "arn:aws:s3:::b",
      targetArn: arn,
      body: Buffer.from('{"é":1}'),
    };
    const results = await test.sqs.target.deliverAll?.([
      { ...delivery, messageAttributes: { ErrorCode: { DataType: "Number", StringValue: "200" } } },
      { ...delivery, targetArn: "arn:aws:sqs:us-east-1:000000000000:none" },
    ]);
    expect(results?.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    const [message] = await (await find()).receive({ max: 10 });
    expect(message?.body).toBe('{"é":1}');
    expect(message?.toEventRecord()).toMatchObject({
      messageAttributes: { ErrorCode: { stringValue: "200", dataType: "Number" } },
    });
    expect(test.deliveries).toMatchObject([{ id: message?.messageId, parentId: "d1", sourceArn: "arn:aws:s3:::b" }]);
  });
});

describe("the source adapter", () => {
  it("finds queues, messages and receive counts again after a restart", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "tripline-sqs-"));
    try {
      const before = await createTestSqs({ dataDir });
      await before.call("CreateQueue", { QueueName: "kept", Attributes: { VisibilityTimeout: "3" } });
      await before.call("SendMessage", { QueueUrl: "kept", MessageBody: "x" });
      await before.call("ReceiveMessage", { QueueUrl: "kept", VisibilityTimeout: 0 });
      await before.stop();
      const after = await createTestSqs({ dataDir });
      const source = await after.sqs.queues.find("arn:aws:sqs:us-east-1:000000000000:kept");
      expect(await source?.facts()).toMatchObject({ visibilityTimeoutMs: 3_000 });
      expect(await source?.receive({ max: 10 })).toMatchObject([{ body: "x", receiveCount: 2 }]);
      await after.stop();
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
