import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReceivedMessage } from "../received-message.ts";
import { createTestSqs, type TestSqs } from "../testing/create-test-sqs.ts";

let test: TestSqs;
beforeEach(async () => {
  test = await createTestSqs();
  await test.call("CreateQueue", { QueueName: "q" });
});
afterEach(() => test.stop());

const receive = async (input: object = {}): Promise<ReceivedMessage[]> => {
  const output = await test.call<{ Messages?: ReceivedMessage[] }>("ReceiveMessage", { QueueUrl: "q", ...input });
  if (output.Messages === undefined) expect(output).toEqual({});
  return output.Messages ?? [];
};
const bodies = async (input?: object): Promise<string[]> => (await receive(input)).map(({ Body }) => Body);
const send = (MessageBody: string, more: object = {}): Promise<object> =>
  test.call("SendMessage", { QueueUrl: "q", MessageBody, ...more });

describe("ReceiveMessage", () => {
  it("of an empty queue leaves Messages out", async () => {
    expect(await test.call("ReceiveMessage", { QueueUrl: "q" })).toEqual({});
  });

  it("hides what it took for the visibility timeout, and counts receives", async () => {
    await send("a");
    expect(await bodies({ VisibilityTimeout: 5 })).toEqual(["a"]);
    expect(await bodies()).toEqual([]);
    await test.clock.advance(5_000);
    const [message] = await receive({ AttributeNames: ["All"] });
    const sentAtMs = test.clock.now() - 5_000;
    expect(message?.Attributes).toEqual({
      ApproximateFirstReceiveTimestamp: String(sentAtMs),
      ApproximateReceiveCount: "2",
      SenderId: "000000000000",
      SentTimestamp: String(sentAtMs),
    });
  });

  it.each([
    [
      { MaxNumberOfMessages: 11 },
      "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    ],
    [
      { WaitTimeSeconds: 21 },
      "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
    ],
    [
      { WaitTimeSeconds: -1 },
      "Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
    ],
  ])("rejects %j", async (input, message) => {
    expect(await test.errorOf("ReceiveMessage", { QueueUrl: "q", ...input })).toEqual({
      code: "InvalidParameterValueException",
      queryCode: "InvalidParameterValue",
      status: 400,
      message,
    });
  });

  it("gives the message attributes that were asked for, by name, by prefix or all, with the MD5 of those", async () => {
    const value = (StringValue: string): object => ({ DataType: "String", StringValue });
    await send("msg", {
      MessageAttributes: { "Help.Me": value("Me"), Hello: value("There"), General: value("Kenobi") },
    });
    const md5 = async (MessageAttributeNames: string[]): Promise<string | undefined> =>
      (await receive({ MessageAttributeNames, VisibilityTimeout: 0 }))[0]?.MD5OfMessageAttributes;
    expect(await md5([])).toBeUndefined();
    expect(await md5(["All"])).toBe("4c360f3fdafd970e05fae2f149d997f5");
    expect(await md5(["*"])).toBe("4c360f3fdafd970e05fae2f149d997f5");
    expect(await md5([".*"])).toBe("4c360f3fdafd970e05fae2f149d997f5");
    expect(await md5(["Hello", "General"])).toBe("fca026605781cb4126a1e9044df24232");
    for (const none of [["Foo", "Help"], ["AWS."], ["..foo"]]) expect(await md5(none)).toBeUndefined();
    expect(await md5(["Hello", "No"])).toBe("a311262e065454b75da111d535b8dacd");
    expect(await md5(["Hel.*"])).toBe("83fee93c1bcd8b9a5a923ffacdc636c7");
  });

  it("gives the system attributes that were asked for under either name; the query protocol goes by the older one", async () => {
    await send("msg", { MessageGroupId: "test" });
    const names = async (input: object, headers: Record<string, string> = {}): Promise<string[]> => {
      const { Messages } = await test.call<{ Messages: ReceivedMessage[] }>(
        "ReceiveMessage",
        { QueueUrl: "q", VisibilityTimeout: 0, ...input },
        { headers },
      );
      return Object.keys(Messages[0]?.Attributes ?? {}).toSorted();
    };
    const all = [
      "ApproximateFirstReceiveTimestamp",
      "ApproximateReceiveCount",
      "MessageGroupId",
      "SenderId",
      "SentTimestamp",
    ];
    const query = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    expect(await names({ AttributeNames: ["All"] })).toEqual(all);
    expect(await names({ MessageSystemAttributeNames: ["SenderId", "SequenceNumber"] })).toEqual(["SenderId"]);
    expect(await names({ AttributeNames: ["SenderId"], MessageSystemAttributeNames: ["All"] })).toEqual(all);
    expect(await names({ AttributeNames: ["SenderId"], MessageSystemAttributeNames: ["All"] }, query)).toEqual([
      "SenderId",
    ]);
    expect(await names({ MessageSystemAttributeNames: ["All"] }, query)).toEqual(all);
  });

  it("of a standard queue rejects a ReceiveRequestAttemptId", async () => {
    expect(await test.errorOf("ReceiveMessage", { QueueUrl: "q", ReceiveRequestAttemptId: "a" })).toMatchObject({
      message:
        "Value a for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is not valid for this queue type.",
    });
  });

  it(
    "rejects with OverLimit while 120,000 messages are in flight; a long poll waits",
    { timeout: 30_000 },
    async () => {
      const message = {
        messageId: "m",
        body: "x",
        bodyMd5: "",
        sentAtMs: test.clock.now(),
        visibleAtMs: test.clock.now(),
      };
      const nowMs = test.clock.now();
      await test.store.send(
        "q",
        Array.from({ length: 120_001 }, () => message),
        { ordered: false, nowMs },
      );
      for (let taken = 0; taken < 120_000; taken += 10_000) {
        await test.store.receive("q", {
          ordered: false,
          nowMs,
          max: 10_000,
          visibleAtMs: nowMs + 5_000,
          expiredUpToMs: 0,
          inFlightMax: 120_000,
        });
      }
      expect(await test.errorOf("ReceiveMessage", { QueueUrl: "q" })).toEqual({
        code: "OverLimit",
        queryCode: "OverLimit",
        status: 403,
        message: "Too many messages are in flight: the queue's limit is 120000.",
      });
      const waiting = receive({ WaitTimeSeconds: 20 });
      await test.clock.advance(4_999);
      expect(await test.errorOf("ReceiveMessage", { QueueUrl: "q" })).toMatchObject({ code: "OverLimit" });
      await test.clock.advance(1);
      expect(await waiting).toHaveLength(1);
    },
  );

  it("waits for a message on the clock, and answers when one is sent", async () => {
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await test.clock.advance(7_000);
    await send("late");
    expect(await waiting).toEqual(["late"]);
    expect(test.clock.nextDueMs()).toBeUndefined();
  });

  it("waits for a delayed message and for one that becomes visible again", async () => {
    const startMs = test.clock.now();
    await send("delayed", { DelaySeconds: 3 });
    const waiting = bodies({ WaitTimeSeconds: 20, VisibilityTimeout: 10 });
    await test.clock.advanceTo(startMs + 3_000);
    expect(await waiting).toEqual(["delayed"]);
    const again = bodies({ WaitTimeSeconds: 20 });
    await test.clock.advanceTo(startMs + 13_000);
    expect(await again).toEqual(["delayed"]);
  });

  it("answers empty when the wait is over, when the caller goes away, and when the source stops", async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await test.clock.advance(20_000);
    expect(await waiting).toEqual([]);
    const abort = new AbortController();
    const aborted = test.call("ReceiveMessage", { QueueUrl: "q", WaitTimeSeconds: 20 }, { signal: abort.signal });
    await test.clock.settle();
    abort.abort();
    expect(await aborted).toEqual({});
    await send("kept");
    expect(await bodies()).toEqual(["kept"]);
    const stopped = receive({ WaitTimeSeconds: 20 });
    await test.clock.settle();
    await test.sqs.source.stop();
    expect(await stopped).toEqual([]);
  });

  it("gives each message to one of several who wait", async () => {
    const waiting = [1, 2, 3].map(() => bodies({ WaitTimeSeconds: 20 }));
    await test.clock.settle();
    await Promise.all([send("a"), send("b"), send("c")]);
    expect((await Promise.all(waiting)).flat().toSorted()).toEqual(["a", "b", "c"]);
  });

  it("drops what is past its retention", async () => {
    await test.call("SetQueueAttributes", { QueueUrl: "q", Attributes: { MessageRetentionPeriod: "60" } });
    await send("old");
    await test.clock.advance(59_999);
    expect(await bodies({ VisibilityTimeout: 0 })).toEqual(["old"]);
    await test.clock.advance(1);
    expect(await bodies()).toEqual([]);
  });

  describe("with a RedrivePolicy", () => {
    const attributes = {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:dlq",
        maxReceiveCount: "2",
      }),
      VisibilityTimeout: "1",
    };
    it("moves a message on the receive after the count reached the maximum, with its id, count and attributes", async () => {
      await test.call("CreateQueue", { QueueName: "dlq" });
      await test.call("SetQueueAttributes", { QueueUrl: "q", Attributes: attributes });
      const sentAtMs = test.clock.now();
      await send("poison", { MessageAttributes: { k: { DataType: "String", StringValue: "v" } } });
      const [first] = await receive();
      await test.clock.advance(1_000);
      expect(await bodies()).toEqual(["poison"]);
      await test.clock.advance(1_000);
      const waiting = receive({
        QueueUrl: "dlq",
        WaitTimeSeconds: 20,
        AttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      });
      expect(await bodies()).toEqual([]);
      expect(await waiting).toEqual([
        {
          MessageId: first?.MessageId,
          ReceiptHandle: expect.any(String),
          Body: "poison",
          MD5OfBody: first?.MD5OfBody,
          Attributes: {
            ApproximateFirstReceiveTimestamp: String(sentAtMs),
            ApproximateReceiveCount: "3",
            DeadLetterQueueSourceArn: "arn:aws:sqs:us-east-1:000000000000:q",
            SenderId: "000000000000",
            SentTimestamp: String(sentAtMs),
          },
          MD5OfMessageAttributes: expect.any(String),
          MessageAttributes: { k: { DataType: "String", StringValue: "v" } },
        },
      ]);
      expect(test.deliveries.map(({ state, attempts, reason }) => ({ state, attempts, reason }))).toEqual([
        { state: "accepted", attempts: 0, reason: undefined },
        {
          state: "dead-lettered",
          attempts: 2,
          reason: "received 2 times; moved to arn:aws:sqs:us-east-1:000000000000:dlq",
        },
      ]);
    });
  });
});

describe("ReceiveMessage of a FIFO queue", () => {
  const fifo = { QueueUrl: "f.fifo", MaxNumberOfMessages: 10 };
  beforeEach(async () => {
    await test.call("CreateQueue", {
      QueueName: "f.fifo",
      Attributes: { FifoQueue: "true", ContentBasedDeduplication: "true" },
    });
  });
  const sendTo = (MessageGroupId: string, MessageBody: string): Promise<object> =>
    send(MessageBody, { QueueUrl: "f.fifo", MessageGroupId });

  it("gives as many as possible of one group, then the others, each in order", async () => {
    for (const [group, body] of [
      ["a", "a1"],
      ["b", "b1"],
      ["a", "a2"],
      ["b", "b2"],
    ] as const)
      await sendTo(group, body);
    expect(await bodies({ ...fifo, MaxNumberOfMessages: 3 })).toEqual(["a1", "a2", "b1"]);
  });

  it("gives no more of a group while its first message is in flight, and the next once that is deleted", async () => {
    await sendTo("a", "a1");
    await sendTo("a", "a2");
    await sendTo("b", "b1");
    const [first] = await receive({ QueueUrl: "f.fifo", MaxNumberOfMessages: 1 });
    expect(await bodies(fifo)).toEqual(["b1"]);
    const waiting = bodies({ ...fifo, WaitTimeSeconds: 20 });
    await test.clock.settle();
    await test.call("DeleteMessage", { QueueUrl: "f.fifo", ReceiptHandle: first?.ReceiptHandle });
    expect(await waiting).toEqual(["a2"]);
  });

  it.each([
    [0, []],
    [1, ["foo"]],
    [2, ["foo", "bar"]],
  ])("stops before message %i, whose visibility was extended", async (position, visible) => {
    for (const body of ["foo", "bar", "baz"]) await sendTo("g", body);
    const all = await receive({ ...fifo, VisibilityTimeout: 2 });
    await test.call("ChangeMessageVisibility", {
      QueueUrl: "f.fifo",
      ReceiptHandle: all[position]?.ReceiptHandle,
      VisibilityTimeout: 60,
    });
    await test.clock.advance(2_000);
    expect(await bodies(fifo)).toEqual(visible);
  });

  it("repeated with its ReceiveRequestAttemptId gets the same messages under the same handles, for five minutes", async () => {
    for (const body of ["a1", "a2"]) await sendTo("a", body);
    await sendTo("b", "b1");
    const attempt = (ReceiveRequestAttemptId: string): Promise<ReceivedMessage[]> =>
      receive({ ...fifo, MaxNumberOfMessages: 2, VisibilityTimeout: 200, ReceiveRequestAttemptId });
    const first = await attempt("one");
    expect(first.map(({ Body }) => Body)).toEqual(["a1", "a2"]);
    await test.clock.advance(199_000);
    expect(await attempt("one")).toEqual(first);
    expect((await attempt("two")).map(({ Body }) => Body)).toEqual(["b1"]);
    await test.clock.advance(101_000);
    expect(await attempt("one")).toEqual([]); // five minutes after the first, and all is in flight
    for (const { ReceiptHandle } of first) await test.call("DeleteMessage", { QueueUrl: "f.fifo", ReceiptHandle });
    expect(await test.errorOf("ReceiveMessage", { ...fifo, ReceiveRequestAttemptId: "a b" })).toMatchObject({
      message:
        "Value a b for parameter ReceiveRequestAttemptId is invalid. Reason: ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
    });
  });

  it("goes on with the next of a group when the first was moved to the dead-letter queue, which keeps their order", async () => {
    await test.call("CreateQueue", { QueueName: "dlq.fifo", Attributes: { FifoQueue: "true" } });
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:dlq.fifo",
      maxReceiveCount: 1,
    });
    await test.call("SetQueueAttributes", { QueueUrl: "f.fifo", Attributes: { RedrivePolicy } });
    for (const body of ["a1", "a2", "a3"]) await sendTo("a", body);
    expect(await bodies({ ...fifo, MaxNumberOfMessages: 2, VisibilityTimeout: 0 })).toEqual(["a1", "a2"]);
    expect(await bodies(fifo)).toEqual(["a3"]);
    const dead = await receive({ ...fifo, QueueUrl: "dlq.fifo", AttributeNames: ["All"] });
    expect(
      dead.map(({ Body, MessageId, Attributes }) => [Body, Attributes?.["MessageDeduplicationId"] === MessageId]),
    ).toEqual([
      ["a1", true],
      ["a2", true],
    ]);
  });

  it("gives group, deduplication id and sequence number among the attributes", async () => {
    await send("x", { QueueUrl: "f.fifo", MessageGroupId: "g", MessageDeduplicationId: "d" });
    const [message] = await receive({ ...fifo, MessageSystemAttributeNames: ["All"] });
    expect(message?.Attributes).toEqual({
      ApproximateFirstReceiveTimestamp: String(test.clock.now()),
      ApproximateReceiveCount: "1",
      MessageDeduplicationId: "d",
      MessageGroupId: "g",
      SenderId: "000000000000",
      SentTimestamp: String(test.clock.now()),
      SequenceNumber: "18800000000000000001",
    });
  });
});
