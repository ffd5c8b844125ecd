/** ImportRestApi and PutRestApi, beyond what the tests of serving import. */
import { EventBus } from "@tripline/kernel";
import { describe, expect, it } from "vitest";
import { createTestGateway, functionUri, type TestGateway } from "../../testing/create-test-gateway.ts";

const integration = {
  "x-amazon-apigateway-integration": {
    type: "mock",
    requestTemplates: { "application/json": '{"statusCode": 200}' },
    responses: { default: { statusCode: 200 } },
  },
};
const operation = { responses: { "200": { description: "" } }, ...integration };
const swagger = { swagger: "2.0", info: { title: "Old", version: "1", description: "d" } };
const openApi = { openapi: "3.0.1", info: { title: "New", version: "2" } };

const imported = (test: TestGateway, document: object, parameters: object = {}): Promise<Record<string, unknown>> =>
  test.call("apigateway", "ImportRestApi", { body: Buffer.from(JSON.stringify(document)), parameters });
async function pathsOf(test: TestGateway, restApiId: unknown): Promise<string[]> {
  const { items } = (await test.call("apigateway", "GetResources", { restApiId })) as unknown as {
    items: { path: string; resourceMethods?: object }[];
  };
  return items.map((one) => [one.path, ...Object.keys(one.resourceMethods ?? {})].join(" "));
}

describe("ImportRestApi", () => {
  it("has of the document what it says: settings, models, validators, authorizers, resources", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const { id: restApiId, ...api } = await imported(test, {
      ...swagger,
      "x-amazon-apigateway-binary-media-types": ["*/*"],
      "x-amazon-apigateway-api-key-source": "AUTHORIZER",
      "x-amazon-apigateway-request-validators": { basic: { validateRequestBody: true } },
      "x-amazon-apigateway-request-validator": "basic",
      security: [{ guard: [] }],
      securityDefinitions: {
        guard: {
          type: "apiKey",
          name: "Custom",
          in: "header",
          "x-amazon-apigateway-authtype": "custom",
          "x-amazon-apigateway-authorizer": {
            type: "request",
            identitySource: "method.request.header.Custom",
            authorizerResultTtlInSeconds: 300,
            authorizerUri: functionUri,
          },
        },
      },
      definitions: { Pet: { type: "object", properties: { next: { $ref: "#/definitions/Pet" } } } },
      paths: {
        "/pets/{id}": {
          parameters: [{ name: "id", in: "path", required: true, type: "string" }],
          post: {
            ...operation,
            operationId: "Op",
            parameters: [
              { in: "body", name: "Pet", schema: { $ref: "#/definitions/Pet" } },
              { name: "q", in: "query" },
            ],
          },
          "x-amazon-apigateway-any-method": { ...operation, security: [] },
        },
      },
    });
    expect(api).toMatchObject({
      name: "Old",
      description: "d",
      version: "1",
      binaryMediaTypes: ["*/*"],
      apiKeySource: "AUTHORIZER",
      endpointConfiguration: { types: ["EDGE"] },
    });
    expect(await pathsOf(test, restApiId)).toEqual(["/", "/pets", "/pets/{id} POST ANY"]);
    const { items } = (await test.call("apigateway", "GetResources", { restApiId, embed: ["methods"] })) as unknown as {
      items: { resourceMethods?: Record<string, Record<string, unknown>> }[];
    };
    expect(items[2]?.resourceMethods?.["POST"]).toMatchObject({
      authorizationType: "CUSTOM",
      operationName: "Op",
      requestModels: { "application/json": "Pet" },
      requestParameters: { "method.request.path.id": true, "method.request.querystring.q": false },
      requestValidatorId: expect.any(String) as string,
    });
    expect(items[2]?.resourceMethods?.["ANY"]).toMatchObject({ authorizationType: "NONE" });
    const models = (await test.call("apigateway", "GetModels", { restApiId })) as unknown as {
      items: { name: string; schema: string }[];
    };
    expect(models.items.map((one) => [one.name, one.schema])).toEqual([
      [
        "Pet",
        JSON.stringify({
          type: "object",
          properties: { next: { $ref: `https://apigateway.amazonaws.com/restapis/${String(restApiId)}/models/Pet` } },
        }),
      ],
    ]);
    const flat = await test.call("apigateway", "GetModelTemplate", { restApiId, modelName: "Pet" });
    expect(flat["value"]).toContain("#set($inputRoot = $input.path('$'))");
  });

  it.each<[string, object, string[]]>([
    ["ignore", { ...swagger, basePath: "/base/v1" }, ["/", "/a GET"]],
    ["prepend", { ...swagger, basePath: "/base/v1" }, ["/", "/base", "/base/v1", "/base/v1/a GET"]],
    ["split", { ...swagger, basePath: "/base/v1" }, ["/", "/v1", "/v1/a GET"]],
    [
      "prepend",
      { ...openApi, servers: [{ url: "http://x/{basePath}", variables: { basePath: { default: "base-var" } } }] },
      ["/", "/base-var", "/base-var/a GET"],
    ],
    ["split", { ...openApi, servers: [{ url: "https://x.com/base-url/part" }] }, ["/", "/part", "/part/a GET"]],
  ])("basepath %s of %j", async (basepath, document, paths) => {
    const test = await createTestGateway(() => ({ value: {} }));
    const { id } = await imported(test, { ...document, paths: { "/a": { get: operation } } }, { basepath });
    expect(await pathsOf(test, id)).toEqual(paths);
  });

  it.each([
    ["a: [", undefined],
    ["- 1", undefined],
    ['{"openapi": "3.1.0", "info": {}}', undefined],
    ['{"info": {}}', undefined],
  ])("%s is no document", async (text) => {
    const test = await createTestGateway(() => ({ value: {} }));
    expect(await test.errorOf("apigateway", "ImportRestApi", { body: Buffer.from(text) })).toBe(
      "BadRequestException 400: Invalid OpenAPI input.",
    );
    expect(await test.call("apigateway", "GetRestApis", {})).toEqual({ items: [] });
  });

  it("what was left out is a warning, or an error where that is asked for", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const wrong = {
      ...integration["x-amazon-apigateway-integration"],
      requestParameters: { "integration.request.header.x": true, "integration.request.header.y": "'y'" },
    };
    const document = {
      ...openApi,
      paths: { "/a": { get: { responses: {}, "x-amazon-apigateway-integration": wrong } } },
    };
    const warning =
      "Invalid format for 'requestParameters'. Expected type string for property 'integration.request.header.x' of resource '/a' and method 'GET' but got 'true'";
    expect((await imported(test, document))["warnings"]).toEqual([warning]);
    expect(
      await test.errorOf("apigateway", "ImportRestApi", {
        body: Buffer.from(JSON.stringify(document)),
        failOnWarnings: true,
      }),
    ).toBe(`BadRequestException 400: Warnings found during import:\n\t${warning}`);
    const { id: restApiId } = await test.call("apigateway", "CreateRestApi", { name: "kept" });
    expect(
      await test.errorOf("apigateway", "PutRestApi", {
        restApiId,
        body: Buffer.from(JSON.stringify(document)),
        failOnWarnings: true,
      }),
    ).toBe(`BadRequestException 400: Warnings found during import:\n\t${warning}`);
  });
});

it("a schema that stands where it is used becomes a model; extensions that are not simulated are warnings", async () => {
  const test = await createTestGateway(() => ({ value: {} }));
  const schema = { type: "object", required: ["a"] };
  const document = {
    ...openApi,
    "x-amazon-apigateway-cors": {},
    "x-amazon-apigateway-request-validators": { body: { validateRequestBody: true } },
    "x-amazon-apigateway-request-validator": "body",
    paths: {
      "/a": {
        post: {
          ...operation,
          "x-amazon-apigateway-importexport-version": "1.0",
          requestBody: { content: { "application/json": { schema } } },
        },
      },
    },
  };
  const made = await imported(test, document);
  expect(made["warnings"]).toEqual([
    "x-amazon-apigateway-cors of the document is not simulated: it was left out",
    "x-amazon-apigateway-importexport-version of POST /a is not simulated: it was left out",
  ]);
  const restApiId = made["id"];
  await test.call("apigateway", "CreateDeployment", { restApiId, stageName: "dev" });
  const post = async (body: string): Promise<number> =>
    (
      await test.send({
        method: "POST",
        target: `/_api/${String(restApiId)}/dev/a`,
        headers: ["Content-Type", "application/json"],
        body,
      })
    ).status;
  expect([await post('{"a":1}'), await post("{}")]).toEqual([200, 400]);
});

it("models of OpenAPI 2 are for the types that an operation, or the document, consumes and produces", async () => {
  const test = await createTestGateway(() => ({ value: {} }));
  const schema = { $ref: "#/definitions/Pet" };
  const body = { in: "body", name: "Pet", schema };
  const write = (more: object): object => ({
    parameters: [body],
    responses: { "200": { description: "", schema } },
    ...more,
  });
  const { id: restApiId } = await imported(test, {
    swagger: "2.0",
    info: { title: "t", version: "1" },
    consumes: ["application/xml"],
    definitions: { Pet: { type: "object" } },
    paths: {
      "/a": {
        put: write({}),
        post: write({ consumes: ["text/plain", "application/json"], produces: ["text/plain", "text/html"] }),
      },
    },
  });
  const { items } = await test.call<{ items: { path: string; resourceMethods?: Record<string, object> }[] }>(
    "apigateway",
    "GetResources",
    { restApiId, embed: ["methods"] },
  );
  expect(items.find((one) => one.path === "/a")?.resourceMethods).toMatchObject({
    PUT: {
      requestModels: { "application/xml": "Pet" },
      methodResponses: { "200": { responseModels: { "application/json": "Pet" } } },
    },
    POST: {
      requestModels: { "application/json": "Pet" },
      methodResponses: { "200": { responseModels: { "text/plain": "Pet" } } },
    },
  });
});

describe("PutRestApi", () => {
  it("of a template tells its warnings to the user", async () => {
    const bus = new EventBus();
    const notices: unknown[] = [];
    bus.on("notice", (notice) => notices.push(notice));
    const test = await createTestGateway(() => ({ value: {} }), undefined, { bus });
    const { id: restApiId } = await imported(test, { ...swagger, paths: {} });
    const body = Buffer.from(JSON.stringify({ ...openApi, "x-amazon-apigateway-cors": {}, paths: {} }));
    await test.call("apigateway", "PutRestApi", { restApiId, mode: "merge", body }, true);
    expect(notices).toEqual([
      {
        level: "warning",
        subject: "New",
        message: "x-amazon-apigateway-cors of the document is not simulated: it was left out.",
      },
    ]);
  });

  it("merges into what there is, or overwrites it; a document that cannot be changes nothing", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const { id: restApiId } = await imported(test, {
      ...swagger,
      "x-amazon-apigateway-binary-media-types": ["image/heif"],
      paths: { "/a": { get: operation } },
    });
    const put = (mode: string, document: object) => ({ restApiId, mode, body: Buffer.from(JSON.stringify(document)) });
    const more = {
      ...openApi,
      "x-amazon-apigateway-binary-media-types": ["image/png"],
      paths: { "/a": { put: operation }, "/b": { get: operation } },
    };
    expect(await test.call("apigateway", "PutRestApi", put("merge", more))).toMatchObject({
      name: "New",
      version: "2",
      binaryMediaTypes: ["image/heif", "image/png"],
    });
    expect(await pathsOf(test, restApiId)).toEqual(["/", "/a GET PUT", "/b GET"]);
    const broken = {
      ...openApi,
      paths: { "/c": { get: { responses: {}, "x-amazon-apigateway-integration": { type: "nonsense" } } } },
    };
    expect(await test.errorOf("apigateway", "PutRestApi", put("overwrite", broken))).toContain(
      "ValidationException 400",
    );
    expect(await pathsOf(test, restApiId)).toEqual(["/", "/a GET PUT", "/b GET"]);
    expect(await test.call("apigateway", "PutRestApi", put("overwrite", more))).toMatchObject({
      binaryMediaTypes: ["image/png"],
    });
    expect(await pathsOf(test, restApiId)).toEqual(["/", "/a PUT", "/b GET"]);
  });
});
