import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKeptSqs } from "../testing/create-kept-sqs.ts";
import { createTestSqs, type TestSqs } from "../testing/create-test-sqs.ts";

let test: TestSqs;
beforeEach(async () => {
  test = await createTestSqs();
});
afterEach(() => test.stop());

const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const url = (name: string): object => ({ QueueUrl: `http://127.0.0.1:4566/000000000000/${name}` });
const attributesOf = async (QueueUrl: string): Promise<Record<string, string>> => {
  const output = await test.call<{ Attributes: Record<string, string> }>("GetQueueAttributes", {
    QueueUrl,
    AttributeNames: ["All"],
  });
  return output.Attributes;
};

describe("CreateQueue", () => {
  it("answers with the URL at the caller's own address, and gives every default", async () => {
    expect(await test.call("CreateQueue", { QueueName: "q" }, { endpoint: "http://localhost:9" })).toEqual({
      QueueUrl: "http://localhost:9/000000000000/q",
    });
    const seconds = String(test.clock.now() / 1000);
    expect(await attributesOf("q")).toEqual({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesDelayed: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      CreatedTimestamp: seconds,
      DelaySeconds: "0",
      LastModifiedTimestamp: seconds,
      MaximumMessageSize: "1048576",
      MessageRetentionPeriod: "345600",
      QueueArn: arn("q"),
      ReceiveMessageWaitTimeSeconds: "0",
      SqsManagedSseEnabled: "true",
      VisibilityTimeout: "30",
    });
  });

  it("again with the same attributes answers with the same URL, with others names the one that differs", async () => {
    const input = { QueueName: "q", Attributes: { DelaySeconds: "1" } };
    await test.call("CreateQueue", input);
    expect(await test.call("CreateQueue", input)).toEqual(url("q"));
    expect(await test.call("CreateQueue", { QueueName: "q" })).toEqual(url("q"));
    expect(await test.errorOf("CreateQueue", { QueueName: "q", Attributes: { DelaySeconds: "2" } })).toEqual({
      code: "QueueNameExists",
      queryCode: "QueueAlreadyExists",
      status: 400,
      message: "A queue already exists with the same name and a different value for attribute DelaySeconds",
    });
  });

  it("with upsert takes the new attributes, drops those not given, and keeps messages", async () => {
    await test.call("CreateQueue", { QueueName: "q", Attributes: { DelaySeconds: "0", VisibilityTimeout: "7" } });
    await test.call("SendMessage", { QueueUrl: "q", MessageBody: "x" });
    await test.call("CreateQueue", { QueueName: "q", Attributes: { DelaySeconds: "5" } }, { upsert: true });
    expect(await attributesOf("q")).toMatchObject({
      DelaySeconds: "5",
      VisibilityTimeout: "30",
      ApproximateNumberOfMessages: "1",
    });
  });

  it("within 60 seconds after DeleteQueue is refused", async () => {
    await test.call("CreateQueue", { QueueName: "q" });
    await test.call("DeleteQueue", { QueueUrl: "q" });
    await test.clock.advance(59_999);
    expect(await test.errorOf("CreateQueue", { QueueName: "q" })).toMatchObject({ code: "QueueDeletedRecently" });
    await test.clock.advance(1);
    expect(await test.call("CreateQueue", { QueueName: "q" })).toEqual(url("q"));
  });

  it.each([
    ["q", { FifoQueue: "false" }, "InvalidAttributeName", "Unknown Attribute FifoQueue."],
    [
      "q",
      { ContentBasedDeduplication: "true" },
      "InvalidAttributeName",
      "Unknown Attribute ContentBasedDeduplication.",
    ],
    [
      "q",
      { DeduplicationScope: "queue" },
      "InvalidAttributeName",
      "You can specify the DeduplicationScope only when FifoQueue is set to true.",
    ],
    [
      "q",
      { FifoThroughputLimit: "perQueue" },
      "InvalidAttributeName",
      "You can specify the FifoThroughputLimit only when FifoQueue is set to true.",
    ],
    [
      "q",
      { VisibilityTimeout: "43201" },
      "InvalidAttributeValue",
      "Invalid value for the parameter VisibilityTimeout.",
    ],
    ["q", { Colour: "red" }, "InvalidAttributeName", "Unknown Attribute Colour."],
    [
      "q",
      { KmsMasterKeyId: "k", SqsManagedSseEnabled: "true" },
      "InvalidAttributeName",
      "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
    ],
    [
      "q",
      { FifoQueue: "true" },
      "InvalidParameterValueException",
      "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.",
    ],
    [
      "q.fifo",
      {},
      "InvalidParameterValueException",
      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    ],
    [
      "a b",
      {},
      "InvalidParameterValueException",
      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    ],
  ])("of %s with %j is refused and creates nothing", async (QueueName, Attributes, code, message) => {
    expect(await test.errorOf("CreateQueue", { QueueName, Attributes })).toMatchObject({ code, status: 400, message });
    expect(test.sqs.list()).toEqual([]);
  });

  it("with a RedrivePolicy wants a dead-letter queue that exists, is of the same type, and allows it", async () => {
    const create = (deadLetterTargetArn: string, maxReceiveCount: unknown = 3): object => ({
      QueueName: "q",
      Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) },
    });
    const reason = async (input: object): Promise<string | undefined> =>
      ((await test.errorOf("CreateQueue", input)) as { message: string }).message.split("Reason: ")[1];
    await test.call("CreateQueue", { QueueName: "f.fifo", Attributes: { FifoQueue: "true" } });
    await test.call("CreateQueue", {
      QueueName: "closed",
      Attributes: { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' },
    });
    const allowed = JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [arn("q")] });
    await test.call("CreateQueue", { QueueName: "open", Attributes: { RedriveAllowPolicy: allowed } });
    expect(await reason(create(arn("none")))).toBe("Dead letter target does not exist.");
    expect(await reason(create(arn("f.fifo")))).toBe("Dead-letter queue must be same type of queue as the source.");
    expect(await reason(create(arn("closed")))).toBe(
      "The dead-letter queue's RedriveAllowPolicy does not allow this source queue.",
    );
    expect(await reason(create(arn("open"), 1001))).toBe(
      "Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.",
    );
    expect(await test.call("CreateQueue", create(arn("open"), "3"))).toEqual(url("q"));
    expect(test.sqs.list()).toContainEqual({
      name: "q",
      arn: arn("q"),
      isFifo: false,
      deadLetterQueueArn: arn("open"),
    });
  });
});

describe("SetQueueAttributes", () => {
  it("changes what is given; an empty KmsMasterKeyId leaves the queue without encryption, as AWS does", async () => {
    await test.call("CreateQueue", { QueueName: "q", Attributes: { VisibilityTimeout: "20" } });
    const set = (Attributes: object): Promise<object> => test.call("SetQueueAttributes", { QueueUrl: "q", Attributes });
    await set({ KmsMasterKeyId: "testKeyId", KmsDataKeyReusePeriodSeconds: "6000" });
    const AttributeNames = [
      "KmsMasterKeyId",
      "KmsDataKeyReusePeriodSeconds",
      "SqsManagedSseEnabled",
      "VisibilityTimeout",
    ];
    expect(await test.call("GetQueueAttributes", { QueueUrl: "q", AttributeNames })).toEqual({
      Attributes: {
        KmsDataKeyReusePeriodSeconds: "6000",
        KmsMasterKeyId: "testKeyId",
        SqsManagedSseEnabled: "false",
        VisibilityTimeout: "20",
      },
    });
    await set({ KmsMasterKeyId: "", KmsDataKeyReusePeriodSeconds: "300" });
    expect(await test.call("GetQueueAttributes", { QueueUrl: "q", AttributeNames })).toEqual({
      Attributes: { SqsManagedSseEnabled: "false", VisibilityTimeout: "20" },
    });
    await set({ SqsManagedSseEnabled: "true" });
    expect(await test.call("GetQueueAttributes", { QueueUrl: "q", AttributeNames })).toEqual({
      Attributes: { SqsManagedSseEnabled: "true", VisibilityTimeout: "20" },
    });
    expect(
      await test.errorOf("SetQueueAttributes", {
        QueueUrl: "q",
        Attributes: { KmsMasterKeyId: "testKeyId", SqsManagedSseEnabled: "true" },
      }),
    ).toMatchObject({
      code: "InvalidAttributeName",
      message:
        "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
    });
  });

  it("changes the limit of messages at once, for single ones and in batches", async () => {
    await test.call("CreateQueue", { QueueName: "q" });
    await test.call("SetQueueAttributes", { QueueUrl: "q", Attributes: { MaximumMessageSize: "1024" } });
    const MessageBody = "x".repeat(1025);
    expect(await test.errorOf("SendMessage", { QueueUrl: "q", MessageBody })).toMatchObject({
      code: "InvalidParameterValueException",
      message: "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
    });
    const Entries = [
      { Id: "1", MessageBody },
      { Id: "2", MessageBody: "a" },
    ];
    expect(await test.call("SendMessageBatch", { QueueUrl: "q", Entries })).toMatchObject({
      Successful: [{ Id: "2", MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661" }],
      Failed: [
        {
          Id: "1",
          Code: "InvalidParameterValue",
          SenderFault: true,
          Message: "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.",
        },
      ],
    });
  });

  it("takes True for true", async () => {
    await test.call("CreateQueue", {
      QueueName: "f.fifo",
      Attributes: { FifoQueue: "True", ContentBasedDeduplication: "True" },
    });
    expect(await attributesOf("f.fifo")).toMatchObject({ FifoQueue: "true", ContentBasedDeduplication: "true" });
    await test.call("SetQueueAttributes", { QueueUrl: "f.fifo", Attributes: { ContentBasedDeduplication: "False" } });
    expect(await attributesOf("f.fifo")).toMatchObject({ FifoQueue: "true", ContentBasedDeduplication: "false" });
  });

  it("does not change a queue's type", async () => {
    await test.call("CreateQueue", { QueueName: "f.fifo", Attributes: { FifoQueue: "true" } });
    expect(
      await test.errorOf("SetQueueAttributes", { QueueUrl: "f.fifo", Attributes: { FifoQueue: "false" } }),
    ).toEqual({
      code: "InvalidAttributeValue",
      queryCode: "InvalidAttributeValue",
      status: 400,
      message: "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.",
    });
  });
});

describe("queue URLs", () => {
  it.each([
    "q",
    "http://sqs.us-east-1.amazonaws.com/123456789012/q",
    "http://localhost:4566/000000000000/q/",
    "https://us-east-1.queue.amazonaws.com/000000000000/q",
    "https://queue.amazonaws.com/000000000000/q",
    "http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/q",
    "http://127.0.0.1:4566/queue/us-east-1/000000000000/q",
    "/000000000000/q",
    arn("q"),
  ])("%s finds the queue", async (QueueUrl) => {
    await test.call("CreateQueue", { QueueName: "q" });
    expect(await test.call("GetQueueAttributes", { QueueUrl, AttributeNames: ["QueueArn"] })).toEqual({
      Attributes: { QueueArn: arn("q") },
    });
  });
});

describe("queue URLs that name no queue", () => {
  it.each([
    ["http://127.0.0.1:4566/000000000000/none", "QueueDoesNotExist", 400, "The specified queue does not exist."],
    ["none", "QueueDoesNotExist", 400, "The specified queue does not exist."],
    [
      "http://127.0.0.1:4566/",
      "InvalidAddress",
      404,
      "The address http://127.0.0.1:4566/ is not valid for this endpoint.",
    ],
    [
      "https://sqs.us-east-1.amazonaws.com/q",
      "InvalidAddress",
      404,
      "The address https://sqs.us-east-1.amazonaws.com/q is not valid for this endpoint.",
    ],
  ])("%s is answered with %s", async (QueueUrl, code, status, message) => {
    await test.call("CreateQueue", { QueueName: "q" });
    expect(await test.errorOf("SendMessage", { QueueUrl, MessageBody: "x" })).toMatchObject({ code, status, message });
  });
});

describe("GetQueueUrl, ListQueues", () => {
  it("knows queues of this account alone", async () => {
    await test.call("CreateQueue", { QueueName: "q" });
    expect(await test.call("GetQueueUrl", { QueueName: "q", QueueOwnerAWSAccountId: "000000000000" })).toEqual(
      url("q"),
    );
    expect(await test.errorOf("GetQueueUrl", { QueueName: "q", QueueOwnerAWSAccountId: "111111111111" })).toMatchObject(
      { code: "QueueDoesNotExist" },
    );
  });

  it("find queues by name, prefix and page", async () => {
    for (const QueueName of ["b-2", "a", "b-1", "b-3"]) await test.call("CreateQueue", { QueueName });
    expect(await test.call("GetQueueUrl", { QueueName: "a" })).toEqual(url("a"));
    expect(await test.errorOf("GetQueueUrl", { QueueName: "none" })).toMatchObject({ code: "QueueDoesNotExist" });
    const urls = (...names: string[]): unknown[] => names.map((name) => Object.values(url(name))[0]);
    expect(await test.call("ListQueues", {})).toEqual({ QueueUrls: urls("a", "b-1", "b-2", "b-3") });
    const page = await test.call<{ NextToken: string }>("ListQueues", { QueueNamePrefix: "b", MaxResults: 2 });
    expect(page).toEqual({ QueueUrls: urls("b-1", "b-2"), NextToken: expect.any(String) });
    const rest = { QueueNamePrefix: "b", MaxResults: 2, NextToken: page.NextToken };
    expect(await test.call("ListQueues", rest)).toEqual({ QueueUrls: urls("b-3") });
    expect(await test.call("ListQueues", { QueueNamePrefix: "x" })).toEqual({});
    expect(await test.errorOf("ListQueues", { NextToken: page.NextToken })).toMatchObject({
      message: "MaxResults is a mandatory parameter when you provide a value for NextToken.",
    });
  });
});

describe("PurgeQueue", () => {
  it("empties the queue, once in 60 seconds", async () => {
    await test.call("CreateQueue", { QueueName: "q" });
    await test.call("SendMessage", { QueueUrl: "q", MessageBody: "x" });
    expect(await test.call("PurgeQueue", { QueueUrl: "q" })).toEqual({});
    expect(await attributesOf("q")).toMatchObject({ ApproximateNumberOfMessages: "0" });
    expect(await test.errorOf("PurgeQueue", { QueueUrl: "q" })).toEqual({
      code: "PurgeQueueInProgress",
      queryCode: "AWS.SimpleQueueService.PurgeQueueInProgress",
      status: 403,
      message: "Only one PurgeQueue operation on q is allowed every 60 seconds.",
    });
    await test.clock.advance(60_000);
    expect(await test.call("PurgeQueue", { QueueUrl: "q" })).toEqual({});
  });

  it("and DeleteQueue are remembered over a restart", async () => {
    await using kept = await createKeptSqs();
    for (const QueueName of ["purged", "deleted"]) await kept.test.call("CreateQueue", { QueueName });
    await kept.test.call("PurgeQueue", { QueueUrl: "purged" });
    await kept.test.call("DeleteQueue", { QueueUrl: "deleted" });
    await kept.restart(30_000);
    expect(await kept.test.errorOf("PurgeQueue", { QueueUrl: "purged" })).toMatchObject({
      code: "PurgeQueueInProgress",
    });
    expect(await kept.test.errorOf("CreateQueue", { QueueName: "deleted" })).toMatchObject({
      code: "QueueDeletedRecently",
    });
    await kept.restart(60_000);
    expect(await kept.test.call("PurgeQueue", { QueueUrl: "purged" })).toEqual({});
    expect(await kept.test.call("CreateQueue", { QueueName: "deleted" })).toEqual(url("deleted"));
  });
});
