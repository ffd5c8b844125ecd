import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestSqs, type TestSqs } from "../testing/create-test-sqs.ts";

let test: TestSqs;
beforeEach(async () => {
  test = await createTestSqs();
  await test.call("CreateQueue", { QueueName: "q" });
  await test.call("CreateQueue", { QueueName: "f.fifo", Attributes: { FifoQueue: "true" } });
});
afterEach(() => test.stop());

const invalid = (message: string): object => ({
  code: "InvalidParameterValueException",
  queryCode: "InvalidParameterValue",
  status: 400,
  message,
});

describe("SendMessage", () => {
  it("answers with the id and the MD5 of body and attributes that AWS computes", async () => {
    const output = await test.call("SendMessage", {
      QueueUrl: "q",
      MessageBody: "test",
      MessageAttributes: {
        attr1: {
          DataType: "Binary",
          BinaryValue: Buffer.from("traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01"),
        },
      },
    });
    expect(output).toEqual({
      MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      MD5OfMessageBody: "098f6bcd4621d373cade4e832627b4f6",
      MD5OfMessageAttributes: "8cbe4db156db8a94db8b801b7addb984",
    });
  });

  it("tells the bus of the message, with what caused it", async () => {
    const { MessageId } = await test.call<{ MessageId: string }>(
      "SendMessage",
      { QueueUrl: "q", MessageBody: "hello" },
      { parentId: "parent" },
    );
    expect(test.deliveries).toEqual([
      {
        id: MessageId,
        parentId: "parent",
        source: "sqs",
        targetArn: "arn:aws:sqs:us-east-1:000000000000:q",
        state: "accepted",
        attempts: 0,
        acceptedAtMs: test.clock.now(),
        updatedAtMs: test.clock.now(),
        body: Buffer.from("hello"),
      },
    ]);
  });

  it.each([
    [
      { MessageBody: "" },
      {
        code: "MissingRequiredParameterException",
        queryCode: "MissingParameter",
        status: 400,
        message: "The request must contain the parameter MessageBody.",
      },
    ],
    [
      { MessageBody: "x".repeat(1_048_577) },
      invalid("One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes."),
    ],
    [
      { MessageGroupId: "" },
      invalid(
        "Value  for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
      ),
    ],
    [
      { MessageGroupId: "group 123" },
      invalid(
        "Value group 123 for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
      ),
    ],
    [
      { MessageAttributes: { ErrorDetails: { DataType: "String", StringValue: "" } } },
      invalid("Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'."),
    ],
    ...["StringListValues", "BinaryListValues"].map((list): [object, object] => [
      { MessageAttributes: { k: { DataType: "String", StringValue: "v", [list]: ["v"] } } },
      {
        code: "UnsupportedOperation",
        queryCode: "AWS.SimpleQueueService.UnsupportedOperation",
        status: 400,
        message: "Message attribute list values in SendMessage operation are not supported.",
      },
    ]),
    [
      { DelaySeconds: 901 },
      invalid("Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."),
    ],
    [
      { QueueUrl: "none" },
      {
        code: "QueueDoesNotExist",
        queryCode: "AWS.SimpleQueueService.NonExistentQueue",
        status: 400,
        message: "The specified queue does not exist.",
      },
    ],
    [
      { MessageAttributes: { k: { DataType: "String", StringValue: "\u0001" } } },
      invalid(
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
      ),
    ],
    [
      { MessageBody: "a\u0001" },
      {
        code: "InvalidMessageContents",
        queryCode: "InvalidMessageContents",
        status: 400,
        message:
          "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
      },
    ],
  ])("to a standard queue rejects %#", async (input, error) => {
    expect(await test.errorOf("SendMessage", { QueueUrl: "q", MessageBody: "x", ...input })).toEqual(error);
    expect(test.deliveries).toEqual([]);
  });

  it.each([
    [
      { MessageGroupId: "g" },
      invalid(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      ),
    ],
    [
      { MessageDeduplicationId: "d" },
      {
        code: "MissingRequiredParameterException",
        queryCode: "MissingParameter",
        status: 400,
        message: "The request must contain the parameter MessageGroupId.",
      },
    ],
    [
      { MessageGroupId: "g", MessageDeduplicationId: "group 123" },
      invalid(
        "Value group 123 for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
      ),
    ],
    [
      { MessageGroupId: "g", MessageDeduplicationId: "d", DelaySeconds: 2 },
      invalid(
        "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
      ),
    ],
  ])("to a FIFO queue rejects %#", async (input, error) => {
    expect(await test.errorOf("SendMessage", { QueueUrl: "f.fifo", MessageBody: "x", ...input })).toEqual(error);
  });

  it("of a duplicate answers with the first id and sequence number, also after it was deleted, for five minutes", async () => {
    const send = (): Promise<object> =>
      test.call("SendMessage", {
        QueueUrl: "f.fifo",
        MessageBody: "x",
        MessageGroupId: "g",
        MessageDeduplicationId: "d",
      });
    const first = await send();
    expect(first).toMatchObject({ SequenceNumber: expect.stringMatching(/^\d{20}$/) });
    const { Messages = [] } = await test.call<{ Messages?: { ReceiptHandle: string }[] }>("ReceiveMessage", {
      QueueUrl: "f.fifo",
    });
    await test.call("DeleteMessage", { QueueUrl: "f.fifo", ReceiptHandle: Messages[0]?.ReceiptHandle });
    await test.clock.advance(299_999);
    expect(await send()).toEqual(first);
    await test.clock.advance(1);
    expect(await send()).not.toEqual(first);
  });

  it("deduplicates across groups, but by group with that scope", async () => {
    const attributes = { FifoQueue: "true", DeduplicationScope: "messageGroup" };
    await test.call("CreateQueue", { QueueName: "by-group.fifo", Attributes: attributes });
    const depthAfterTwoGroups = async (QueueUrl: string): Promise<string | undefined> => {
      for (const MessageGroupId of ["1", "2"]) {
        await test.call("SendMessage", { QueueUrl, MessageBody: "x", MessageGroupId, MessageDeduplicationId: "d" });
      }
      const output = await test.call<{ Attributes: Record<string, string> }>("GetQueueAttributes", {
        QueueUrl,
        AttributeNames: ["All"],
      });
      return output.Attributes["ApproximateNumberOfMessages"];
    };
    expect(await depthAfterTwoGroups("f.fifo")).toBe("1");
    expect(await depthAfterTwoGroups("by-group.fifo")).toBe("2");
  });
});
