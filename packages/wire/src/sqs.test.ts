/** SQS through its own client (AWS JSON) and as older clients speak it (the query protocol). */
import { createHash } from "node:crypto";
import { ServiceError, SimulatorError } from "@tripline/kernel";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import {
  clientOptions,
  disposable,
  type EndpointFixture,
  errorOf,
  startEndpoint,
  type TestOperation,
} from "./testing/endpoint-fixture.ts";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

const sendMessage: TestOperation = {
  honoured: ["QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes"],
  refused: { MessageGroupId: "there are no groups here" },
  answer: (input) => ({ MessageId: "m-1", MD5OfMessageBody: md5(String(input["MessageBody"])) }),
};
const queueUrl = "http://localhost/000000000000/orders";
const clientOf = (wire: EndpointFixture): SQSClient & Disposable =>
  disposable(new SQSClient({ ...clientOptions(wire.url), md5: false, useQueueUrlAsEndpoint: false }));

const asQuery = (
  wire: EndpointFixture,
  fields: Readonly<Record<string, string>>,
  path = "/",
): Promise<{ status: number; type: string | null; body: string }> =>
  fetch(wire.url + path, { method: "POST", body: new URLSearchParams(fields) }).then(async (answer) => ({
    status: answer.status,
    type: answer.headers.get("content-type"),
    body: (await answer.text()).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID"),
  }));

const asJson = (
  wire: EndpointFixture,
  operation: string,
  body: string,
): Promise<{ status: number; queryError: string | null; body: unknown }> =>
  fetch(wire.url, {
    method: "POST",
    body,
    headers: { "x-amz-target": `AmazonSQS.${operation}`, "content-type": "application/x-amz-json-1.0" },
  }).then(async (answer) => ({
    status: answer.status,
    queryError: answer.headers.get("x-amzn-query-error"),
    body: await answer.json(),
  }));

test("SendMessage reaches the operation as typed input, and its answer the client", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": sendMessage });
  using client = disposable(new SQSClient(clientOptions(wire.url))); // checks the MD5 of what it is answered
  const input = { QueueUrl: `${wire.url}/000000000000/orders`, MessageBody: "héllo <&> \u{1f600}", DelaySeconds: 5 };
  const answer = await client.send(
    new SendMessageCommand({
      ...input,
      MessageAttributes: { kind: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 255]) } },
    }),
  );
  expect(answer.MessageId).toBe("m-1");
  expect(wire.calls).toEqual([
    {
      service: "sqs",
      operation: "SendMessage",
      input: {
        ...input,
        MessageAttributes: { kind: { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 255]) } },
      },
      requestId: answer.$metadata.requestId,
      endpoint: wire.url,
      headers: expect.objectContaining({ "x-amz-target": "AmazonSQS.SendMessage" }) as unknown,
    },
  ]);
});

test("ReceiveMessage answers lists, maps and binary values, and leaves undefined ones out", async () => {
  const message = {
    MessageId: "m-1",
    ReceiptHandle: "r-1",
    Body: 'é<&>"\u{1f600}',
    Attributes: { ApproximateReceiveCount: "1", SenderId: undefined },
    MessageAttributes: { kind: { DataType: "Binary", BinaryValue: new Uint8Array([9, 255]) } },
  };
  await using wire = await startEndpoint({
    "sqs.ReceiveMessage": {
      honoured: ["QueueUrl", "MessageSystemAttributeNames"],
      answer: () => ({ Messages: [message] }),
    },
  });
  using client = clientOf(wire);
  const answer = await client.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MessageSystemAttributeNames: ["All"] }),
  );
  expect(answer.Messages).toEqual([
    {
      ...message,
      Attributes: { ApproximateReceiveCount: "1" },
      MessageAttributes: { kind: { DataType: "Binary", BinaryValue: new Uint8Array([9, 255]) } },
    },
  ]);
});

test("an operation without output answers an empty body", async () => {
  await using wire = await startEndpoint({
    "sqs.DeleteMessage": { honoured: ["QueueUrl", "ReceiptHandle"], answer: () => undefined },
  });
  using client = clientOf(wire);
  await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: "r" }));
  expect(wire.calls[0]?.input).toEqual({ QueueUrl: queueUrl, ReceiptHandle: "r" });
});

test("a ServiceError reaches the client as its class, with the query protocol's code beside", async () => {
  await using wire = await startEndpoint({
    "sqs.SendMessage": {
      ...sendMessage,
      answer: () => {
        throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.", {
          queryCode: "AWS.SimpleQueueService.NonExistentQueue",
        });
      },
    },
  });
  using client = clientOf(wire);
  const error = await errorOf(client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "m" })));
  expect([error.name, error.message, error["Code"]]).toEqual([
    "QueueDoesNotExist",
    "The specified queue does not exist.",
    "AWS.SimpleQueueService.NonExistentQueue",
  ]);
  expect(await asJson(wire, "SendMessage", JSON.stringify({ QueueUrl: queueUrl, MessageBody: "m" }))).toEqual({
    status: 400,
    queryError: "AWS.SimpleQueueService.NonExistentQueue;Sender",
    body: { __type: "com.amazonaws.sqs#QueueDoesNotExist", message: "The specified queue does not exist." },
  });
  const query = await asQuery(wire, { Action: "SendMessage", QueueUrl: queueUrl, MessageBody: "m" });
  expect(query).toEqual({
    status: 400,
    type: "text/xml",
    body: '<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this wsdl version.</Message><Detail/></Error><RequestId>ID</RequestId></ErrorResponse>',
  });
});

test("a member that is refused, or in neither list, is an error that names it and the reason", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": sendMessage });
  using client = clientOf(wire);
  const send = (more: object): Promise<unknown> =>
    errorOf(client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "m", ...more })));
  expect(await send({ MessageGroupId: "g" })).toMatchObject({
    name: "NotImplemented",
    message:
      "SendMessage of sqs does not honour MessageGroupId: there are no groups here. What is supported is listed in docs/support.md.",
    $metadata: { httpStatusCode: 501 },
  });
  expect(await send({ MessageDeduplicationId: "d" })).toMatchObject({
    name: "NotImplemented",
    message:
      "SendMessage of sqs does not honour MessageDeduplicationId: it is not simulated. What is supported is listed in docs/support.md.",
  });
  expect(wire.calls).toEqual([]);
});

test("an operation that is not built, or is none, is 501 and named, in the request's protocol", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": sendMessage });
  using client = clientOf(wire);
  expect(await errorOf(client.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl })))).toMatchObject({
    name: "NotImplemented",
    message:
      "Tripline does not simulate the operation GetQueueAttributes of sqs. What is supported is listed in docs/support.md.",
  });
  expect(await asJson(wire, "Frobnicate", "{}")).toEqual({
    status: 501,
    queryError: "NotImplemented;Receiver",
    body: {
      __type: "com.amazon.coral.service#NotImplemented",
      message:
        "Tripline does not simulate the operation Frobnicate of sqs. What is supported is listed in docs/support.md.",
    },
  });
  expect(await asQuery(wire, { Action: "Frobnicate" })).toMatchObject({
    status: 501,
    body: expect.stringContaining("<Code>NotImplemented</Code>") as unknown,
  });
});

test("malformed JSON, and JSON of the wrong types, is a SerializationException", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": sendMessage });
  const typeOf = async (body: string): Promise<unknown> => {
    const answer = await asJson(wire, "SendMessage", body);
    return [answer.status, answer.body];
  };
  const exception = (message: unknown): unknown => [
    400,
    { __type: "com.amazon.coral.service#SerializationException", message },
  ];
  expect(await typeOf("{")).toEqual(exception(expect.any(String)));
  expect(await typeOf("[]")).toEqual(exception("START_ARRAY can not be converted to a Structure"));
  expect(await typeOf('{"MessageBody":5}')).toEqual(exception("NUMBER_VALUE can not be converted to a String"));
  expect(await typeOf('{"DelaySeconds":"5"}')).toEqual(exception("STRING_VALUE can not be converted to a number"));
  expect(wire.calls).toEqual([]);
});

test("a required member that is missing is named as SQS names it, null counting as absent", async () => {
  await using wire = await startEndpoint({
    "sqs.SendMessage": sendMessage,
    "sqs.SendMessageBatch": { honoured: ["QueueUrl", "Entries"], answer: () => ({}) },
  });
  expect(await asJson(wire, "SendMessage", JSON.stringify({ QueueUrl: queueUrl, MessageBody: null }))).toEqual({
    status: 400,
    queryError: "MissingParameter;Sender",
    body: {
      __type: "com.amazon.coral.service#MissingRequiredParameterException",
      message: "The request must contain the parameter MessageBody.",
    },
  });
  const batch = JSON.stringify({ QueueUrl: queueUrl, Entries: [{ Id: "a", MessageBody: "m" }, { Id: "b" }] });
  expect((await asJson(wire, "SendMessageBatch", batch)).body).toMatchObject({
    message: "The request must contain the parameter Entries.2.MessageBody.",
  });
});

test("a member that the model does not know is refused by name, nested ones too", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": sendMessage });
  const body = {
    QueueUrl: queueUrl,
    MessageBody: "m",
    MessageAttributes: { a: { DataType: "String", Colour: "red" } },
  };
  expect(await asJson(wire, "SendMessage", JSON.stringify(body))).toMatchObject({
    status: 501,
    body: {
      message:
        "MessageAttributes.Colour is not a parameter that this Tripline knows in MessageAttributeValue. What is supported is listed in docs/support.md.",
    },
  });
});

test("an error that is neither AWS's nor the user's is InternalFailure, and reported", async () => {
  const bug = new TypeError("x is undefined");
  await using wire = await startEndpoint({
    "sqs.SendMessage": { ...sendMessage, answer: () => Promise.reject(bug) },
  });
  expect(await asJson(wire, "SendMessage", JSON.stringify({ QueueUrl: queueUrl, MessageBody: "m" }))).toEqual({
    status: 500,
    queryError: "InternalFailure;Receiver",
    body: { __type: "com.amazon.coral.service#InternalFailure", message: "x is undefined" },
  });
  expect(wire.internalErrors).toEqual([bug]);
});

test("a SimulatorError shows its text and is no bug", async () => {
  const error = new SimulatorError("SIM_NOT_IDLE", { what: "It is busy.", next: "Wait." });
  await using wire = await startEndpoint({
    "sqs.SendMessage": { ...sendMessage, answer: () => Promise.reject(error) },
  });
  const answer = await asJson(wire, "SendMessage", JSON.stringify({ QueueUrl: queueUrl, MessageBody: "m" }));
  expect([answer.status, answer.body, wire.internalErrors]).toEqual([
    500,
    { __type: "com.amazon.coral.service#InternalFailure", message: "SIM_NOT_IDLE: It is busy.\n  Wait." },
    [],
  ]);
});

test("the query protocol is read into the same input, and answered in XML", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": sendMessage });
  const answer = await asQuery(wire, {
    Action: "SendMessage",
    Version: "2012-11-05",
    QueueUrl: queueUrl,
    MessageBody: "a & b",
    DelaySeconds: "5",
    "MessageAttribute.1.Name": "kind",
    "MessageAttribute.1.Value.DataType": "Binary",
    "MessageAttribute.1.Value.BinaryValue": "AQL/",
  });
  expect(wire.calls[0]?.input).toEqual({
    QueueUrl: queueUrl,
    MessageBody: "a & b",
    DelaySeconds: 5,
    MessageAttributes: { kind: { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 255]) } },
  });
  expect(answer).toEqual({
    status: 200,
    type: "text/xml",
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><SendMessageResult><MD5OfMessageBody>${md5("a & b")}</MD5OfMessageBody><MessageId>m-1</MessageId></SendMessageResult><ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></SendMessageResponse>`,
  });
});

test("the query protocol reads flattened lists of structures in number order, and writes flattened lists and maps", async () => {
  await using wire = await startEndpoint({
    "sqs.SendMessageBatch": {
      honoured: ["QueueUrl", "Entries"],
      answer: () => ({ Successful: [{ Id: "a", MessageId: "m" }], Failed: [] }),
    },
    "sqs.ReceiveMessage": {
      honoured: ["QueueUrl", "AttributeNames"],
      answer: () => ({
        Messages: [
          { MessageId: "m", Attributes: { SenderId: "x" } },
          { MessageId: "n", Body: "<" },
        ],
      }),
    },
    "sqs.DeleteMessage": { honoured: ["QueueUrl", "ReceiptHandle"], answer: () => undefined },
  });
  const entry = "SendMessageBatchRequestEntry";
  const batch = await asQuery(
    wire,
    {
      Action: "SendMessageBatch",
      [`${entry}.10.Id`]: "b",
      [`${entry}.10.MessageBody`]: "2",
      [`${entry}.2.Id`]: "a",
      [`${entry}.2.MessageBody`]: "1",
    },
    "/000000000000/orders",
  );
  expect(wire.calls[0]?.input).toEqual({
    QueueUrl: `${wire.url}/000000000000/orders`, // named by the path alone
    Entries: [
      { Id: "a", MessageBody: "1" },
      { Id: "b", MessageBody: "2" },
    ],
  });
  expect(batch.body).toContain(
    "<SendMessageBatchResult><SendMessageBatchResultEntry><Id>a</Id><MessageId>m</MessageId></SendMessageBatchResultEntry></SendMessageBatchResult>",
  );
  const received = await asQuery(wire, { Action: "ReceiveMessage", QueueUrl: queueUrl, "AttributeName.1": "All" });
  expect(wire.calls[1]?.input).toEqual({ QueueUrl: queueUrl, AttributeNames: ["All"] });
  expect(received.body).toContain(
    "<ReceiveMessageResult><Message><MessageId>m</MessageId><Attribute><Name>SenderId</Name><Value>x</Value></Attribute></Message><Message><MessageId>n</MessageId><Body>&lt;</Body></Message></ReceiveMessageResult>",
  );
  const deleted = await asQuery(wire, { Action: "DeleteMessage", QueueUrl: queueUrl, ReceiptHandle: "r" });
  expect(deleted.body).toContain("<DeleteMessageResponse xmlns=");
  expect(deleted.body).not.toContain("DeleteMessageResult");
});

test("the query protocol refuses a field that names no member, and says which required one is missing", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": sendMessage });
  const unknown = await asQuery(wire, { Action: "SendMessage", QueueUrl: queueUrl, MessageBody: "m", Colour: "red" });
  expect([unknown.status, /<Message>(.*)<\/Message>/.exec(unknown.body)?.[1]]).toEqual([
    501,
    "Colour is not a parameter that this Tripline knows. What is supported is listed in docs/support.md.",
  ]);
  const missing = await asQuery(wire, { Action: "SendMessage", QueueUrl: queueUrl });
  expect([missing.status, /<Code>(.*)<\/Message>/.exec(missing.body)?.[1]]).toEqual([
    400,
    "MissingParameter</Code><Message>The request must contain the parameter MessageBody.",
  ]);
});

test("a long poll lets virtual time pass, and ends when its caller goes away", async () => {
  const waiting: { signal?: AbortSignal } = {};
  let began = (): void => undefined;
  const begun = new Promise<void>((resolve) => (began = resolve));
  await using wire = await startEndpoint({
    "sqs.ReceiveMessage": {
      honoured: ["QueueUrl", "WaitTimeSeconds"],
      answer: (input, signal) =>
        new Promise((resolve) => {
          waiting.signal = signal;
          const due = wire.clock.now() + Number(input["WaitTimeSeconds"]) * 1000;
          wire.clock.at(due, () => {
            resolve({});
          });
          signal.addEventListener("abort", () => {
            resolve({});
          });
          began();
        }),
    },
  });
  using client = clientOf(wire);
  const first = client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 20 }));
  await begun;
  await wire.clock.advance(20_000);
  expect((await first).Messages).toBeUndefined();

  const again = new Promise<void>((resolve) => (began = resolve));
  const stop = new AbortController();
  const second = errorOf(
    client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 20 }), { abortSignal: stop.signal }),
  );
  await again;
  stop.abort();
  expect((await second).name).toBe("AbortError");
  await new Promise<void>((resolve) => {
    if (waiting.signal?.aborted === true) resolve();
    else waiting.signal?.addEventListener("abort", () => resolve());
  });
  expect(wire.activity.pending()).toEqual([]);
});

test("SendMessageBatch keeps its entries apart", async () => {
  await using wire = await startEndpoint({
    "sqs.SendMessageBatch": {
      honoured: ["QueueUrl", "Entries"],
      refused: { "Entries.DelaySeconds": "nothing is delayed here" },
      answer: () => ({ Successful: [], Failed: [{ Id: "b", SenderFault: true, Code: "C", Message: "no" }] }),
    },
  });
  using client = clientOf(wire);
  const entries = [{ Id: "a", MessageBody: "1" }];
  const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  expect(answer.Failed).toEqual([{ Id: "b", SenderFault: true, Code: "C", Message: "no" }]);
  const delayed = new SendMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: [...entries, { Id: "b", MessageBody: "2", DelaySeconds: 1 }],
  });
  expect((await errorOf(client.send(delayed))).message).toBe(
    "SendMessageBatch of sqs does not honour Entries.DelaySeconds: nothing is delayed here. What is supported is listed in docs/support.md.",
  );
});
