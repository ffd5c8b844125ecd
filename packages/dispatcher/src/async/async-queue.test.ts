import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type InvokeRequest, ServiceError } from "@tripline/kernel";
import { afterEach, describe, expect, it } from "vitest";
import { createTestDispatcher, FunctionFailure, type TestDispatcher } from "../testing/create-test-dispatcher.ts";

const encoder = new TextEncoder();
const minute = 60_000;
const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
const queueArn = "arn:aws:sqs:us-east-1:000000000000:done";
const deadLetterTargetArn = "arn:aws:sqs:us-east-1:000000000000:dead";

const open: TestDispatcher[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function setUp(options: Parameters<typeof createTestDispatcher>[0] = {}): Promise<TestDispatcher> {
  const test = await createTestDispatcher(options);
  open.push(test);
  return test;
}
const accept = (test: TestDispatcher, event: unknown, more: object = {}): Promise<{ requestId: string }> =>
  test.dispatcher.asyncInvocations.accept({
    functionName: "orders",
    payload: encoder.encode(JSON.stringify(event)),
    source: "lambda",
    ...more,
  });
const states = (test: TestDispatcher): string[] => test.records.map(({ state }) => state);
const bodyOf = (test: TestDispatcher, index: number): unknown =>
  JSON.parse(new TextDecoder().decode(test.sent[index]?.body ?? new Uint8Array()));
const secondsOf = (test: TestDispatcher): number[] =>
  test.invocations.map(({ atMs }) => (atMs - Date.UTC(2026, 0, 1)) / 1_000);
const fail = (message = "no"): never => {
  throw new FunctionFailure(message);
};
const throttle = (): never => {
  throw new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
};

describe("accept", () => {
  it("makes the event durable, then answers; the function runs with it once", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => "done");
    const { requestId } = await accept(test, { n: 1 }, { parentId: "p", sourceArn: functionArn });
    await test.clock.settle();
    expect(test.invocations).toEqual([
      { functionName: "orders", requestId, attempt: 1, atMs: Date.UTC(2026, 0, 1), event: { n: 1 } },
    ]);
    const record = {
      id: requestId,
      parentId: "p",
      source: "lambda",
      sourceArn: functionArn,
      targetArn: functionArn,
      acceptedAtMs: Date.UTC(2026, 0, 1),
      updatedAtMs: Date.UTC(2026, 0, 1),
      body: Buffer.from('{"n":1}'),
    };
    expect(test.records.map((one) => ({ ...one, body: Buffer.from(one.body ?? []) }))).toEqual([
      { ...record, state: "accepted", attempts: 0 },
      { ...record, state: "delivered", attempts: 1 },
    ]);
  });

  it("refuses an unknown function and a payload over 1 MB, and keeps nothing of them", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => "done");
    await expect(accept(test, 1, { functionName: "nobody" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      status: 404,
      message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody",
    });
    await expect(accept(test, 1, { functionName: "orders:live" })).rejects.toMatchObject({
      message: `Function not found: ${functionArn}:live`,
    });
    await expect(accept(test, 1, { payload: new Uint8Array(1_048_577) })).rejects.toMatchObject({
      code: "RequestTooLargeException",
      status: 413,
      message: "Request must be smaller than 1048576 bytes for the InvokeFunction operation",
    });
    await accept(test, 1, { payload: encoder.encode(`"${"x".repeat(1_048_574)}"`) });
    await test.clock.settle();
    expect(states(test)).toEqual(["accepted", "delivered"]);
  });

  it("refuses a service that the function's policy does not let in, and lets in all others", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => "done");
    test.refusedServices.add("s3.amazonaws.com");
    const caller = { service: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::b", sourceAccount: "000000000000" };
    await expect(accept(test, 1, { caller })).rejects.toMatchObject({ code: "AccessDeniedException", status: 403 });
    await accept(test, 2, { caller: { ...caller, service: "sns.amazonaws.com" } });
    await test.clock.settle();
    expect(test.invocations.map(({ event }) => event)).toEqual([2]);
  });

  it("acceptAll settles each by itself, in order, with one commit", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => "done");
    const request = { functionName: functionArn, payload: encoder.encode("1"), source: "s3" };
    const results = await test.dispatcher.asyncInvocations.acceptAll([
      { ...request, requestId: "a" },
      { ...request, functionName: "nobody" },
      { ...request, requestId: "b" },
    ]);
    expect(results).toMatchObject([
      { status: "fulfilled", value: { requestId: "a" } },
      { status: "rejected", reason: { code: "ResourceNotFoundException" } },
      { status: "fulfilled", value: { requestId: "b" } },
    ]);
    await test.clock.settle();
    expect(test.invocations.map(({ requestId }) => requestId)).toEqual(["a", "b"]);
  });

  it("a delivery to the target keeps its id, its parent and its source", async () => {
    const test = await setUp();
    const requests: InvokeRequest[] = [];
    test.handlers.set("orders", (_event, request) => requests.push(request));
    const delivery = { id: "d", parentId: "p", source: "s3", sourceArn: "arn:aws:s3:::b", targetArn: functionArn };
    await test.dispatcher.target.deliver({ ...delivery, body: encoder.encode("{}") });
    const refused = await test.dispatcher.target.deliverAll?.([
      { ...delivery, id: "x", targetArn: `${functionArn}x`, body: encoder.encode("{}") },
    ]);
    await test.clock.settle();
    expect(refused).toMatchObject([{ status: "rejected", reason: { status: 404 } }]);
    expect(requests).toMatchObject([{ source: "s3", deliveryIds: ["d"], attempt: 1 }]);
    expect(test.records).toMatchObject([
      { id: "d", parentId: "p", source: "s3", sourceArn: "arn:aws:s3:::b", targetArn: functionArn, state: "accepted" },
      { id: "d", parentId: "p", state: "delivered" },
    ]);
  });
});

describe("an asynchronous event", () => {
  it("is retried after one and two minutes with the same request id, then goes to the dead-letter queue", async () => {
    const test = await setUp();
    test.facts.set("orders", { deadLetterTargetArn });
    test.handlers.set("orders", () => fail("Test exception (this is intentional)"));
    const { requestId } = await accept(test, { raise_error: 1 });
    await test.clock.advance(10 * minute);
    expect(test.invocations.map((one) => [one.requestId, one.attempt])).toEqual([
      [requestId, 1],
      [requestId, 2],
      [requestId, 3],
    ]);
    expect(secondsOf(test)).toEqual([0, 60, 180]);
    expect(test.sent).toMatchObject([
      {
        parentId: requestId,
        source: "lambda",
        sourceArn: functionArn,
        targetArn: deadLetterTargetArn,
        messageAttributes: {
          RequestID: { DataType: "String", StringValue: requestId },
          ErrorCode: { DataType: "Number", StringValue: "200" },
          ErrorMessage: { DataType: "String", StringValue: "Test exception (this is intentional)" },
        },
      },
    ]);
    expect(bodyOf(test, 0)).toEqual({ raise_error: 1 });
    expect(test.records.map(({ state, attempts, reason }) => [state, attempts, reason])).toEqual([
      ["accepted", 0, undefined],
      ["retrying", 1, "Test exception (this is intentional)"],
      ["retrying", 2, "Test exception (this is intentional)"],
      ["dead-lettered", 3, "RetriesExhausted: Test exception (this is intentional)"],
    ]);
  });

  it("fails where nobody takes its failure", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => fail());
    await accept(test, 1);
    await test.clock.advance(10 * minute);
    expect(states(test)).toEqual(["accepted", "retrying", "retrying", "failed"]);
    expect(test.sent).toEqual([]);
  });

  it("that succeeds at the second attempt goes to the on-success destination only", async () => {
    const test = await setUp();
    test.facts.set("orders", { deadLetterTargetArn });
    let attempts = 0;
    test.handlers.set("orders", () => (++attempts === 1 ? fail() : { fine: true }));
    await test.call("PutFunctionEventInvokeConfig", {
      FunctionName: "orders",
      DestinationConfig: { OnSuccess: { Destination: queueArn }, OnFailure: { Destination: deadLetterTargetArn } },
    });
    await accept(test, 1, { payload: encoder.encode('{"big":12345678901234567890}'), requestId: "req" });
    await test.clock.advance(10 * minute);
    expect(states(test)).toEqual(["accepted", "retrying", "delivered"]);
    expect(test.sent.map(({ targetArn }) => targetArn)).toEqual([queueArn]);
    expect(new TextDecoder().decode(test.sent[0]?.body)).toBe(
      '{"version":"1.0","timestamp":"2026-01-01T00:01:00.000Z",' +
        `"requestContext":{"requestId":"req","functionArn":"${functionArn}:$LATEST","condition":"Success","approximateInvokeCount":2},` +
        '"requestPayload":{"big":12345678901234567890},' +
        '"responseContext":{"statusCode":200,"executedVersion":"$LATEST"},"responsePayload":{"fine":true}}',
    );
  });

  it("that fails goes to the dead-letter queue and to the on-failure destination", async () => {
    const test = await setUp();
    test.facts.set("orders", { deadLetterTargetArn });
    test.handlers.set("orders", () => fail());
    await test.call("PutFunctionEventInvokeConfig", {
      FunctionName: "orders",
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    });
    const { requestId } = await accept(test, { the: "event" });
    await test.clock.advance(10 * minute);
    expect(test.sent.map(({ targetArn }) => targetArn)).toEqual([deadLetterTargetArn, queueArn]);
    expect(test.sent[1]?.messageAttributes).toBeUndefined();
    expect(bodyOf(test, 1)).toEqual({
      version: "1.0",
      timestamp: "2026-01-01T00:00:00.000Z",
      requestContext: {
        requestId,
        functionArn: `${functionArn}:$LATEST`,
        condition: "RetriesExhausted",
        approximateInvokeCount: 1,
      },
      requestPayload: { the: "event" },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: { errorMessage: "no", errorType: "Error" },
    });
    expect(states(test)).toEqual(["accepted", "dead-lettered"]);
  });

  it("that fails is kept in a bucket, under a key that names function and time", async () => {
    const test = await setUp();
    test.handlers.set("orders", () => fail());
    await test.call("PutFunctionEventInvokeConfig", {
      FunctionName: "orders",
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::failures" } },
    });
    await accept(test, { the: "event" });
    await test.clock.settle();
    expect(test.sent.map(({ targetArn }) => targetArn)).toEqual(["arn:aws:s3:::failures"]);
    expect(test.sent[0]?.objectKey).toMatch(
      /^aws\/lambda\/async\/orders\/2026\/01\/01\/2026-01-01T00\.00\.00-[0-9a-f-]{36}$/,
    );
  });

  it.each([
    { MaximumEventAgeInSeconds: 60, invokeCount: 2, at: [0, 60] },
    { MaximumEventAgeInSeconds: 179, invokeCount: 2, at: [0, 60] },
    { MaximumEventAgeInSeconds: 180, invokeCount: 3, at: [0, 60, 180], condition: "RetriesExhausted" },
  ])(
    "whose next retry would be after $MaximumEventAgeInSeconds s is dropped at once",
    async ({ MaximumEventAgeInSeconds, invokeCount, at, condition = "EventAgeExceeded" }) => {
      const test = await setUp();
      test.handlers.set("orders", () => fail());
      const DestinationConfig = { OnFailure: { Destination: queueArn } };
      await test.call("PutFunctionEventInvokeConfig", {
        FunctionName: "orders",
        MaximumEventAgeInSeconds,
        DestinationConfig,
      });
      await accept(test, 1);
      await test.clock.advance(60 * minute);
      expect(secondsOf(test)).toEqual(at);
      expect(bodyOf(test, 0)).toMatchObject({
        requestContext: { condition, approximateInvokeCount: invokeCount },
        responseContext: { functionError: "Unhandled" },
        responsePayload: { errorMessage: "no" },
      });
    },
  );

  it("that is throttled comes back after 1 s, doubling to 5 minutes, without using up attempts", async () => {
    const test = await setUp();
    let turns = 0;
    test.handlers.set("orders", () => (++turns <= 11 ? throttle() : fail()));
    await accept(test, 1);
    await test.clock.advance(60 * minute);
    expect(secondsOf(test)).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111, 1171, 1291]);
    expect(test.invocations.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3]);
    expect(test.records.at(1)).toMatchObject({ state: "retrying", attempts: 0, reason: "Rate Exceeded." });
  });

  it("that stays throttled is given up at its maximum age, with its last answer if it had one", async () => {
    const test = await setUp();
    test.facts.set("orders", { deadLetterTargetArn });
    let turns = 0;
    test.handlers.set("orders", () => throttle());
    const DestinationConfig = { OnFailure: { Destination: queueArn } };
    await test.call("PutFunctionEventInvokeConfig", {
      FunctionName: "orders",
      MaximumEventAgeInSeconds: 120,
      DestinationConfig,
    });
    await accept(test, 1);
    await test.clock.advance(60 * minute);
    expect(secondsOf(test)).toEqual([0, 1, 3, 7, 15, 31, 63]);
    expect(test.sent[0]?.messageAttributes).toMatchObject({
      ErrorCode: { StringValue: "429" },
      ErrorMessage: { StringValue: "Rate Exceeded." },
    });
    expect(bodyOf(test, 1)).toMatchObject({
      requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 0 },
    });
    expect(bodyOf(test, 1)).not.toHaveProperty("responseContext");

    test.handlers.set("orders", () => (++turns === 1 ? fail("first") : throttle()));
    await accept(test, 2);
    await test.clock.advance(60 * minute);
    expect(bodyOf(test, 3)).toMatchObject({
      requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 1 },
      responsePayload: { errorMessage: "first" },
    });
  });

  it("of a function with zero reserved concurrency goes straight to the destinations", async () => {
    const test = await setUp();
    test.facts.set("orders", { reservedConcurrency: 0, deadLetterTargetArn });
    test.handlers.set("orders", () => "never");
    const DestinationConfig = { OnFailure: { Destination: queueArn } };
    await test.call("PutFunctionEventInvokeConfig", { FunctionName: "orders", DestinationConfig });
    const { requestId } = await accept(test, {});
    await test.clock.settle();
    expect(test.invocations).toEqual([]);
    expect(bodyOf(test, 0)).toEqual({});
    expect(bodyOf(test, 1)).toEqual({
      version: "1.0",
      timestamp: "2026-01-01T00:00:00.000Z",
      requestContext: {
        requestId,
        functionArn: `${functionArn}:$LATEST`,
        condition: "ZeroReservedConcurrency",
        approximateInvokeCount: 0,
      },
      requestPayload: {},
    });
  });

  it("whose destination cannot take it now is offered again, without another invocation", async () => {
    const test = await setUp();
    test.facts.set("orders", { deadLetterTargetArn });
    test.handlers.set("orders", () => fail());
    const DestinationConfig = { OnFailure: { Destination: queueArn } };
    await test.call("PutFunctionEventInvokeConfig", {
      FunctionName: "orders",
      MaximumRetryAttempts: 0,
      DestinationConfig,
    });
    let refusals = 0;
    test.onDeliver = ({ targetArn }) => {
      if (targetArn === queueArn && ++refusals <= 2) {
        throw new ServiceError("ServiceUnavailable", "later", { status: 503 });
      }
    };
    await accept(test, 1);
    await test.clock.advance(minute);
    expect(test.sent.map(({ targetArn }) => targetArn)).toEqual([deadLetterTargetArn, queueArn]);
    expect(test.invocations).toHaveLength(1);
    expect(test.records.map(({ state, reason }) => [state, reason])).toEqual([
      ["accepted", undefined],
      ["retrying", `${queueArn} did not take the outcome: later`],
      ["retrying", `${queueArn} did not take the outcome: later`],
      ["dead-lettered", "RetriesExhausted: no"],
    ]);
  });

  it("whose destination is gone fails, and the user is told", async () => {
    const test = await setUp();
    test.facts.set("orders", { deadLetterTargetArn });
    test.handlers.set("orders", () => fail());
    await test.call("PutFunctionEventInvokeConfig", { FunctionName: "orders", MaximumRetryAttempts: 0 });
    test.onDeliver = () => {
      throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
    };
    const { requestId } = await accept(test, 1);
    await test.clock.settle();
    expect(states(test)).toEqual(["accepted", "failed"]);
    expect(test.notices).toEqual([
      {
        level: "warning",
        subject: "orders",
        message: `asynchronous event ${requestId}: ${deadLetterTargetArn} did not take the outcome: The specified queue does not exist.`,
      },
    ]);
  });

  it("of a function that was deleted since fails", async () => {
    const test = await setUp({ start: false });
    test.handlers.set("orders", () => "done");
    await accept(test, 1);
    test.handlers.delete("orders");
    await test.dispatcher.start();
    await test.clock.settle();
    expect(test.records.at(-1)).toMatchObject({ state: "failed", reason: "the function does not exist any more" });
  });

  it("tells a dead-letter queue the first kilobyte of the error, without control characters", async () => {
    const test = await setUp();
    test.facts.set("orders", { deadLetterTargetArn });
    test.handlers.set("orders", () => fail(`\u001b[31m${"é".repeat(600)}`));
    await test.call("PutFunctionEventInvokeConfig", { FunctionName: "orders", MaximumRetryAttempts: 0 });
    await accept(test, 1);
    await test.clock.settle();
    const text = test.sent[0]?.messageAttributes?.["ErrorMessage"]?.StringValue ?? "";
    expect(text).toMatch(/^\uFFFD\[31mé+$/);
    expect(encoder.encode(text).byteLength).toBe(1_023);
  });
});

describe("the asynchronous queue", () => {
  it("keeps no more of a function in hand than it may run, and holds up no other function", async () => {
    const test = await setUp();
    test.facts.set("orders", { reservedConcurrency: 1 });
    let running = 0;
    let runningMax = 0;
    const release: (() => void)[] = [];
    test.handlers.set("orders", async () => {
      runningMax = Math.max(runningMax, ++running);
      await new Promise<void>((resolve) => release.push(resolve));
      running--;
    });
    test.handlers.set("mail", () => "done");
    for (const n of [1, 2, 3]) await accept(test, n);
    await accept(test, 0, { functionName: "mail" });
    while (test.invocations.length < 4) {
      if (test.invocations.some(({ functionName }) => functionName === "mail")) release.shift()?.();
      await test.database.write(() => 0);
    }
    release.shift()?.();
    await test.clock.settle();
    expect(runningMax).toBe(1);
    expect(test.invocations.filter(({ functionName }) => functionName === "orders").map(({ event }) => event)).toEqual([
      1, 2, 3,
    ]);
  });

  it("takes thousands of waiting events in order, a page at a time", async () => {
    const test = await setUp({ start: false, concurrencyMax: 1 });
    test.handlers.set("orders", () => "done");
    const payload = (n: number): Uint8Array => encoder.encode(String(n));
    for (let page = 0; page < 20; page++) {
      await test.dispatcher.asyncInvocations.acceptAll(
        Array.from({ length: 100 }, (_, n) => ({
          functionName: "orders",
          payload: payload(page * 100 + n),
          source: "s3",
        })),
      );
    }
    await test.dispatcher.start();
    await test.clock.settle();
    expect(test.invocations.map(({ event }) => event)).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
  });

  it("stop begins nothing more and waits for what is in hand", async () => {
    const test = await setUp({ concurrencyMax: 1 });
    let finish: () => void = () => undefined;
    test.handlers.set("orders", () => new Promise<void>((resolve) => (finish = resolve)));
    await accept(test, 1);
    await accept(test, 2);
    while (test.invocations.length === 0) await test.database.write(() => 0);
    const stopped = test.dispatcher.stop().then(() => states(test));
    finish();
    expect(await stopped).toEqual(["accepted", "accepted", "delivered"]);
    expect(test.invocations).toHaveLength(1);
    test.handlers.set("orders", () => "done");
    await test.dispatcher.start();
    await test.clock.settle();
    expect(test.invocations.map(({ event }) => event)).toEqual([1, 2]);
  });

  it("goes on after a crash: what was accepted is invoked at least once, with its request id and its attempts", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "tripline-dispatcher-"));
    folders.push(dataDir);
    const before = await createTestDispatcher({ dataDir, start: false });
    before.facts.set("orders", { deadLetterTargetArn });
    const seen = new Map<number, string[]>();
    const note = (event: unknown, { requestId }: InvokeRequest): void => {
      const n = event as number;
      seen.set(n, [...(seen.get(n) ?? []), requestId ?? ""]);
    };
    before.handlers.set("orders", (event, request) => {
      note(event, request);
      if (seen.size === 300) before.database.close(); // as if the process had died here
      if ((event as number) % 7 === 0) fail();
    });
    const accepted = await Promise.all(Array.from({ length: 1_000 }, (_, n) => accept(before, n)));
    const ids = accepted.map(({ requestId }) => requestId);
    await before.dispatcher.start();
    await before.clock.settle().catch(() => undefined);
    expect(seen.size).toBeLessThan(1_000);

    const after = await setUp({ dataDir, seed: "again", startMs: before.clock.now(), start: false });
    after.facts.set("orders", { deadLetterTargetArn });
    after.handlers.set("orders", (event, request) => {
      note(event, request);
      if ((event as number) % 7 === 0) fail();
    });
    await after.dispatcher.start();
    await after.clock.advance(10 * minute);
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(ids.map((_, n) => n));
    for (const [n, requestIds] of seen) expect(new Set(requestIds)).toEqual(new Set([ids[n]]));
    const dead = after.sent.map(({ body }) => Number(new TextDecoder().decode(body))).sort((a, b) => a - b);
    expect(dead).toEqual(ids.flatMap((_, n) => (n % 7 === 0 ? [n] : [])));
  });
});
