import { afterEach, describe, expect, it } from "vitest";
import { createTestDispatcher, type TestDispatcher } from "../testing/create-test-dispatcher.ts";

const open: TestDispatcher[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.stop();
});

const mappingsOfEach = 50;
const settings: object[] = [
  {},
  { MaximumBatchingWindowInSeconds: 60 },
  { ParallelizationFactor: 10 },
  { TumblingWindowInSeconds: 30 },
  { MaximumRetryAttempts: 3, BisectBatchOnFunctionError: true, MaximumRecordAgeInSeconds: 60 },
];

/** Fifty mappings of streams, fifty of queues; each has had a record or message, and is done with it. */
async function setUp(): Promise<{ test: TestDispatcher; received: () => number }> {
  const test = await createTestDispatcher();
  open.push(test);
  test.handlers.set("f", () => ({ state: {} }));
  let received = 0;
  for (let n = 0; n < mappingsOfEach; n++) {
    const stream = test.streams.create(`s${n}`, { shards: 2 });
    const queue = test.queues.create({ name: `q${n}`, visibilityTimeoutMs: 30_000 });
    await test.call("CreateEventSourceMapping", {
      EventSourceArn: stream,
      FunctionName: "f",
      StartingPosition: "TRIM_HORIZON",
      ...settings[n % settings.length],
    });
    await test.call("CreateEventSourceMapping", { EventSourceArn: queue, FunctionName: "f" });
    test.streams.put(`s${n}`, n);
    await test.queues.send(`q${n}`, [String(n)]);
  }
  const find = test.queues.find.bind(test.queues);
  test.queues.find = async (arn) => {
    received++;
    return find(arn);
  };
  await test.clock.advance(600_000);
  return { test, received: () => received };
}
const count = (test: TestDispatcher): number =>
  test.invocations.flatMap(({ event }) => (event as { Records: [] }).Records).length;

describe("mappings without work", () => {
  it("have no timer and read nothing, whatever their settings, for as long as nothing comes", async () => {
    const { test, received } = await setUp();
    expect(count(test)).toBe(2 * mappingsOfEach);
    const before = [test.streams.reads, received(), test.invocations.length];
    expect([test.clock.nextDueMs(), test.activity.pending()]).toEqual([undefined, []]);
    await test.clock.advance(86_400_000);
    expect([test.streams.reads, received(), test.invocations.length]).toEqual(before);
    expect([test.clock.nextDueMs(), test.activity.pending()]).toEqual([undefined, []]);
  });

  it("are not woken by records of other streams", async () => {
    const { test } = await setUp();
    const before = test.streams.reads;
    test.streams.put("s0", "one more");
    await test.clock.settle();
    expect(count(test)).toBe(2 * mappingsOfEach + 1);
    // Of two shards; the one with the record is read until nothing comes, before its batch and after it.
    expect(test.streams.reads - before).toBe(4);
  });
});
