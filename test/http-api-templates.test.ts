/** HTTP APIs of templates: CloudFormation's own types, SAM's with documents and settings, and what a changed template makes of a stack. */
import {
  ApiGatewayV2Client,
  GetApiCommand,
  GetApisCommand,
  GetStageCommand,
  GetTagsCommand,
} from "@aws-sdk/client-apigatewayv2";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";

const ref = (name: string): object => ({ Ref: name });
const arn = (name: string): object => ({ "Fn::GetAtt": [name, "Arn"] });
const echo = (events: object = {}): object => ({
  Type: "AWS::Serverless::Function",
  Properties: {
    Runtime: "nodejs20.x",
    Handler: "index.handler",
    InlineCode:
      "exports.handler = async (event) => [event.version, event.routeKey ?? event.requestContext.resourceId, event.stageVariables?.k].join(' ');",
    Events: events,
  },
});
const documented = (name: string): object => ({
  "x-amazon-apigateway-integration": {
    type: "aws_proxy",
    httpMethod: "POST",
    uri: {
      "Fn::Sub": `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${name}.Arn}/invocations`,
    },
    payloadFormatVersion: "2.0",
  },
});

const resourcesOf = (routeKey: string, limit: number): Record<string, object> => ({
  Echo: echo(),
  EchoPermission: {
    Type: "AWS::Lambda::Permission",
    Properties: { FunctionName: ref("Echo"), Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com" },
  },
  Lines: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "/shop/lines" } },
  // CloudFormation: everything by hand.
  Shop: {
    Type: "AWS::ApiGatewayV2::Api",
    Properties: {
      Name: "shop",
      ProtocolType: "HTTP",
      Description: "d",
      CorsConfiguration: { AllowOrigins: ["https://a.example"] },
      Tags: { team: "shop" },
    },
  },
  Back: {
    Type: "AWS::ApiGatewayV2::Integration",
    Properties: {
      ApiId: ref("Shop"),
      IntegrationType: "AWS_PROXY",
      IntegrationUri: arn("Echo"),
      PayloadFormatVersion: "2.0",
    },
  },
  Route: {
    Type: "AWS::ApiGatewayV2::Route",
    Properties: { ApiId: ref("Shop"), RouteKey: routeKey, Target: { "Fn::Sub": "integrations/${Back}" } },
  },
  Deployment: { Type: "AWS::ApiGatewayV2::Deployment", DependsOn: "Route", Properties: { ApiId: ref("Shop") } },
  Live: {
    Type: "AWS::ApiGatewayV2::Stage",
    Properties: {
      ApiId: ref("Shop"),
      StageName: "live",
      DeploymentId: ref("Deployment"),
      StageVariables: { k: "v" },
      AccessLogSettings: { DestinationArn: arn("Lines"), Format: "$context.routeKey $context.status" },
      DefaultRouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: limit },
      Tags: { team: "stage" },
    },
  },
  Written: {
    Type: "AWS::ApiGatewayV2::Api",
    Properties: {
      Body: {
        openapi: "3.0.1",
        info: { title: "written", version: "1" },
        paths: { "/a": { get: documented("Echo") } },
      },
      DisableExecuteApiEndpoint: false,
    },
  },
  WrittenStage: {
    Type: "AWS::ApiGatewayV2::Stage",
    Properties: { ApiId: ref("Written"), StageName: "$default", AutoDeploy: true },
  },

  // SAM.
  Sam: {
    Type: "AWS::Serverless::HttpApi",
    Properties: {
      Name: "sam",
      StageName: "v1",
      StageVariables: { k: "sam" },
      DefinitionBody: { openapi: "3.0.1", paths: { "/written": { get: documented("Echo") } } },
      FailOnWarnings: true,
      RouteSettings: { "GET /written": { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 } },
      AccessLogSettings: { DestinationArn: arn("Lines"), Format: "sam $context.routeKey $context.status" },
      CorsConfiguration: true,
      Tags: { team: "sam" },
    },
  },
  Asked: echo({
    Asked: {
      Type: "HttpApi",
      Properties: {
        ApiId: ref("Sam"),
        Path: "/asked",
        Method: "get",
        PayloadFormatVersion: "1.0",
        RouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 },
      },
    },
  }),
});

const { folder: dataDir, remove } = temporaryFolder();
let simulator: Simulator;
beforeAll(async () => {
  simulator = await createSimulator({ resources: resourcesOf("GET /pets", 2), dataDir });
});
afterAll(async () => {
  await simulator.stop();
  remove();
});

const call = async (path: string, headers: Record<string, string> = {}): Promise<[number, string, string | null]> => {
  const response = await fetch(`${simulator.endpoint ?? ""}/_api/${path}`, { headers });
  return [response.status, await response.text(), response.headers.get("access-control-allow-origin")];
};
const optionsOf = (): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
} => ({
  endpoint: simulator.endpoint ?? "",
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const linesOf = async (): Promise<(string | undefined)[]> => {
  const logs = new CloudWatchLogsClient(optionsOf());
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "/shop/lines" }));
  return events.map((event) => event.message);
};
const idOf = async (name: string): Promise<string> => {
  const { Items = [] } = await new ApiGatewayV2Client(optionsOf()).send(new GetApisCommand({}));
  return Items.find((one) => one.Name === name)?.ApiId ?? "";
};

it("CloudFormation's types: deployed route, stage variables, throttle, access log, CORS, tags", async () => {
  expect(await call("shop/live/pets", { origin: "https://a.example" })).toEqual([
    200,
    "2.0 GET /pets v",
    "https://a.example",
  ]);
  expect((await call("shop/live/pets"))[0]).toBe(200);
  expect(await call("shop/live/pets")).toEqual([429, '{"message":"Too Many Requests"}', null]);
  expect(await linesOf()).toEqual(["GET /pets 200", "GET /pets 200", "GET /pets 429"]);
  const client = new ApiGatewayV2Client(optionsOf());
  const ApiId = await idOf("shop");
  expect(await client.send(new GetApiCommand({ ApiId }))).toMatchObject({ Description: "d", Tags: { team: "shop" } });
  const ResourceArn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}/stages/live`;
  expect((await client.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ team: "stage" });
  expect(await call("written/$default/a")).toEqual([200, "2.0 GET /a ", null]);
});

it("SAM's HttpApi: the document's routes and the events', each with its settings", async () => {
  expect(await call("sam/v1/written", { origin: "https://b.example" })).toEqual([200, "2.0 GET /written sam", "*"]);
  expect((await call("sam/v1/written"))[0]).toBe(429);
  expect((await call("sam/v1/asked"))[0]).toBe(500); // payload 1.0 wants a statusCode
  expect((await call("sam/v1/asked"))[0]).toBe(429);
  expect((await linesOf()).filter((line) => line?.startsWith("sam"))).toEqual([
    "sam GET /written 200",
    "sam GET /written 429",
    "sam GET /asked 500",
    "sam GET /asked 429",
  ]);
  const client = new ApiGatewayV2Client(optionsOf());
  expect(await client.send(new GetStageCommand({ ApiId: await idOf("sam"), StageName: "v1" }))).toMatchObject({
    AutoDeploy: true,
    RouteSettings: {
      "GET /written": { ThrottlingBurstLimit: 1 },
      "GET /asked": { ThrottlingBurstLimit: 1 },
    },
    Tags: { team: "sam" },
  });
});

it("a changed template changes the stack: ids stay, routes and settings follow, what left it is gone", async () => {
  const before = await idOf("shop");
  await simulator.stop();
  const { Written: _gone, WrittenStage: _goneToo, ...resources } = resourcesOf("GET /dogs", 1);
  simulator = await createSimulator({ resources, dataDir });
  expect(before).toMatch(/^[a-z0-9]{10}$/);
  expect(await idOf("shop")).toBe(before);
  expect((await call("shop/live/dogs")).slice(0, 2)).toEqual([200, "2.0 GET /dogs v"]);
  expect((await call("shop/live/dogs"))[0]).toBe(429);
  expect((await call("shop/live/pets"))[0]).toBe(404);
  expect((await call("written/$default/a"))[0]).toBe(404);
});
