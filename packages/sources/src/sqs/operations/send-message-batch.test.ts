import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestSqs, type TestSqs } from "../testing/create-test-sqs.ts";

let test: TestSqs;
beforeEach(async () => {
  test = await createTestSqs();
  await test.call("CreateQueue", { QueueName: "q", Attributes: { MaximumMessageSize: "1024" } });
  await test.call("CreateQueue", { QueueName: "f.fifo", Attributes: { FifoQueue: "true" } });
});
afterEach(() => test.stop());

const entries = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({ Id: `${n}`, MessageBody: "x" }));

describe("SendMessageBatch", () => {
  it("sends what it can and tells of the rest", async () => {
    const Entries = [
      { Id: "long", MessageBody: "x".repeat(1025) },
      { Id: "good", MessageBody: "test" },
    ];
    expect(await test.call("SendMessageBatch", { QueueUrl: "q", Entries })).toEqual({
      Successful: [{ Id: "good", MessageId: expect.any(String), MD5OfMessageBody: "098f6bcd4621d373cade4e832627b4f6" }],
      Failed: [
        {
          Id: "long",
          SenderFault: true,
          Code: "InvalidParameterValue",
          Message: "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.",
        },
      ],
    });
  });

  it.each([
    [entries(20), "TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent 20."],
    [[], "EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request."],
    [
      [{ Id: "invalid:id", MessageBody: "x" }],
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    ],
    [[...entries(1), ...entries(1)], "BatchEntryIdsNotDistinct", "Id 0 repeated."],
    [
      [
        { Id: "1", MessageBody: "x".repeat(1_048_576) },
        { Id: "2", MessageBody: "x" },
      ],
      "BatchRequestTooLong",
      "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
    ],
  ])("rejects as a whole %#", async (Entries, code, message) => {
    expect(await test.errorOf("SendMessageBatch", { QueueUrl: "q", Entries })).toEqual({
      code,
      queryCode: `AWS.SimpleQueueService.${code}`,
      status: 400,
      message,
    });
  });

  it.each([
    [{ MessageDeduplicationId: "d" }, "The request must contain the parameter MessageGroupId."],
    [
      { MessageGroupId: "g" },
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    ],
  ])("to a FIFO queue rejects as a whole an entry with only %j", async (more, message) => {
    const Entries = [{ Id: "1", MessageBody: "x", ...more }];
    expect(await test.errorOf("SendMessageBatch", { QueueUrl: "f.fifo", Entries })).toEqual({
      code: "InvalidParameterValueException",
      queryCode: "InvalidParameterValue",
      status: 400,
      message,
    });
  });
});
