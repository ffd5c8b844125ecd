/** Resource policies of functions, as every push source meets them. */
import { createSimulator, type Simulator } from "tripline";
import { expect, it } from "vitest";
import { call } from "./support/call.ts";

const code = {
  Runtime: "nodejs20.x",
  Handler: "index.handler",
  Code: { ZipFile: "exports.handler = async () => ({ statusCode: 200, body: 'in' })" },
};
const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

function start(resources: Record<string, unknown>): Promise<Simulator> {
  const Worker = { Type: "AWS::Lambda::Function", Properties: code };
  return createSimulator({ clock: "virtual", isolation: "inline", resources: { Worker, ...resources } });
}
const allow = (Principal: string, SourceArn: string): object => ({
  FunctionName: "Worker",
  StatementId: "let-in",
  Action: "lambda:InvokeFunction",
  Principal,
  SourceArn,
});

it("a bucket can notify a function only where its policy lets S3 in, when it is configured and when it notifies", async () => {
  await using simulator = await start({ Photos: { Type: "AWS::S3::Bucket", Properties: { BucketName: "photos" } } });
  const configure = (): Promise<unknown> =>
    call(simulator, "s3", "PutBucketNotificationConfiguration", {
      Bucket: "photos",
      NotificationConfiguration: {
        LambdaFunctionConfigurations: [{ LambdaFunctionArn: arnOf("Worker"), Events: ["s3:ObjectCreated:*"] }],
      },
    });
  await expect(configure()).rejects.toMatchObject({
    code: "InvalidArgument",
    message: "Unable to validate the following destination configurations",
    members: {
      ArgumentName1: `${arnOf("Worker")}, null`,
      ArgumentValue1: `Not authorized to invoke function [${arnOf("Worker")}]`,
    },
  });
  await call(simulator, "lambda", "AddPermission", allow("s3.amazonaws.com", "arn:aws:s3:::photo*"));
  await configure();
  await simulator.s3.putObject({ bucket: "photos", key: "a", body: "1" });
  await simulator.settle();
  await call(simulator, "lambda", "RemovePermission", { FunctionName: "Worker", StatementId: "let-in" });
  await simulator.s3.putObject({ bucket: "photos", key: "b", body: "2" });
  await simulator.settle();
  expect(simulator.invocations().map((one) => one.source)).toEqual(["s3"]);
  expect(simulator.deliveries({ source: "s3" }).map((one) => [one.state, one.reason?.slice(0, 41)])).toEqual([
    ["delivered", undefined],
    ["failed", "User: s3.amazonaws.com is not authorized "],
  ]);
});

it("a rule that the policy does not let in goes to its dead-letter queue with NO_PERMISSIONS, at once", async () => {
  await using simulator = await start({
    Dead: { Type: "AWS::SQS::Queue" },
    Hourly: {
      Type: "AWS::Events::Rule",
      Properties: {
        Name: "hourly",
        ScheduleExpression: "rate(1 hour)",
        Targets: [{ Id: "1", Arn: arnOf("Worker"), DeadLetterConfig: { Arn: { "Fn::GetAtt": ["Dead", "Arn"] } } }],
      },
    },
  });
  await simulator.clock.advance(3_600_000);
  const [message] = await simulator.sqs.receiveMessages("Dead");
  expect(message?.messageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: "NO_PERMISSIONS" },
    RETRY_ATTEMPTS: { StringValue: "0" },
  });
  await call(
    simulator,
    "lambda",
    "AddPermission",
    allow("events.amazonaws.com", "arn:aws:events:us-east-1:000000000000:rule/hourly"),
  );
  await simulator.clock.advance(3_600_000);
  expect(simulator.invocations().map((one) => one.source)).toEqual(["events"]);
});

it("an API answers 500 until the function's policy lets its method in; the pattern's stage, method and path count", async () => {
  await using simulator = await start({});
  const { ApiId } = (await call(simulator, "apigatewayv2", "CreateApi", { Name: "shop", ProtocolType: "HTTP" })) as {
    ApiId: string;
  };
  const { IntegrationId } = (await call(simulator, "apigatewayv2", "CreateIntegration", {
    ApiId,
    IntegrationType: "AWS_PROXY",
    IntegrationUri: arnOf("Worker"),
    PayloadFormatVersion: "2.0",
  })) as { IntegrationId: string };
  for (const RouteKey of ["GET /a/{id}", "$default"]) {
    await call(simulator, "apigatewayv2", "CreateRoute", { ApiId, RouteKey, Target: `integrations/${IntegrationId}` });
  }
  await call(simulator, "apigatewayv2", "CreateStage", { ApiId, StageName: "$default", AutoDeploy: true });
  const get = async (path: string): Promise<[number, string]> => {
    const response = await fetch(`${simulator.endpoint}/_api/shop/%24default${path}`);
    return [response.status, await response.text()];
  };
  const refused = [500, '{"message":"Internal Server Error"}'];
  expect(await get("/a/1")).toEqual(refused);
  const gateway = (pattern: string): object => ({
    ...allow("apigateway.amazonaws.com", `arn:aws:execute-api:us-east-1:000000000000:${ApiId}/${pattern}`),
    StatementId: pattern.replace(/[^\w]/g, "-"),
  });
  await call(simulator, "lambda", "AddPermission", gateway("prod/GET/a/*"));
  await call(simulator, "lambda", "AddPermission", gateway("*/POST/a/*"));
  expect(await get("/a/1")).toEqual(refused);
  await call(simulator, "lambda", "AddPermission", gateway("*/*/a/*"));
  expect(await get("/a/1")).toEqual([200, "in"]);
  expect(await get("/b")).toEqual(refused);
  await call(simulator, "lambda", "AddPermission", gateway("*/$default"));
  expect(await get("/b")).toEqual([200, "in"]);
});

it("the account itself needs no permission: Invoke, the library, and schedules with a role", async () => {
  await using simulator = await start({
    Later: {
      Type: "AWS::Scheduler::Schedule",
      Properties: {
        ScheduleExpression: "rate(1 hour)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: arnOf("Worker"), RoleArn: "arn:aws:iam::000000000000:role/r" },
      },
    },
  });
  await call(simulator, "lambda", "Invoke", { FunctionName: "Worker" });
  await simulator.invoke("Worker", {}, { async: true });
  await simulator.clock.advance(3_500_000);
  expect(simulator.invocations().map((one) => [one.source, one.status])).toEqual([
    ["lambda", "success"],
    ["lambda", "success"],
    ["scheduler", "success"],
  ]);
});
