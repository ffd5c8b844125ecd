import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toTaskHandle } from "../move-task-handle.ts";
import { createKeptSqs } from "../testing/create-kept-sqs.ts";
import { createTestSqs, type TestSqs } from "../testing/create-test-sqs.ts";

let test: TestSqs;
beforeEach(async () => {
  test = await createTestSqs();
});
afterEach(() => test.stop());

const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const url = (name: string): string => `http://127.0.0.1:4566/000000000000/${name}`;

/** A dead-letter queue `dlq` of `sources`, with `count` messages that failed in each, and a queue `to`. */
async function arrange(count: number, { sources = ["q"], on = test } = {}): Promise<void> {
  await on.call("CreateQueue", { QueueName: "dlq" });
  await on.call("CreateQueue", { QueueName: "to" });
  for (const QueueName of sources) {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn("dlq"), maxReceiveCount: 1 });
    await on.call("CreateQueue", { QueueName, Attributes: { RedrivePolicy } });
    for (let index = 0; index < count; index++) {
      await on.call("SendMessage", { QueueUrl: QueueName, MessageBody: `${QueueName}-${index}` });
      await on.call("ReceiveMessage", { QueueUrl: QueueName, VisibilityTimeout: 0 });
      await on.call("ReceiveMessage", { QueueUrl: QueueName, VisibilityTimeout: 0 });
    }
  }
}
const depth = async (QueueUrl: string, on = test): Promise<number> => {
  const AttributeNames = ["ApproximateNumberOfMessages"];
  const output = await on.call<{ Attributes: Record<string, string> }>("GetQueueAttributes", {
    QueueUrl,
    AttributeNames,
  });
  return Number(output.Attributes["ApproximateNumberOfMessages"]);
};
const tasks = async (MaxResults = 1, on = test): Promise<unknown> =>
  (await on.call<{ Results: unknown }>("ListMessageMoveTasks", { SourceArn: arn("dlq"), MaxResults })).Results;
const start = async (more: object = {}, on = test): Promise<string> =>
  (await on.call<{ TaskHandle: string }>("StartMessageMoveTask", { SourceArn: arn("dlq"), ...more })).TaskHandle;

describe("StartMessageMoveTask", () => {
  it("moves everything to the destination at once, as new messages with their attributes, and lists the task as completed", async () => {
    await arrange(2);
    const [sentId] = test.deliveries.map(({ id }) => id);
    const startedAtMs = test.clock.now();
    await start({ DestinationArn: arn("to") });
    await test.clock.advance(1_000);
    expect(await tasks()).toEqual([
      {
        Status: "COMPLETED",
        SourceArn: arn("dlq"),
        DestinationArn: arn("to"),
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 2,
        StartedTimestamp: startedAtMs,
      },
    ]);
    expect([await depth("dlq"), await depth("to")]).toEqual([0, 2]);
    const output = await test.call<{ Messages: { MessageId: string; Attributes: object; Body: string }[] }>(
      "ReceiveMessage",
      { QueueUrl: "to", AttributeNames: ["All"] },
    );
    expect(output.Messages).toMatchObject([{ Body: "q-0", Attributes: { ApproximateReceiveCount: "1" } }]);
    expect(output.Messages[0]?.MessageId).not.toBe(sentId);
    expect(test.deliveries.at(-2)).toMatchObject({
      id: output.Messages[0]?.MessageId,
      parentId: sentId,
      sourceArn: arn("dlq"),
      targetArn: arn("to"),
      state: "accepted",
    });
  });

  it("without a destination takes each message back to where it came from, after that queue's delay", async () => {
    await arrange(2, { sources: ["one", "two"] });
    await test.call("SetQueueAttributes", { QueueUrl: "two", Attributes: { DelaySeconds: "9" } });
    await start();
    await test.clock.advance(1_000);
    expect(await tasks()).toMatchObject([{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 4 }]);
    expect([await depth("dlq"), await depth("one"), await depth("two")]).toEqual([0, 2, 0]);
    await test.clock.advance(8_000);
    expect(await depth("two")).toBe(2);
  });

  it("wakes who waits at the destination", async () => {
    await arrange(1);
    const waiting = test.call<{ Messages: { Body: string }[] }>("ReceiveMessage", {
      QueueUrl: "to",
      WaitTimeSeconds: 20,
    });
    await start({ DestinationArn: arn("to") });
    await test.clock.advance(1);
    expect((await waiting).Messages).toMatchObject([{ Body: "q-0" }]);
  });

  it("keeps to the messages a second on the clock, the first at once", async () => {
    await arrange(4);
    await start({ DestinationArn: arn("to"), MaxNumberOfMessagesPerSecond: 1 });
    const seen: number[] = [];
    for (const _second of [0, 1, 2, 3]) {
      await test.clock.advance(500);
      seen.push(await depth("to"));
      await test.clock.advance(500);
    }
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it("at 500 a second moves 500 in a second", async () => {
    await test.call("CreateQueue", { QueueName: "dlq" });
    await arrange(1);
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: "x" }));
    for (let batch = 0; batch < 60; batch++) await test.call("SendMessageBatch", { QueueUrl: "dlq", Entries });
    await start({ DestinationArn: arn("to"), MaxNumberOfMessagesPerSecond: 500 });
    await test.clock.advance(999);
    expect(await depth("to")).toBe(500);
  });

  it.each([
    [
      { SourceArn: arn("none") },
      "ResourceNotFoundException",
      404,
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    ],
    [
      { SourceArn: arn("to") },
      "InvalidParameterValueException",
      400,
      "Source queue must be configured as a Dead Letter Queue.",
    ],
    [
      { DestinationArn: arn("none") },
      "ResourceNotFoundException",
      404,
      "The resource that you specified for the DestinationArn parameter doesn't exist.",
    ],
    [
      { MaxNumberOfMessagesPerSecond: 501 },
      "InvalidParameterValueException",
      400,
      "Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if provided.",
    ],
    [
      { DestinationArn: arn("f.fifo") },
      "InvalidParameterValueException",
      400,
      `Value ${arn("f.fifo")} for parameter DestinationArn is invalid. Reason: Destination queue must be same type of queue as the source.`,
    ],
  ])("refuses %j", async (more, code, status, message) => {
    await arrange(0);
    await test.call("CreateQueue", { QueueName: "f.fifo", Attributes: { FifoQueue: "true" } });
    const error = await test.errorOf("StartMessageMoveTask", { SourceArn: arn("dlq"), ...more });
    expect(error).toMatchObject({ code, status, message });
    expect(await tasks()).toEqual([]);
  });

  it("refuses a second task for a source while one is active, also in the same turn", async () => {
    await arrange(3);
    const input = { SourceArn: arn("dlq"), DestinationArn: arn("to"), MaxNumberOfMessagesPerSecond: 1 };
    const results = await Promise.allSettled([1, 2].map(() => test.call("StartMessageMoveTask", input)));
    expect(results).toMatchObject([
      { status: "fulfilled" },
      {
        reason: {
          code: "InvalidParameterValueException",
          message:
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
        },
      },
    ]);
    await test.clock.advance(3_000);
    await start();
  });

  it("fails when its destination is deleted, or a message came from nowhere", async () => {
    await arrange(3);
    await start({ DestinationArn: arn("to"), MaxNumberOfMessagesPerSecond: 1 });
    await test.clock.advance(100);
    await test.call("DeleteQueue", { QueueUrl: "to" });
    await test.clock.advance(1_000);
    expect(await tasks()).toMatchObject([
      {
        Status: "FAILED",
        FailureReason: "AWS.SimpleQueueService.NonExistentQueue",
        ApproximateNumberOfMessagesMoved: 1,
      },
    ]);
    await test.call("SendMessage", { QueueUrl: "dlq", MessageBody: "stray" });
    await start();
    await test.clock.advance(100);
    expect(await tasks()).toMatchObject([
      { Status: "FAILED", FailureReason: "CouldNotDetermineMessageSource", ApproximateNumberOfMessagesMoved: 2 },
    ]);
    expect(await depth("dlq")).toBe(1);
  });

  it("goes on after a restart", async () => {
    await using kept = await createKeptSqs();
    await arrange(4, { on: kept.test });
    await start({ DestinationArn: arn("to"), MaxNumberOfMessagesPerSecond: 1 }, kept.test);
    await kept.test.clock.advance(1_500);
    await kept.restart(60_000);
    expect(await tasks(1, kept.test)).toMatchObject([{ Status: "RUNNING", ApproximateNumberOfMessagesMoved: 2 }]);
    await kept.test.clock.advance(3_000);
    expect(await tasks(1, kept.test)).toMatchObject([{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 4 }]);
    expect(await depth("to", kept.test)).toBe(4);
  });
});

describe("CancelMessageMoveTask, ListMessageMoveTasks", () => {
  it("stop a task, and list the newest ten of a source; only a running one has its handle", async () => {
    await arrange(10);
    const TaskHandle = await start({ DestinationArn: arn("to"), MaxNumberOfMessagesPerSecond: 1 });
    expect(JSON.parse(Buffer.from(TaskHandle, "base64").toString())).toEqual({
      taskId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      sourceArn: arn("dlq"),
    });
    await test.clock.advance(1_500);
    expect(await tasks()).toMatchObject([
      { TaskHandle, Status: "RUNNING", MaxNumberOfMessagesPerSecond: 1, ApproximateNumberOfMessagesToMove: 10 },
    ]);
    expect(await test.call("CancelMessageMoveTask", { TaskHandle })).toEqual({ ApproximateNumberOfMessagesMoved: 2 });
    await test.clock.advance(60_000);
    expect(await tasks()).toEqual([
      {
        Status: "CANCELLED",
        SourceArn: arn("dlq"),
        DestinationArn: arn("to"),
        MaxNumberOfMessagesPerSecond: 1,
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 10,
        StartedTimestamp: expect.any(Number),
      },
    ]);
    expect(await depth("dlq")).toBe(8);
    for (let count = 0; count < 11; count++) {
      await start({ DestinationArn: arn("to") });
      await test.clock.advance(10);
    }
    expect(await tasks(10)).toHaveLength(10);
    expect(await tasks(10)).not.toContainEqual(expect.objectContaining({ Status: "CANCELLED" }));
    await test.call("DeleteQueue", { QueueUrl: "dlq" });
    expect(await test.errorOf("ListMessageMoveTasks", { SourceArn: arn("dlq") })).toMatchObject({
      code: "ResourceNotFoundException",
    });
  });

  it.each([
    ["foobared", "InvalidParameterValueException", 400, "Value for parameter TaskHandle is invalid."],
    [
      toTaskHandle("10f57157-fc38-4da9-a113-4de7e12d05dd", arn("none")),
      "ResourceNotFoundException",
      404,
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    ],
    [
      toTaskHandle("10f57157-fc38-4da9-a113-4de7e12d05aa", arn("dlq")),
      "ResourceNotFoundException",
      404,
      "Task does not exist.",
    ],
  ])("refuse the handle %s", async (TaskHandle, code, status, message) => {
    await arrange(0);
    expect(await test.errorOf("CancelMessageMoveTask", { TaskHandle })).toMatchObject({ code, status, message });
  });

  it("refuse to cancel what is over, and more than ten results", async () => {
    await arrange(1);
    const TaskHandle = await start();
    await test.clock.advance(10);
    expect(await test.errorOf("CancelMessageMoveTask", { TaskHandle })).toMatchObject({ code: "UnsupportedOperation" });
    expect(await test.errorOf("ListMessageMoveTasks", { SourceArn: arn("dlq"), MaxResults: 11 })).toMatchObject({
      message: "Value 11 for parameter MaxResults is invalid. Reason: Must be between 1 and 10, if provided.",
    });
  });
});

describe("ListDeadLetterSourceQueues", () => {
  it("lists queues whose dead-letter queue this is, in pages", async () => {
    await arrange(0, { sources: ["b", "a", "c"] });
    const list = (more: object = {}): Promise<{ NextToken?: string }> =>
      test.call("ListDeadLetterSourceQueues", { QueueUrl: "dlq", ...more });
    expect(await list()).toEqual({ queueUrls: [url("a"), url("b"), url("c")] });
    const { NextToken, ...first } = await list({ MaxResults: 2 });
    expect(first).toEqual({ queueUrls: [url("a"), url("b")] });
    expect(await list({ MaxResults: 2, NextToken })).toEqual({ queueUrls: [url("c")] });
    expect(await test.call("ListDeadLetterSourceQueues", { QueueUrl: "a" })).toEqual({ queueUrls: [] });
  });
});
