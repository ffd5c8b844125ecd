import { defaultScope, ServiceError, toArn } from "@tripline/kernel";
import { afterEach, beforeEach, expect, it } from "vitest";
import { call, createTestBench, type TestBench, textOf } from "../schedule-runner/conformance/index.ts";
import { nextFirings } from "../schedule-expression/index.ts";
import { createEventBridge, type EventBridge } from "./index.ts";

const functionArn = toArn(defaultScope, "lambda", "function:report");
const queueArn = toArn(defaultScope, "sqs", "jobs");
const ruleArn = toArn(defaultScope, "events", "rule/nightly");

let bench: TestBench;
let events: EventBridge;

beforeEach(async () => {
  bench = createTestBench();
  events = createEventBridge(bench.ports);
  await events.source.start(bench.host);
});
afterEach(async () => {
  await events.source.stop();
  bench.close();
});

const putRule = async (name: string, expression: string, ...targets: object[]): Promise<void> => {
  await call(events.service, "PutRule", { Name: name, ScheduleExpression: expression });
  await call(events.service, "PutTargets", { Rule: name, Targets: targets });
};
const firedAt = (): string[] => bench.deliveries.map(({ atMs }) => new Date(atMs).toISOString());

it("a cron rule sends AWS's scheduled event to a function, with the scheduled time", async () => {
  await putRule("nightly", "cron(30 2 * * ? *)", { Id: "one", Arn: functionArn });
  await bench.clock.advance(26 * 3_600_000);
  expect(firedAt()).toEqual(["2026-01-01T02:30:00.000Z"]);
  const { delivery } = bench.deliveries[0]!;
  const body = JSON.parse(textOf(delivery)) as { id: string };
  expect(textOf(delivery)).toBe(
    `{"version":"0","id":"${body.id}","detail-type":"Scheduled Event","source":"aws.events","account":"000000000000","time":"2026-01-01T02:30:00Z","region":"us-east-1","resources":["${ruleArn}"],"detail":{}}`,
  );
  expect(body.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect({ ...delivery, id: "", body: "" }).toEqual({
    id: "",
    source: "events",
    sourceArn: ruleArn,
    caller: { service: "events.amazonaws.com", sourceArn: ruleArn, sourceAccount: "000000000000" },
    targetArn: functionArn,
    body: "",
  });
});

it("a rate rule fires each period after it was put, from whole seconds", async () => {
  await bench.clock.advance(700);
  await putRule("often", "rate(5 minutes)", { Id: "one", Arn: functionArn });
  await bench.clock.advance(15 * 60_000);
  expect(firedAt()).toEqual(["2026-01-01T00:05:01.000Z", "2026-01-01T00:10:01.000Z"]);
});

it("rules due at the same time fire in the order of their names, targets in the order of their ids", async () => {
  await putRule(
    "b",
    "rate(1 minute)",
    { Id: "2", Arn: functionArn, Input: '"b2"' },
    { Id: "1", Arn: queueArn, Input: '"b1"' },
  );
  await putRule("a", "cron(* * * * ? *)", { Id: "1", Arn: functionArn, Input: '"a"' });
  await bench.clock.advanceTo(Date.parse("2026-01-01T00:00:59Z"));
  bench.deliveries.length = 0;
  await bench.clock.advance(2000);
  expect(bench.deliveries.map(({ delivery }) => textOf(delivery))).toEqual(['"a"', '"b1"', '"b2"']);
});

it("a target gets its Input, what its InputPath selects, or what its InputTransformer makes", async () => {
  const transform = (Id: string, InputTemplate: string): object => ({
    Id,
    Arn: functionArn,
    InputTransformer: { InputPathsMap: { time: "$.time", all: "$.resources", none: "$.nothing" }, InputTemplate },
  });
  await putRule(
    "nightly",
    "cron(0 1 * * ? *)",
    { Id: "a", Arn: functionArn, Input: '{"x": 1}' },
    { Id: "b", Arn: functionArn, InputPath: "$.resources[0]" },
    transform("c", '{"at": <time>, "all": <all>, "none": <none>, "text": "at <time>: <all>, <none>"}'),
    transform("d", '"it is <time>, <aws.events.rule-name>"'),
    transform(
      "e",
      '{"rule": <aws.events.rule-arn>, "event": <aws.events.event>, "since": <aws.events.event.ingestion-time>}',
    ),
  );
  await bench.clock.advance(3_600_000);
  const [a, b, c, d, e] = bench.deliveries.map(({ delivery }) => textOf(delivery));
  const { event } = JSON.parse(e!) as { event: { id: string } };
  expect([a, b, c, d]).toEqual([
    '{"x": 1}',
    `"${ruleArn}"`,
    `{"at": "2026-01-01T01:00:00Z", "all": ["${ruleArn}"], "none": "", "text": "at 2026-01-01T01:00:00Z: [${ruleArn}], "}`,
    '"it is 2026-01-01T01:00:00Z, nightly"',
  ]);
  expect(JSON.parse(e!)).toEqual({
    rule: ruleArn,
    event: {
      version: "0",
      id: event.id,
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: "000000000000",
      time: "2026-01-01T01:00:00Z",
      region: "us-east-1",
      resources: [ruleArn],
    },
    since: "2026-01-01T01:00:00Z",
  });
});

it("a permanent error goes to the dead-letter queue at once, with AWS's attributes", async () => {
  bench.intercept.onDelivery = ({ targetArn }) => {
    if (targetArn === functionArn) {
      throw new ServiceError("ResourceNotFoundException", "Function not found", { status: 404 });
    }
  };
  await putRule("nightly", "cron(0 1 * * ? *)", {
    Id: "one",
    Arn: functionArn,
    Input: "1",
    DeadLetterConfig: { Arn: queueArn },
  });
  await bench.clock.advance(3_600_000);
  expect(bench.deliveries.map(({ atMs, delivery }) => ({ atMs, ...delivery, id: "", body: textOf(delivery) }))).toEqual(
    [
      {
        atMs: Date.parse("2026-01-01T01:00:00Z"),
        id: "",
        parentId: bench.records[0]!.id,
        source: "events",
        sourceArn: ruleArn,
        targetArn: queueArn,
        body: "1",
        messageAttributes: {
          RULE_ARN: { DataType: "String", StringValue: ruleArn },
          TARGET_ARN: { DataType: "String", StringValue: functionArn },
          ERROR_CODE: { DataType: "String", StringValue: "NO_RESOURCE" },
          ERROR_MESSAGE: { DataType: "String", StringValue: "Function not found" },
          RETRY_ATTEMPTS: { DataType: "String", StringValue: "0" },
        },
      },
    ],
  );
  expect(bench.records.map(({ state }) => state)).toEqual(["accepted", "dead-lettered"]);
});

it("retries end with MaximumEventAgeInSeconds where the next one would come too late", async () => {
  let attempts = 0;
  bench.intercept.onDelivery = ({ targetArn }) => {
    if (targetArn !== functionArn) return;
    attempts++;
    throw new ServiceError("ServiceException", "down", { status: 500 });
  };
  await putRule("nightly", "cron(0 1 * * ? *)", {
    Id: "one",
    Arn: functionArn,
    DeadLetterConfig: { Arn: queueArn },
    RetryPolicy: { MaximumEventAgeInSeconds: 60 },
  });
  await bench.clock.advance(2 * 3_600_000);
  const [{ atMs, delivery } = expect.unreachable()] = bench.deliveries;
  expect(atMs).toBeLessThanOrEqual(Date.parse("2026-01-01T01:01:00Z"));
  expect(delivery.messageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: "INTERNAL_ERROR" },
    EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumEventAgeInSeconds" },
    RETRY_ATTEMPTS: { StringValue: String(attempts - 1) },
  });
  expect(attempts).toBeGreaterThan(4);
});

it("without a dead-letter queue, or with one that refuses, the event is lost visibly", async () => {
  bench.intercept.onDelivery = () => {
    throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
  };
  await putRule("a", "cron(0 1 * * ? *)", { Id: "one", Arn: functionArn });
  await putRule("b", "cron(0 1 * * ? *)", { Id: "one", Arn: functionArn, DeadLetterConfig: { Arn: queueArn } });
  await bench.clock.advance(3_600_000);
  const reason = `A failed event could not be sent to the dead-letter queue ${queueArn}: The specified queue does not exist.`;
  const failed = bench.records.filter(({ state }) => state === "failed");
  expect(failed.map((record) => record.reason)).toEqual(["The specified queue does not exist.", reason]);
  expect(bench.notices).toEqual([
    { level: "warning", subject: toArn(defaultScope, "events", "rule/b"), message: reason },
  ]);
});

it("a disabled rule does not fire, and goes on at its rhythm when enabled; so does one whose targets change", async () => {
  await putRule("r", "rate(10 minutes)", { Id: "one", Arn: functionArn });
  await bench.clock.advance(15 * 60_000);
  await call(events.service, "DisableRule", { Name: "r" });
  expect(events.schedules()[0]!.next(bench.clock.now())).toBeUndefined();
  await bench.clock.advance(10 * 60_000);
  await call(events.service, "EnableRule", { Name: "r" });
  await call(events.service, "PutTargets", { Rule: "r", Targets: [{ Id: "one", Arn: queueArn }] });
  await bench.clock.advance(10 * 60_000);
  expect(bench.deliveries.map(({ atMs, delivery }) => `${new Date(atMs).toISOString()} ${delivery.targetArn}`)).toEqual(
    [`2026-01-01T00:10:00.000Z ${functionArn}`, `2026-01-01T00:30:00.000Z ${queueArn}`],
  );
});

it("schedules() foretells what fires", async () => {
  await putRule("r", "cron(0 9 ? * MON *)", { Id: "one", Arn: functionArn });
  const [summary = expect.unreachable()] = events.schedules();
  const { next, ...facts } = summary;
  expect(facts).toEqual({
    name: "r",
    kind: "rule",
    arn: toArn(defaultScope, "events", "rule/r"),
    expression: "cron(0 9 ? * MON *)",
    timezone: "UTC",
    state: "ENABLED",
    targetArns: [functionArn],
  });
  const foretold = nextFirings(next, bench.clock.now(), 3);
  await bench.clock.advance(21 * 24 * 3_600_000);
  expect(bench.deliveries.map(({ atMs }) => atMs)).toEqual(foretold);
});
