/** HTTP APIs through the AWS SDK: quick create, and stages that are deployed by hand. */
import { get } from "node:http";
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateDeploymentCommand,
  CreateRouteCommand,
  CreateStageCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStageCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { toZip } from "./support/zip.ts";

let simulator: Simulator;
let options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

beforeAll(async () => {
  simulator = await createSimulator({});
  options = {
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
});
afterAll(() => simulator.stop());

const send = (path: string, host: string): Promise<{ status: number | undefined; body: string }> =>
  new Promise((resolve, reject) => {
    get(new URL(path, options.endpoint), { headers: { host } }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("end", () => {
        resolve({ status: response.statusCode, body });
      });
    }).on("error", reject);
  });

it("quick create, a route more, a stage that is deployed by hand, and its throttle", async () => {
  const lambda = new LambdaClient(options);
  const api = new ApiGatewayV2Client(options);
  const { FunctionArn = "" } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "hello",
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/any",
      Code: { ZipFile: await toZip({ "index.js": "exports.handler = async (event) => event.routeKey;" }) },
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: "hello",
      StatementId: "api",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
    }),
  );
  const { ApiId = "" } = await api.send(
    new CreateApiCommand({ Name: "quick", ProtocolType: "HTTP", Target: FunctionArn }),
  );
  const host = `${ApiId}.execute-api.us-east-1.amazonaws.com`;
  expect(await send("/anything", host)).toEqual({ status: 200, body: "$default" });

  const { Items: integrations = [] } = await api.send(new GetIntegrationsCommand({ ApiId }));
  expect(integrations).toMatchObject([{ IntegrationUri: FunctionArn, ApiGatewayManaged: true }]);
  await api.send(new CreateStageCommand({ ApiId, StageName: "dev" }));
  await api.send(new CreateDeploymentCommand({ ApiId, StageName: "dev" }));
  const Target = `integrations/${integrations[0]?.IntegrationId ?? ""}`;
  await api.send(new CreateRouteCommand({ ApiId, RouteKey: "GET /pets/{id}", Target }));
  expect((await api.send(new GetRoutesCommand({ ApiId }))).Items?.map((route) => route.RouteKey)).toEqual([
    "$default",
    "GET /pets/{id}",
  ]);
  expect(await send("/pets/1", host)).toEqual({ status: 200, body: "GET /pets/{id}" });
  expect(await send("/dev/pets/1", host)).toEqual({ status: 200, body: "$default" });
  await api.send(new CreateDeploymentCommand({ ApiId, StageName: "dev" }));
  expect(await send("/dev/pets/1", host)).toEqual({ status: 200, body: "GET /pets/{id}" });

  await api.send(
    new UpdateStageCommand({
      ApiId,
      StageName: "dev",
      RouteSettings: { "GET /pets/{id}": { ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0 } },
    }),
  );
  expect(await send("/dev/pets/1", host)).toEqual({ status: 429, body: '{"message":"Too Many Requests"}' });
  expect(await api.send(new GetStageCommand({ ApiId, StageName: "dev" }))).toMatchObject({
    AutoDeploy: false,
    RouteSettings: { "GET /pets/{id}": { ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0 } },
  });
});
