import { toArn, defaultScope } from "@tripline/kernel";
import { afterEach, beforeEach, expect, it } from "vitest";
import { call, createTestBench, type TestBench, textOf } from "../schedule-runner/conformance/index.ts";
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
    targetArn: functionArn,
    body: "",
  });
});

it("a rate rule fires each period after it was put, from whole seconds", async () => {
  await bench.clock.advance(700);
  await putRule("often", "rate(5 minutes)", { Id: "one", Arn: functionArn });
  await bench.clock.advance(15 * 60_000);
  expect(firedAt()).toEqual(["2026-01-01T00:05:00.000Z", "2026-01-01T00:10:00.000Z", "2026-01-01T00:15:00.000Z"]);
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
