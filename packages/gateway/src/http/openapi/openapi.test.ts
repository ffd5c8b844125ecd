import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createTestGateway, functionArn, functionUri, type TestGateway } from "../../testing/create-test-gateway.ts";

const service = "apigatewayv2";
const ok = () => ({ value: { statusCode: 200, body: "ok" } });
const lambda = { type: "aws_proxy", httpMethod: "POST", uri: functionUri, payloadFormatVersion: "2.0" };
const operation = { "x-amazon-apigateway-integration": lambda };
const open = { openapi: "3.0.1", info: { title: "Shop", version: "1.0" } };

interface Imported {
  ApiId: string;
  ImportInfo?: string[];
  Warnings?: string[];
}

const imported = (test: TestGateway, document: object | string, more: object = {}): Promise<Imported> =>
  test.call<Imported>(service, "ImportApi", {
    Body: typeof document === "string" ? document : JSON.stringify(document),
    ...more,
  });
const errorOf = (test: TestGateway, document: object | string, more: object = {}): Promise<string> =>
  test.errorOf(service, "ImportApi", {
    Body: typeof document === "string" ? document : JSON.stringify(document),
    ...more,
  });
const list = async (test: TestGateway, name: string, ApiId: string): Promise<Record<string, unknown>[]> =>
  (await test.call<{ Items: Record<string, unknown>[] }>(service, name, { ApiId })).Items;
const keysOf = async (test: TestGateway, ApiId: string): Promise<unknown[]> =>
  (await list(test, "GetRoutes", ApiId)).map((route) => route["RouteKey"]);
const exported = async (test: TestGateway, ApiId: string, more: object = {}): Promise<Record<string, unknown>> => {
  const { body } = await test.call<{ body: Uint8Array }>(service, "ExportApi", {
    ApiId,
    Specification: "OAS30",
    OutputType: "JSON",
    ...more,
  });
  return parse(Buffer.from(body).toString()) as Record<string, unknown>;
};

describe("ImportApi of an HTTP API", () => {
  it("makes routes, integrations, authorizers, CORS and tags of a document", async () => {
    const test = await createTestGateway(ok);
    const answer = await imported(test, {
      openapi: "3.0.1",
      info: { title: "Shop", version: "1.2", description: "d" },
      "x-amazon-apigateway-cors": { allowOrigins: ["https://a.example"], allowMethods: ["GET"], maxAge: 300 },
      "x-amazon-apigateway-importexport-version": "1.0",
      tags: [{ name: "team", "x-amazon-apigateway-tag-value": "shop" }, { name: "plain" }],
      servers: [{ url: "/", "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true } }],
      paths: {
        "/pets/{id}": {
          get: { ...operation, operationId: "GetPet", security: [{ tokens: ["pets/read"] }] },
          "x-amazon-apigateway-any-method": { ...operation, security: [{ oidc: [] }] },
        },
        "/asked": { get: { ...operation, security: [{ asked: [] }] } },
        "/$default": { "x-amazon-apigateway-any-method": { isDefaultRoute: true, ...operation } },
      },
      components: {
        securitySchemes: {
          tokens: {
            type: "oauth2",
            "x-amazon-apigateway-authorizer": {
              type: "jwt",
              identitySource: "$request.header.Authorization",
              jwtConfiguration: { issuer: "https://issuer.example", audience: ["me"] },
            },
          },
          oidc: {
            type: "openIdConnect",
            openIdConnectUrl: "https://other.example/pool/.well-known/openid-configuration",
            "x-amazon-apigateway-authorizer": {
              type: "jwt",
              identitySource: "$request.header.Authorization",
              jwtConfiguration: { audience: ["me"] },
            },
          },
          asked: {
            type: "apiKey",
            name: "Authorization",
            in: "header",
            "x-amazon-apigateway-authorizer": {
              type: "request",
              identitySource: "$request.header.Authorization, $context.routeKey",
              authorizerUri: functionUri,
              authorizerPayloadFormatVersion: "2.0",
              authorizerResultTtlInSeconds: 5,
              enableSimpleResponses: true,
            },
          },
        },
      },
    });
    const { ApiId } = answer;
    expect(answer).toMatchObject({
      Name: "Shop",
      Version: "1.2",
      Description: "d",
      DisableExecuteApiEndpoint: true,
      CorsConfiguration: { AllowOrigins: ["https://a.example"], AllowMethods: ["GET"], MaxAge: 300 },
      Tags: { team: "shop" },
    });
    expect(answer).not.toHaveProperty("Warnings");
    expect(answer).not.toHaveProperty("ImportInfo");
    const authorizers = await list(test, "GetAuthorizers", ApiId);
    expect(authorizers).toMatchObject([
      {
        Name: "tokens",
        AuthorizerType: "JWT",
        JwtConfiguration: { Issuer: "https://issuer.example", Audience: ["me"] },
      },
      { Name: "oidc", JwtConfiguration: { Issuer: "https://other.example/pool" } },
      {
        Name: "asked",
        AuthorizerType: "REQUEST",
        IdentitySource: ["$request.header.Authorization", "$context.routeKey"],
        AuthorizerUri: functionUri,
        AuthorizerPayloadFormatVersion: "2.0",
        AuthorizerResultTtlInSeconds: 5,
        EnableSimpleResponses: true,
      },
    ]);
    const [tokens, oidc, asked] = authorizers.map((one) => one["AuthorizerId"]);
    expect(await list(test, "GetRoutes", ApiId)).toMatchObject([
      {
        RouteKey: "GET /pets/{id}",
        OperationName: "GetPet",
        AuthorizationType: "JWT",
        AuthorizerId: tokens,
        AuthorizationScopes: ["pets/read"],
      },
      { RouteKey: "ANY /pets/{id}", AuthorizationType: "JWT", AuthorizerId: oidc },
      { RouteKey: "GET /asked", AuthorizationType: "CUSTOM", AuthorizerId: asked },
      { RouteKey: "$default", AuthorizationType: "NONE" },
    ]);
    expect(await list(test, "GetIntegrations", ApiId)).toHaveLength(4);
    expect(await test.call(service, "GetStages", { ApiId })).toEqual({ Items: [] });
  });

  it("serves what it imported; AWS's variables are filled in; YAML is fine; one integration for all that refer to it", async () => {
    const test = await createTestGateway(ok);
    const { ApiId } = await imported(
      test,
      `openapi: "3.0.1"
info: { title: Yaml, version: "1" }
components:
  x-amazon-apigateway-integrations:
    orders:
      type: AWS_PROXY
      httpMethod: POST
      uri: arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:orders
      payloadFormatVersion: "1.0"
      timeoutInMillis: 5000
paths:
  /a: { get: { x-amazon-apigateway-integration: { $ref: "#/components/x-amazon-apigateway-integrations/orders" } } }
  /b: { get: { x-amazon-apigateway-integration: { $ref: "#/components/x-amazon-apigateway-integrations/orders" } } }
`,
    );
    expect(await list(test, "GetIntegrations", ApiId)).toMatchObject([
      { IntegrationUri: functionArn, PayloadFormatVersion: "1.0", TimeoutInMillis: 5000 },
    ]);
    await test.call(service, "CreateStage", { ApiId, StageName: "$default", AutoDeploy: true });
    expect((await test.send({ target: "/_api/Yaml/$default/b" })).body).toBe("ok");
    expect(test.events[0]).toMatchObject({ version: "1.0", resource: "/b" });
  });

  it("tells what it ignores, and what it leaves out", async () => {
    const test = await createTestGateway(ok);
    const document = {
      ...open,
      "x-amazon-apigateway-request-validators": {},
      paths: {
        "/pets": {
          post: {
            "x-amazon-apigateway-integration": { ...lambda, payloadFormatVersion: 1 },
            requestBody: {},
            responses: {},
          },
          get: { ...operation, parameters: [], "x-amazon-apigateway-request-validator": "all" },
        },
        "/closed": { get: { ...operation, security: [{ broken: [] }] } },
        "/{bad": { get: operation },
      },
      components: {
        schemas: {},
        securitySchemes: { broken: { type: "oauth2", "x-amazon-apigateway-authorizer": { type: "jwt" } } },
      },
    };
    const { ApiId, ImportInfo, Warnings = [] } = await imported(test, document);
    expect(ImportInfo).toEqual([
      "document: key [x-amazon-apigateway-request-validators] will be ignored by API Gateway",
      "components: key [schemas] will be ignored by API Gateway",
      "paths./pets.post: key [requestBody] will be ignored by API Gateway",
      "paths./pets.post: key [responses] will be ignored by API Gateway",
      "paths./pets.get: key [parameters] will be ignored by API Gateway",
      "paths./pets.get: key [x-amazon-apigateway-request-validator] will be ignored by API Gateway",
    ]);
    expect(Warnings).toEqual([
      "Unable to create Authorizer 'broken': A JWT authorizer has one identity source: $request.header.<name> or $request.querystring.<name>. Ignoring.",
      "Unable to create integration for resource at path 'POST /pets': Unsupported PayloadFormatVersion: 1. Ignoring.",
      "Unable to create route 'GET /closed': Authorizer 'broken' was not created. Ignoring.",
      expect.stringMatching(
        /^Unable to create route 'GET \/\{bad': The provided route key is not formatted properly .*\. Ignoring\.$/,
      ),
    ]);
    expect(await list(test, "GetRoutes", ApiId)).toMatchObject([{ RouteKey: "POST /pets" }, { RouteKey: "GET /pets" }]);
    expect((await list(test, "GetRoutes", ApiId))[0]).not.toHaveProperty("Target");
    expect(await test.call(service, "GetApi", { ApiId })).toMatchObject({ ImportInfo, Warnings });
    expect(await errorOf(test, document, { FailOnWarnings: true })).toBe(
      `BadRequestException 400: Warnings found during import:\n\t${Warnings.join("\n\t")}`,
    );
    expect(await list(test, "GetApis", "")).toHaveLength(1);
  });

  it.each([
    ["a: [", "Invalid OpenAPI input."],
    ["- 1", "Invalid OpenAPI input."],
    [
      { swagger: "2.0", info: { title: "x" } },
      "Errors found during import:\n\tUnsupported OpenAPI version: 2.0. HTTP APIs are imported from OpenAPI 3.0",
    ],
    [
      { openapi: "3.1.0", info: { title: "x" } },
      "Errors found during import:\n\tUnsupported OpenAPI version: 3.1.0. HTTP APIs are imported from OpenAPI 3.0",
    ],
    [{ openapi: "3.0.1", info: {} }, "Errors found during import:\n\tParse issue: attribute info.title is missing"],
    [
      { ...open, "x-amazon-apigateway-importexport-version": "2.0" },
      "Errors found during import:\n\tUnsupported x-amazon-apigateway-importexport-version: 2.0",
    ],
    [
      { ...open, paths: { "/a": { get: { ...operation, security: [{ a: [] }, { b: [] }] } } } },
      "Errors found during import:\n\tUnable to create route 'GET /a': more than one security requirement. HTTP APIs support one for each operation",
    ],
    [
      { ...open, "x-amazon-apigateway-cors": { allowOrigins: ["*"], allowCredentials: true } },
      "allow-credentials is not supported if 'allow-origin' is *",
    ],
    [
      { ...open, "x-amazon-apigateway-cors": { allowOrigins: ["*"], maxAge: 86_401 } },
      "max-age should be between -1 and 86400",
    ],
  ])("makes nothing of %j", async (document, message) => {
    const test = await createTestGateway(ok);
    expect(await errorOf(test, document)).toBe(`BadRequestException 400: ${message}`);
    expect(await list(test, "GetApis", "")).toEqual([]);
  });

  it.each([
    ["ignore", ["GET /a"]],
    ["prepend", ["GET /base/v1/a"]],
    ["split", ["GET /v1/a"]],
  ])("Basepath %s", async (Basepath, keys) => {
    const test = await createTestGateway(ok);
    const document = { ...open, servers: [{ url: "https://x.example/base/v1" }], paths: { "/a": { get: operation } } };
    const { ApiId } = await imported(test, document, { Basepath });
    expect(await keysOf(test, ApiId)).toEqual(keys);
    expect(await errorOf(test, document, { Basepath: "x" })).toBe(
      "BadRequestException 400: Invalid basepath specified: x. Must be one of: [ignore, prepend, split]",
    );
  });
});

describe("ReimportApi of an HTTP API", () => {
  it("replaces all but id, stages and tags; stages that deploy by themselves serve it at once; a document that cannot be changes nothing", async () => {
    const test = await createTestGateway(ok);
    const { ApiId } = await imported(test, {
      ...open,
      info: { ...open.info, description: "d" },
      "x-amazon-apigateway-cors": { allowOrigins: ["*"] },
      tags: [{ name: "team", "x-amazon-apigateway-tag-value": "shop" }],
      paths: { "/a": { get: operation } },
    });
    await test.call(service, "CreateStage", { ApiId, StageName: "live", AutoDeploy: true });
    const status = async (path: string) => (await test.send({ target: `/_api/${ApiId}/live${path}` })).status;
    const again = (paths: object, more: object = {}): object => ({
      ApiId,
      Body: JSON.stringify({ openapi: "3.0.1", info: { title: "Next", version: "2" }, paths }),
      ...more,
    });
    const broken = { "/c": { get: { "x-amazon-apigateway-integration": { type: "aws_proxy" } } } };
    expect(await test.errorOf(service, "ReimportApi", again(broken, { FailOnWarnings: true }))).toMatch(
      /^BadRequestException 400: Warnings found during import:\n\tUnable to create integration for resource at path 'GET \/c'/,
    );
    expect([await status("/a"), await keysOf(test, ApiId)]).toEqual([200, ["GET /a"]]);
    const next = await test.call<Record<string, unknown>>(service, "ReimportApi", again({ "/b": { get: operation } }));
    expect(next).toMatchObject({ ApiId, Name: "Next", Version: "2", Tags: { team: "shop" } });
    expect([next["Description"], next["CorsConfiguration"]]).toEqual([undefined, undefined]);
    expect([await status("/a"), await status("/b")]).toEqual([404, 200]);
  });
});

describe("ExportApi of an HTTP API", () => {
  const document = {
    openapi: "3.0.1",
    info: { title: "Shop", version: "1.0" },
    tags: [{ name: "team", "x-amazon-apigateway-tag-value": "shop" }],
    paths: {
      "/$default": {
        "x-amazon-apigateway-any-method": {
          responses: { default: { description: "Default response for $default" } },
          isDefaultRoute: true,
          "x-amazon-apigateway-integration": { ...lambda, connectionType: "INTERNET" },
        },
      },
      "/pets/{id}/{rest+}": {
        "x-amazon-apigateway-any-method": {
          responses: { default: { description: "Default response for ANY /pets/{id}/{rest+}" } },
          "x-amazon-apigateway-integration": { ...lambda, connectionType: "INTERNET", timeoutInMillis: 5000 },
        },
        get: {
          operationId: "GetPet",
          responses: { default: { description: "Default response for GET /pets/{id}/{rest+}" } },
          security: [{ tokens: ["pets/read"] }],
          "x-amazon-apigateway-integration": {
            responseParameters: { 500: { "overwrite:statuscode": "403" } },
            requestParameters: { "append:header.x": "$request.path.id" },
            ...lambda,
            connectionType: "INTERNET",
          },
        },
        parameters: ["id", "rest+"].map((name) => ({
          name,
          in: "path",
          description: `Generated path parameter for ${name}`,
          required: true,
          schema: { type: "string" },
        })),
      },
    },
    components: {
      securitySchemes: {
        tokens: {
          type: "oauth2",
          flows: {},
          "x-amazon-apigateway-authorizer": {
            identitySource: "$request.header.Authorization",
            jwtConfiguration: { audience: ["me"], issuer: "https://issuer.example" },
            type: "jwt",
          },
        },
        asked: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          "x-amazon-apigateway-authorizer": {
            identitySource: "$request.header.Authorization, $context.routeKey",
            authorizerUri: functionUri,
            authorizerPayloadFormatVersion: "2.0",
            authorizerResultTtlInSeconds: 300,
            type: "request",
            enableSimpleResponses: false,
          },
        },
      },
    },
    "x-amazon-apigateway-cors": { allowMethods: ["GET"], maxAge: 0, allowOrigins: ["*"] },
    "x-amazon-apigateway-importexport-version": "1.0",
  };

  it("gives back what was imported, and what it gives can be imported", async () => {
    const test = await createTestGateway(ok);
    const first = await imported(test, document);
    expect(first.Warnings).toBeUndefined();
    const servers = (ApiId: string, base: string): object => ({
      servers: [
        {
          url: `https://${ApiId}.execute-api.us-east-1.amazonaws.com/{basePath}`,
          variables: { basePath: { default: base } },
        },
      ],
    });
    const once = await exported(test, first.ApiId);
    expect(once).toEqual({ ...document, ...servers(first.ApiId, "") });
    const second = await imported(test, once);
    expect(await exported(test, second.ApiId, { OutputType: "YAML" })).toEqual({
      ...document,
      ...servers(second.ApiId, ""),
    });
  });

  it("tells URLs and services behind routes as it read them", async () => {
    const test = await createTestGateway(ok);
    const url = {
      payloadFormatVersion: "1.0",
      type: "http_proxy",
      httpMethod: "ANY",
      uri: "https://a.example/{proxy}",
      connectionType: "INTERNET",
    };
    const queue = {
      requestParameters: {
        QueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/q",
        MessageBody: "$request.body",
      },
      integrationSubtype: "SQS-SendMessage",
      credentials: "arn:aws:iam::000000000000:role/queue",
      payloadFormatVersion: "1.0",
      type: "aws_proxy",
      connectionType: "INTERNET",
    };
    const { ApiId, Warnings } = await imported(test, {
      ...open,
      paths: {
        "/{proxy+}": { "x-amazon-apigateway-any-method": { "x-amazon-apigateway-integration": url } },
        "/queue": { post: { "x-amazon-apigateway-integration": queue } },
      },
    });
    expect(Warnings).toBeUndefined();
    expect((await exported(test, ApiId))["paths"]).toMatchObject({
      "/{proxy+}": { "x-amazon-apigateway-any-method": { "x-amazon-apigateway-integration": url } },
      "/queue": { post: { "x-amazon-apigateway-integration": queue } },
    });
  });

  it("without extensions it is plain; without a version it has the day it was made", async () => {
    const test = await createTestGateway(ok);
    const { ApiId } = await test.call(service, "CreateApi", {
      Name: "Plain",
      ProtocolType: "HTTP",
      Target: functionArn,
    });
    expect(await exported(test, ApiId ?? "", { IncludeExtensions: false })).toEqual({
      openapi: "3.0.1",
      info: { title: "Plain", version: "2020-03-12 19:03:58UTC" },
      servers: [
        {
          url: `https://${ApiId ?? ""}.execute-api.us-east-1.amazonaws.com/{basePath}`,
          variables: { basePath: { default: "" } },
        },
      ],
      paths: {
        "/$default": {
          "x-amazon-apigateway-any-method": {
            responses: { default: { description: "Default response for $default" } },
          },
        },
      },
    });
  });

  it("of a stage it is what was deployed", async () => {
    const test = await createTestGateway(ok);
    const { ApiId } = await imported(test, document);
    await test.call(service, "CreateStage", { ApiId, StageName: "live" });
    await test.call(service, "CreateDeployment", { ApiId, StageName: "live" });
    await test.call(service, "ReimportApi", { ApiId, Body: JSON.stringify({ ...open, paths: {} }) });
    const { servers, paths, components, ...rest } = await exported(test, ApiId, { StageName: "live" });
    expect(servers).toMatchObject([{ variables: { basePath: { default: "live" } } }]);
    expect(paths).toEqual(document.paths);
    expect(components).toEqual({ securitySchemes: { tokens: document.components.securitySchemes.tokens } });
    expect(rest["x-amazon-apigateway-cors"]).toEqual(document["x-amazon-apigateway-cors"]);
    expect((await exported(test, ApiId))["paths"]).toEqual({});
  });

  it.each([
    [{ Specification: "OAS20" }, "BadRequestException 400: Invalid specification: OAS20. OAS30 is supported"],
    [{ OutputType: "XML" }, "BadRequestException 400: Invalid outputType: XML. JSON and YAML are supported"],
    [{ ExportVersion: "2.0" }, "BadRequestException 400: Invalid exportVersion: 2.0. 1.0 is supported"],
    [{ StageName: "none" }, "NotFoundException 404: Unable to find Stage by name none"],
  ])("refuses %j", async (more, error) => {
    const test = await createTestGateway(ok);
    const { ApiId } = await imported(test, document);
    expect(
      await test.errorOf(service, "ExportApi", { ApiId, Specification: "OAS30", OutputType: "JSON", ...more }),
    ).toBe(error);
  });
});
