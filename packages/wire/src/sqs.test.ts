import { createHash } from "node:crypto";
import { ServiceError } from "@tripline/kernel";
import {
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { clientOptions, startEndpoint, type TestOperation } from "./testing/endpoint-fixture.ts";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

const sendMessage: TestOperation = {
  honoured: ["QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes"],
  refused: { MessageGroupId: "there are no groups here" },
  answer: (input) => ({ MessageId: "m-1", MD5OfMessageBody: md5(String(input["MessageBody"])) }),
};

test("SendMessage reaches the operation as typed input, and its answer the client", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": sendMessage });
  using client = disposable(new SQSClient({ ...clientOptions(wire.url), md5: false }));
  const answer = await client.send(
    new SendMessageCommand({
      QueueUrl: `${wire.url}/000000000000/orders`,
      MessageBody: "héllo <&> \u{1f600}",
      DelaySeconds: 5,
      MessageAttributes: { kind: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 255]) } },
    }),
  );
  expect(answer.MessageId).toBe("m-1");
  const [call] = wire.calls;
  expect(call?.input).toEqual({
    QueueUrl: `${wire.url}/000000000000/orders`,
    MessageBody: "héllo <&> \u{1f600}",
    DelaySeconds: 5,
    MessageAttributes: { kind: { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 255]) } },
  });
  expect(call?.endpoint).toBe(wire.url);
  expect(answer.$metadata.requestId).toBe(call?.requestId);
});

function disposable<T extends { destroy(): void }>(client: T): T & Disposable {
  return Object.assign(client, {
    [Symbol.dispose]() {
      client.destroy();
    },
  });
}
void [QueueDoesNotExist, ReceiveMessageCommand, SendMessageBatchCommand, ServiceError];
