/** SQS, every operation, as clients speak it that nobody here wrote: the AWS SDK for JavaScript, the query protocol, the AWS CLI and boto3. */
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import {
  AddPermissionCommand,
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  RemovePermissionCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandOutput,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const credentials = { accessKeyId: "any", secretAccessKey: "thing" };
const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
let simulator: Simulator;
let endpoint: string;
let sqs: SQSClient;

beforeAll(async () => {
  simulator = await createSimulator({});
  endpoint = simulator.endpoint ?? "";
  sqs = new SQSClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
});
afterAll(async () => {
  sqs.destroy();
  await simulator.stop();
});

const create = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> =>
  (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
/** A dead-letter queue with `count` messages from its source `<name>-source`. */
const createFailed = async (name: string, count: number): Promise<{ dead: string; source: string }> => {
  const dead = await create(name);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn(name), maxReceiveCount: 1 });
  const source = await create(`${name}-source`, { RedrivePolicy });
  for (let index = 0; index < count; index++) {
    await sqs.send(new SendMessageCommand({ QueueUrl: source, MessageBody: `failed ${index}` }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: source, VisibilityTimeout: 0 }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: source, VisibilityTimeout: 0 }));
  }
  return { dead, source };
};
const receive = async (QueueUrl: string, more: object = {}): Promise<Message[]> =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];

describe("the AWS SDK for JavaScript", () => {
  it("creates, finds, lists, changes and deletes queues", async () => {
    const url = await create("life", { VisibilityTimeout: "20" });
    expect(url).toBe(`${endpoint}/000000000000/life`);
    const found = await sqs.send(new GetQueueUrlCommand({ QueueName: "life", QueueOwnerAWSAccountId: "000000000000" }));
    expect(found.QueueUrl).toBe(url);
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "life", MaxResults: 5 }))).QueueUrls).toEqual([
      url,
    ]);
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: "7" } }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }));
    expect(Attributes).toMatchObject({ QueueArn: arn("life"), VisibilityTimeout: "20", DelaySeconds: "7" });
    await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    await expect(sqs.send(new DeleteQueueCommand({ QueueUrl: url }))).rejects.toMatchObject({
      name: "QueueDoesNotExist",
      Code: "AWS.SimpleQueueService.NonExistentQueue",
      message: "The specified queue does not exist.",
      $metadata: { httpStatusCode: 400 },
    });
    await expect(create("life")).rejects.toMatchObject({ name: "QueueDeletedRecently" });
  });

  it("sends, receives, hides, releases, deletes and purges messages, alone and in batches", async () => {
    const QueueUrl = await create("messages");
    // The client checks the MD5s of what it sent and of what it receives.
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: "héllo <&> \u{1f600}",
        MessageAttributes: { bytes: { DataType: "Binary.png", BinaryValue: new Uint8Array([0, 255]) } },
        MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: "Root=1-2-3" } },
        MessageGroupId: "fair",
      }),
    );
    const sent = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", MessageBody: "two" },
          { Id: "b", MessageBody: "\u0001" },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(["a"]);
    expect(sent.Failed).toMatchObject([{ Id: "b", SenderFault: true, Code: "InvalidMessageContents" }]);
    const [one, two] = await receive(QueueUrl, {
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    });
    expect([one?.Body, one?.MessageAttributes, one?.Attributes]).toEqual([
      "héllo <&> \u{1f600}",
      { bytes: { DataType: "Binary.png", BinaryValue: new Uint8Array([0, 255]) } },
      expect.objectContaining({ AWSTraceHeader: "Root=1-2-3", MessageGroupId: "fair", ApproximateReceiveCount: "1" }),
    ]);
    const hide = { QueueUrl, ReceiptHandle: one?.ReceiptHandle, VisibilityTimeout: 60 };
    await sqs.send(new ChangeMessageVisibilityCommand(hide));
    const released = await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [{ Id: "x", ReceiptHandle: two?.ReceiptHandle, VisibilityTimeout: 0 }],
      }),
    );
    expect(released.Successful).toEqual([{ Id: "x" }]);
    const again = await receive(QueueUrl);
    expect(again.map(({ Body }) => Body)).toEqual(["two"]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again[0]?.ReceiptHandle }));
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "x", ReceiptHandle: one?.ReceiptHandle },
          { Id: "y", ReceiptHandle: "garbage" },
        ],
      }),
    );
    expect(deleted).toMatchObject({
      Successful: [{ Id: "x" }],
      Failed: [
        {
          Id: "y",
          Code: "ReceiptHandleIsInvalid",
          Message: 'The input receipt handle "garbage" is not a valid receipt handle.',
        },
      ],
    });
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await expect(sqs.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({
      name: "PurgeQueueInProgress",
      $metadata: { httpStatusCode: 403 },
    });
  });

  it("waits in a long poll, which ends as soon as a message is there", async () => {
    const QueueUrl = await create("long");
    const beganMs = simulator.clock.now();
    const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "late", DelaySeconds: 1 }));
    expect((await waiting).map(({ Body }) => Body)).toEqual(["late"]);
    expect(simulator.clock.now() - beganMs).toBeGreaterThan(900);
    expect(simulator.clock.now() - beganMs).toBeLessThan(10_000);
  });

  it("carries messages of 1 MiB, and no larger ones", async () => {
    const QueueUrl = await create("large");
    const MessageBody = "x".repeat(1_048_576);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    expect((await receive(QueueUrl))[0]?.Body).toBe(MessageBody);
    await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${MessageBody}x` }))).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message: "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
    });
  });

  it("deduplicates, keeps groups in order, and repeats a receive under its attempt id", async () => {
    const QueueUrl = await create("ordered.fifo", { FifoQueue: "true", ContentBasedDeduplication: "true" });
    const send = (MessageBody: string): Promise<SendMessageCommandOutput> =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: "g" }));
    const [a, b, duplicate] = [await send("a"), await send("b"), await send("a")];
    expect([duplicate.MessageId, duplicate.SequenceNumber]).toEqual([a.MessageId, a.SequenceNumber]);
    expect(BigInt(b.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(a.SequenceNumber ?? 0));
    const attempt = (): Promise<Message[]> => receive(QueueUrl, { ReceiveRequestAttemptId: "attempt" });
    const first = await attempt();
    expect(first.map(({ Body }) => Body)).toEqual(["a", "b"]);
    expect(await attempt()).toEqual(first);
    expect(await receive(QueueUrl)).toEqual([]);
  });

  it("tags queues", async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "tagged", tags: { a: "1" } }));
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { b: "2", c: "" } }));
    await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["a"] }));
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ b: "2", c: "" });
  });

  it("adds and removes permissions", async () => {
    const QueueUrl = await create("shared");
    const policy = async (): Promise<string | undefined> =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] }))).Attributes?.["Policy"];
    const permission = { QueueUrl, Label: "one", AWSAccountIds: ["111111111111"], Actions: ["SendMessage"] };
    await sqs.send(new AddPermissionCommand(permission));
    expect(JSON.parse((await policy()) ?? "")).toEqual({
      Version: "2008-10-17",
      Id: `${arn("shared")}/SQSDefaultPolicy`,
      Statement: [
        {
          Sid: "one",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111111111111:root" },
          Action: "SQS:SendMessage",
          Resource: arn("shared"),
        },
      ],
    });
    await sqs.send(new RemovePermissionCommand({ QueueUrl, Label: "one" }));
    expect(await policy()).toBeUndefined();
  });

  it("takes messages out of a dead-letter queue again", async () => {
    const { dead, source } = await createFailed("failed", 2);
    const sources = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
    expect(sources.queueUrls).toEqual([source]);
    const waiting = receive(source, { WaitTimeSeconds: 20 });
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn("failed") }));
    expect((await waiting)[0]?.Body).toBe("failed 0");
    const SourceArn = arn("slow");
    await createFailed("slow", 2);
    const rate = { SourceArn, DestinationArn: arn("failed"), MaxNumberOfMessagesPerSecond: 1 };
    const { TaskHandle } = await sqs.send(new StartMessageMoveTaskCommand(rate));
    const cancelled = await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    expect(cancelled.ApproximateNumberOfMessagesMoved).toBeLessThan(2);
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 10 }));
    expect(Results).toMatchObject([
      { Status: expect.stringMatching(/^CANCELL/), SourceArn, DestinationArn: arn("failed") },
    ]);
    await expect(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: "foobared" }))).rejects.toMatchObject({
      message: "Value for parameter TaskHandle is invalid.",
    });
  });
});

describe("the query protocol, as older clients speak it", () => {
  const query = async (fields: Record<string, string>, url = `${endpoint}/`): Promise<[number, string]> => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/sqs/aws4_request, Signature=0" },
      body: new URLSearchParams({ Version: "2012-11-05", ...fields }),
    });
    const body = (await answer.text()).replace(/<RequestId>[^<]*<\/RequestId>/, "").replace(/^<\?xml.*\?>\n/, "");
    return [answer.status, body.replace(' xmlns="http://queue.amazonaws.com/doc/2012-11-05/"', "")];
  };
  const valueOf = (body: string, name: string): string =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? "";
  const done = (action: string): [number, string] => [
    200,
    `<${action}Response><ResponseMetadata></ResponseMetadata></${action}Response>`,
  ];

  it("does every operation", async () => {
    const url = `${endpoint}/000000000000/query`;
    const [, created] = await query({
      Action: "CreateQueue",
      QueueName: "query",
      "Attribute.1.Name": "VisibilityTimeout",
      "Attribute.1.Value": "9",
      "Tag.1.Key": "a",
      "Tag.1.Value": "1",
    });
    expect(valueOf(created, "QueueUrl")).toBe(url);
    expect(valueOf((await query({ Action: "GetQueueUrl", QueueName: "query" }))[1], "QueueUrl")).toBe(url);
    expect(valueOf((await query({ Action: "ListQueues", QueueNamePrefix: "query" }))[1], "QueueUrl")).toBe(url);
    const onQueue = (Action: string, more: Record<string, string> = {}): Promise<[number, string]> =>
      query({ Action, ...more }, url);
    const set = { "Attribute.1.Name": "DelaySeconds", "Attribute.1.Value": "0" };
    expect(await onQueue("SetQueueAttributes", set)).toEqual(done("SetQueueAttributes"));
    expect((await onQueue("GetQueueAttributes", { "AttributeName.1": "VisibilityTimeout" }))[1]).toContain(
      "<Attribute><Name>VisibilityTimeout</Name><Value>9</Value></Attribute>",
    );
    expect(await onQueue("TagQueue", { "Tag.1.Key": "b", "Tag.1.Value": "2" })).toEqual(done("TagQueue"));
    expect(await onQueue("UntagQueue", { "TagKey.1": "a" })).toEqual(done("UntagQueue"));
    expect((await onQueue("ListQueueTags"))[1]).toContain("<Tag><Key>b</Key><Value>2</Value></Tag>");
    const permission = { Label: "one", "AWSAccountId.1": "111111111111", "ActionName.1": "SendMessage" };
    expect(await onQueue("AddPermission", permission)).toEqual(done("AddPermission"));
    expect(await onQueue("RemovePermission", { Label: "one" })).toEqual(done("RemovePermission"));

    const [, sent] = await onQueue("SendMessage", {
      MessageBody: "<one>",
      "MessageAttribute.1.Name": "k",
      "MessageAttribute.1.Value.DataType": "String",
      "MessageAttribute.1.Value.StringValue": "v",
    });
    expect(valueOf(sent, "MD5OfMessageBody")).toBe("91791cd36b0a928aa60f73043ae8d75a");
    const batch = { "SendMessageBatchRequestEntry.1.Id": "a", "SendMessageBatchRequestEntry.1.MessageBody": "two" };
    expect((await onQueue("SendMessageBatch", batch))[1]).toContain("<SendMessageBatchResultEntry><Id>a</Id>");
    const [, received] = await onQueue("ReceiveMessage", {
      "AttributeName.1": "ApproximateReceiveCount",
      "MessageAttributeName.1": "All",
    });
    expect(received).toContain("<Body>&lt;one&gt;</Body>");
    expect(received).toContain("<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>");
    expect(received).toContain("<MessageAttribute><Name>k</Name><Value>");
    expect(received).toContain("<StringValue>v</StringValue>");
    const ReceiptHandle = valueOf(received, "ReceiptHandle");
    expect(await onQueue("ChangeMessageVisibility", { ReceiptHandle, VisibilityTimeout: "0" })).toEqual(
      done("ChangeMessageVisibility"),
    );
    const hidden = {
      "ChangeMessageVisibilityBatchRequestEntry.1.Id": "c",
      "ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle": ReceiptHandle,
      "ChangeMessageVisibilityBatchRequestEntry.1.VisibilityTimeout": "0",
    };
    expect((await onQueue("ChangeMessageVisibilityBatch", hidden))[1]).toContain(
      "<Code>AWS.SimpleQueueService.MessageNotInflight</Code>",
    );
    expect(await onQueue("DeleteMessage", { ReceiptHandle })).toEqual(done("DeleteMessage"));
    const removed = {
      "DeleteMessageBatchRequestEntry.1.Id": "d",
      "DeleteMessageBatchRequestEntry.1.ReceiptHandle": ReceiptHandle,
    };
    expect((await onQueue("DeleteMessageBatch", removed))[1]).toContain("<Id>d</Id>");
    expect(await onQueue("PurgeQueue")).toEqual(done("PurgeQueue"));

    const { dead, source } = await createFailed("query-dead", 1);
    expect(valueOf((await query({ Action: "ListDeadLetterSourceQueues" }, dead))[1], "QueueUrl")).toBe(source);
    const SourceArn = arn("query-dead");
    const [, started] = await query({
      Action: "StartMessageMoveTask",
      SourceArn,
      DestinationArn: arn("query"),
      MaxNumberOfMessagesPerSecond: "1",
    });
    expect(valueOf(started, "TaskHandle")).not.toBe("");
    expect((await query({ Action: "ListMessageMoveTasks", SourceArn }))[1]).toContain(
      `<SourceArn>${SourceArn}</SourceArn>`,
    );
    expect(await query({ Action: "CancelMessageMoveTask", TaskHandle: "foobared" })).toEqual([
      400,
      "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameterValue</Code><Message>Value for parameter TaskHandle is invalid.</Message><Detail/></Error></ErrorResponse>",
    ]);
    expect(await onQueue("DeleteQueue")).toEqual(done("DeleteQueue"));
    expect(await onQueue("DeleteQueue")).toEqual([
      400,
      "<ErrorResponse><Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this wsdl version.</Message><Detail/></Error></ErrorResponse>",
    ]);
  });
});

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: "any",
  AWS_SECRET_ACCESS_KEY: "thing",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_PAGER: "",
});

const hasAwsCli = spawnSync("aws", ["--version"]).status === 0;
describe(`the AWS CLI${hasAwsCli ? "" : " (skipped: aws is not installed)"}`, () => {
  it.runIf(hasAwsCli)("tags a queue, and starts and lists a move task", { timeout: 120_000 }, async () => {
    await createFailed("cli", 1);
    const aws = async (...args: string[]): Promise<string> =>
      (await run("aws", ["--endpoint-url", endpoint, "sqs", ...args], { env: environment() })).stdout;
    const url = `${endpoint}/000000000000/cli`;
    await aws("tag-queue", "--queue-url", url, "--tags", "team=orders");
    expect(JSON.parse(await aws("list-queue-tags", "--queue-url", url))).toEqual({ Tags: { team: "orders" } });
    expect(JSON.parse(await aws("start-message-move-task", "--source-arn", arn("cli")))).toEqual({
      TaskHandle: expect.any(String),
    });
    expect(JSON.parse(await aws("list-message-move-tasks", "--source-arn", arn("cli")))).toMatchObject({
      Results: [{ SourceArn: arn("cli"), ApproximateNumberOfMessagesToMove: 1 }],
    });
  });
});

const hasBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;
describe(`boto3${hasBoto3 ? "" : " (skipped: boto3 is not installed)"}`, () => {
  it.runIf(hasBoto3)("uses a queue as a resource, and meets SQS's own errors", { timeout: 120_000 }, async () => {
    const script = `
import boto3
from botocore.exceptions import ClientError
sqs = boto3.resource("sqs")
queue = sqs.create_queue(QueueName="boto.fifo", Attributes={"FifoQueue": "true"}, tags={"a": "1"})
for body in ("one", "two"):
    queue.send_message(MessageBody=body, MessageGroupId="g", MessageDeduplicationId=body,
                       MessageAttributes={"k": {"DataType": "Number", "StringValue": "1"}})
messages = queue.receive_messages(MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"])
print([m.body for m in messages], messages[0].message_attributes["k"]["StringValue"], messages[0].attributes["MessageGroupId"])
print(queue.delete_messages(Entries=[{"Id": str(i), "ReceiptHandle": m.receipt_handle} for i, m in enumerate(messages)])["Successful"])
queue.add_permission(Label="l", AWSAccountIds=["111111111111"], Actions=["*"])
print("SQS:*" in sqs.get_queue_by_name(QueueName="boto.fifo").attributes["Policy"])
try:
    queue.send_message(MessageBody="x", MessageGroupId="g")
except ClientError as error:
    print(error.response["Error"]["Code"], error.response["Error"]["QueryErrorCode"])
queue.delete()
try:
    sqs.get_queue_by_name(QueueName="boto.fifo")
except sqs.meta.client.exceptions.QueueDoesNotExist as error:
    print(error.response["Error"]["Code"])
`;
    expect((await run("python3", ["-c", script], { env: environment() })).stdout.split("\n")).toEqual([
      "['one', 'two'] 1 g",
      "[{'Id': '0'}, {'Id': '1'}]",
      "True",
      "InvalidParameterValue InvalidParameterValueException",
      "AWS.SimpleQueueService.NonExistentQueue",
      "",
    ]);
  });
});
