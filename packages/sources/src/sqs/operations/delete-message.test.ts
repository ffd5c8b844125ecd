import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReceivedMessage } from "../received-message.ts";
import { createTestSqs, type TestSqs } from "../testing/create-test-sqs.ts";

let test: TestSqs;
beforeEach(async () => {
  test = await createTestSqs();
  await test.call("CreateQueue", { QueueName: "q" });
  await test.call("CreateQueue", { QueueName: "f.fifo", Attributes: { FifoQueue: "true" } });
});
afterEach(() => test.stop());

const receiveOne = async (QueueUrl: string): Promise<string> => {
  const { Messages = [] } = await test.call<{ Messages?: ReceivedMessage[] }>("ReceiveMessage", {
    QueueUrl,
    VisibilityTimeout: 2,
  });
  return Messages[0]?.ReceiptHandle ?? "none";
};

describe("DeleteMessage", () => {
  it("removes the message, also after its visibility timeout; a second time does nothing", async () => {
    await test.call("SendMessage", { QueueUrl: "q", MessageBody: "x" });
    const ReceiptHandle = await receiveOne("q");
    await test.clock.advance(2_000);
    expect(await test.call("DeleteMessage", { QueueUrl: "q", ReceiptHandle })).toEqual({});
    expect(await test.call("DeleteMessage", { QueueUrl: "q", ReceiptHandle })).toEqual({});
    expect(await receiveOne("q")).toBe("none");
  });

  it("with the handle of an earlier receive keeps the message", async () => {
    await test.call("SendMessage", { QueueUrl: "q", MessageBody: "x" });
    const earlier = await receiveOne("q");
    await test.clock.advance(2_000);
    await receiveOne("q");
    await test.call("DeleteMessage", { QueueUrl: "q", ReceiptHandle: earlier });
    await test.clock.advance(2_000);
    expect(await receiveOne("q")).not.toBe("none");
  });

  it("of a FIFO queue rejects a handle whose visibility timeout has passed", async () => {
    await test.call("SendMessage", {
      QueueUrl: "f.fifo",
      MessageBody: "x",
      MessageGroupId: "g",
      MessageDeduplicationId: "d",
    });
    const ReceiptHandle = await receiveOne("f.fifo");
    await test.clock.advance(2_000);
    expect(await test.errorOf("DeleteMessage", { QueueUrl: "f.fifo", ReceiptHandle })).toEqual({
      code: "InvalidParameterValueException",
      queryCode: "InvalidParameterValue",
      status: 400,
      message: `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    });
  });

  it("rejects what is no handle of this queue", async () => {
    expect(await test.errorOf("DeleteMessage", { QueueUrl: "q", ReceiptHandle: "AQEBnonsense" })).toEqual({
      code: "ReceiptHandleIsInvalid",
      queryCode: "ReceiptHandleIsInvalid",
      status: 404,
      message: 'The input receipt handle "AQEBnonsense" is not a valid receipt handle.',
    });
  });
});

describe("DeleteMessageBatch", () => {
  it("deletes what it can and tells of the rest", async () => {
    await test.call("SendMessage", { QueueUrl: "q", MessageBody: "x" });
    const ReceiptHandle = await receiveOne("q");
    const Entries = [
      { Id: "good", ReceiptHandle },
      { Id: "bad", ReceiptHandle: "?" },
    ];
    expect(await test.call("DeleteMessageBatch", { QueueUrl: "q", Entries })).toEqual({
      Successful: [{ Id: "good" }],
      Failed: [
        {
          Id: "bad",
          SenderFault: true,
          Code: "ReceiptHandleIsInvalid",
          Message: 'The input receipt handle "?" is not a valid receipt handle.',
        },
      ],
    });
  });
});

describe("ChangeMessageVisibility", () => {
  it("to zero makes the message visible at once; a second time it is not in flight", async () => {
    await test.call("SendMessage", { QueueUrl: "q", MessageBody: "x" });
    const ReceiptHandle = await receiveOne("q");
    const input = { QueueUrl: "q", ReceiptHandle, VisibilityTimeout: 0 };
    expect(await test.call("ChangeMessageVisibility", input)).toEqual({});
    expect(await test.errorOf("ChangeMessageVisibility", input)).toEqual({
      code: "MessageNotInflight",
      queryCode: "AWS.SimpleQueueService.MessageNotInflight",
      status: 400,
      message: "The message referred to isn't in flight.",
    });
    expect(await receiveOne("q")).not.toBe("none");
  });

  it("hides a message again whose timeout has passed", async () => {
    await test.call("SendMessage", { QueueUrl: "q", MessageBody: "x" });
    const ReceiptHandle = await receiveOne("q");
    await test.clock.advance(3_000);
    await test.call("ChangeMessageVisibility", { QueueUrl: "q", ReceiptHandle, VisibilityTimeout: 2 });
    expect(await receiveOne("q")).toBe("none");
  });

  it("holds a message for 12 hours from its receive at most, extensions included", async () => {
    await test.call("SendMessage", { QueueUrl: "q", MessageBody: "x" });
    const ReceiptHandle = await receiveOne("q");
    const change = (VisibilityTimeout: number): object => ({ QueueUrl: "q", ReceiptHandle, VisibilityTimeout });
    await test.call("ChangeMessageVisibility", change(43_200));
    await test.clock.advance(1_000);
    const message =
      "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]";
    expect(await test.errorOf("ChangeMessageVisibility", change(43_200))).toMatchObject({
      code: "InvalidParameterValueException",
      status: 400,
      message,
    });
    const Entries = [43_200, 43_199].map((VisibilityTimeout) => ({
      Id: `${VisibilityTimeout}`,
      ReceiptHandle,
      VisibilityTimeout,
    }));
    expect(await test.call("ChangeMessageVisibilityBatch", { QueueUrl: "q", Entries })).toEqual({
      Successful: [{ Id: "43199" }],
      Failed: [{ Id: "43200", SenderFault: true, Code: "InvalidParameterValue", Message: message }],
    });
    await test.clock.advance(43_199_000);
    const again = await receiveOne("q");
    expect(again).not.toBe("none");
    await test.call("ChangeMessageVisibility", { QueueUrl: "q", ReceiptHandle: again, VisibilityTimeout: 43_200 });
  });

  it("of a deleted message is refused, also in a batch, and the timeout has bounds", async () => {
    await test.call("SendMessage", { QueueUrl: "q", MessageBody: "x" });
    const ReceiptHandle = await receiveOne("q");
    await test.call("DeleteMessage", { QueueUrl: "q", ReceiptHandle });
    const message = `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`;
    const Entries = [
      { Id: "gone", ReceiptHandle, VisibilityTimeout: 1 },
      { Id: "long", ReceiptHandle, VisibilityTimeout: 43_201 },
    ];
    expect(await test.call("ChangeMessageVisibilityBatch", { QueueUrl: "q", Entries })).toEqual({
      Successful: [],
      Failed: [
        {
          Id: "long",
          SenderFault: true,
          Code: "InvalidParameterValue",
          Message:
            "Value 43201 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200",
        },
        { Id: "gone", SenderFault: true, Code: "InvalidParameterValue", Message: message },
      ],
    });
  });
});
