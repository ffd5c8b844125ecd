import { defaultScope, ServiceError, toArn } from "@tripline/kernel";
import { afterEach, beforeEach, expect, it } from "vitest";
import { call, createTestBench, type TestBench, textOf } from "../schedule-runner/conformance/index.ts";
import { createScheduler, type Scheduler } from "./index.ts";

const functionArn = toArn(defaultScope, "lambda", "function:report");
const queueArn = toArn(defaultScope, "sqs", "jobs");
const deadLetterArn = toArn(defaultScope, "sqs", "dead");
const roleArn = "arn:aws:iam::000000000000:role/scheduler";
const scheduleArn = toArn(defaultScope, "scheduler", "schedule/default/s");
const hourMs = 3_600_000;

let bench: TestBench;
let scheduler: Scheduler;

beforeEach(async () => {
  bench = createTestBench();
  scheduler = createScheduler(bench.ports);
  await scheduler.source.start(bench.host);
});
afterEach(async () => {
  await scheduler.source.stop();
  bench.close();
});

const input = (expression: string, more: object = {}, target: object = {}): object => ({
  Name: "s",
  ScheduleExpression: expression,
  FlexibleTimeWindow: { Mode: "OFF" },
  ...more,
  Target: { Arn: functionArn, RoleArn: roleArn, ...target },
});
const create = (expression: string, more: object = {}, target: object = {}): Promise<unknown> =>
  call(scheduler.service, "CreateSchedule", input(expression, more, target));
const firedAt = (): string[] => bench.deliveries.map(({ atMs }) => new Date(atMs).toISOString());
const bodies = (): string[] => bench.deliveries.map(({ delivery }) => textOf(delivery));

it("a schedule without Input sends Scheduler's event, whose detail is the text {}", async () => {
  await create("at(2026-01-01T09:30:15)", { ScheduleExpressionTimezone: "America/New_York" });
  await bench.clock.advance(24 * hourMs);
  expect(firedAt()).toEqual(["2026-01-01T14:30:15.000Z"]);
  const { delivery } = bench.deliveries[0]!;
  const { id } = JSON.parse(textOf(delivery)) as { id: string };
  expect(textOf(delivery)).toBe(
    `{"version":"0","id":"${id}","detail-type":"Scheduled Event","source":"aws.scheduler","account":"000000000000","time":"2026-01-01T14:30:15Z","region":"us-east-1","resources":["${scheduleArn}"],"detail":"{}"}`,
  );
  expect({ ...delivery, id: "", body: "" }).toEqual({
    id: "",
    source: "scheduler",
    sourceArn: scheduleArn,
    targetArn: functionArn,
    body: "",
  });
});

it("context attributes are filled in, the number of the attempt at each attempt", async () => {
  let isDown = true;
  bench.intercept.onDelivery = () => {
    if (isDown) throw new ServiceError("ServiceUnavailable", "down", { status: 503 });
  };
  await create(
    "at(2026-01-01T01:00:00)",
    {},
    {
      Input:
        '{"arn":"<aws.scheduler.schedule-arn>","at":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>","attempt":<aws.scheduler.attempt-number>}',
    },
  );
  await bench.clock.advanceTo(Date.parse("2026-01-01T01:00:00Z"));
  isDown = false;
  await bench.clock.advance(hourMs);
  const [body] = bodies();
  const { id } = JSON.parse(body!) as { id: string };
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(bodies()).toEqual([`{"arn":"${scheduleArn}","at":"2026-01-01T01:00:00Z","id":"${id}","attempt":2}`]);
});

it("a rate fires at its creation and each period after it; with a StartDate, at the StartDate", async () => {
  await create("rate(2 hours)");
  await create("rate(2 hours)", { Name: "later", StartDate: new Date("2026-01-01T01:30:00Z") }, { Arn: queueArn });
  await bench.clock.advance(4 * hourMs);
  expect(bench.deliveries.map(({ atMs, delivery }) => `${new Date(atMs).toISOString()} ${delivery.targetArn}`)).toEqual(
    [
      `2026-01-01T00:00:00.000Z ${functionArn}`,
      `2026-01-01T01:30:00.000Z ${queueArn}`,
      `2026-01-01T02:00:00.000Z ${functionArn}`,
      `2026-01-01T03:30:00.000Z ${queueArn}`,
      `2026-01-01T04:00:00.000Z ${functionArn}`,
    ],
  );
});

it("nothing fires before StartDate or after EndDate", async () => {
  await create("cron(0 * * * ? *)", {
    StartDate: new Date("2026-01-01T03:00:00Z"),
    EndDate: new Date("2026-01-01T05:00:00Z"),
  });
  await bench.clock.advance(24 * hourMs);
  expect(firedAt()).toEqual(["2026-01-01T03:00:00.000Z", "2026-01-01T04:00:00.000Z", "2026-01-01T05:00:00.000Z"]);
});

it("a flexible time window invokes somewhere inside it, at the same place for the same seed, with the scheduled time", async () => {
  const run = async (seed: string): Promise<{ atMs: number; time: string }[]> => {
    const other = createTestBench({ seed });
    const flexible = createScheduler(other.ports);
    await flexible.source.start(other.host);
    await call(
      flexible.service,
      "CreateSchedule",
      input("cron(0 12 * * ? *)", { FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 } }),
    );
    await other.clock.advance(7 * 24 * hourMs);
    await flexible.source.stop();
    other.close();
    return other.deliveries.map(({ atMs, delivery }) => ({
      atMs,
      time: (JSON.parse(textOf(delivery)) as { time: string }).time,
    }));
  };
  const first = await run("a");
  expect(first.map(({ time }) => time)).toEqual([1, 2, 3, 4, 5, 6, 7].map((day) => `2026-01-0${day}T12:00:00Z`));
  const delaysMs = first.map(({ atMs, time }) => atMs - Date.parse(time));
  expect(delaysMs.every((delayMs) => delayMs >= 0 && delayMs < 15 * 60_000)).toBe(true);
  expect(new Set(delaysMs).size).toBe(7);
  expect(await run("a")).toEqual(first);
  expect(await run("b")).not.toEqual(first);
});

it("retries until MaximumRetryAttempts, then sends the payload to the dead-letter queue with AWS's attributes", async () => {
  bench.intercept.onDelivery = ({ targetArn }) => {
    if (targetArn === functionArn) throw new ServiceError("TooManyRequestsException", "Rate exceeded", { status: 429 });
  };
  await create(
    "at(2026-01-01T01:00:00)",
    {},
    {
      Input: '{"n":<aws.scheduler.attempt-number>}',
      RetryPolicy: { MaximumRetryAttempts: 2 },
      DeadLetterConfig: { Arn: deadLetterArn },
    },
  );
  await bench.clock.advance(24 * hourMs);
  expect(bench.records.map(({ state, attempts, reason }) => ({ state, attempts, reason }))).toEqual([
    { state: "accepted", attempts: 0, reason: undefined },
    { state: "retrying", attempts: 0, reason: "Rate exceeded" },
    { state: "retrying", attempts: 0, reason: "Rate exceeded" },
    { state: "dead-lettered", attempts: 0, reason: "Rate exceeded" },
  ]);
  expect(bodies()).toEqual(['{"n":3}']);
  const { delivery, atMs } = bench.deliveries[0]!;
  expect(atMs).toBeGreaterThan(Date.parse("2026-01-01T01:00:01.500Z"));
  expect(atMs).toBeLessThanOrEqual(Date.parse("2026-01-01T01:00:03Z"));
  const executionId = delivery.messageAttributes?.["EXECUTION_ID"]?.StringValue;
  expect(executionId).toMatch(/^[0-9a-f]{16}$/);
  expect(delivery.targetArn).toBe(deadLetterArn);
  expect(delivery.messageAttributes).toEqual(
    Object.fromEntries(
      Object.entries({
        ERROR_CODE: "TooManyRequestsException",
        ERROR_MESSAGE: "Rate exceeded",
        EXECUTION_ID: executionId,
        EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
        IS_PAYLOAD_TRUNCATED: "false",
        RETRY_ATTEMPTS: "2",
        SCHEDULED_TIME: "2026-01-01T01:00:00Z",
        SCHEDULE_ARN: scheduleArn,
        TARGET_ARN: functionArn,
      }).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
    ),
  );
  expect(await bench.ports.store.list("scheduler")).toEqual([]);
});

it("a FIFO queue gets the MessageGroupId", async () => {
  await create(
    "at(2026-01-01T01:00:00)",
    {},
    { Arn: `${queueArn}.fifo`, Input: "x", SqsParameters: { MessageGroupId: "g" } },
  );
  await bench.clock.advance(hourMs);
  expect(bench.deliveries.map(({ delivery }) => delivery.messageGroupId)).toEqual(["g"]);
  expect(bench.records.map(({ state }) => state)).toEqual(["accepted", "delivered"]);
});

it("ActionAfterCompletion DELETE deletes a one-time schedule once its target has the event, NONE keeps it", async () => {
  let isDown = true;
  bench.intercept.onDelivery = () => {
    if (isDown) throw new ServiceError("ServiceUnavailable", "down", { status: 503 });
  };
  await create("at(2026-01-01T01:00:00)", { ActionAfterCompletion: "DELETE" });
  await create("at(2026-01-01T01:00:00)", { Name: "kept" });
  await bench.clock.advance(hourMs);
  expect(scheduler.schedules().map(({ name }) => name)).toEqual(["kept", "s"]);
  isDown = false;
  await bench.clock.advance(hourMs);
  expect(scheduler.schedules().map(({ name }) => name)).toEqual(["kept"]);
  expect(scheduler.schedules()[0]!.next(bench.clock.now())).toBeUndefined();
});

it("a schedule updated, disabled or deleted while a firing waits for its retry: the firing goes on as it was fired", async () => {
  let isDown = true;
  bench.intercept.onDelivery = () => {
    if (isDown) throw new ServiceError("ServiceUnavailable", "down", { status: 503 });
  };
  await create("cron(0 * * * ? *)", {}, { Input: '"old"' });
  await bench.clock.advanceTo(Date.parse("2026-01-01T01:00:00Z"));
  await call(scheduler.service, "UpdateSchedule", input("cron(30 * * * ? *)", {}, { Arn: queueArn, Input: '"new"' }));
  await call(scheduler.service, "DeleteSchedule", { Name: "s" });
  isDown = false;
  bench.deliveries.length = 0;
  await bench.clock.advance(3 * hourMs);
  expect(bench.deliveries.map(({ delivery }) => [delivery.targetArn, textOf(delivery)])).toEqual([
    [functionArn, '"old"'],
    [functionArn, '"old"'],
  ]);
});
