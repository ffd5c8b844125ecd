/** REST APIs of templates: CloudFormation's own types, and SAM's with authorizers, CORS and OpenAPI documents. */
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";

let simulator: Simulator;
const code = (body: string): object => ({
  Type: "AWS::Serverless::Function",
  Properties: {
    Runtime: "nodejs20.x",
    Handler: "index.handler",
    InlineCode: `exports.handler = async (event) => (${body});`,
  },
});
const uri = (name: string): object => ({
  "Fn::Sub": `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${name}.Arn}/invocations`,
});
const ref = (name: string): object => ({ Ref: name });

const resources = {
  // CloudFormation: everything by hand.
  Shop: {
    Type: "AWS::ApiGateway::RestApi",
    Properties: { Name: "shop", EndpointConfiguration: { Types: ["REGIONAL"] }, BinaryMediaTypes: ["image/png"] },
  },
  Order: {
    Type: "AWS::ApiGateway::Model",
    Properties: { RestApiId: ref("Shop"), Name: "Order", Schema: { type: "object", required: ["id"] } },
  },
  Strict: {
    Type: "AWS::ApiGateway::RequestValidator",
    Properties: { RestApiId: ref("Shop"), ValidateRequestBody: true },
  },
  Gone: {
    Type: "AWS::ApiGateway::GatewayResponse",
    Properties: { RestApiId: ref("Shop"), ResponseType: "MISSING_AUTHENTICATION_TOKEN", StatusCode: "404" },
  },
  Guard: code(
    "({ principalId: 'p', policyDocument: { Statement: [{ Effect: event.authorizationToken === 'let me in' ? 'Allow' : 'Deny', Action: '*', Resource: '*' }] } })",
  ),
  GuardPermission: {
    Type: "AWS::Lambda::Permission",
    Properties: {
      FunctionName: ref("Guard"),
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: { "Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Shop}/authorizers/*" },
    },
  },
  Authorizer: {
    Type: "AWS::ApiGateway::Authorizer",
    Properties: {
      RestApiId: ref("Shop"),
      Name: "guard",
      Type: "TOKEN",
      AuthorizerUri: uri("Guard"),
      IdentitySource: "method.request.header.Authorization",
    },
  },
  Orders: {
    Type: "AWS::ApiGateway::Resource",
    Properties: { RestApiId: ref("Shop"), ParentId: { "Fn::GetAtt": ["Shop", "RootResourceId"] }, PathPart: "orders" },
  },
  PostOrder: {
    Type: "AWS::ApiGateway::Method",
    Properties: {
      RestApiId: ref("Shop"),
      ResourceId: ref("Orders"),
      HttpMethod: "POST",
      AuthorizationType: "CUSTOM",
      AuthorizerId: ref("Authorizer"),
      ApiKeyRequired: true,
      RequestValidatorId: ref("Strict"),
      RequestModels: { "application/json": ref("Order") },
      MethodResponses: [{ StatusCode: "201", ResponseParameters: { "method.response.header.X-Stage": false } }],
      Integration: {
        Type: "MOCK",
        RequestTemplates: { "application/json": '{"statusCode": 201}' },
        IntegrationResponses: [
          {
            StatusCode: "201",
            ResponseParameters: { "method.response.header.X-Stage": "stageVariables.name" },
            ResponseTemplates: { "application/json": "made" },
          },
        ],
      },
    },
  },
  Deployment: {
    Type: "AWS::ApiGateway::Deployment",
    DependsOn: ["PostOrder", "Gone"],
    Properties: { RestApiId: ref("Shop") },
  },
  Live: {
    Type: "AWS::ApiGateway::Stage",
    Properties: {
      RestApiId: ref("Shop"),
      StageName: "live",
      DeploymentId: ref("Deployment"),
      Variables: { name: "live" },
      MethodSettings: [{ ResourcePath: "/*", HttpMethod: "*", ThrottlingBurstLimit: 3, ThrottlingRateLimit: 1 }],
    },
  },
  Partner: { Type: "AWS::ApiGateway::ApiKey", Properties: { Enabled: true, Value: "0123456789abcdefghij" } },
  Plan: {
    Type: "AWS::ApiGateway::UsagePlan",
    Properties: { ApiStages: [{ ApiId: ref("Shop"), Stage: ref("Live") }], Quota: { Limit: 2, Period: "DAY" } },
  },
  PlanKey: {
    Type: "AWS::ApiGateway::UsagePlanKey",
    Properties: { KeyId: ref("Partner"), KeyType: "API_KEY", UsagePlanId: ref("Plan") },
  },

  // SAM.
  Sam: {
    Type: "AWS::Serverless::Api",
    Properties: {
      StageName: "v1",
      Cors: { AllowOrigin: "'https://a.example'", AllowHeaders: "'X-A'" },
      Auth: {
        DefaultAuthorizer: "Door",
        AddDefaultAuthorizerToCorsPreflight: false,
        Authorizers: { Door: { FunctionArn: { "Fn::GetAtt": ["Guard", "Arn"] }, Identity: { ReauthorizeEvery: 0 } } },
      },
      Models: { Item: { type: "object", required: ["id"] } },
      GatewayResponses: {
        DEFAULT_4XX: { ResponseParameters: { Headers: { "Access-Control-Allow-Origin": "'https://a.example'" } } },
      },
    },
  },
  Items: {
    Type: "AWS::Serverless::Function",
    Properties: {
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      InlineCode:
        "exports.handler = async (event) => ({ statusCode: 200, body: event.requestContext.authorizer?.principalId ?? 'anyone' });",
      Events: {
        Closed: { Type: "Api", Properties: { RestApiId: ref("Sam"), Path: "/closed", Method: "get" } },
        Checked: {
          Type: "Api",
          Properties: {
            RestApiId: ref("Sam"),
            Path: "/checked",
            Method: "post",
            Auth: { Authorizer: "NONE" },
            RequestModel: { Model: "Item", ValidateBody: true, ValidateParameters: true },
            RequestParameters: [
              "method.request.header.X-Any",
              { "method.request.querystring.q": { Required: true, Caching: true } },
            ],
          },
        },
        Open: {
          Type: "Api",
          Properties: { RestApiId: ref("Sam"), Path: "/open", Method: "get", Auth: { Authorizer: "NONE" } },
        },
      },
    },
  },
  Written: {
    Type: "AWS::Serverless::Api",
    Properties: {
      StageName: "v1",
      DefinitionBody: {
        openapi: "3.0.1",
        info: { title: "written", version: "1" },
        paths: {
          "/items": {
            get: {
              responses: {},
              "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri: uri("Written2") },
            },
          },
        },
      },
    },
  },
  Written2: code("({ statusCode: 200, body: 'by the book' })"),
  Written2Permission: {
    Type: "AWS::Lambda::Permission",
    Properties: {
      FunctionName: ref("Written2"),
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
    },
  },
};

const { folder: dataDir, remove } = temporaryFolder();
beforeAll(async () => {
  simulator = await createSimulator({ resources, dataDir });
});
afterAll(async () => {
  await simulator.stop();
  remove();
});
const call = async (
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: string; headers: Headers }> => {
  const response = await fetch(`${simulator.endpoint ?? ""}/_api/${path}`, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
};

describe("AWS::ApiGateway types", () => {
  it("authorizer, key, validator, mock, stage variables, gateway response, quota and throttle are those of the template", async () => {
    const post = (headers: Record<string, string>, body = '{"id":1}') =>
      call("shop/live/orders", { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
    const key = { "x-api-key": "0123456789abcdefghij", authorization: "let me in" };
    expect((await call("shop/live/none")).status).toBe(404);
    expect((await post({})).status).toBe(401);
    expect((await post({ authorization: "no" })).status).toBe(403);
    expect((await post({ authorization: "let me in" })).body).toBe('{"message":"Forbidden"}');
    const made = await post(key);
    expect([made.status, made.body, made.headers.get("x-stage")]).toEqual([201, "made", "live"]);
    expect((await post(key, "{}")).body).toBe('{"message":"Invalid request body"}');
    expect((await post(key)).body).toBe('{"message":"Limit Exceeded"}');
  });
});

describe("AWS::Serverless::Api", () => {
  it("authorizers by default and by event, preflights, and CORS on the gateway's own answers", async () => {
    expect((await call("Sam/v1/open")).body).toBe("anyone");
    expect((await call("Sam/v1/closed", { headers: { authorization: "let me in" } })).body).toBe("p");
    const refused = await call("Sam/v1/closed");
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, "https://a.example"]);
    const preflight = await call("Sam/v1/closed", { method: "OPTIONS" });
    expect([
      preflight.status,
      preflight.body,
      preflight.headers.get("access-control-allow-methods"),
      preflight.headers.get("access-control-allow-headers"),
    ]).toEqual([200, "{}\n", "GET,OPTIONS", "X-A"]);
  });

  it("models and parameters that events ask for", async () => {
    const post = async (query: string, body: string): Promise<string> =>
      (await call(`Sam/v1/checked${query}`, { method: "POST", headers: { "content-type": "application/json" }, body }))
        .body;
    expect(await post("?q=1", '{"id":1}')).toBe("anyone");
    expect(await post("", '{"id":1}')).toBe('{"message":"Missing required request parameters: [q]"}');
    expect(await post("?q=1", "{}")).toBe('{"message":"Invalid request body"}');
  });

  it("methods of an OpenAPI document", async () => {
    expect((await call("written/v1/items")).body).toBe("by the book");
  });
});

it("a template that is applied again, in another process, goes on: the quota of the key is still used up", async () => {
  await simulator.stop();
  simulator = await createSimulator({ resources, dataDir });
  const headers = {
    "content-type": "application/json",
    "x-api-key": "0123456789abcdefghij",
    authorization: "let me in",
  };
  expect((await call("shop/live/orders", { method: "POST", headers, body: "{}" })).body).toBe(
    '{"message":"Limit Exceeded"}',
  );
  expect((await call("Sam/v1/open")).body).toBe("anyone");
});
