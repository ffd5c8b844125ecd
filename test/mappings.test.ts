import { CreateEventSourceMappingCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, it } from "vitest";
import { call } from "./support/call.ts";
import { createTestSimulator } from "./support/test-simulator.ts";
import { runTripline } from "./support/tripline-process.ts";

const echo = {
  Type: "AWS::Serverless::Function",
  Properties: { Runtime: "nodejs20.x", Handler: "index.handler", InlineCode: "exports.handler = async () => {}" },
};

it("messages that waited for a function that was deleted go on when it is there again", async () => {
  await using simulator = await createTestSimulator({
    clock: "virtual",
    isolation: "inline",
    listen: false,
    resources: {
      Work: { Type: "AWS::SQS::Queue" },
      Worker: {
        ...echo,
        Properties: {
          ...echo.Properties,
          Events: { Work: { Type: "SQS", Properties: { Queue: { "Fn::GetAtt": ["Work", "Arn"] } } } },
        },
      },
    },
  });
  await call(simulator, "lambda", "DeleteFunction", { FunctionName: "Worker" });
  await simulator.sqs.sendMessage({ queue: "Work", body: "one" });
  await simulator.clock.advance(60_000);
  expect(simulator.invocations()).toEqual([]);
  await call(simulator, "lambda", "CreateFunction", {
    FunctionName: "Worker",
    Runtime: "nodejs20.x",
    Handler: "index.handler",
    Code: { InlineSource: "exports.handler = async () => {}" },
  });
  await simulator.clock.advance(60_000);
  expect(simulator.invocations().map((one) => one.source)).toEqual(["sqs"]);
});

it("what becomes of the events of a mapping is counted where it asks, and shown by the library and by tripline status", async () => {
  await using simulator = await createTestSimulator({
    clock: "virtual",
    isolation: "inline",
    resources: {
      Work: { Type: "AWS::SQS::Queue", Properties: { QueueName: "work" } },
      Quiet: { Type: "AWS::SQS::Queue", Properties: { QueueName: "quiet" } },
      Worker: echo,
    },
  });
  const lambda = new LambdaClient({
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  });
  const arnOf = (queue: string): string => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
  const map = async (queue: string, more: object): Promise<string | undefined> => {
    const input = { EventSourceArn: arnOf(queue), FunctionName: "Worker", ...more };
    return (await lambda.send(new CreateEventSourceMappingCommand(input))).UUID;
  };
  const filter = { FilterCriteria: { Filters: [{ Pattern: '{"body":{"wanted":[true]}}' }] } };
  const uuid = await map("work", { ...filter, MetricsConfig: { Metrics: ["EventCount"] } });
  const quiet = await map("quiet", {});
  lambda.destroy();
  for (const queue of ["work", "quiet"]) {
    for (const wanted of [true, false, true]) await simulator.sqs.sendMessage({ queue, body: `{"wanted":${wanted}}` });
  }
  await simulator.clock.advance(60_000);
  const counts = { PolledEventCount: 3, FilteredOutEventCount: 1, InvokedEventCount: 2, DeletedEventCount: 2 };
  const common = { functionName: "Worker", state: "Enabled" };
  expect(simulator.mappings()).toEqual([
    { ...common, uuid: quiet, eventSourceArn: arnOf("quiet"), counts: {} },
    { ...common, uuid, eventSourceArn: arnOf("work"), counts },
  ]);
  const status = ["status", "--endpoint", simulator.endpoint ?? ""];
  const { stdout } = await runTripline([...status, "--json"]);
  expect((JSON.parse(stdout) as { mappings: unknown }).mappings).toEqual([
    { ...common, source: arnOf("quiet"), counts: {} },
    { ...common, source: arnOf("work"), counts },
  ]);
  const [, table = ""] = /Event source mappings\n([^]*?)(?:\n\n|$)/.exec((await runTripline(status)).stdout) ?? [];
  const rows = table.trim().split("\n");
  expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual([
    ["source", "function", "state", "events"],
    [arnOf("quiet"), "Worker", "Enabled", "-"],
    [arnOf("work"), "Worker", "Enabled", "Polled 3, FilteredOut 1, Invoked 2, Deleted 2"],
  ]);
});
