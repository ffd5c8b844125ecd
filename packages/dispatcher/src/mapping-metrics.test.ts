import { type MappingMetric, ServiceError } from "@tripline/kernel";
import { afterEach, describe, expect, it } from "vitest";
import { createTestDispatcher, FunctionFailure, type TestDispatcher } from "./testing/create-test-dispatcher.ts";

const queueArn = "arn:aws:sqs:us-east-1:000000000000:q";
const failuresArn = "arn:aws:sqs:us-east-1:000000000000:failures";
const filter = { FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":["order"]}}' }] } };
const counted = { MetricsConfig: { Metrics: ["EventCount"] } };
const open: TestDispatcher[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.stop();
});

type Handler = (event: { Records: { kinesis: { data: string; sequenceNumber: string }; body: string }[] }) => unknown;
type Counts = Partial<Record<MappingMetric, number>>;

/** A dispatcher, a stream `s`, a queue `q` of 30 s visibility, a function `orders`, and what is counted by mapping. */
async function setUp(handler: Handler = () => null): Promise<TestDispatcher & { counts: Record<string, Counts> }> {
  const test = await createTestDispatcher();
  open.push(test);
  test.handlers.set("orders", (event) => handler(event as Parameters<Handler>[0]));
  test.streams.create("s");
  test.queues.create({ name: "q", visibilityTimeoutMs: 30_000 });
  const counts: Record<string, Counts> = {};
  test.bus.on("mappingCount", ({ uuid, metric, count }) => {
    const own = (counts[uuid] ??= {});
    own[metric] = (own[metric] ?? 0) + count;
  });
  return Object.assign(test, { counts });
}
const mapStream = (test: TestDispatcher, more: object): Promise<{ UUID: string }> =>
  test.call("CreateEventSourceMapping", {
    EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/s",
    FunctionName: "orders",
    StartingPosition: "TRIM_HORIZON",
    ...more,
  });
const mapQueue = (test: TestDispatcher, more: object): Promise<{ UUID: string }> =>
  test.call("CreateEventSourceMapping", { EventSourceArn: queueArn, FunctionName: "orders", ...more });
const toFailures = { DestinationConfig: { OnFailure: { Destination: failuresArn } } };
const fail = (): never => {
  throw new FunctionFailure("no");
};

describe("EventCount of a stream's mapping", () => {
  it("counts what is polled, filtered out, and invoked", async () => {
    const test = await setUp();
    for (const kind of ["order", "noise", "order"]) test.streams.put("s", { kind });
    const { UUID } = await mapStream(test, { ...counted, ...filter });
    await test.clock.settle();
    test.streams.put("s", { kind: "noise" });
    await test.clock.settle();
    expect(test.counts).toEqual({ [UUID]: { PolledEventCount: 4, FilteredOutEventCount: 2, InvokedEventCount: 2 } });
  });

  it("counts each record once where several slices read the shard", async () => {
    const test = await setUp();
    for (const key of ["a", "b", "c", "d"]) test.streams.put("s", key, { key });
    const { UUID } = await mapStream(test, { ...counted, ParallelizationFactor: 3 });
    await test.clock.settle();
    expect(test.counts).toEqual({ [UUID]: { PolledEventCount: 4, InvokedEventCount: 4 } });
  });

  it.each([
    ["without a destination", {}, { DroppedEventCount: 2 }],
    ["with a destination", toFailures, { OnFailureDestinationDeliveredEventCount: 2 }],
  ])("counts every failed try, and what is given up %s", async (_title, more, givenUp) => {
    const test = await setUp(fail);
    for (const data of ["a", "b"]) test.streams.put("s", data);
    const { UUID } = await mapStream(test, { ...counted, ...more, MaximumRetryAttempts: 2 });
    await test.clock.advance(60_000);
    expect(test.counts).toEqual({
      [UUID]: { PolledEventCount: 2, InvokedEventCount: 6, FailedInvokeEventCount: 6, ...givenUp },
    });
  });

  it("counts what a destination refuses as dropped", async () => {
    const test = await setUp(fail);
    test.onDeliver = () => {
      throw new ServiceError("AccessDenied", "no", { status: 403 });
    };
    test.streams.put("s", "a");
    const { UUID } = await mapStream(test, { ...counted, ...toFailures, MaximumRetryAttempts: 0 });
    await test.clock.advance(60_000);
    expect(test.counts[UUID]).toEqual({
      PolledEventCount: 1,
      InvokedEventCount: 1,
      FailedInvokeEventCount: 1,
      DroppedEventCount: 1,
    });
  });

  it("counts records past MaximumRecordAgeInSeconds as dropped, and not those past the stream's retention", async () => {
    const test = await setUp(fail);
    test.streams.remove("s");
    test.streams.create("s", { retentionMs: 90_000 });
    test.streams.put("s", "a");
    const aged = await mapStream(test, { ...counted, MaximumRecordAgeInSeconds: 60 });
    test.handlers.set("other", fail);
    const kept = await mapStream(test, { ...counted, FunctionName: "other" });
    await test.clock.advance(300_000);
    const { UUID } = kept;
    expect(test.counts[aged.UUID]?.DroppedEventCount).toBe(1);
    expect(test.records.filter(({ state }) => state === "failed")).toHaveLength(2);
    expect(test.counts[UUID]).toEqual({
      PolledEventCount: 1,
      InvokedEventCount: expect.any(Number) as number,
      FailedInvokeEventCount: test.counts[UUID]?.InvokedEventCount,
    });
  });

  it("counts of a partial response what is tried again", async () => {
    let isFirst = true;
    const test = await setUp(({ Records }) => {
      const failed = isFirst ? Records[1] : undefined;
      isFirst = false;
      return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed.kinesis.sequenceNumber }] };
    });
    for (const data of ["a", "b", "c"]) test.streams.put("s", data);
    const { UUID } = await mapStream(test, { ...counted, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await test.clock.advance(60_000);
    expect(test.counts[UUID]).toEqual({ PolledEventCount: 3, InvokedEventCount: 5, FailedInvokeEventCount: 2 });
  });

  it("counts throttled tries as failed ones", async () => {
    let tries = 0;
    const test = await setUp(() => {
      if (++tries < 3) throw new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
      return null;
    });
    test.streams.put("s", "a");
    const { UUID } = await mapStream(test, counted);
    await test.clock.advance(60_000);
    expect(test.counts[UUID]).toEqual({ PolledEventCount: 1, InvokedEventCount: 3, FailedInvokeEventCount: 2 });
  });
});

describe("EventCount of a queue's mapping", () => {
  it("counts what is polled, filtered out, invoked, failed, and deleted after the function had it", async () => {
    let tries = 0;
    const test = await setUp(() => (++tries === 1 ? fail() : null));
    const pattern = { FilterCriteria: { Filters: [{ Pattern: '{"body":{"wanted":[true]}}' }] } };
    await test.queues.send("q", ['{"wanted":true}', '{"wanted":false}']);
    const { UUID } = await mapQueue(test, { ...counted, ...pattern });
    await test.clock.advance(60_000);
    expect(test.counts).toEqual({
      [UUID]: {
        PolledEventCount: 3,
        FilteredOutEventCount: 1,
        InvokedEventCount: 2,
        FailedInvokeEventCount: 1,
        DeletedEventCount: 1,
      },
    });
  });

  it("counts of a partial response what it reports as failed, and deletes and counts the rest", async () => {
    const test = await setUp(({ Records }) => ({
      batchItemFailures: (Records as unknown as { messageId: string; body: string }[])
        .filter(({ body }) => body === "bad")
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
    }));
    await test.queues.send("q", ["good", "bad", "fine"]);
    const { UUID } = await mapQueue(test, { ...counted, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await test.clock.advance(10_000);
    expect(test.counts[UUID]).toEqual({
      PolledEventCount: 3,
      InvokedEventCount: 3,
      FailedInvokeEventCount: 1,
      DeletedEventCount: 2,
    });
  });

  it("counts each throttled try", async () => {
    let tries = 0;
    const test = await setUp(() => {
      if (++tries < 3) throw new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
      return null;
    });
    await test.queues.send("q", ["a"]);
    const { UUID } = await mapQueue(test, counted);
    await test.clock.advance(20_000);
    expect(test.counts[UUID]).toEqual({
      PolledEventCount: 1,
      InvokedEventCount: 3,
      FailedInvokeEventCount: 2,
      DeletedEventCount: 1,
    });
  });
});

describe("MetricsConfig", () => {
  it.each([[{}], [{ MetricsConfig: { Metrics: [] } }]])("%j has nothing counted", async (more) => {
    const test = await setUp();
    test.streams.put("s", "a");
    await test.queues.send("q", ["a"]);
    await mapStream(test, more);
    await mapQueue(test, more);
    await test.clock.settle();
    expect([test.invocations.length, test.counts]).toEqual([2, {}]);
  });

  it("has what is polled counted from when it is set, until it is removed", async () => {
    const test = await setUp();
    const { UUID } = await mapQueue(test, {});
    const send = async (MetricsConfig: object): Promise<void> => {
      await test.call("UpdateEventSourceMapping", { UUID, MetricsConfig });
      await test.queues.send("q", ["a"]);
      await test.clock.advance(10_000);
    };
    await send({ Metrics: [] });
    await send({ Metrics: ["EventCount"] });
    await send({ Metrics: [] });
    expect([test.invocations.length, test.counts]).toEqual([
      3,
      { [UUID]: { PolledEventCount: 1, InvokedEventCount: 1, DeletedEventCount: 1 } },
    ]);
  });

  it.each(["ErrorCount", "KafkaMetrics"])("refuses %s, which is for Kafka", async (metric) => {
    const test = await setUp();
    const input = { EventSourceArn: queueArn, FunctionName: "orders", MetricsConfig: { Metrics: [metric] } };
    expect(await test.errorOf("CreateEventSourceMapping", input)).toEqual({
      code: "InvalidParameterValueException",
      status: 400,
      message: `MetricsConfig.Metrics: ${metric} is for Kafka, which is not simulated as an event source. Use EventCount alone.`,
    });
  });
});
