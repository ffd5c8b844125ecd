import { defaultScope, type ServiceError, toArn } from "@tripline/kernel";
import { afterEach, beforeEach, expect, it } from "vitest";
import { call, createTestBench, type TestBench } from "../../schedule-runner/conformance/index.ts";
import { createEventBridge, type EventBridge } from "../index.ts";

const functionArn = toArn(defaultScope, "lambda", "function:report");
const ruleArn = toArn(defaultScope, "events", "rule/r");

let bench: TestBench;
let events: EventBridge;

beforeEach(() => {
  bench = createTestBench();
  events = createEventBridge(bench.ports);
});
afterEach(() => {
  bench.close();
});

const run = (operation: string, input: object, upsert = false): Promise<unknown> =>
  call(events.service, operation, input, { upsert });
const refusal = async (operation: string, input: object): Promise<string> => {
  const error = (await run(operation, input).then(
    () => expect.unreachable(),
    (reason: unknown) => reason,
  )) as ServiceError;
  return `${error.status} ${error.code}: ${error.message}`;
};
const putRule = (more: object = {}): Promise<unknown> =>
  run("PutRule", { Name: "r", ScheduleExpression: "rate(1 minute)", ...more });
const putTarget = (more: object): Promise<unknown> =>
  run("PutTargets", { Rule: "r", Targets: [{ Id: "t", Arn: functionArn, ...more }] });
const targetRefusal = (more: object): Promise<string> =>
  refusal("PutTargets", { Rule: "r", Targets: [{ Id: "t", Arn: functionArn, ...more }] });

it("PutRule, ListRules and DescribeRule answer as AWS does", async () => {
  expect(await putRule()).toEqual({ RuleArn: ruleArn });
  expect(await run("ListRules", { NamePrefix: "r" })).toEqual({
    Rules: [
      { Arn: ruleArn, EventBusName: "default", Name: "r", ScheduleExpression: "rate(1 minute)", State: "ENABLED" },
    ],
  });
  await putRule({
    Description: "d",
    State: "DISABLED",
    EventBusName: toArn(defaultScope, "events", "event-bus/default"),
  });
  expect(await run("DescribeRule", { Name: "r" })).toEqual({
    Arn: ruleArn,
    EventBusName: "default",
    Name: "r",
    ScheduleExpression: "rate(1 minute)",
    State: "DISABLED",
    Description: "d",
    CreatedBy: "000000000000",
  });
});

it.each([
  [
    { EventBusName: "custom" },
    "400 ValidationException: ScheduleExpression is supported only on the default event bus.",
  ],
  [{ ScheduleExpression: "cron(0 1 * * * *)" }, "400 ValidationException: Parameter ScheduleExpression is not valid."],
  [
    { ScheduleExpression: "at(2026-01-01T00:00:00)" },
    "400 ValidationException: Parameter ScheduleExpression is not valid.",
  ],
  [
    { ScheduleExpression: undefined },
    "400 ValidationException: Parameter(s) EventPattern or ScheduleExpression must be specified.",
  ],
  [
    { EventPattern: "{}" },
    "400 ValidationException: EventPattern is not simulated by Tripline: only rules with a ScheduleExpression are simulated so far.",
  ],
  [
    { Name: "a b" },
    "400 ValidationException: 1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
  ],
])("PutRule refuses %j and changes nothing", async (more, message) => {
  expect(await refusal("PutRule", { Name: "r", ScheduleExpression: "rate(1 minute)", ...more })).toBe(message);
  expect(await run("ListRules", {})).toEqual({ Rules: [] });
});

it.each([
  [{ Arn: "x" }, "Parameter x is not valid. Reason: Provided Arn is not in correct format."],
  [
    { Arn: toArn(defaultScope, "sns", "topic") },
    "The target arn:aws:sns:us-east-1:000000000000:topic is not simulated by Tripline: rules reach Lambda functions and SQS queues only.",
  ],
  [
    { KinesisParameters: { PartitionKeyPath: "$.id" } },
    "Targets.KinesisParameters is not simulated by Tripline: rules reach Lambda functions and SQS queues only.",
  ],
  [
    { Input: "{}", InputPath: "$.detail" },
    "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
  ],
  [
    { InputTransformer: { InputPathsMap: { a: "$.time" }, InputTemplate: '"<a> <b>"' } },
    "InputTemplate for target t contains invalid placeholder b.",
  ],
  [{ Arn: toArn(defaultScope, "sqs", "q.fifo") }, "Parameter(s) SqsParameters must be specified for target: t."],
  [
    { RetryPolicy: { MaximumRetryAttempts: 186 } },
    "1 validation error detected: Value '186' at 'targets.1.member.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185",
  ],
  [
    { RetryPolicy: { MaximumEventAgeInSeconds: 59 } },
    "1 validation error detected: Value '59' at 'targets.1.member.retryPolicy.maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
  ],
])("PutTargets refuses %j and changes nothing", async (more, message) => {
  await putRule();
  expect(await targetRefusal(more)).toBe(`400 ValidationException: ${message}`);
  expect(await run("ListTargetsByRule", { Rule: "r" })).toEqual({ Targets: [] });
});

it("PutTargets replaces by id, up to five a rule; for a template the list is the whole", async () => {
  await putRule();
  const target = (Id: string): object => ({ Id, Arn: functionArn });
  await run("PutTargets", { Rule: "r", Targets: ["a", "b", "c", "d", "e"].map(target) });
  expect(await refusal("PutTargets", { Rule: "r", Targets: [target("f")] })).toBe(
    "400 LimitExceededException: The requested resource exceeds the maximum number allowed.",
  );
  await run("PutTargets", { Rule: "r", Targets: [{ ...target("c"), Input: "1" }] });
  expect(await run("ListTargetsByRule", { Rule: "r", Limit: 3 })).toEqual({
    Targets: [target("a"), target("b"), { ...target("c"), Input: "1" }],
    NextToken: expect.any(String) as string,
  });
  await run("PutTargets", { Rule: "r", Targets: [target("z")] }, true);
  expect(await run("ListTargetsByRule", { Rule: "r" })).toEqual({ Targets: [target("z")] });
});

it("DeleteRule refuses a rule with targets, and takes one that does not exist", async () => {
  await putRule();
  await putTarget({});
  expect(await refusal("DeleteRule", { Name: "r" })).toBe(
    "400 ValidationException: Rule can't be deleted since it has targets.",
  );
  expect(await run("RemoveTargets", { Rule: "r", Ids: ["t", "nobody"] })).toEqual({
    FailedEntryCount: 0,
    FailedEntries: [],
  });
  expect(await run("DeleteRule", { Name: "r" })).toEqual({});
  expect(await run("DeleteRule", { Name: "r" })).toEqual({});
  expect(events.schedules()).toEqual([]);
});

it.each(["EnableRule", "DisableRule", "DescribeRule", "ListTargetsByRule", "PutTargets", "RemoveTargets"])(
  "%s of an unknown rule answers ResourceNotFoundException",
  async (operation) => {
    expect(await refusal(operation, { Name: "r", Rule: "r", Ids: [], Targets: [] })).toBe(
      "400 ResourceNotFoundException: Rule r does not exist on EventBus default.",
    );
  },
);

it("pages of ListRules neither repeat nor skip", async () => {
  for (const name of ["c", "a", "b"]) await putRule({ Name: name });
  const first = (await run("ListRules", { Limit: 2 })) as { Rules: { Name: string }[]; NextToken: string };
  await run("DeleteRule", { Name: "b" });
  const second = (await run("ListRules", { NextToken: first.NextToken })) as typeof first;
  expect([first, second].map(({ Rules }) => Rules.map(({ Name }) => Name))).toEqual([["a", "b"], ["c"]]);
});
