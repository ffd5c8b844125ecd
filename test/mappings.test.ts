import { expect, it } from "vitest";
import { call } from "./support/call.ts";
import { createTestSimulator } from "./support/test-simulator.ts";

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
