/** HTTP APIs and their OpenAPI documents through the AWS SDK, with access logs that CloudWatch Logs keeps. */
import {
  ApiGatewayV2Client,
  BadRequestException,
  CreateDeploymentCommand,
  CreateModelCommand,
  CreateStageCommand,
  CreateVpcLinkCommand,
  DeleteAccessLogSettingsCommand,
  ExportApiCommand,
  GetApiCommand,
  GetRoutesCommand,
  GetStageCommand,
  ImportApiCommand,
  ReimportApiCommand,
} from "@aws-sdk/client-apigatewayv2";
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";

let simulator: Simulator;
let api: ApiGatewayV2Client;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  simulator = await createSimulator({
    resources: {
      hello: {
        Type: "AWS::Serverless::Function",
        Properties: {
          FunctionName: "hello",
          Runtime: "nodejs20.x",
          Handler: "index.handler",
          InlineCode: "exports.handler = async (event) => ({ statusCode: 201, body: event.routeKey });",
        },
      },
      Permission: {
        Type: "AWS::Lambda::Permission",
        Properties: { FunctionName: "hello", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com" },
      },
    },
  });
  const options = {
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  api = new ApiGatewayV2Client(options);
  logs = new CloudWatchLogsClient(options);
});
afterAll(() => simulator.stop());

const operation = {
  "x-amazon-apigateway-integration": {
    type: "AWS_PROXY",
    httpMethod: "POST",
    uri: "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:hello",
    payloadFormatVersion: "2.0",
  },
};
const documentOf = (paths: object, more: object = {}): string =>
  JSON.stringify({ openapi: "3.0.1", info: { title: "pets", version: "1.0" }, paths, ...more });
const call = async (path: string): Promise<{ status: number; body: string; id: string | null }> => {
  const response = await fetch(`${simulator.endpoint ?? ""}/_api/${path}`);
  return { status: response.status, body: await response.text(), id: response.headers.get("apigw-requestid") };
};

it("a document is imported, deployed, logged, exported, and imported again", async () => {
  const { ApiId = "" } = await api.send(
    new ImportApiCommand({
      Body: documentOf(
        {
          "/pets": { get: { ...operation, requestBody: { content: {} } }, post: operation },
          "/$default": { "x-amazon-apigateway-any-method": { isDefaultRoute: true, ...operation } },
        },
        { "x-amazon-apigateway-cors": { allowOrigins: ["https://a.example"] } },
      ),
      FailOnWarnings: true,
    }),
  );
  expect(await api.send(new GetApiCommand({ ApiId }))).toMatchObject({
    Name: "pets",
    Version: "1.0",
    CorsConfiguration: { AllowOrigins: ["https://a.example"] },
    ImportInfo: ["paths./pets.get: key [requestBody] will be ignored by API Gateway"],
  });
  const keysOf = async (NextToken?: string): Promise<(string | undefined)[]> => {
    const page = await api.send(new GetRoutesCommand({ ApiId, MaxResults: "2", NextToken }));
    const rest = page.NextToken === undefined ? [] : await keysOf(page.NextToken);
    return [...(page.Items ?? []).map((route) => route.RouteKey), ...rest];
  };
  expect(await keysOf()).toEqual(["GET /pets", "POST /pets", "$default"]);

  await logs.send(new CreateLogGroupCommand({ logGroupName: "/pets/access" }));
  await api.send(
    new CreateStageCommand({
      ApiId,
      StageName: "live",
      AccessLogSettings: {
        DestinationArn: "arn:aws:logs:us-east-1:000000000000:log-group:/pets/access",
        Format:
          '{"id":"$context.requestId","route":"$context.routeKey","status":$context.status,"path":"$context.path"}',
      },
    }),
  );
  await api.send(new CreateDeploymentCommand({ ApiId, StageName: "live" }));
  const pets = await call(`${ApiId}/live/pets`);
  const other = await call(`${ApiId}/live/other`);
  expect([pets.status, pets.body, other.body]).toEqual([201, "GET /pets", "$default"]);
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "/pets/access" }));
  expect(events.map((event) => JSON.parse(event.message ?? "") as object)).toEqual([
    { id: pets.id, route: "GET /pets", status: 201, path: "/live/pets" },
    { id: other.id, route: "$default", status: 201, path: "/live/other" },
  ]);
  expect(await api.send(new GetStageCommand({ ApiId, StageName: "live" }))).toMatchObject({
    AccessLogSettings: { DestinationArn: "arn:aws:logs:us-east-1:000000000000:log-group:/pets/access" },
  });
  await api.send(new DeleteAccessLogSettingsCommand({ ApiId, StageName: "live" }));
  expect((await api.send(new GetStageCommand({ ApiId, StageName: "live" }))).AccessLogSettings).toBeUndefined();

  const { body } = await api.send(
    new ExportApiCommand({ ApiId, Specification: "OAS30", OutputType: "YAML", StageName: "live" }),
  );
  const exported = Buffer.from(body ?? []).toString();
  expect(exported.match(/^(?:openapi|paths|  \/|x-amazon).*$/gm)).toEqual([
    "openapi: 3.0.1",
    "paths:",
    "  /$default:",
    "  /pets:",
    "x-amazon-apigateway-cors:",
    'x-amazon-apigateway-importexport-version: "1.0"',
  ]);

  await api.send(new ReimportApiCommand({ ApiId, Body: documentOf({ "/dogs": { get: operation } }) }));
  expect((await call(`${ApiId}/live/pets`)).body).toBe("GET /pets");
  await api.send(new CreateDeploymentCommand({ ApiId, StageName: "live" }));
  expect([(await call(`${ApiId}/live/pets`)).status, (await call(`${ApiId}/live/dogs`)).body]).toEqual([
    404,
    "GET /dogs",
  ]);
  await api.send(new ReimportApiCommand({ ApiId, Body: exported, FailOnWarnings: true }));
  await api.send(new CreateDeploymentCommand({ ApiId, StageName: "live" }));
  expect((await call(`${ApiId}/live/pets`)).body).toBe("GET /pets");

  const refused = api.send(
    new ImportApiCommand({
      Body: documentOf({ "/a": { get: { "x-amazon-apigateway-integration": {} } } }),
      FailOnWarnings: true,
    }),
  );
  await expect(refused).rejects.toThrow(BadRequestException);
  await expect(refused).rejects.toThrow(
    /^Warnings found during import:\n\tUnable to create integration for resource at path 'GET \/a': /,
  );
});

it("operations that HTTP APIs do not have, or that nothing here could do, are refused with the reason", async () => {
  await expect(api.send(new CreateVpcLinkCommand({ Name: "x", SubnetIds: ["subnet-1"] }))).rejects.toThrow(
    "Tripline does not simulate the operation CreateVpcLink of apigatewayv2: there is no VPC on one machine: name the backend's URL in an HTTP_PROXY integration.",
  );
  await expect(api.send(new CreateModelCommand({ ApiId: "abcde12345", Name: "Pet", Schema: "{}" }))).rejects.toThrow(
    "Tripline does not simulate the operation CreateModel of apigatewayv2: it is of WebSocket APIs, which are not simulated: HTTP APIs have no such thing.",
  );
});
