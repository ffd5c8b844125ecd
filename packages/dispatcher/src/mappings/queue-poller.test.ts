import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng, type InvokeRequest, ServiceError } from "@tripline/kernel";
import { afterEach, describe, expect, it } from "vitest";
import { createTestDispatcher, FunctionFailure, type TestDispatcher } from "../testing/create-test-dispatcher.ts";

const start = Date.UTC(2026, 0, 1);
const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
const open: TestDispatcher[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A dispatcher, a queue of 30 s visibility, and a function `orders` that succeeds. */
async function setUp(options: Parameters<typeof createTestDispatcher>[0] = {}): Promise<TestDispatcher> {
  const test = await createTestDispatcher(options);
  open.push(test);
  test.handlers.set("orders", () => null);
  test.queues.create({ name: "q", visibilityTimeoutMs: 30_000 });
  test.queues.create({ name: "q.fifo", visibilityTimeoutMs: 30_000 });
  return test;
}
const map = (test: TestDispatcher, more: object = {}, queue = "q"): Promise<{ UUID: string; State: string }> =>
  test.call("CreateEventSourceMapping", {
    EventSourceArn: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
    FunctionName: "orders",
    ...more,
  });
const recordsOf = (event: unknown): { messageId: string; body: string }[] =>
  (event as { Records: { messageId: string; body: string }[] }).Records;
const bodies = (test: TestDispatcher): string[][] =>
  test.invocations.map(({ event }) => recordsOf(event).map(({ body }) => body));
const secondsOf = (test: TestDispatcher): number[] => test.invocations.map(({ atMs }) => (atMs - start) / 1_000);
const numbers = (length: number): string[] => Array.from({ length }, (_, n) => String(n));
const states = (test: TestDispatcher): string[] => test.records.map(({ state }) => state);
const throttle = (): never => {
  throw new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
};
const fail = (message = "no"): never => {
  throw new FunctionFailure(message);
};

describe("a mapping of a queue", () => {
  it("invokes the function with what is there and what comes, and deletes it after success", async () => {
    const test = await setUp();
    const [first] = await test.queues.send("q", ["a"]);
    await map(test);
    await test.clock.settle();
    await test.queues.send("q", ["b", "c"]);
    await test.clock.settle();
    expect(bodies(test)).toEqual([["a"], ["b", "c"]]);
    expect(recordsOf(test.invocations[0]?.event)).toEqual([
      {
        messageId: first,
        body: "a",
        attributes: { ApproximateReceiveCount: "1" },
        messageAttributes: {},
        eventSource: "aws:sqs",
        eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:q",
        awsRegion: "us-east-1",
      },
    ]);
    expect(await test.queues.count("q")).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(test.records[0]).toEqual({
      id: first,
      source: "sqs",
      sourceArn: "arn:aws:sqs:us-east-1:000000000000:q",
      targetArn: functionArn,
      state: "delivered",
      attempts: 1,
      acceptedAtMs: start,
      updatedAtMs: start,
    });
  });

  it("is woken by what arrives and what becomes visible, and receives nothing in between", async () => {
    const test = await setUp();
    await map(test);
    await test.clock.advance(3_600_000);
    expect(test.queues.receives).toBe(1);
    await test.queues.send("q", ["late"], { delayMs: 900_000 });
    await test.clock.advance(3_600_000);
    expect(secondsOf(test)).toEqual([4_500]);
    expect(test.queues.receives).toBeLessThan(6);
  });

  it("asks the function for itself: source, ids of the messages, the highest receive count as the attempt", async () => {
    const test = await setUp();
    const requests: InvokeRequest[] = [];
    test.handlers.set("orders", (_event, request) => {
      requests.push(request);
      if (requests.length === 1) fail();
    });
    await map(test);
    const ids = await test.queues.send("q", ["a"]);
    await test.clock.advance(29_999);
    const more = await test.queues.send("q", ["b"], { delayMs: 1 });
    await test.clock.advance(10_000);
    expect(requests).toMatchObject([
      { functionName: "orders", source: "sqs", deliveryIds: ids, attempt: 1 },
      { functionName: "orders", source: "sqs", deliveryIds: [...ids, ...more], attempt: 2 },
    ]);
  });

  it.each([
    [1, [[1], [1], [1]]],
    [2, [[1, 1], [1]]],
    [10, [[1, 1, 1]]],
  ])("fills batches of %i", async (BatchSize, sizes) => {
    const test = await setUp();
    await test.queues.send("q", numbers(3));
    await map(test, { BatchSize });
    await test.clock.settle();
    expect(bodies(test).map((batch) => batch.map(() => 1))).toEqual(sizes);
    expect(bodies(test).flat()).toEqual(numbers(3));
  });

  it("a message that fails comes back after the visibility timeout, until it is moved to the dead-letter queue", async () => {
    const test = await setUp();
    test.queues.create({ name: "dead", visibilityTimeoutMs: 30_000 });
    test.queues.create({ name: "q", visibilityTimeoutMs: 30_000, redrive: { queue: "dead", receiveCountMax: 3 } });
    test.handlers.set("orders", () => fail("bad"));
    await map(test);
    await test.queues.send("q", ["poison"]);
    await test.clock.advance(200_000);
    expect(secondsOf(test)).toEqual([0, 30, 60]);
    expect(test.records.map(({ state, attempts, reason }) => [state, attempts, reason])).toEqual([
      ["retrying", 1, "bad"],
      ["retrying", 2, "bad"],
      ["retrying", 3, "bad"],
    ]);
    expect(await test.queues.count("dead")).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it("a throttled batch is tried again with back-off while its messages are invisible", async () => {
    const test = await setUp();
    let turns = 0;
    test.handlers.set("orders", () => (++turns <= 4 ? throttle() : null));
    await map(test);
    await test.queues.send("q", ["a"]);
    await test.clock.advance(100_000);
    expect(secondsOf(test)).toEqual([0, 1, 3, 7, 15]);
    expect(states(test)).toEqual(["delivered"]);
  });

  it("a batch that stays throttled comes back when it is visible again", async () => {
    const test = await setUp();
    test.handlers.set("orders", throttle);
    await map(test);
    await test.queues.send("q", ["a"]);
    await test.clock.advance(35_000);
    expect(secondsOf(test)).toEqual([0, 1, 3, 7, 15, 30, 31, 33]);
    expect(test.records).toMatchObject([{ state: "retrying", attempts: 1, reason: "Rate Exceeded." }]);
  });

  it("keeps five batches in hand at first, no more than MaximumConcurrency, and ten for each provisioned poller", async () => {
    for (const [more, limit] of [
      [{}, 5],
      [{ ScalingConfig: { MaximumConcurrency: 2 } }, 2],
      [{ ProvisionedPollerConfig: { MinimumPollers: 3, MaximumPollers: 4 } }, 30],
    ] as const) {
      const test = await setUp();
      let running = 0;
      let runningMax = 0;
      const release: (() => void)[] = [];
      test.handlers.set("orders", async () => {
        runningMax = Math.max(runningMax, ++running);
        await new Promise<void>((resolve) => release.push(resolve));
        running--;
      });
      await test.queues.send("q", numbers(40));
      await map(test, { BatchSize: 1, ...more });
      while (test.queues.deleted.length < 40) {
        await test.database.write(() => 0);
        release.shift()?.();
      }
      await test.clock.settle();
      expect(runningMax).toBe(limit);
    }
  });

  it("takes what was received only while there is a place for it", async () => {
    const test = await setUp();
    const release: (() => void)[] = [];
    test.handlers.set("orders", () => new Promise<void>((resolve) => release.push(resolve)));
    await test.queues.send("q", numbers(100));
    await map(test, { BatchSize: 10, ScalingConfig: { MaximumConcurrency: 2 } });
    while (release.length < 2) await test.database.write(() => 0);
    expect(await test.queues.count("q")).toEqual({ visible: 80, inFlight: 20, delayed: 0 });
    test.handlers.set("orders", () => null);
    for (const finish of release) finish();
    await test.clock.settle();
    expect(bodies(test).flat()).toEqual(numbers(100));
  });
});

describe("a batching window", () => {
  it("is over with its time, counted from the first message, or when the batch is full", async () => {
    const test = await setUp();
    await map(test, { BatchSize: 3, MaximumBatchingWindowInSeconds: 10 });
    await test.clock.advance(5_000);
    await test.queues.send("q", ["a"]);
    await test.clock.advance(6_000);
    await test.queues.send("q", ["b"]);
    await test.clock.advance(5_000);
    expect(bodies(test)).toEqual([["a", "b"]]);
    expect(secondsOf(test)).toEqual([15]);
    await test.queues.send("q", numbers(7));
    await test.clock.settle();
    expect(bodies(test).slice(1)).toEqual([
      ["0", "1", "2"],
      ["3", "4", "5"],
    ]);
    await test.clock.advance(10_000);
    expect(bodies(test).slice(3)).toEqual([["6"]]);
    expect(secondsOf(test).at(-1)).toBe(26);
  });

  it.each([15, 100, 1_000, 10_000])(
    "gathers 15 messages that are sent apart into one batch of up to %i",
    async (BatchSize) => {
      const test = await setUp();
      await map(test, { BatchSize, MaximumBatchingWindowInSeconds: 10 });
      await test.queues.send("q", numbers(10));
      await test.clock.advance(1_000);
      await test.queues.send("q", ["10", "11", "12", "13", "14"]);
      await test.clock.advance(30_000);
      expect(bodies(test)).toEqual([numbers(15)]);
    },
  );

  it("longer than the visibility timeout keeps its messages invisible until the function is done", async () => {
    const test = await setUp();
    await map(test, { BatchSize: 100, MaximumBatchingWindowInSeconds: 60 });
    await test.queues.send("q", ["a"]);
    test.handlers.set("orders", () => fail());
    await test.clock.advance(61_000);
    expect(secondsOf(test)).toEqual([60]);
    await test.clock.advance(60_000);
    // Visible again 60 + 3 + 30 s after it was received; the next window begins then.
    expect(await test.queues.count("q")).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await test.clock.advance(32_000);
    expect(secondsOf(test)).toEqual([60, 153]);
  });

  it("that is open when the mapping is disabled is sent before its time", async () => {
    const test = await setUp();
    const { UUID } = await map(test, { MaximumBatchingWindowInSeconds: 300 });
    await test.queues.send("q", ["a"]);
    await test.clock.settle();
    expect(await test.call("UpdateEventSourceMapping", { UUID, Enabled: false })).toMatchObject({ State: "Disabling" });
    await test.queues.send("q", ["b"]);
    await test.clock.advance(600_000);
    expect(bodies(test)).toEqual([["a"]]);
    expect(await test.call("GetEventSourceMapping", { UUID })).toMatchObject({ State: "Disabled" });
  });
});

describe("an event that would be over 6 MB", () => {
  it("is sent in several batches, none lost", async () => {
    const test = await setUp();
    const large = numbers(10).map((n) => n.repeat(1_000_000));
    await test.queues.send("q", large);
    await map(test);
    await test.clock.settle();
    expect(bodies(test).map((batch) => batch.map((body) => body.charAt(0)))).toEqual([
      ["0", "1", "2", "3", "4", "5"],
      ["6", "7", "8", "9"],
    ]);
  });

  it("of an ordered queue goes back in order", async () => {
    const test = await setUp();
    const large = numbers(10).map((n) => n.repeat(1_000_000));
    await test.queues.send("q.fifo", large, { groupId: "g" });
    await map(test, {}, "q.fifo");
    await test.clock.settle();
    expect(bodies(test).map((batch) => batch.map((body) => body.charAt(0)))).toEqual([
      ["0", "1", "2", "3", "4", "5"],
      ["6", "7", "8", "9"],
    ]);
  });
});

describe("ReportBatchItemFailures", () => {
  it("deletes what did not fail; the rest comes back after the visibility timeout", async () => {
    const test = await setUp();
    test.handlers.set("orders", (event) => ({
      batchItemFailures: recordsOf(event)
        .filter(({ body }) => body.startsWith("bad"))
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
    }));
    await map(test, { FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await test.queues.send("q", ["good", "bad", "fine"]);
    await test.clock.settle();
    expect(await test.queues.count("q")).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await test.clock.advance(30_000);
    expect(bodies(test)).toEqual([["good", "bad", "fine"], ["bad"]]);
    expect(test.records.map(({ state, reason }) => [state, reason])).toEqual([
      ["delivered", undefined],
      ["delivered", undefined],
      ["retrying", "reported in batchItemFailures"],
      ["retrying", "reported in batchItemFailures"],
    ]);
  });

  it("of an invalid response fails the whole batch", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => ({ batchItemFailures: [{ foo: "notvalid" }] }));
    await map(test, { FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await test.queues.send("q", ["a", "b"]);
    await test.clock.settle();
    expect(await test.queues.count("q")).toEqual({ visible: 0, inFlight: 2, delayed: 0 });
    expect(test.records[0]?.reason).toBe("every message failed: an item of batchItemFailures has no itemIdentifier");
  });

  it("that is not asked for makes the response count for nothing", async () => {
    const test = await setUp();
    test.handlers.set("orders", (event) => ({
      batchItemFailures: recordsOf(event).map(({ messageId }) => ({ itemIdentifier: messageId })),
    }));
    await map(test);
    await test.queues.send("q", ["a"]);
    await test.clock.settle();
    expect(states(test)).toEqual(["delivered"]);
  });
});

describe("FilterCriteria", () => {
  const filter = (...patterns: object[]): object => ({
    FilterCriteria: { Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
  });

  it.each([
    ["single", { body: { "my-key": ["my-value"] } }, { "my-key": "my-value" }, { "my-key": "other-value" }],
    ["or", { body: { "my-key": ["one", "two"] } }, { "my-key": "two" }, { "my-key": "other-value" }],
    ["and", { body: { a: ["other", "one"], b: ["two"] } }, { a: "one", b: "two" }, { a: "other-", b: "two" }],
    ["exists", { body: { "my-key": [{ exists: true }] } }, { "my-key": "any" }, { "other-key": "any" }],
    ["numeric", { body: { n: [{ numeric: [">=", 100, "<", 200] }] } }, { n: 100 }, { n: 200 }],
    ["prefix", { body: { k: [{ prefix: "yes" }] } }, { k: "yes-value" }, { k: "no-value" }],
    ["text for JSON", { body: { k: ["v"] } }, { k: "v" }, "plain-string"],
    ["JSON for text", { body: ["plain-string"] }, "plain-string", { k: "v" }],
    ["attributes", { attributes: { ApproximateReceiveCount: ["1"] } }, "any", undefined],
  ])("%s passes what matches; what does not is deleted and told", async (_name, pattern, matching, other) => {
    const test = await setUp();
    const toBody = (item: unknown): string => (typeof item === "string" ? item : JSON.stringify(item));
    await map(test, filter(pattern));
    const sent = [matching, other].filter((item) => item !== undefined).map(toBody);
    await test.queues.send("q", sent);
    await test.clock.settle();
    expect(bodies(test)).toEqual([[toBody(matching)]]);
    expect(await test.queues.count("q")).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(states(test).sort()).toEqual(other === undefined ? ["delivered"] : ["delivered", "filtered"]);
  });

  it("several are alternatives; batches are filled with what passes", async () => {
    const test = await setUp();
    await map(test, {
      ...filter({ body: { n: [1] } }, { body: { n: [2] } }),
      BatchSize: 2,
      MaximumBatchingWindowInSeconds: 5,
    });
    await test.queues.send("q", ['{"n":0}', '{"n":1}', '{"n":0}', '{"n":2}', '{"n":0}']);
    await test.clock.settle();
    expect(bodies(test)).toEqual([['{"n":1}', '{"n":2}']]);
    await test.clock.advance(60_000);
    expect(states(test).filter((state) => state === "filtered")).toHaveLength(3);
    expect(test.invocations).toHaveLength(1);
  });
});

describe("an ordered queue", () => {
  it("keeps each group in order, one batch of it at a time, groups side by side", async () => {
    const test = await setUp();
    const rng = createRng("groups");
    const running = new Map<string, number>();
    const seen = new Map<string, number[]>();
    let runningMax = 0;
    test.handlers.set("orders", async (event) => {
      const groups = new Set(recordsOf(event).map(({ body }) => body.charAt(0)));
      for (const group of groups) {
        running.set(group, (running.get(group) ?? 0) + 1);
        expect(running.get(group)).toBe(1);
      }
      runningMax = Math.max(runningMax, [...running.values()].filter((count) => count > 0).length);
      for (let turn = rng.below(4); turn > 0; turn--) await test.database.write(() => 0);
      for (const group of groups) running.set(group, 0);
      for (const { body } of recordsOf(event)) {
        seen.set(body.charAt(0), [...(seen.get(body.charAt(0)) ?? []), Number(body.slice(1))]);
      }
    });
    await map(test, { BatchSize: 3 }, "q.fifo");
    for (let n = 0; n < 40; n++) {
      for (const groupId of ["a", "b", "c", "d"]) await test.queues.send("q.fifo", [`${groupId}${n}`], { groupId });
    }
    await test.clock.settle();
    const inOrder = Array.from({ length: 40 }, (_, n) => n);
    expect(Object.fromEntries(seen)).toEqual({ a: inOrder, b: inOrder, c: inOrder, d: inOrder });
    expect(runningMax).toBeGreaterThan(1);
  });

  it("stops a group at its failure, and only that group", async () => {
    const test = await setUp();
    let isBroken = true;
    test.handlers.set("orders", (event) => {
      if (isBroken && recordsOf(event).some(({ body }) => body === "a1")) fail();
    });
    await map(test, { BatchSize: 1 }, "q.fifo");
    for (const body of ["a1", "b1", "a2", "b2"]) await test.queues.send("q.fifo", [body], { groupId: body.charAt(0) });
    await test.clock.advance(29_000);
    expect(bodies(test).flat()).toEqual(["a1", "b1", "b2"]);
    isBroken = false;
    await test.clock.advance(2_000);
    expect(bodies(test).flat().slice(3)).toEqual(["a1", "a2"]);
  });

  it("with a partial failure gives the failed ones again, in order", async () => {
    const test = await setUp();
    let turn = 0;
    test.handlers.set("orders", (event) => {
      const ids = recordsOf(event).map(({ messageId }) => messageId);
      return { batchItemFailures: (++turn === 1 ? ids.slice(1) : []).map((itemIdentifier) => ({ itemIdentifier })) };
    });
    await map(test, { FunctionResponseTypes: ["ReportBatchItemFailures"] }, "q.fifo");
    await test.queues.send("q.fifo", ["1", "2", "3", "4"], { groupId: "g" });
    await test.clock.advance(31_000);
    expect(bodies(test)).toEqual([
      ["1", "2", "3", "4"],
      ["2", "3", "4"],
    ]);
  });
});

describe("a mapping that", () => {
  it("is disabled stops intake and finishes what is in hand; enabled again it goes on", async () => {
    const test = await setUp();
    let finish: () => void = () => undefined;
    test.handlers.set("orders", () => new Promise<void>((resolve) => (finish = resolve)));
    const { UUID } = await map(test, { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await test.queues.send("q", ["a"]);
    while (test.invocations.length === 0) await test.database.write(() => 0);
    await test.call("UpdateEventSourceMapping", { UUID, Enabled: false });
    await test.queues.send("q", ["b"]);
    expect(test.dispatcher.mappings()).toMatchObject([{ uuid: UUID, functionName: "orders", state: "Disabling" }]);
    expect(await test.errorOf("UpdateEventSourceMapping", { UUID, Enabled: true })).toEqual({
      code: "ResourceInUseException",
      status: 400,
      message: "Cannot update the event source mapping because it is in use.",
    });
    finish();
    await test.clock.settle();
    expect(test.dispatcher.mappings()).toMatchObject([{ state: "Disabled" }]);
    expect(states(test)).toEqual(["delivered"]);
    test.handlers.set("orders", () => null);
    expect(await test.call("UpdateEventSourceMapping", { UUID, Enabled: true })).toMatchObject({ State: "Enabling" });
    await test.clock.settle();
    expect(bodies(test)).toEqual([["a"], ["b"]]);
  });

  it("is deleted finishes what is in hand, and is gone", async () => {
    const test = await setUp();
    let finish: () => void = () => undefined;
    test.handlers.set("orders", () => new Promise<void>((resolve) => (finish = resolve)));
    const { UUID } = await map(test);
    await test.queues.send("q", ["a"]);
    while (test.invocations.length === 0) await test.database.write(() => 0);
    expect(await test.call("DeleteEventSourceMapping", { UUID })).toMatchObject({ UUID, State: "Deleting" });
    expect(await test.call("GetEventSourceMapping", { UUID })).toMatchObject({ State: "Deleting" });
    finish();
    await test.clock.settle();
    expect(await test.errorOf("GetEventSourceMapping", { UUID })).toEqual({
      code: "ResourceNotFoundException",
      status: 404,
      message: "The resource you requested does not exist.",
    });
    expect(test.queues.deleted).toHaveLength(1);
    await test.queues.send("q", ["b"]);
    await test.clock.advance(60_000);
    expect(test.invocations).toHaveLength(1);
  });

  it("is updated goes on with the new settings", async () => {
    const test = await setUp();
    test.handlers.set("mail", () => null);
    const { UUID } = await map(test, { BatchSize: 1 });
    await test.queues.send("q", ["a", "b"]);
    await test.clock.settle();
    expect(await test.call("UpdateEventSourceMapping", { UUID, BatchSize: 2, FunctionName: "mail" })).toMatchObject({
      State: "Updating",
      BatchSize: 2,
      FunctionArn: functionArn.replace("orders", "mail"),
    });
    await test.queues.send("q", ["c", "d"]);
    await test.clock.settle();
    expect(bodies(test)).toEqual([["a"], ["b"], ["c", "d"]]);
    expect(test.invocations.at(-1)?.functionName).toBe("mail");
  });

  it("lost its queue goes on when there is one of that name again", async () => {
    const test = await setUp();
    await map(test);
    test.queues.remove("q");
    await test.queues.send("q", ["a"]);
    await test.clock.advance(600_000);
    expect(test.invocations).toEqual([]);
    expect(test.dispatcher.mappings()).toMatchObject([{ state: "Enabled" }]);
    test.queues.create({ name: "q", visibilityTimeoutMs: 30_000 });
    await test.clock.settle();
    expect(bodies(test)).toEqual([["a"]]);
    expect(test.notices).toEqual([]);
  });

  it("lost its queue after it had listened is woken by the first message of the new one, whoever tells of its creation", async () => {
    const test = await setUp({ tellsOfCreation: false });
    await map(test);
    await test.queues.send("q", ["a"]);
    await test.clock.settle();
    test.queues.remove("q");
    await test.clock.advance(600_000);
    test.queues.create({ name: "q", visibilityTimeoutMs: 30_000 });
    await test.queues.send("q", ["b"]);
    await test.clock.settle();
    expect(bodies(test)).toEqual([["a"], ["b"]]);
    expect(test.notices).toEqual([]);
  });

  it("lost its function receives nothing, and goes on when there is one of that name again", async () => {
    const test = await setUp();
    await map(test);
    await test.clock.settle();
    test.removeFunction("orders");
    await test.queues.send("q", ["a"]);
    await test.clock.advance(600_000);
    expect(await test.queues.count("q")).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    test.addFunction("orders", () => null);
    await test.clock.settle();
    expect(bodies(test)).toEqual([["a"]]);
  });

  it("is stopped while a batch waits gives its messages back at once", async () => {
    const test = await setUp();
    test.handlers.set("orders", throttle);
    await map(test);
    await test.queues.send("q", ["a"]);
    await test.clock.settle();
    await test.dispatcher.stop();
    expect(await test.queues.count("q")).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    test.handlers.set("orders", () => null);
    await test.dispatcher.start();
    await test.clock.settle();
    expect(states(test)).toEqual(["retrying", "delivered"]);
  });
});

it("After a crash every message is processed at least once, and none is lost", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "tripline-dispatcher-"));
  folders.push(dataDir);
  const seen = new Map<string, number>();
  const note = (event: unknown): void => {
    for (const { body } of recordsOf(event)) seen.set(body, (seen.get(body) ?? 0) + 1);
  };
  const before = await createTestDispatcher({ dataDir });
  before.queues.create({ name: "q", visibilityTimeoutMs: 30_000 });
  before.handlers.set("orders", (event) => {
    note(event);
    if (seen.size >= 400) before.database.close(); // as if the process had died here
  });
  await before.queues.send("q", numbers(1_000));
  await map(before);
  await before.clock.settle();
  expect(seen.size).toBeLessThan(1_000);

  const after = await createTestDispatcher({ dataDir, seed: "again", startMs: before.clock.now(), start: false });
  open.push(after);
  after.queues.create({ name: "q", visibilityTimeoutMs: 30_000 });
  after.handlers.set("orders", note);
  await after.dispatcher.start();
  await after.clock.advance(31_000);
  expect([...seen.keys()].sort((a, b) => Number(a) - Number(b))).toEqual(numbers(1_000));
  expect(await after.queues.count("q")).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});
