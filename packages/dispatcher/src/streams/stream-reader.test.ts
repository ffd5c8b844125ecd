import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServiceError } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { afterEach, describe, expect, it } from "vitest";
import { createTestDispatcher, FunctionFailure, type TestDispatcher } from "../testing/create-test-dispatcher.ts";

const start = Date.UTC(2026, 0, 1);
const streamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
const queueArn = "arn:aws:sqs:us-east-1:000000000000:failures";
const first = "shardId-000000000000";
const open: TestDispatcher[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A dispatcher, a stream `s` of one shard, and a function `orders` that succeeds. */
async function setUp(options: Parameters<typeof createTestDispatcher>[0] = {}): Promise<TestDispatcher> {
  const test = await createTestDispatcher(options);
  open.push(test);
  test.handlers.set("orders", () => null);
  test.streams.create("s");
  return test;
}
const map = (test: TestDispatcher, more: object = {}): Promise<{ UUID: string; State: string }> =>
  test.call("CreateEventSourceMapping", {
    EventSourceArn: streamArn,
    FunctionName: "orders",
    StartingPosition: "TRIM_HORIZON",
    ...more,
  });
interface Event {
  Records: { kinesis: { data: unknown; sequenceNumber: string; partitionKey: string } }[];
  window?: { start: string; end: string };
  state?: unknown;
  isFinalInvokeForWindow?: boolean;
  isWindowTerminatedEarly?: boolean;
}
const dataOf = (event: unknown): unknown[] => (event as Event).Records.map(({ kinesis }) => kinesis.data);
const batches = (test: TestDispatcher): unknown[][] => test.invocations.map(({ event }) => dataOf(event));
const secondsOf = (test: TestDispatcher): number[] => test.invocations.map(({ atMs }) => (atMs - start) / 1_000);
const put = (test: TestDispatcher, ...all: unknown[]): string[] => all.map((data) => test.streams.put("s", data));
const fail = (message = "no"): never => {
  throw new FunctionFailure(message);
};
/** Fails where a batch has one of these. */
const failOn =
  (...poison: unknown[]) =>
  (event: unknown): null => {
    if (dataOf(event).some((data) => poison.includes(data))) fail("poison");
    return null;
  };
/** Reports what is one of these. */
const report =
  (...poison: unknown[]) =>
  (event: unknown): object => ({
    batchItemFailures: (event as Event).Records.filter(({ kinesis }) => poison.includes(kinesis.data)).map(
      ({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber }),
    ),
  });
const bodiesOf = (test: TestDispatcher): Record<string, unknown>[] =>
  test.sent.map(({ body }) => JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>);

describe("a mapping of a stream", () => {
  it("invokes the function with what is there and what comes, in order", async () => {
    const test = await setUp();
    test.facts.set("orders", { roleArn: "arn:aws:iam::000000000000:role/orders" });
    const [sequenceNumber] = put(test, "a");
    const created = await map(test);
    await test.clock.settle();
    put(test, "b", "c");
    await test.clock.settle();
    expect(batches(test)).toEqual([["a"], ["b", "c"]]);
    expect(test.invocations[0]?.event).toEqual({
      Records: [
        {
          kinesis: { partitionKey: "k", sequenceNumber, data: "a" },
          eventID: `${first}:${sequenceNumber}`,
          invokeIdentityArn: "arn:aws:iam::000000000000:role/orders",
          eventSourceARN: streamArn,
        },
      ],
    });
    expect(created).toEqual({
      UUID: expect.any(String) as string,
      EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${created.UUID}`,
      BatchSize: 100,
      BisectBatchOnFunctionError: false,
      DestinationConfig: { OnFailure: {} },
      EventSourceArn: streamArn,
      FunctionArn: functionArn,
      FunctionResponseTypes: [],
      LastModified: new Date(start),
      LastProcessingResult: "No records processed",
      MaximumBatchingWindowInSeconds: 0,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
      StartingPosition: "TRIM_HORIZON",
      State: "Creating",
      StateTransitionReason: "User action",
      TumblingWindowInSeconds: 0,
    });
    expect(test.records[0]).toEqual({
      id: `${first}:${sequenceNumber}:orders`,
      source: "kinesis",
      sourceArn: streamArn,
      targetArn: functionArn,
      state: "delivered",
      attempts: 1,
      acceptedAtMs: start,
      updatedAtMs: start,
    });
  });

  it("is woken by what is appended, and reads nothing in between", async () => {
    const test = await setUp();
    await map(test);
    await test.clock.advance(86_400_000);
    expect(test.streams.reads).toBe(1);
    put(test, "late");
    await test.clock.advance(86_400_000);
    expect([secondsOf(test), test.streams.reads]).toEqual([[86_400], 4]);
  });

  it.each([
    ["TRIM_HORIZON", {}, ["old", "newer", "next"]],
    ["LATEST", {}, ["next"]],
    ["AT_TIMESTAMP", { StartingPositionTimestamp: new Date(start + 60_000) }, ["newer", "next"]],
  ])("begins at %s, for good: a restart does not begin anew", async (StartingPosition, more, expected) => {
    const test = await setUp();
    put(test, "old");
    await test.clock.advance(60_000);
    put(test, "newer");
    await test.clock.advance(1_000);
    await map(test, { StartingPosition, BatchSize: 1, ...more });
    await test.dispatcher.stop();
    put(test, "next");
    await test.dispatcher.start();
    await test.clock.settle();
    expect(batches(test).flat()).toEqual(expected);
  });

  it.each([
    [1, [["a"], ["b"], ["c"]]],
    [2, [["a", "b"], ["c"]]],
  ])("fills batches of %i, one after the other", async (BatchSize, expected) => {
    const test = await setUp();
    put(test, "a", "b", "c");
    await map(test, { BatchSize });
    await test.clock.settle();
    expect(batches(test)).toEqual(expected);
  });

  it("gathers for as long as its window, which begins with the first record and again after each invoke", async () => {
    const test = await setUp();
    await map(test, { MaximumBatchingWindowInSeconds: 20, BatchSize: 3 });
    await test.clock.advance(5_000);
    put(test, "a");
    await test.clock.advance(19_000);
    put(test, "b");
    await test.clock.advance(1_000);
    put(test, "c", "d", "e", "f");
    await test.clock.advance(19_999);
    expect(batches(test)).toEqual([
      ["a", "b"],
      ["c", "d", "e"],
    ]);
    await test.clock.advance(1);
    expect([batches(test)[2], secondsOf(test)]).toEqual([["f"], [25, 25, 45]]);
  });

  it("closes a batch before its event is larger than 6 MB", async () => {
    const test = await setUp();
    put(test, "x".repeat(4_000_000), "y".repeat(3_000_000), "z");
    await map(test);
    await test.clock.settle();
    expect(test.invocations.map(({ event }) => dataOf(event).map((data) => String(data)[0]))).toEqual([
      ["x"],
      ["y", "z"],
    ]);
  });

  it("drops what no filter matches, and moves past it", async () => {
    const test = await setUp();
    put(test, { kind: "a" }, { kind: "b" }, { kind: "a" });
    await map(test, { FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":["a"]}}' }] } });
    await test.clock.settle();
    expect(batches(test)).toEqual([[{ kind: "a" }, { kind: "a" }]]);
    expect(test.records.map(({ state }) => state)).toEqual(["filtered", "delivered", "delivered"]);
  });
});

describe("a batch of a stream that fails", () => {
  it("blocks its shard, is tried with back-off (eight times in a minute), and the rest follows it", async () => {
    const test = await setUp();
    let failures = 0;
    test.handlers.set("orders", () => (failures++ < 8 ? fail() : null));
    put(test, "a");
    const { UUID } = await map(test);
    await test.clock.settle();
    put(test, "b");
    await test.clock.advance(59_999);
    const { LastProcessingResult } = await test.call("GetEventSourceMapping", { UUID });
    expect([secondsOf(test), LastProcessingResult]).toEqual([
      [0, 1, 3, 7, 15, 30, 45],
      "PROBLEM: Function call failed",
    ]);
    await test.clock.advance(60_000);
    expect([
      batches(test).slice(-2),
      (await test.call("GetEventSourceMapping", { UUID }))["LastProcessingResult"],
    ]).toEqual([[["a"], ["b"]], "OK"]);
    expect(test.invocations.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 1]);
  });

  it("is given up after MaximumRetryAttempts, and its destination is told as AWS tells it", async () => {
    const test = await setUp();
    test.handlers.set("orders", failOn("bad"));
    const [from, , to] = put(test, "bad", "x", "y");
    await map(test, {
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
      BatchSize: 3,
    });
    await test.clock.settle();
    put(test, "good");
    await test.clock.advance(10_000);
    expect(batches(test)).toEqual([["bad", "x", "y"], ["bad", "x", "y"], ["good"]]);
    expect(bodiesOf(test)).toEqual([
      {
        requestContext: {
          requestId: expect.any(String) as string,
          functionArn,
          condition: "RetryAttemptsExhausted",
          approximateInvokeCount: 2,
        },
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
        version: "1.0",
        timestamp: "2026-01-01T00:00:01.000Z",
        KinesisBatchInfo: {
          shardId: first,
          startSequenceNumber: from,
          endSequenceNumber: to,
          approximateArrivalOfFirstRecord: "2026-01-01T00:00:00.000Z",
          approximateArrivalOfLastRecord: "2026-01-01T00:00:00.000Z",
          batchSize: 3,
          streamArn,
        },
      },
    ]);
    expect(test.sent[0]?.targetArn).toBe(queueArn);
    expect(test.records.filter(({ state }) => state === "dead-lettered")).toHaveLength(3);
  });

  it("is told to a bucket with the event itself, under a key that names mapping, shard and time", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => fail());
    put(test, "bad");
    const Destination = "arn:aws:s3:::failures";
    const { UUID } = await map(test, { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } });
    await test.clock.settle();
    const [body] = bodiesOf(test);
    expect(JSON.parse(String(body?.["payload"]))).toEqual(test.invocations[0]?.event);
    expect(test.sent[0]?.objectKey).toMatch(
      new RegExp(`^aws/lambda/${UUID}/${first}/2026/01/01/2026-01-01T00\\.00\\.00-[0-9a-f-]{36}$`),
    );
  });

  it("tells DynamoDB's batches under their own name, with whole seconds", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => fail());
    const arn = test.streams.create("t", { service: "dynamodb" });
    await test.clock.advance(1_500);
    test.streams.put("t", "bad");
    await map(test, {
      EventSourceArn: arn,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    });
    await test.clock.settle();
    expect(bodiesOf(test)[0]).toMatchObject({
      timestamp: "2026-01-01T00:00:01.500Z",
      DDBStreamBatchInfo: { approximateArrivalOfFirstRecord: "2026-01-01T00:00:01Z", batchSize: 1, streamArn: arn },
    });
  });

  it("gives up records that are older than MaximumRecordAge, between tries and before the first", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => fail());
    put(test, "a");
    await test.clock.advance(30_000);
    put(test, "b");
    await map(test, { MaximumRecordAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: queueArn } } });
    await test.clock.advance(31_000);
    test.handlers.set("orders", () => null);
    await test.clock.advance(120_000);
    expect(batches(test).at(-1)).toEqual(["b"]);
    const [told, ...more] = bodiesOf(test);
    expect([told?.["requestContext"], told?.["responseContext"], more]).toEqual([
      {
        requestId: expect.any(String) as string,
        functionArn,
        condition: "RecordAgeExceeded",
        approximateInvokeCount: 6,
      },
      undefined,
      [],
    ]);
  });

  it("counts records that were too old before the first try as tried once", async () => {
    const test = await setUp();
    put(test, "a");
    await test.clock.advance(61_000);
    await map(test, { MaximumRecordAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: queueArn } } });
    await test.clock.settle();
    expect([test.invocations, bodiesOf(test)[0]?.["requestContext"]]).toEqual([
      [],
      {
        requestId: expect.any(String) as string,
        functionArn,
        condition: "RecordAgeExceeded",
        approximateInvokeCount: 1,
      },
    ]);
  });

  it("is given up when the stream keeps its records no longer, whatever the mapping says", async () => {
    const test = await setUp();
    test.handlers.set("orders", failOn("bad"));
    put(test, "bad");
    await map(test);
    await test.clock.advance(86_400_000 + 15_000);
    put(test, "good");
    await test.clock.settle();
    expect(batches(test).at(-1)).toEqual(["good"]);
    expect(test.records.filter(({ state }) => state === "failed").map(({ reason }) => reason)).toEqual([
      "the records are too old",
    ]);
  });

  it("falls into halves under BisectBatchOnFunctionError, until the poison is alone and given up", async () => {
    const test = await setUp();
    test.handlers.set("orders", failOn(5));
    put(test, 1, 2, 3, 4, 5, 6, 7, 8);
    await map(test, {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    });
    await test.clock.advance(60_000);
    expect(batches(test)).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [5, 6],
      [5],
      [5],
      [6],
      [7, 8],
    ]);
    expect(bodiesOf(test)).toMatchObject([{ KinesisBatchInfo: { batchSize: 1 } }]);
  });

  it("is tried again from the lowest record that it reports, and what comes before is done", async () => {
    const test = await setUp();
    const bad = new Set<unknown>([3, 5]);
    test.handlers.set("orders", (event) => report(...bad)(event));
    put(test, 1, 2, 3, 4, 5);
    await map(test, { FunctionResponseTypes: ["ReportBatchItemFailures"], MaximumRetryAttempts: 5 });
    await test.clock.settle();
    bad.delete(3);
    await test.clock.advance(1_000);
    bad.clear();
    await test.clock.advance(60_000);
    expect(batches(test)).toEqual([[1, 2, 3, 4, 5], [3, 4, 5], [5]]);
    expect(test.invocations.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it("counts partial failures as attempts; bisecting splits at the report without counting", async () => {
    const counting = await setUp();
    counting.handlers.set("orders", report(2));
    put(counting, 1, 2, 3);
    const settings = { FunctionResponseTypes: ["ReportBatchItemFailures"], MaximumRetryAttempts: 1 };
    await map(counting, { ...settings, DestinationConfig: { OnFailure: { Destination: queueArn } } });
    await counting.clock.advance(60_000);
    expect(batches(counting)).toEqual([
      [1, 2, 3],
      [2, 3],
    ]);
    expect(bodiesOf(counting)).toMatchObject([
      {
        requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 },
        responseContext: { statusCode: 200, functionError: null },
        KinesisBatchInfo: { batchSize: 2 },
      },
    ]);
    const bisecting = await setUp();
    bisecting.handlers.set("orders", report(2));
    put(bisecting, 1, 2, 3);
    await map(bisecting, { ...settings, BisectBatchOnFunctionError: true });
    await bisecting.clock.advance(60_000);
    expect(batches(bisecting)).toEqual([[1, 2, 3], [2, 3], [2], [2], [3]]);
  });

  it.each([
    [{ batchItemFailures: [{ itemIdentifier: "" }] }],
    [{ batchItemFailures: [{ itemIdentifier: null }] }],
    [{ batchItemFailures: [{ itemIdentifier: 123 }] }],
    [{ batchItemFailures: [{ foo: 123 }] }],
    [{ batchItemFailures: [{ itemIdentifier: "999" }] }],
    [{ batchItemFailure: [] }],
  ])("counts as failed whole where the function answers %j", async (answer) => {
    const test = await setUp();
    test.handlers.set("orders", () => answer);
    put(test, "a", "b");
    await map(test, { FunctionResponseTypes: ["ReportBatchItemFailures"], MaximumRetryAttempts: 2 });
    await test.clock.advance(60_000);
    expect(batches(test)).toEqual([
      ["a", "b"],
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it.each([[{ batchItemFailures: [] }], [{ batchItemFailures: null }], [{}], [null], [""], [[]]])(
    "counts as done where the function answers %j",
    async (answer) => {
      const test = await setUp();
      test.handlers.set("orders", () => answer);
      put(test, "a");
      await map(test, { FunctionResponseTypes: ["ReportBatchItemFailures"] });
      await test.clock.advance(60_000);
      expect(batches(test)).toEqual([["a"]]);
    },
  );

  it("uses up no attempt while it is throttled or the system fails", async () => {
    const test = await setUp();
    let turn = 0;
    test.handlers.set("orders", () => {
      turn++;
      if (turn <= 3) throw new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
      if (turn === 4) throw new ServiceError("ServiceException", "no", { status: 500 });
      return fail();
    });
    put(test, "a");
    await map(test, { MaximumRetryAttempts: 1 });
    await test.clock.advance(120_000);
    expect(secondsOf(test)).toEqual([0, 1, 3, 7, 15, 16]);
  });

  it("waits for a function that is not there, and goes on when it is", async () => {
    const test = await setUp();
    await map(test);
    test.removeFunction("orders");
    put(test, "a");
    await test.clock.advance(3_600_000);
    expect(test.invocations).toEqual([]);
    test.addFunction("orders", () => null);
    await test.clock.settle();
    expect(batches(test)).toEqual([["a"]]);
  });

  it("keeps its attempts over a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tripline-streams-"));
    folders.push(folder);
    const test = await setUp({ dataDir: folder });
    test.handlers.set("orders", failOn("bad"));
    put(test, "bad", "x");
    await map(test, { MaximumRetryAttempts: 2, BatchSize: 2 });
    await test.clock.advance(1_000);
    await test.dispatcher.stop();
    await test.dispatcher.start();
    await test.clock.advance(60_000);
    put(test, "good");
    await test.clock.settle();
    expect(batches(test)).toEqual([["bad", "x"], ["bad", "x"], ["bad", "x"], ["good"]]);
  });
});

describe("shards", () => {
  it("are independent of each other: a blocked one blocks no other", async () => {
    const test = await setUp();
    test.streams.create("s", { shards: 2 });
    const [a, b] = test.streams.openShards("s");
    test.handlers.set("orders", failOn("bad"));
    await map(test, { BatchSize: 1 });
    test.streams.put("s", "bad", { shard: a ?? "" });
    test.streams.put("s", "one", { shard: b ?? "" });
    test.streams.put("s", "two", { shard: b ?? "" });
    await test.clock.settle();
    expect(batches(test)).toEqual(expect.arrayContaining([["bad"], ["one"], ["two"]]));
  });

  it("are read after their parents are done, whatever was appended when", async () => {
    const test = await setUp();
    let isBroken = true;
    test.handlers.set("orders", (event) => (isBroken && dataOf(event).includes("parent") ? fail() : null));
    await map(test, { BatchSize: 1 });
    put(test, "parent");
    const [left, right] = test.streams.split("s", test.streams.openShards("s")[0] ?? "");
    test.streams.put("s", "left", { shard: left });
    test.streams.put("s", "right", { shard: right });
    const child = test.streams.merge("s", left, right);
    test.streams.put("s", "child", { shard: child });
    await test.clock.advance(10_000);
    expect(new Set(batches(test).flat())).toEqual(new Set(["parent"]));
    isBroken = false;
    await test.clock.advance(60_000);
    expect(
      batches(test)
        .flat()
        .filter((data) => data !== "parent")
        .map(String)
        .sort(),
    ).toEqual(["child", "left", "right"]);
    expect(batches(test).at(-1)).toEqual(["child"]);
  });

  it("that open later are read from their oldest record, also where the mapping began at LATEST or was stopped", async () => {
    const test = await setUp();
    put(test, "old");
    const { UUID } = await map(test, { StartingPosition: "LATEST" });
    await test.call("UpdateEventSourceMapping", { UUID, Enabled: false });
    await test.clock.settle();
    const [left] = test.streams.split("s", test.streams.openShards("s")[0] ?? "");
    test.streams.put("s", "new", { shard: left });
    await test.call("UpdateEventSourceMapping", { UUID, Enabled: true });
    await test.clock.settle();
    expect(batches(test)).toEqual([["new"]]);
  });

  it("of a stream that is gone and comes again are read again", async () => {
    const test = await setUp();
    await map(test);
    await test.clock.settle();
    test.streams.remove("s");
    await test.clock.advance(60_000);
    test.streams.create("s");
    put(test, "again");
    await test.clock.advance(60_000);
    expect(batches(test)).toEqual([["again"]]);
  });

  it("that cannot be read for another reason are tried again a second later, with a notice", async () => {
    const test = await setUp();
    await map(test);
    await test.clock.settle();
    test.streams.trouble = new Error("disk");
    put(test, "a");
    await test.clock.settle();
    expect(test.notices.map(({ message }) => message)).toEqual([`records of ${streamArn}: disk`]);
    test.streams.trouble = undefined;
    await test.clock.advance(1_000);
    expect(batches(test)).toEqual([["a"]]);
  });
});

describe("ParallelizationFactor", () => {
  const keys = Array.from({ length: 20 }, (_, n) => `key-${n}`);

  it("has that many batches of a shard in hand, and keeps the order of each key", async () => {
    const test = await setUp();
    const seen = new Map<string, unknown[]>();
    const waiting: (() => void)[] = [];
    let most = 0;
    test.handlers.set("orders", async (event) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
      for (const { kinesis } of (event as Event).Records) {
        seen.set(kinesis.partitionKey, [...(seen.get(kinesis.partitionKey) ?? []), kinesis.data]);
      }
      return null;
    });
    for (let turn = 0; turn < 5; turn++) for (const key of keys) test.streams.put("s", turn, { key });
    await map(test, { ParallelizationFactor: 4, BatchSize: 3 });
    while ([...seen.values()].flat().length < 100) {
      for (let n = 0; n < 10; n++) await realTime.turn();
      most = Math.max(most, waiting.length);
      for (const answer of waiting.splice(0)) answer();
    }
    expect(most).toBe(4);
    expect(keys.map((key) => seen.get(key))).toEqual(keys.map(() => [0, 1, 2, 3, 4]));
  });

  it("can be changed: nothing is lost, and what was done is not done again", async () => {
    const test = await setUp();
    test.handlers.set("orders", failOn("bad"));
    const blocked = "key-0";
    test.streams.put("s", "bad", { key: blocked });
    for (const key of keys) test.streams.put("s", key, { key });
    const { UUID } = await map(test, { ParallelizationFactor: 10, BatchSize: 1 });
    await test.clock.settle();
    const before = batches(test).flat();
    test.handlers.set("orders", () => null);
    await test.call("UpdateEventSourceMapping", { UUID, ParallelizationFactor: 2 });
    await test.clock.advance(60_000);
    const after = batches(test).slice(before.length).flat();
    expect(before).toContain("bad");
    const good = [...before, ...after].filter((data) => data !== "bad");
    expect([good.length, new Set(good)]).toEqual([keys.length, new Set(keys)]);
    expect(after.filter((data) => data === "bad")).toEqual(["bad"]);
  });
});

describe("tumbling windows", () => {
  const windowed = { TumblingWindowInSeconds: 60 };
  const sum = (event: unknown): object => {
    const { state } = event as { state: { sum?: number } };
    return { state: { sum: dataOf(event).reduce<number>((total, n) => total + Number(n), state.sum ?? 0) } };
  };
  const shape = ({ event }: { event: unknown }): unknown => {
    const { window, state, isFinalInvokeForWindow, isWindowTerminatedEarly } = event as Event;
    return [dataOf(event), window?.start.slice(14, 19), state, isFinalInvokeForWindow, isWindowTerminatedEarly];
  };

  it("carry state from invoke to invoke, and end with a final one", async () => {
    const test = await setUp();
    test.handlers.set("orders", sum);
    await map(test, windowed);
    put(test, 1);
    await test.clock.advance(10_000);
    put(test, 2, 3);
    await test.clock.advance(60_000);
    put(test, 4);
    await test.clock.advance(60_000);
    expect(test.invocations.map(shape)).toEqual([
      [[1], "00:00", {}, false, false],
      [[2, 3], "00:00", { sum: 1 }, false, false],
      [[], "00:00", { sum: 6 }, true, false],
      [[4], "01:00", {}, false, false],
      [[], "01:00", { sum: 4 }, true, false],
    ]);
    expect(secondsOf(test)).toEqual([0, 10, 60, 70, 120]);
    expect(test.invocations[0]?.event).toMatchObject({
      window: { start: "2026-01-01T00:00:00Z", end: "2026-01-01T00:01:00Z" },
      shardId: first,
      eventSourceARN: streamArn,
    });
  });

  it("part records that were appended before the mapping began by their arrival", async () => {
    const test = await setUp();
    test.handlers.set("orders", sum);
    put(test, 1, 2);
    await test.clock.advance(60_000);
    put(test, 3);
    await test.clock.advance(120_000);
    await map(test, windowed);
    await test.clock.settle();
    expect(test.invocations.map(shape)).toEqual([
      [[1, 2], "00:00", {}, true, false],
      [[3], "01:00", {}, true, false],
    ]);
  });

  it("fail an invoke that answers no state, but the final one", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => null);
    put(test, 1);
    await map(test, { ...windowed, MaximumRetryAttempts: 1 });
    await test.clock.advance(60_000);
    expect(test.invocations.map(shape)).toEqual([
      [[1], "00:00", {}, false, false],
      [[1], "00:00", {}, false, false],
      [[], "00:00", {}, true, false],
    ]);
  });

  it("end early where their state is over 1 MB, and go on afresh", async () => {
    const test = await setUp();
    test.handlers.set("orders", (event) => ({
      state: dataOf(event).includes("big") ? { text: "x".repeat(1_048_576) } : {},
    }));
    await map(test, windowed);
    put(test, "big");
    await test.clock.advance(1_000);
    put(test, "next");
    await test.clock.settle();
    expect(
      test.invocations.map(({ event }) => {
        const { state, isFinalInvokeForWindow, isWindowTerminatedEarly } = event as Event;
        return [dataOf(event), Object.keys(state ?? {}), isFinalInvokeForWindow, isWindowTerminatedEarly];
      }),
    ).toEqual([
      [["big"], [], false, false],
      [[], ["text"], true, true],
      [["next"], [], false, false],
    ]);
  });

  it("keep their state over a restart", async () => {
    const test = await setUp();
    test.handlers.set("orders", sum);
    await map(test, windowed);
    put(test, 1);
    await test.clock.settle();
    await test.dispatcher.stop();
    await test.dispatcher.start();
    put(test, 2);
    await test.clock.advance(60_000);
    expect(test.invocations.map(shape)).toEqual([
      [[1], "00:00", {}, false, false],
      [[2], "00:00", { sum: 1 }, false, false],
      [[], "00:00", { sum: 3 }, true, false],
    ]);
  });

  it("end with their shard; its children begin afresh", async () => {
    const test = await setUp();
    test.handlers.set("orders", sum);
    await map(test, windowed);
    put(test, 1);
    await test.clock.settle();
    const [left] = test.streams.split("s", test.streams.openShards("s")[0] ?? "");
    test.streams.put("s", 5, { shard: left });
    await test.clock.settle();
    expect(test.invocations.map(shape)).toEqual([
      [[1], "00:00", {}, false, false],
      [[], "00:00", { sum: 1 }, true, false],
      [[5], "00:00", {}, false, false],
    ]);
  });

  it("keep the state of what is done where the function reports failures", async () => {
    const test = await setUp();
    let isBroken = true;
    test.handlers.set("orders", (event) => {
      const good = (event as Event).Records.filter(({ kinesis }) => !(isBroken && kinesis.data === 3));
      const { state } = event as { state: { sum?: number } };
      const total = good.reduce((all, { kinesis }) => all + Number(kinesis.data), state.sum ?? 0);
      return { state: { sum: total }, ...(isBroken ? report(3)(event) : {}) };
    });
    put(test, 1, 2, 3);
    await map(test, { ...windowed, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await test.clock.settle();
    isBroken = false;
    await test.clock.advance(60_000);
    expect(test.invocations.map(shape)).toEqual([
      [[1, 2, 3], "00:00", {}, false, false],
      [[3], "00:00", { sum: 3 }, false, false],
      [[], "00:00", { sum: 6 }, true, false],
    ]);
  });

  it("keep it in the final invoke too", async () => {
    const test = await setUp();
    let isBroken = true;
    test.handlers.set("orders", (event) => {
      const bad = isBroken ? dataOf(event).indexOf(3) : -1;
      const { state } = event as { state: { sum?: number } };
      const total = dataOf(event)
        .slice(0, bad === -1 ? undefined : bad)
        .reduce<number>((all, n) => all + Number(n), state.sum ?? 0);
      return { state: { sum: total }, ...(isBroken ? report(3)(event) : {}) };
    });
    put(test, 1, 2, 3);
    await test.clock.advance(120_000);
    await map(test, { ...windowed, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await test.clock.settle();
    isBroken = false;
    await test.clock.advance(60_000);
    expect(test.invocations.map(shape)).toEqual([
      [[1, 2, 3], "00:00", {}, true, false],
      [[3], "00:00", { sum: 3 }, true, false],
    ]);
  });
});

describe("a mapping of a stream that changes", () => {
  it("goes on from where it was when it is enabled again", async () => {
    const test = await setUp();
    const { UUID } = await map(test);
    put(test, "a");
    await test.clock.settle();
    await test.call("UpdateEventSourceMapping", { UUID, Enabled: false });
    await test.clock.settle();
    put(test, "b");
    await test.clock.settle();
    await test.call("UpdateEventSourceMapping", { UUID, Enabled: true });
    await test.clock.settle();
    expect(batches(test)).toEqual([["a"], ["b"]]);
  });

  it("takes its new settings at the next batch, and removes a destination that is set to nothing", async () => {
    const test = await setUp();
    const { UUID } = await map(test, { DestinationConfig: { OnFailure: { Destination: queueArn } } });
    const changed = await test.call("UpdateEventSourceMapping", {
      UUID,
      BatchSize: 1,
      MaximumRetryAttempts: 0,
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 3600,
      DestinationConfig: { OnFailure: { Destination: "" } },
    });
    put(test, "a", "b");
    await test.clock.settle();
    expect(batches(test)).toEqual([["a"], ["b"]]);
    expect(changed).toMatchObject({
      MaximumRetryAttempts: 0,
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 3600,
      DestinationConfig: { OnFailure: {} },
    });
  });

  it("begins anew where it is deleted and made again", async () => {
    const test = await setUp();
    const { UUID } = await map(test);
    put(test, "a");
    await test.clock.settle();
    await test.call("DeleteEventSourceMapping", { UUID });
    await test.clock.settle();
    await map(test);
    await test.clock.settle();
    expect(batches(test)).toEqual([["a"], ["a"]]);
  });

  it("is disabled in the middle of a wait: the batch stays, with its attempts", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => fail());
    put(test, "a");
    const { UUID } = await map(test, { MaximumRetryAttempts: 3 });
    await test.clock.advance(1_500);
    await test.call("UpdateEventSourceMapping", { UUID, Enabled: false });
    await test.clock.advance(600_000);
    expect(test.invocations).toHaveLength(2);
    await test.call("UpdateEventSourceMapping", { UUID, Enabled: true });
    await test.clock.advance(600_000);
    expect(test.invocations).toHaveLength(4);
  });
});
