/** What the gateway itself answers: status, error type, headers and body of every error that a client of a REST or an HTTP API can see. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call } from "./support/call.ts";
import {
  type EchoAnswer,
  type EchoRequest,
  echoUri,
  hostOf,
  httpApi,
  mock,
  orderHeader,
  proxy,
  restApi,
  send,
  startEcho,
} from "./support/echo-apis.ts";

let simulator: Simulator;
let plain: { url: string; close(): void };

beforeAll(async () => {
  simulator = await startEcho();
  const server = createServer((_request, response) => response.end("plain"));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  plain = { url: `://127.0.0.1:${port}/`, close: () => server.close() };
});
afterAll(async () => {
  plain.close();
  await simulator.stop();
});

const payloadBytesMax = 10_485_760;
const lambdaBytesMax = 6_291_456;

describe("a REST API", () => {
  const ids = ["x-amz-apigw-id", "x-amzn-requestid"];
  /** Status, error type and body; and that the answer has its ids and nothing else. */
  const seen = ({ status, headers, body }: EchoAnswer): unknown[] => {
    const { "content-type": type, "x-amzn-errortype": errorType, date, "content-length": length, ...rest } = headers;
    expect([type, Object.keys(rest).sort()]).toEqual(["application/json", ids]);
    expect([date, Number(length)]).toEqual([expect.any(String), body.length]);
    return [status, errorType, body];
  };
  const missing = [403, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}'];
  const forbidden = [403, "ForbiddenException", '{"message":"Forbidden"}'];
  const unauthorized = [401, "UnauthorizedException", '{"message":"Unauthorized"}'];
  const throttled = [429, "TooManyRequestsException", '{"message":"Too Many Requests"}'];
  const unsupported = [415, "BadRequestException", '{"message":"Unsupported Media Type"}'];
  const tooLongUri = [414, "BadRequestException", '{"message":"Request URI too long"}'];
  const tooLong = [413, "BadRequestException", '{"message": "Request Too Long"}'];
  const serverError = (status: number, text = "Internal server error"): unknown[] => [
    status,
    "InternalServerErrorException",
    `{"message": "${text}"}`,
  ];
  const misconfigured = [500, "AuthorizerConfigurationException", '{"message":null}'];
  const denied = (more = ""): unknown[] => [
    403,
    "AccessDeniedException",
    `{"Message":"User is not authorized to access this resource${more}"}`,
  ];
  const invalid = (message: string): unknown[] => [400, "BadRequestException", JSON.stringify({ message })];

  const key = "0123456789abcdefghij";
  const authorizer = (type: string, identitySource?: string): object => ({
    type: "apiKey",
    name: "Authorization",
    in: "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
      type,
      authorizerUri: echoUri,
      authorizerResultTtlInSeconds: type === "token" ? 0 : 300,
      ...(identitySource === undefined ? {} : { identitySource }),
      ...(type === "token" ? { identityValidationExpression: "[A-Za-z ]+" } : {}),
    },
  });
  const validator = { "x-amazon-apigateway-request-validator": "all" };
  const operations = {
    "GET /": proxy(),
    "GET /slow": proxy({ timeoutInMillis: 50 }),
    "POST /": proxy(),
    "POST /mock": mock(),
    "GET /mock": mock(),
    "GET /m/{x+}": mock(),
    "GET /keyed": mock({}, { security: [{ api_key: [] }] }),
    "GET /token": mock({}, { security: [{ token: [] }] }),
    "GET /request": mock({}, { security: [{ request: [] }] }),
    "GET /required": mock(
      {},
      {
        ...validator,
        parameters: [
          { name: "q", in: "query", required: true, schema: { type: "string" } },
          { name: "x-h", in: "header", required: true, schema: { type: "string" } },
        ],
      },
    ),
    "POST /model": mock(
      {},
      {
        ...validator,
        requestBody: { content: { "application/json": { schema: { type: "object", required: ["a"] } } } },
      },
    ),
    "POST /never": proxy({ type: "aws", passthroughBehavior: "never" }),
    "POST /templates": proxy({
      type: "aws",
      passthroughBehavior: "when_no_templates",
      requestTemplates: { "application/json": "{}" },
    }),
    "GET /no-default": mock({ responses: { "404": { statusCode: "404" } } }),
    "GET /mock-status": mock({ requestTemplates: { "application/json": '{"statusCode": "200"}' } }),
    "GET /template": mock({ requestTemplates: { "application/json": "#if(" } }),
    "GET /not-post": proxy({ httpMethod: "GET" }),
    "GET /not-there": proxy({ uri: echoUri.replace("function:echo", "function:gone") }),
    "POST /body-map": {
      responses: {},
      "x-amazon-apigateway-integration": {
        type: "http_proxy",
        httpMethod: "POST",
        uri: "http://127.0.0.1:9/",
        requestParameters: { "integration.request.header.x": "method.request.body.a" },
      },
    },
  };
  let host: string;
  let restApiId: string;

  beforeAll(async () => {
    restApiId = await restApi(
      simulator,
      {
        ...operations,
        "GET /refused": {
          responses: {},
          "x-amazon-apigateway-integration": { type: "http_proxy", httpMethod: "GET", uri: "http://127.0.0.1:9/" },
        },
        "GET /tls": {
          responses: {},
          "x-amazon-apigateway-integration": { type: "http_proxy", httpMethod: "GET", uri: `https${plain.url}` },
        },
        "GET /plain": {
          responses: {},
          "x-amazon-apigateway-integration": { type: "http_proxy", httpMethod: "GET", uri: `http${plain.url}` },
        },
      },
      {
        more: {
          "x-amazon-apigateway-request-validators": {
            all: { validateRequestBody: true, validateRequestParameters: true },
          },
          components: {
            securitySchemes: {
              api_key: { type: "apiKey", name: "x-api-key", in: "header" },
              token: authorizer("token"),
              request: authorizer("request", "method.request.header.Authorization"),
            },
          },
        },
      },
    );
    host = hostOf(restApiId);
  });

  const ask = (request: EchoRequest): Promise<EchoAnswer> =>
    send(simulator, { host, ...request, target: `/dev${request.target}` });

  it.each<[string, EchoRequest, unknown[]]>([
    ["a path that is not there", { target: "/nope" }, missing],
    ["the root's child", { target: "/mock/x" }, missing],
    ["another case", { target: "/Mock" }, missing],
    ["a wrong method", { target: "/mock", method: "DELETE" }, missing],
    [
      "OPTIONS without a method for it",
      {
        target: "/mock",
        method: "OPTIONS",
        headers: ["Origin: https://a.example", "Access-Control-Request-Method: GET"],
      },
      missing,
    ],
    [
      "a path that is not there, with an Authorization that is no signature",
      { target: "/nope", headers: ["Authorization: token"] },
      [
        403,
        "IncompleteSignatureException",
        `{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'PEaenWxYddN6Q/NT1PiOYfz4EsZu7jRXRlpAsNpBU+A='."}`,
      ],
    ],
    ["no key", { target: "/keyed" }, forbidden],
    ["a key that nobody has", { target: "/keyed", headers: ["x-api-key: nope"] }, forbidden],
    ["no token", { target: "/token" }, unauthorized],
    ["an empty token", { target: "/token", headers: ["Authorization:"] }, unauthorized],
    ["a token of another form", { target: "/token", headers: ["Authorization: 1"] }, unauthorized],
    ["no identity source", { target: "/request" }, unauthorized],
    [
      "an authorizer that says Unauthorized",
      { target: "/token", headers: ["Authorization: Unauthorized"] },
      unauthorized,
    ],
    [
      "an authorizer that denies",
      { target: "/token", headers: ["Authorization: deny"] },
      denied(" with an explicit deny"),
    ],
    ["an authorizer that allows something else", { target: "/token", headers: ["Authorization: elsewhere"] }, denied()],
    ["an authorizer that fails", { target: "/token", headers: ["Authorization: oh no"] }, misconfigured],
    ["an authorizer that answers nonsense", { target: "/token", headers: ["Authorization: garbage"] }, misconfigured],
    ["parameters that are missing", { target: "/required" }, invalid("Missing required request parameters: [x-h, q]")],
    [
      "a parameter that is blank",
      { target: "/required?q=%20", headers: ["x-h: 1"] },
      invalid("Missing required request parameters: [q]"),
    ],
    [
      "a body that does not fit the model",
      { target: "/model", method: "POST", body: "{}" },
      invalid("Invalid request body"),
    ],
    ["a body that is no JSON", { target: "/model", method: "POST", body: "{" }, invalid("Invalid request body")],
    [
      "a mapping of a body that is no JSON",
      { target: "/body-map", method: "POST", body: "{" },
      invalid("Invalid JSON in request body"),
    ],
    ["a media type without a template, NEVER", { target: "/never", method: "POST", body: "x" }, unsupported],
    [
      "a media type without a template, WHEN_NO_TEMPLATES",
      { target: "/templates", method: "POST", headers: ["Content-Type: text/plain"], body: "x" },
      unsupported,
    ],
    [
      "a body that is not as its Content-Encoding says",
      { target: "/mock", method: "POST", headers: ["Content-Encoding: gzip"], body: "x" },
      unsupported,
    ],
    [
      "a Content-Encoding that is not known",
      { target: "/mock", method: "POST", headers: ["Content-Encoding: br"], body: "x" },
      unsupported,
    ],
    [
      "a function that takes too long",
      { target: "/slow", headers: [orderHeader({ hangs: true })] },
      serverError(504, "Endpoint request timed out"),
    ],
    ["a function that fails", { target: "/", headers: [orderHeader({ error: "oh" })] }, serverError(502)],
    ["an answer that is none", { target: "/", headers: [orderHeader({ value: "oh" })] }, serverError(502)],
    ["a backend that does not answer", { target: "/refused" }, serverError(500)],
    ["a backend without TLS", { target: "/tls" }, serverError(504, "Network error communicating with endpoint")],
    ["no response for what the integration says", { target: "/no-default" }, serverError(500)],
    ["a mock's status that is no integer", { target: "/mock-status" }, serverError(500)],
    ["a template that is none", { target: "/template" }, serverError(500)],
    ["an integration method other than POST", { target: "/not-post" }, serverError(500)],
    ["a function that is not there", { target: "/not-there" }, serverError(500)],
    ["an ARN over 1600 bytes", { target: `/m/${"x".repeat(1600)}` }, tooLongUri],
    ["a URL over 10,240 bytes", { target: `/mock?${"x".repeat(10_240)}` }, tooLongUri],
    ["a body that Lambda refuses", { target: "/", method: "POST", body: Buffer.alloc(lambdaBytesMax, "x") }, tooLong],
    ["dot segments, which are not resolved", { target: "/../dev/mock" }, missing],
  ])("%s", async (_case, request, expected) => {
    expect(seen(await ask({ ...request, host }))).toEqual(expected);
  });

  it("what an HTTP backend answers passes", async () => {
    expect((await ask({ target: "/plain" })).body).toBe("plain");
  });

  it("a stage, and an API, that are not there", async () => {
    expect(seen(await send(simulator, { host, target: "/prod/mock" }))).toEqual(forbidden);
    expect(seen(await send(simulator, { host: hostOf("abcdefghij"), target: "/dev/mock" }))).toEqual(forbidden);
  });

  it("a default endpoint that is disabled", async () => {
    const id = await restApi(
      simulator,
      { "GET /": mock() },
      {
        more: {
          "x-amazon-apigateway-endpoint-configuration": { types: ["REGIONAL"], disableExecuteApiEndpoint: true },
        },
      },
    );
    expect(seen(await send(simulator, { host: hostOf(id), target: "/dev/" }))).toEqual(forbidden);
  });

  it("a caller whom the API's own policy denies, or does not allow", async () => {
    const statement = {
      Effect: "Allow",
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: "execute-api:/dev/GET/a",
    };
    const id = await restApi(
      simulator,
      { "GET /{x}": mock() },
      {
        more: {
          "x-amazon-apigateway-policy": {
            Version: "2012-10-17",
            Statement: [statement, { ...statement, Effect: "Deny", Resource: "execute-api:/dev/GET/b" }],
          },
        },
      },
    );
    const policyDenied = (path: string, more = ""): unknown[] => [
      403,
      "AccessDeniedException",
      `{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:000000000000:${id}/dev/GET/${path}${more}"}`,
    ];
    expect(seen(await send(simulator, { host: hostOf(id), target: "/dev/b" }))).toEqual(
      policyDenied("b", " with an explicit deny"),
    );
    expect(seen(await send(simulator, { host: hostOf(id), target: "/dev/c" }))).toEqual(policyDenied("c"));
    expect((await send(simulator, { host: hostOf(id), target: "/dev/a" })).status).toBe(200);
  });

  it("a key that is disabled, in no plan of the stage, throttled, used up; no Retry-After", async () => {
    const run = (operation: string, input: object): Promise<unknown> => call(simulator, "apigateway", operation, input);
    const { id: keyId } = (await run("CreateApiKey", { value: key, enabled: true })) as { id: string };
    const keyed = async (): Promise<unknown[]> => seen(await ask({ target: "/keyed", headers: [`x-api-key: ${key}`] }));
    expect(await keyed()).toEqual(forbidden); // in no plan
    const { id: usagePlanId } = (await run("CreateUsagePlan", {
      name: "p",
      apiStages: [{ apiId: restApiId, stage: "dev" }],
      throttle: { burstLimit: 1, rateLimit: 1 },
      quota: { limit: 2, period: "DAY" },
    })) as { id: string };
    await run("CreateUsagePlanKey", { usagePlanId, keyId, keyType: "API_KEY" });
    expect((await ask({ target: "/keyed", headers: [`x-api-key: ${key}`] })).status).toBe(200);
    expect(await keyed()).toEqual(throttled);
    await simulator.clock.advance(1000);
    expect((await ask({ target: "/keyed", headers: [`x-api-key: ${key}`] })).status).toBe(200);
    await simulator.clock.advance(1000);
    expect(await keyed()).toEqual([429, "LimitExceededException", '{"message":"Limit Exceeded"}']);
    await run("UpdateApiKey", {
      apiKey: keyId,
      patchOperations: [{ op: "replace", path: "/enabled", value: "false" }],
    });
    expect(await keyed()).toEqual(forbidden);
  });

  it("a method that its stage throttles, and a cache that a caller may not invalidate", async () => {
    const id = await restApi(simulator, { "GET /a": mock(), "GET /b": mock() });
    const patch = (path: string, value: string): object => ({ op: "replace", path, value });
    await call(simulator, "apigateway", "UpdateStage", {
      restApiId: id,
      stageName: "dev",
      patchOperations: [
        patch("/~1a/GET/throttling/burstLimit", "1"),
        patch("/~1a/GET/throttling/rateLimit", "1"),
        patch("/cacheClusterEnabled", "true"),
        patch("/cacheClusterSize", "0.5"),
        patch("/~1b/GET/caching/enabled", "true"),
        patch("/~1b/GET/caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403"),
      ],
    });
    const get = (path: string, headers: string[] = []): Promise<EchoAnswer> =>
      send(simulator, { host: hostOf(id), target: `/dev${path}`, headers });
    expect((await get("/a")).status).toBe(200);
    expect(seen(await get("/a"))).toEqual(throttled);
    expect((await get("/b")).status).toBe(200);
    expect(seen(await get("/b", ["Cache-Control: max-age=0"]))).toEqual([
      403,
      "AccessDeniedException",
      '{"message":"Forbidden"}',
    ]);
  });

  it("a function that the API may not invoke", async () => {
    await call(simulator, "lambda", "CreateAlias", {
      FunctionName: "echo",
      Name: "closed",
      FunctionVersion: "$LATEST",
    });
    const id = await restApi(simulator, {
      "GET /": proxy({ uri: echoUri.replace("function:echo", "function:echo:closed") }),
    });
    expect(seen(await send(simulator, { host: hostOf(id), target: "/dev/" }))).toEqual(serverError(500));
  });

  it("headers and bodies over their limit are plain text, without ids; at the limit they pass", async () => {
    const bare = ({ status, headers: { date: _date, ...headers }, body }: EchoAnswer): unknown => ({
      status,
      headers,
      body,
    });
    const text = (status: number, body: string): unknown => ({
      status,
      headers: { "content-type": "text; charset=utf-8", "content-length": String(body.length) },
      body,
    });
    const own = `Host: ${host}`.length;
    const withHeaderBytes = (bytes: number): Promise<EchoAnswer> =>
      ask({ target: "/mock", headers: [`X-Long: ${"x".repeat(bytes - own - "X-Long: ".length)}`] });
    expect((await withHeaderBytes(10_240)).status).toBe(200);
    expect(bare(await withHeaderBytes(10_241))).toEqual(text(431, "HTTP header is larger than 10240 bytes."));

    expect((await ask({ target: `/mock?${"x".repeat(10_240 - "/dev/mock?".length)}` })).status).toBe(200);

    const post = (bytes: number): Promise<EchoAnswer> =>
      ask({ target: "/mock", method: "POST", body: Buffer.alloc(bytes, " ") });
    expect((await post(payloadBytesMax)).status).toBe(200);
    const exceeded = text(413, "HTTP content length exceeded 10485760 bytes.");
    expect(bare(await post(payloadBytesMax + 1))).toEqual(exceeded);
    const chunk = Buffer.alloc(payloadBytesMax + 1, " ");
    const chunked = Buffer.concat([
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from("\r\n0\r\n\r\n"),
    ]);
    expect(
      bare(await ask({ target: "/mock", method: "POST", headers: ["Transfer-Encoding: chunked"], body: chunked })),
    ).toEqual(exceeded);
  });

  it("the URL of an edge-optimized API may be 8,192 bytes long", async () => {
    const { id } = (await call(simulator, "apigateway", "ImportRestApi", {
      body: Buffer.from(
        JSON.stringify({ openapi: "3.0.1", info: { title: "Edge", version: "1" }, paths: { "/": { get: mock() } } }),
      ),
    })) as { id: string };
    await call(simulator, "apigateway", "CreateDeployment", { restApiId: id, stageName: "dev" });
    const withUrlBytes = (bytes: number): Promise<EchoAnswer> =>
      send(simulator, { host: hostOf(id), target: `/dev/?${"x".repeat(bytes - "/dev/?".length)}` });
    expect((await withUrlBytes(8192)).status).toBe(200);
    expect(seen(await withUrlBytes(8193))).toEqual(tooLongUri);
  });
});

describe("an HTTP API", () => {
  const cors = { AllowOrigins: ["https://a.example"], AllowMethods: ["GET"] };
  /** Status and body; and that the answer has its id and nothing else. */
  const seen = ({ status, headers, body }: EchoAnswer): unknown[] => {
    const { "content-type": type, "apigw-requestid": id, date, "content-length": length, ...rest } = headers;
    expect([type, rest]).toEqual(["application/json", {}]);
    expect([id, date, Number(length)]).toEqual([
      expect.stringMatching(/^[\w-]{15}=$/),
      expect.any(String),
      body.length,
    ]);
    return [status, body];
  };
  const notFound = [404, '{"message":"Not Found"}'];
  const serverError = [500, '{"message":"Internal Server Error"}'];
  const throttled = [429, '{"message":"Too Many Requests"}'];
  const tooLarge = [413, '{"message":"Request Entity Too Large"}'];
  const headersTooLarge = [431, '{"message":"Request Header Fields Too Large"}'];

  describe.each(["1.0", "2.0"] as const)("format %s", (format) => {
    let host: string;
    beforeAll(async () => {
      host = hostOf(await httpApi(simulator, ["GET /", "POST /", "GET /a/{x+}"], { format }));
    });

    it.each<[string, EchoRequest, unknown[]]>([
      ["a path that is not there", { target: "/nope" }, notFound],
      ["a greedy route's parent", { target: "/a" }, notFound],
      ["another case", { target: "/A/b" }, notFound],
      ["a trailing slash", { target: "//" }, notFound],
      ["a wrong method", { target: "/", method: "DELETE" }, notFound],
      ["a wrong method of a greedy route", { target: "/a/b", method: "PUT" }, notFound],
      [
        "OPTIONS without a route",
        {
          target: "/",
          method: "OPTIONS",
          headers: ["Origin: https://a.example", "Access-Control-Request-Method: GET"],
        },
        notFound,
      ],
      ["a function that fails", { target: "/", headers: [orderHeader({ error: "oh" })] }, serverError],
      ["an answer that is none", { target: "/", headers: [orderHeader({ value: { statusCode: "x" } })] }, serverError],
      [
        "a body that Lambda refuses",
        { target: "/", method: "POST", headers: ["content-type: text/plain"], body: Buffer.alloc(lambdaBytesMax, "x") },
        tooLarge,
      ],
      ["a body over 10 MB", { target: "/", method: "POST", body: Buffer.alloc(payloadBytesMax + 1) }, tooLarge],
    ])("%s", async (_case, request, expected) => {
      expect(seen(await send(simulator, { ...request, host }))).toEqual(expected);
    });

    it("a function that takes too long", async () => {
      const slow = hostOf(await httpApi(simulator, ["GET /"], { format, timeoutMs: 50 }));
      const answer = await send(simulator, { host: slow, target: "/", headers: [orderHeader({ hangs: true })] });
      expect(seen(answer)).toEqual([503, '{"message":"Service Unavailable"}']);
    });

    it("request line and headers over 10,240 bytes; at the limit they pass", async () => {
      const own = `GET / HTTP/1.1Host: ${host}X-Long: `.length;
      const withBytes = (bytes: number): Promise<EchoAnswer> =>
        send(simulator, { host, target: "/", headers: [`X-Long: ${"x".repeat(bytes - own)}`] });
      expect((await withBytes(10_240)).status).toBe(200);
      expect(seen(await withBytes(10_241))).toEqual(headersTooLarge);
    });
  });

  it("a stage that is not there, where there is no $default", async () => {
    const host = hostOf(await httpApi(simulator, ["GET /"], { stage: "dev" }));
    expect((await send(simulator, { host, target: "/dev/" })).status).toBe(200);
    expect(seen(await send(simulator, { host, target: "/prod/" }))).toEqual(notFound);
    expect(seen(await send(simulator, { host, target: "/" }))).toEqual(notFound);
  });

  it("a default endpoint that is disabled", async () => {
    const host = hostOf(await httpApi(simulator, ["GET /"], { api: { DisableExecuteApiEndpoint: true } }));
    expect(seen(await send(simulator, { host, target: "/" }))).toEqual(notFound);
  });

  it("a route that its stage throttles", async () => {
    const stageSettings = { RouteSettings: { "GET /a": { ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1 } } };
    const host = hostOf(await httpApi(simulator, ["GET /a", "GET /b"], { stageSettings }));
    const get = (target: string): Promise<EchoAnswer> => send(simulator, { host, target });
    expect([(await get("/a")).status, (await get("/b")).status]).toEqual([200, 200]);
    expect(seen(await get("/a"))).toEqual(throttled);
    await simulator.clock.advance(1000);
    expect((await get("/a")).status).toBe(200);
  });

  it("errors carry the gateway's CORS headers for an origin that is allowed", async () => {
    const host = hostOf(await httpApi(simulator, ["GET /"], { api: { CorsConfiguration: cors } }));
    const get = async (origin: string): Promise<unknown[]> => {
      const answer = await send(simulator, { host, target: "/nope", headers: [`Origin: ${origin}`] });
      return [answer.status, answer.headers["access-control-allow-origin"]];
    };
    expect([await get("https://a.example"), await get("https://b.example")]).toEqual([
      [404, "https://a.example"],
      [404, undefined],
    ]);
  });
});
