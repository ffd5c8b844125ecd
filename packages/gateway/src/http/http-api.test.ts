import { ServiceError } from "@tripline/kernel";
import { describe, expect, it } from "vitest";
import { createTestGateway, functionArn, type TestAnswer, withHttpApi } from "../testing/create-test-gateway.ts";
import { renewHttpApi } from "./http-api.ts";

const ok: TestAnswer = { value: { statusCode: 200, body: "ok" } };
const requestId = expect.stringMatching(/^[\w-]{15}=$/);

describe("the event of an HTTP API", () => {
  it("format 2.0, with everything that a request can have", async () => {
    const test = await createTestGateway(() => ok);
    const id = await withHttpApi(test, ["GET /pets/{id}"], { stage: "dev", variables: { k: "v" } });
    await test.send({
      target: "/_api/Shop/dev/pets/a%20b?a=1&a=2&b=x+y",
      headers: ["Host", "localhost:4566", "User-Agent", "curl/8", "X-Two", "1", "x-two", "2", "Cookie", "c1=x; c2=y"],
    });
    expect(test.events).toEqual([
      {
        version: "2.0",
        routeKey: "GET /pets/{id}",
        rawPath: "/dev/pets/a b",
        rawQueryString: "a=1&a=2&b=x+y",
        cookies: ["c1=x", "c2=y"],
        headers: {
          host: "localhost:4566",
          "user-agent": "curl/8",
          "x-two": "1,2",
          "content-length": "0",
          "x-amzn-trace-id": expect.stringMatching(/^Root=1-5e6a879e-[0-9a-f]{24}$/),
          "x-forwarded-for": "192.0.2.7",
          "x-forwarded-port": "4566",
          "x-forwarded-proto": "http",
        },
        queryStringParameters: { a: "1,2", b: "x y" },
        requestContext: {
          accountId: "000000000000",
          apiId: id,
          domainName: `${id}.execute-api.us-east-1.amazonaws.com`,
          domainPrefix: id,
          http: {
            method: "GET",
            path: "/dev/pets/a b",
            protocol: "HTTP/1.1",
            sourceIp: "192.0.2.7",
            userAgent: "curl/8",
          },
          requestId,
          routeKey: "GET /pets/{id}",
          stage: "dev",
          time: "12/Mar/2020:19:03:58 +0000",
          timeEpoch: 1584039838390,
        },
        pathParameters: { id: "a b" },
        stageVariables: { k: "v" },
        isBase64Encoded: false,
      },
    ]);
  });

  it("leaves empty members out, and the stage out of the path of $default", async () => {
    const test = await createTestGateway(() => ok);
    await withHttpApi(test, ["$default"]);
    await test.send({ method: "PUT", target: "/_api/Shop/%24default/x" });
    expect(Object.keys(test.events[0] ?? {})).toEqual([
      "version",
      "routeKey",
      "rawPath",
      "rawQueryString",
      "headers",
      "requestContext",
      "isBase64Encoded",
    ]);
    expect(test.events[0]).toMatchObject({ routeKey: "$default", rawPath: "/x", rawQueryString: "" });
  });

  it.each([
    ["text/plain; charset=utf-8", "grüße", false],
    ["application/json", "{}", false],
    ["application/problem+json", "{}", false],
    ["image/svg+xml", "<svg/>", true],
    ["application/x-www-form-urlencoded", "a=1", true],
    ["application/octet-stream", "x", true],
    [undefined, "plain", false],
  ])("a body of type %s is passed on (base64: see isBase64Encoded)", async (type, body, isBase64Encoded) => {
    const test = await createTestGateway(() => ok);
    await withHttpApi(test, ["POST /"]);
    await test.send({
      method: "POST",
      target: "/_api/Shop/$default/",
      headers: type === undefined ? [] : ["content-type", type],
      body,
    });
    expect(test.events[0]).toMatchObject({
      body: isBase64Encoded ? Buffer.from(body).toString("base64") : body,
      isBase64Encoded,
    });
  });

  it("format 1.0 has the shape of a REST API's, with nulls and lower-case headers", async () => {
    const test = await createTestGateway(() => ok);
    const id = await withHttpApi(test, ["ANY /a/{proxy+}"], { format: "1.0" });
    await test.send({ target: "/_api/Shop/$default/a/b/c?x=1&x=2", headers: ["Host", "h", "X-Y", "1", "X-Y", "2"] });
    expect(test.events).toEqual([
      {
        version: "1.0",
        resource: "/a/{proxy+}",
        path: "/a/b/c",
        httpMethod: "GET",
        headers: expect.objectContaining({ host: "h", "x-y": "2", "x-forwarded-proto": "http" }),
        multiValueHeaders: expect.objectContaining({ host: ["h"], "x-y": ["1", "2"] }),
        queryStringParameters: { x: "2" },
        multiValueQueryStringParameters: { x: ["1", "2"] },
        requestContext: {
          accountId: "000000000000",
          apiId: id,
          authorizer: { claims: null, scopes: null },
          domainName: `${id}.execute-api.us-east-1.amazonaws.com`,
          domainPrefix: id,
          extendedRequestId: requestId,
          httpMethod: "GET",
          identity: expect.objectContaining({ accessKey: null, sourceIp: "192.0.2.7", userAgent: "" }),
          path: "/a/b/c",
          protocol: "HTTP/1.1",
          requestId,
          requestTime: "12/Mar/2020:19:03:58 +0000",
          requestTimeEpoch: 1584039838390,
          resourceId: "ANY /a/{proxy+}",
          resourcePath: "/a/{proxy+}",
          stage: "$default",
        },
        pathParameters: { proxy: "b/c" },
        stageVariables: null,
        body: null,
        isBase64Encoded: false,
      },
    ]);
  });
});

describe("the answer of an HTTP API", () => {
  const json = { "content-type": "application/json" };
  const text = { "content-type": "text/plain; charset=utf-8" };
  const error = { status: 500, headers: json, body: '{"message":"Internal Server Error"}' };
  it.each<["1.0" | "2.0", TestAnswer, { status: number; headers: object; body: string }]>([
    ["2.0", { value: "hi" }, { status: 200, headers: json, body: "hi" }],
    ["2.0", { payload: '{"a": 1}' }, { status: 200, headers: json, body: '{"a": 1}' }],
    ["2.0", { value: [1] }, { status: 200, headers: json, body: "[1]" }],
    ["2.0", { value: null }, { status: 200, headers: json, body: "null" }],
    ["2.0", { value: { statusCode: 204 } }, { status: 204, headers: text, body: "" }],
    [
      "2.0",
      { value: { statusCode: 201, headers: { "X-A": 1 }, cookies: ["a=1", "b=2"], body: "x" } },
      { status: 201, headers: { ...text, "x-a": "1", "set-cookie": "a=1 | b=2" }, body: "x" },
    ],
    [
      "2.0",
      { value: { statusCode: 200, headers: { "Content-Type": "image/png" }, body: "/w==", isBase64Encoded: true } },
      { status: 200, headers: { "content-type": "image/png" }, body: "\u00ff" },
    ],
    [
      "2.0",
      { value: { statusCode: 200, headers: { Connection: "close", "Content-Length": "99" }, body: "x" } },
      { status: 200, headers: text, body: "x" },
    ],
    ["2.0", { value: { statusCode: 200, body: { a: 1 } } }, error],
    ["2.0", { value: { statusCode: "abc" } }, error],
    ["2.0", { payload: "not json" }, error],
    ["2.0", { failed: true }, error],
    ["2.0", { thrown: new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 }) }, error],
    [
      "2.0",
      { thrown: new ServiceError("RequestTooLargeException", "too large", { status: 413 }) },
      { status: 413, headers: json, body: '{"message":"Request Entity Too Large"}' },
    ],
    ["1.0", { value: "hi" }, error],
    ["1.0", { value: { body: "x" } }, error],
    [
      "1.0",
      { value: { statusCode: 200, headers: { A: "0", B: "3" }, multiValueHeaders: { a: ["1", "2"] }, extra: true } },
      { status: 200, headers: { ...text, a: "0 | 1 | 2", b: "3" }, body: "" },
    ],
  ])("format %s of %j", async (format, given, expected) => {
    const test = await createTestGateway(() => given);
    await withHttpApi(test, ["GET /"], { format });
    const { headers, ...rest } = await test.send({ target: "/_api/Shop/$default/" });
    expect({ ...rest, headers }).toEqual({
      ...expected,
      headers: { ...expected.headers, "apigw-requestid": requestId },
    });
  });

  it("a function that outlasts the integration's limit is 503", async () => {
    const test = await createTestGateway(() => "hangs");
    await withHttpApi(test, ["GET /"], { timeoutMs: 50 });
    expect(await test.send({ target: "/_api/Shop/$default/" })).toMatchObject({
      status: 503,
      body: '{"message":"Service Unavailable"}',
    });
  });

  it("a body over 10 MB is 413, and invokes nothing", async () => {
    const test = await createTestGateway(() => ok);
    await withHttpApi(test, ["POST /"]);
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    expect((await test.send({ method: "POST", target: "/_api/Shop/$default/", body })).status).toBe(413);
    expect(test.events).toEqual([]);
  });
});

describe("addresses of an HTTP API", () => {
  it.each([
    ["/_api/Shop/$default/pets/1", [], 200],
    ["/_api/Shop/$default/nothing", [], 404],
    ["/_api/Shop/prod/pets/1", [], 404],
    ["/_api/Nope/$default/", [], 404],
    ["/pets/1", ["Host", "{id}.execute-api.us-east-1.amazonaws.com"], 200],
    ["/pets/1", ["Host", "{id}.execute-api.localhost:4566"], 200],
    ["/pets/1", ["Host", "abcdefghij.execute-api.localhost:4566"], 403],
  ])("%s %j is %i", async (target, headers, status) => {
    const test = await createTestGateway(() => ok);
    const id = await withHttpApi(test, ["GET /pets/{id}"]);
    const request = { target, headers: headers.map((one) => one.replace("{id}", id)) };
    expect((await test.send(request)).status).toBe(status);
  });

  it("a wrong method is 404 Not Found; HEAD is no GET; a verb outranks ANY", async () => {
    const test = await createTestGateway(() => ok);
    await withHttpApi(test, ["GET /a", "ANY /b", "POST /b"]);
    expect(await test.send({ method: "HEAD", target: "/_api/Shop/$default/a" })).toMatchObject({
      status: 404,
      body: '{"message":"Not Found"}',
    });
    await test.send({ method: "POST", target: "/_api/Shop/$default/b" });
    await test.send({ method: "PATCH", target: "/_api/Shop/$default/b" });
    expect(test.events.map((one) => one["routeKey"])).toEqual(["POST /b", "ANY /b"]);
  });

  it("an API that does not exist is answered with those that do", async () => {
    const test = await createTestGateway(() => ok);
    await withHttpApi(test, ["GET /"]);
    expect((await test.send({ target: "/_api/Shpo/x" })).body).toBe(
      '{"message":"There is no API \\"Shpo\\". There are: Shop."}',
    );
  });

  it("a name that two APIs have is answered with their ids", async () => {
    const test = await createTestGateway(() => ok);
    const ids = [await withHttpApi(test, ["GET /"]), await withHttpApi(test, ["GET /"])].sort();
    expect(await test.send({ target: "/_api/Shop/x" })).toMatchObject({
      status: 404,
      body: `{"message":"2 APIs are named \\"Shop\\". Name one by its id: ${ids.join(", ")}."}`,
    });
  });

  it("url is what a browser and a shell can take", async () => {
    const test = await createTestGateway(() => ok);
    const id = await withHttpApi(test, ["GET /"]);
    expect(test.gateway.url(id, "http://127.0.0.1:1")).toBe("http://127.0.0.1:1/_api/Shop/%24default/");
    const second = await withHttpApi(test, ["GET /"]);
    expect(test.gateway.url(second, "http://127.0.0.1:1")).toBe(`http://127.0.0.1:1/_api/${second}/%24default/`);
  });
});

describe("CORS of an HTTP API", () => {
  const cors = {
    AllowOrigins: ["https://shop.example", "http://*"],
    AllowMethods: ["GET", "POST"],
    AllowHeaders: ["content-type"],
    ExposeHeaders: ["x-a"],
    MaxAge: 60,
    AllowCredentials: true,
  };
  const preflight = (origin: string) => ({
    method: "OPTIONS",
    target: "/_api/Shop/$default/nowhere",
    headers: ["Origin", origin, "Access-Control-Request-Method", "POST"],
  });

  it("answers a preflight itself, whatever the routes", async () => {
    const test = await createTestGateway(() => ok);
    await withHttpApi(test, ["GET /"], { cors });
    expect(await test.send(preflight("https://shop.example"))).toEqual({
      status: 204,
      headers: {
        "access-control-allow-origin": "https://shop.example",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "content-type",
        "access-control-max-age": "60",
        "access-control-allow-credentials": "true",
        "apigw-requestid": requestId,
      },
      body: "",
    });
    expect(test.events).toEqual([]);
    expect((await test.send(preflight("https://evil.example"))).headers).toEqual({ "apigw-requestid": requestId });
    expect((await test.send(preflight("http://any"))).headers["access-control-allow-origin"]).toBe("http://any");
  });

  it.each<[object, string]>([
    [{ AllowOrigins: ["*"], AllowCredentials: true }, "allow-credentials is not supported if 'allow-origin' is *"],
    [{ MaxAge: -2 }, "max-age should be between -1 and 86400"],
    [{ MaxAge: 86_401 }, "max-age should be between -1 and 86400"],
  ])("is refused: %j", async (CorsConfiguration, message) => {
    const test = await createTestGateway(() => ok);
    const refused = `BadRequestException 400: ${message}`;
    const api = { Name: "Shop", ProtocolType: "HTTP" };
    expect(await test.errorOf("apigatewayv2", "CreateApi", { ...api, CorsConfiguration })).toBe(refused);
    const { ApiId } = await test.call("apigatewayv2", "CreateApi", { ...api, CorsConfiguration: { MaxAge: -1 } });
    expect(await test.errorOf("apigatewayv2", "UpdateApi", { ApiId, CorsConfiguration })).toBe(refused);
    await test.call("apigatewayv2", "UpdateApi", { ApiId, CorsConfiguration: { MaxAge: 86_400 } });
    expect(await test.call("apigatewayv2", "GetApi", { ApiId })).toMatchObject({
      CorsConfiguration: { MaxAge: 86_400 },
    });
  });

  it("adds its own headers to every answer of an allowed origin, errors too, and drops the function's", async () => {
    const test = await createTestGateway(() => ({
      value: { statusCode: 200, headers: { "Access-Control-Allow-Origin": "*", "X-A": "1" }, body: "" },
    }));
    await withHttpApi(test, ["GET /"], { cors });
    const origin = ["Origin", "https://shop.example"];
    expect((await test.send({ target: "/_api/Shop/$default/", headers: origin })).headers).toEqual({
      "x-a": "1",
      "content-type": "text/plain; charset=utf-8",
      "access-control-allow-origin": "https://shop.example",
      "access-control-expose-headers": "x-a",
      "access-control-allow-credentials": "true",
      "apigw-requestid": requestId,
    });
    expect((await test.send({ target: "/_api/Shop/$default/no", headers: origin })).headers).toMatchObject({
      "access-control-allow-origin": "https://shop.example",
    });
    expect((await test.send({ target: "/_api/Shop/$default/" })).headers).toEqual({
      "x-a": "1",
      "content-type": "text/plain; charset=utf-8",
      "apigw-requestid": requestId,
    });
  });

  it("without a configuration the function's headers pass, and OPTIONS needs a route", async () => {
    const test = await createTestGateway(() => ({
      value: { statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" }, body: "" },
    }));
    await withHttpApi(test, ["GET /"]);
    expect((await test.send({ target: "/_api/Shop/$default/", headers: ["Origin", "x"] })).headers).toMatchObject({
      "access-control-allow-origin": "*",
    });
    expect((await test.send(preflight("https://shop.example"))).status).toBe(404);
  });
});

describe("operations of HTTP APIs", () => {
  const integration = { IntegrationType: "AWS_PROXY", IntegrationUri: functionArn, PayloadFormatVersion: "2.0" };
  it.each([
    ["CreateApi", { Name: "x", ProtocolType: "WEBSOCKET" }, "BadRequestException 400: Protocol type WEBSOCKET"],
    ["CreateApi", { Name: "", ProtocolType: "HTTP" }, "BadRequestException 400: Name must be"],
    ["GetApi", { ApiId: "nope" }, "NotFoundException 404: Invalid API identifier specified 000000000000:nope"],
    [
      "CreateIntegration",
      { ...integration, IntegrationUri: "http://x" },
      "BadRequestException 400: Invalid integration URI specified",
    ],
    [
      "CreateIntegration",
      { ...integration, PayloadFormatVersion: "3.0" },
      "BadRequestException 400: PayloadFormatVersion",
    ],
    ["CreateIntegration", { ...integration, TimeoutInMillis: 30001 }, "BadRequestException 400: Timeout should be"],
    ["CreateIntegration", { ...integration, IntegrationId: "mine" }, "BadRequestException 400: IntegrationId"],
    [
      "CreateRoute",
      { RouteKey: "FETCH /", Target: "integrations/x" },
      "BadRequestException 400: The provided route key",
    ],
    [
      "CreateRoute",
      { RouteKey: "GET /{a+}/b", Target: "integrations/x" },
      "BadRequestException 400: The provided route key",
    ],
    [
      "CreateRoute",
      { RouteKey: "GET /", Target: "integrations/x" },
      "NotFoundException 404: Unable to find Integration",
    ],
    ["CreateStage", { StageName: "a b", AutoDeploy: true }, "BadRequestException 400: Stage name"],
    ["CreateStage", { StageName: "$default", AutoDeploy: true }, "ConflictException 409: Stage already exists"],
  ])("%s %j is refused", async (operation, input, text) => {
    const test = await createTestGateway(() => ok);
    const ApiId = await withHttpApi(test, ["GET /a"]);
    expect(await test.errorOf("apigatewayv2", operation, { ApiId, ...input })).toContain(text);
    expect(test.gateway.apis().map((one) => one.routes)).toEqual([
      [{ method: "GET", path: "/a", functionName: "orders" }],
    ]);
  });

  it("an API made anew loses its routes, and serves the old ones until its stage is made again", async () => {
    const test = await createTestGateway(() => ok);
    const create = { Name: "Shop", ProtocolType: "HTTP", Tags: { "tripline:id": "abcde12345" } };
    const apply = async (routeKey: string): Promise<void> => {
      await test.call("apigatewayv2", "CreateApi", create, true);
      const ids = { ApiId: "abcde12345", IntegrationId: "one" };
      await test.call("apigatewayv2", "CreateIntegration", { ...ids, ...integration }, true);
      await test.call("apigatewayv2", "CreateRoute", { ...ids, RouteKey: routeKey, Target: "integrations/one" }, true);
    };
    const stage = { ApiId: "abcde12345", StageName: "$default", AutoDeploy: true };
    await apply("GET /old");
    await test.call("apigatewayv2", "CreateStage", stage, true);
    await apply("GET /new");
    const statuses = async (): Promise<number[]> => [
      (await test.send({ target: "/_api/Shop/$default/old" })).status,
      (await test.send({ target: "/_api/Shop/$default/new" })).status,
    ];
    expect(await statuses()).toEqual([200, 404]);
    await test.call("apigatewayv2", "CreateStage", stage, true);
    expect(await statuses()).toEqual([404, 200]);
    expect(await test.errorOf("apigatewayv2", "CreateApi", create)).toContain("ConflictException 409");
  });

  it("what was kept before integrations had types is read as it is kept today", () => {
    const old = { functionArn, payloadFormatVersion: "2.0", timeoutMs: 50 } as const;
    const renewed = { type: "AWS_PROXY", uri: functionArn, payloadFormatVersion: "2.0", timeoutMs: 50 };
    const snapshot = { routes: [{ routeKey: "GET /", ...old }] };
    const kept = {
      id: "a",
      name: "Shop",
      type: "HTTP" as const,
      createdAtMs: 1,
      tags: {},
      integrations: { one: old },
      routes: { "GET /": "one" },
      stages: { dev: { ...snapshot, variables: {} } },
      deployments: { d: { ...snapshot, id: "d", createdAtMs: 1, autoDeployed: true } },
    };
    const routes = [{ routeKey: "GET /", integration: renewed }];
    expect(renewHttpApi(kept)).toMatchObject({
      integrations: { one: renewed },
      routes: { route0: { id: "route0", routeKey: "GET /", integrationId: "one" } },
      stages: { dev: { routes, autoDeploy: true } },
      deployments: { d: { routes } },
    });
  });

  it("what was made is served by the next gateway on the same data", async () => {
    const first = await createTestGateway(() => ok);
    const id = await withHttpApi(first, ["GET /a"]);
    const second = await createTestGateway(() => ok, first.database);
    expect((await second.send({ target: "/_api/Shop/$default/a" })).status).toBe(200);
    await second.call("apigatewayv2", "DeleteApi", { ApiId: id });
    expect((await second.send({ target: "/_api/Shop/$default/a" })).status).toBe(404);
    expect(await second.call("apigatewayv2", "GetApis", {})).toEqual({ Items: [] });
  });
});
