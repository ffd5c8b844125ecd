/** What SAM makes for an API beside its methods: a usage plan and its key, a policy of addresses, tags; and CloudFormation's documentation and canary deployments. */
import {
  APIGatewayClient,
  GetApiKeyCommand,
  GetAuthorizersCommand,
  GetExportCommand,
  GetRestApisCommand,
  GetStageCommand,
  GetTagsCommand,
  GetUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";

const ref = (name: string): object => ({ Ref: name });
const code = (body: string, events: object = {}, variables: object = {}): object => ({
  Type: "AWS::Serverless::Function",
  Properties: {
    Runtime: "nodejs20.x",
    Handler: "index.handler",
    InlineCode: `exports.handler = async (event) => (${body});`,
    Events: events,
    Environment: { Variables: variables },
  },
});
const at = (api: string, path: string, more: object = {}): object => ({
  Type: "Api",
  Properties: { RestApiId: ref(api), Path: path, Method: "get", ...more },
});
const allow =
  "({ principalId: 'p', policyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } })";

const documented = {
  "x-amazon-apigateway-integration": {
    type: "mock",
    requestTemplates: { "application/json": '{"statusCode": 200}' },
    responses: {
      default: { statusCode: "200", responseTemplates: { "application/json": "$context.authorizer.principalId" } },
    },
  },
  responses: { 200: { description: "" } },
};

const resources = {
  Keyed: {
    Type: "AWS::Serverless::Api",
    Properties: {
      StageName: "v1",
      Tags: { team: "orders" },
      Auth: {
        ApiKeyRequired: true,
        UsagePlan: { CreateUsagePlan: "PER_API", Quota: { Limit: 2, Period: "DAY" }, Throttle: { RateLimit: 100 } },
      },
    },
  },
  Inside: {
    Type: "AWS::Serverless::Api",
    Properties: { StageName: "v1", Auth: { ResourcePolicy: { IpRangeWhitelist: ["127.0.0.0/8"] } } },
  },
  Outside: {
    Type: "AWS::Serverless::Api",
    Properties: { StageName: "v1", Auth: { ResourcePolicy: { IpRangeBlacklist: ["127.0.0.1"] } } },
  },
  ByRole: {
    Type: "AWS::Serverless::Api",
    Properties: {
      StageName: "v1",
      Auth: {
        DefaultAuthorizer: "Role",
        Authorizers: {
          Role: {
            FunctionArn: { "Fn::GetAtt": ["Guard", "Arn"] },
            FunctionInvokeRole: "arn:aws:iam::000000000000:role/any",
          },
          Alone: { FunctionArn: { "Fn::GetAtt": ["Guard2", "Arn"] }, DisableFunctionDefaultPermissions: true },
        },
      },
    },
  },
  Written: {
    Type: "AWS::Serverless::Api",
    Properties: {
      StageName: "v1",
      Cors: "'https://shop.example'",
      Auth: {
        AddDefaultAuthorizerToCorsPreflight: false,
        DefaultAuthorizer: "Guard",
        Authorizers: { Guard: { FunctionArn: { "Fn::GetAtt": ["Guard", "Arn"] } } },
      },
      DefinitionBody: {
        openapi: "3.0.1",
        info: { title: "written", version: "1" },
        paths: {
          "/guarded": { get: documented },
          "/open": { get: { ...documented, security: [{ NONE: [] }] } },
        },
      },
    },
  },
  Guard: code(allow),
  Guard2: code(allow),
  Answer: code(
    "({ statusCode: 200, body: `${process.env.KEY} ${process.env.PLAN}` })",
    {
      Keyed: at("Keyed", "/"),
      Inside: at("Inside", "/"),
      Outside: at("Outside", "/"),
      Role: at("ByRole", "/role"),
      Alone: at("ByRole", "/alone", { Auth: { Authorizer: "Alone" } }),
    },
    { KEY: ref("KeyedApiKey"), PLAN: ref("Keyed.UsagePlan") },
  ),
  // CloudFormation.
  Docs: { Type: "AWS::ApiGateway::RestApi", Properties: { Name: "docs" } },
  Get: {
    Type: "AWS::ApiGateway::Method",
    Properties: {
      RestApiId: ref("Docs"),
      ResourceId: { "Fn::GetAtt": ["Docs", "RootResourceId"] },
      HttpMethod: "GET",
      MethodResponses: [{ StatusCode: "200" }],
      Integration: {
        Type: "MOCK",
        RequestTemplates: { "application/json": '{"statusCode": 200}' },
        IntegrationResponses: [
          {
            StatusCode: "200",
            ResponseTemplates: { "application/json": "$stageVariables.v $context.isCanaryRequest" },
          },
        ],
      },
    },
  },
  Part: {
    Type: "AWS::ApiGateway::DocumentationPart",
    Properties: { RestApiId: ref("Docs"), Location: { Type: "API" }, Properties: '{"description":"Docs"}' },
  },
  Version: {
    Type: "AWS::ApiGateway::DocumentationVersion",
    DependsOn: "Part",
    Properties: { RestApiId: ref("Docs"), DocumentationVersion: "1.0" },
  },
  First: { Type: "AWS::ApiGateway::Deployment", DependsOn: "Get", Properties: { RestApiId: ref("Docs") } },
  Live: {
    Type: "AWS::ApiGateway::Stage",
    Properties: {
      RestApiId: ref("Docs"),
      StageName: "live",
      DeploymentId: ref("First"),
      DocumentationVersion: ref("Version"),
      Variables: { v: "old" },
    },
  },
  Next: {
    Type: "AWS::ApiGateway::Deployment",
    DependsOn: ["Get", "Live"],
    Properties: {
      RestApiId: ref("Docs"),
      StageName: "live",
      DeploymentCanarySettings: { PercentTraffic: 100, StageVariableOverrides: { v: "new" } },
      StageDescription: { ThrottlingBurstLimit: 7, MethodSettings: [{ ResourcePath: "/", HttpMethod: "GET" }] },
    },
  },
};

let simulator: Simulator;
let client: APIGatewayClient;
beforeAll(async () => {
  simulator = await createSimulator({ resources });
  client = new APIGatewayClient({
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  });
});
afterAll(async () => {
  await simulator.stop();
});
const get = async (path: string, headers: Record<string, string> = {}): Promise<[number, string]> => {
  const response = await fetch(`${simulator.endpoint ?? ""}/_api/${path}`, { headers });
  return [response.status, await response.text()];
};

it("a policy of addresses lets in who is in the one list, or not in the other", async () => {
  expect((await get("Inside/v1/"))[0]).toBe(200);
  const [status, body] = await get("Outside/v1/");
  expect([status, body]).toEqual([403, expect.stringContaining("with an explicit deny")]);
});

it("a usage plan of the API has a key, by whose id the template refers to it; tags are the API's", async () => {
  const [, ids] = await get("Inside/v1/");
  const [keyId = "", planId = ""] = ids.split(" ");
  expect((await get("Keyed/v1/"))[0]).toBe(403);
  const { value = "", name } = await client.send(new GetApiKeyCommand({ apiKey: keyId, includeValue: true }));
  expect(name).toBe("KeyedApiKey");
  const call = async (): Promise<[number, string]> => get("Keyed/v1/", { "x-api-key": value });
  expect([(await call())[0], (await call())[0], (await call())[1]]).toEqual([200, 200, '{"message":"Limit Exceeded"}']);
  const plan = await client.send(new GetUsagePlanCommand({ usagePlanId: planId }));
  expect(plan).toMatchObject({
    name: "KeyedUsagePlan",
    quota: { limit: 2, offset: 0, period: "DAY" },
    throttle: { rateLimit: 100 },
  });
  const [{ apiId = "" } = {}] = plan.apiStages ?? [];
  const arn = `arn:aws:apigateway:us-east-1::/restapis/${apiId}`;
  expect((await client.send(new GetTagsCommand({ resourceArn: arn }))).tags).toEqual({ team: "orders" });
});

it("an authorizer with a role needs no permission, one without either has none", async () => {
  expect((await get("ByRole/v1/role", { authorization: "t" }))[0]).toBe(200);
  expect(await get("ByRole/v1/alone", { authorization: "t" })).toEqual([500, '{"message":null}']);
});

it("a canary deployment, the settings of its stage, and documentation of its version", async () => {
  expect(await get("docs/live/")).toEqual([200, "new true"]);
  const { items = [] } = await client.send(new GetRestApisCommand({}));
  const restApiId = items.find((one) => one.name === "docs")?.id ?? "";
  const stage = await client.send(new GetStageCommand({ restApiId, stageName: "live" }));
  expect(stage).toMatchObject({ documentationVersion: "1.0", methodSettings: { "*/*": { throttlingBurstLimit: 7 } } });
  const { body } = await client.send(
    new GetExportCommand({
      restApiId,
      stageName: "live",
      exportType: "oas30",
      parameters: { extensions: "documentation" },
    }),
  );
  expect(JSON.parse(Buffer.from(body ?? []).toString())).toMatchObject({
    "x-amazon-apigateway-documentation": {
      version: "1.0",
      documentationParts: [{ location: { type: "API" }, properties: { description: "Docs" } }],
    },
  });
});

it("SAM's Auth beside a document guards its operations that say nothing of security, and Cors answers its preflights", async () => {
  expect(await get("written/v1/guarded")).toEqual([401, '{"message":"Unauthorized"}']);
  expect(await get("written/v1/guarded", { authorization: "t" })).toEqual([200, "p"]);
  expect((await get("written/v1/open"))[0]).toBe(200);
  const preflight = await fetch(`${simulator.endpoint ?? ""}/_api/written/v1/guarded`, { method: "OPTIONS" });
  expect([
    preflight.status,
    ...["origin", "methods"].map((one) => preflight.headers.get(`access-control-allow-${one}`)),
  ]).toEqual([200, "https://shop.example", "GET,OPTIONS"]);
  const { items = [] } = await client.send(new GetRestApisCommand({}));
  const restApiId = items.find((one) => one.name === "written")?.id ?? "";
  expect((await client.send(new GetAuthorizersCommand({ restApiId }))).items).toMatchObject([{ name: "Guard" }]);
});
