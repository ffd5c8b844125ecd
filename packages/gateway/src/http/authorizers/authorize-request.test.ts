import { type RealTime, ServiceError } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { describe, expect, it } from "vitest";
import {
  type Answer,
  createTestGateway,
  type TestAnswer,
  type TestGateway,
  withHttpApi,
} from "../../testing/create-test-gateway.ts";
import { withAuthorizer } from "../../testing/with-authorizer.ts";

const json = { "content-type": "application/json" };
const requestId = expect.stringMatching(/^[\w-]{15}=$/);
const refusal = (status: 401 | 403 | 500): Answer => ({
  status,
  headers: { ...(status === 401 ? {} : json), "apigw-requestid": requestId as string },
  body: JSON.stringify({ message: { 401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error" }[status] }),
});

type Event = Record<string, unknown>;
const simple = (isAuthorized: unknown, context?: unknown): TestAnswer => ({ value: { isAuthorized, context } });
const policy = (Effect: string, Resource: unknown, context?: unknown): TestAnswer => ({
  value: {
    principalId: "me",
    policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource }] },
    context,
  },
});

interface Gate {
  test: TestGateway;
  apiId: string;
  authorizerId: string;
  /** Events of the authorizer. */
  asked(): Event[];
  /** Events of the integration. */
  served(): Event[];
  get(path: string, headers?: readonly string[]): Promise<Answer>;
}

async function withGate(
  decide: (event: Event) => TestAnswer,
  options: {
    settings?: object;
    routes?: string[];
    stage?: string;
    variables?: object;
    format?: "1.0" | "2.0";
  } = {},
): Promise<Gate> {
  const isAsked = (event: Event): boolean => event["type"] === "REQUEST";
  const test = await createTestGateway((event) => (isAsked(event) ? decide(event) : { value: "ok" }));
  const { routes = ["GET /a"], stage = "$default", variables, format = "2.0" } = options;
  const apiId = await withHttpApi(test, routes, { stage, format, ...(variables === undefined ? {} : { variables }) });
  const authorizerId = await withAuthorizer(test, apiId, {
    AuthorizerType: "REQUEST",
    AuthorizerResultTtlInSeconds: 0,
    ...options.settings,
  });
  return {
    test,
    apiId,
    authorizerId,
    asked: () => test.events.filter(isAsked),
    served: () => test.events.filter((event) => !isAsked(event)),
    get: (path, headers = ["Authorization", "secret"]) => test.send({ target: `/_api/Shop/${stage}${path}`, headers }),
  };
}

const simpleResponses = { EnableSimpleResponses: true };

describe("the event of a Lambda authorizer", () => {
  const sources = ["$request.header.X-User", "$request.querystring.id", "$context.routeKey", "$stageVariables.k"];
  const headers = ["Host", "h", "x-user", "me", "User-Agent", "curl/8", "Cookie", "c=1"];
  const options = { routes: ["ANY /pets/{id}"], stage: "dev", variables: { k: "v" } };

  it("format 2.0 has what an integration's has, without the body", async () => {
    const { get, asked, served, apiId } = await withGate(() => simple(true), {
      ...options,
      settings: { ...simpleResponses, IdentitySource: sources },
    });
    await get("/pets/7?id=1&id=2", headers);
    const [integration = {}] = served();
    const { authorizer: _authorizer, ...requestContext } = integration["requestContext"] as Event;
    const { isBase64Encoded: _flag, ...shared } = integration;
    expect(asked()).toEqual([
      {
        ...shared,
        requestContext,
        type: "REQUEST",
        routeArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/dev/GET/pets/7`,
        identitySource: ["me", "1,2", "ANY /pets/{id}", "v"],
      },
    ]);
    expect(Object.keys(asked()[0] ?? {})).toEqual([
      "version",
      "type",
      "routeArn",
      "identitySource",
      "routeKey",
      "rawPath",
      "rawQueryString",
      "cookies",
      "headers",
      "queryStringParameters",
      "requestContext",
      "pathParameters",
      "stageVariables",
    ]);
  });

  it("format 1.0 has single values, empty maps, and the sources as a token", async () => {
    const { get, asked, apiId } = await withGate(() => policy("Allow", "*"), {
      routes: ["$default"],
      settings: { AuthorizerPayloadFormatVersion: "1.0", IdentitySource: sources.slice(0, 1) },
    });
    await get("/pets/7", ["Host", "h", "X-User", "me", "X-Two", "1", "X-Two", "2"]);
    expect(asked()).toEqual([
      {
        version: "1.0",
        type: "REQUEST",
        methodArn: `arn:aws:execute-api:us-east-1:000000000000:${apiId}/$default/GET/pets/7`,
        identitySource: "me",
        authorizationToken: "me",
        resource: "$default",
        path: "/pets/7",
        httpMethod: "GET",
        headers: expect.objectContaining({ host: "h", "x-user": "me", "x-two": "2", "content-length": "0" }),
        queryStringParameters: {},
        pathParameters: {},
        stageVariables: {},
        requestContext: {
          accountId: "000000000000",
          apiId,
          domainName: `${apiId}.execute-api.us-east-1.amazonaws.com`,
          domainPrefix: apiId,
          extendedRequestId: requestId,
          httpMethod: "GET",
          identity: expect.objectContaining({ sourceIp: "192.0.2.7" }),
          path: "/pets/7",
          protocol: "HTTP/1.1",
          requestId,
          requestTime: "12/Mar/2020:19:03:58 +0000",
          requestTimeEpoch: 1584039838390,
          resourceId: "$default",
          resourcePath: "$default",
          stage: "$default",
        },
      },
    ]);
  });

  it("without identity sources has none, and the function is asked each time", async () => {
    const { get, asked } = await withGate(() => simple(true), {
      settings: { ...simpleResponses, IdentitySource: [] },
    });
    expect((await get("/a", [])).status).toBe(200);
    expect((await get("/a", [])).status).toBe(200);
    expect(asked()).toMatchObject([{ identitySource: null }, { identitySource: null }]);
  });

  it("of a body whose length is not known has no content-length", async () => {
    const { get, asked, served } = await withGate(() => simple(true), { settings: simpleResponses });
    await get("/a", ["Authorization", "x", "Transfer-Encoding", "chunked"]);
    expect(asked()[0]?.["headers"]).not.toHaveProperty("content-length");
    expect(served()[0]?.["headers"]).toHaveProperty("content-length", "0");
  });

  it("is sent to the function that a stage variable names", async () => {
    const uri =
      "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${stageVariables.fn}/invocations";
    const { get, asked } = await withGate(() => simple(true), {
      stage: "dev",
      variables: { fn: "orders" },
      settings: { ...simpleResponses, AuthorizerUri: uri },
    });
    expect((await get("/a")).status).toBe(200);
    expect(asked()).toHaveLength(1);
  });
});

describe("the answer of a Lambda authorizer", () => {
  it.each<[string, object, TestAnswer, 401 | 403 | 500 | 200]>([
    ["isAuthorized true", simpleResponses, simple(true), 200],
    ["isAuthorized false", simpleResponses, simple(false), 403],
    ["isAuthorized that is no boolean", simpleResponses, simple("true"), 500],
    ["a policy where a simple response is wanted", simpleResponses, policy("Allow", "*"), 500],
    ["a simple response where a policy is wanted", {}, simple(true), 500],
    ["a policy that allows", {}, policy("Allow", "*"), 200],
    ["a policy that denies", {}, policy("Deny", "*"), 403],
    ["a policy of another route", {}, policy("Allow", "arn:aws:execute-api:*:*:*/*/GET/b"), 403],
    ["a policy of this route", {}, policy("Allow", "arn:aws:execute-api:*:*:*/$default/GET/a"), 200],
    ["a policy without a principal", {}, { value: { policyDocument: { Statement: [] } } }, 500],
    ["a principal without a policy", {}, { value: { principalId: "me" } }, 500],
    ["a context that is no object", {}, policy("Allow", "*", "x"), 500],
    ["no JSON", {}, { payload: "yes" }, 500],
    ["a list", simpleResponses, { value: [] }, 500],
    ["an error", {}, { failedWith: '{"errorMessage":"boom"}' }, 500],
    ["the error Unauthorized", {}, { failedWith: '{"errorMessage":"Unauthorized"}' }, 401],
    [
      "a nested context in format 1.0",
      { AuthorizerPayloadFormatVersion: "1.0" },
      policy("Allow", "*", { a: [1] }),
      500,
    ],
    [
      "claims in a context of format 1.0",
      { AuthorizerPayloadFormatVersion: "1.0" },
      policy("Allow", "*", { claims: "x" }),
      500,
    ],
    ["no permission", {}, { thrown: new ServiceError("AccessDeniedException", "no", { status: 403 }) }, 500],
    ["a throttled function", {}, { thrown: new ServiceError("TooManyRequestsException", "no", { status: 429 }) }, 500],
  ])("%s %j", async (_, settings, answer, status) => {
    const { get, served } = await withGate(() => answer, { settings });
    expect(await get("/a")).toEqual(status === 200 ? expect.objectContaining({ status, body: "ok" }) : refusal(status));
    expect(served()).toHaveLength(status === 200 ? 1 : 0);
  });

  it.each<["1.0" | "2.0", object, TestAnswer, unknown]>([
    [
      "2.0",
      simpleResponses,
      simple(true, { n: 1, b: true, list: ["x"], map: { a: 1 } }),
      { lambda: { n: 1, b: true, list: ["x"], map: { a: 1 } } },
    ],
    ["2.0", simpleResponses, simple(true), { lambda: null }],
    ["2.0", {}, policy("Allow", "*", { who: "me" }), { lambda: { who: "me" } }],
    [
      "1.0",
      {},
      policy("Allow", "*", { who: "me", n: 1 }),
      { claims: null, scopes: null, principalId: "me", who: "me", n: 1 },
    ],
    ["1.0", simpleResponses, simple(true, { who: "me" }), { claims: null, scopes: null, who: "me" }],
  ])("is passed on to an integration of format %s (%j)", async (format, settings, answer, authorizer) => {
    const { get, served } = await withGate(() => answer, { format, settings });
    await get("/a");
    const [{ requestContext } = {}] = served();
    expect(requestContext).toHaveProperty("authorizer", authorizer);
  });

  it("that takes ten seconds is 500", async () => {
    const limits: number[] = [];
    const impatient: RealTime = {
      ...realTime,
      after(ms, run) {
        limits.push(ms);
        run();
        return () => undefined;
      },
    };
    const test = await createTestGateway(() => "hangs", undefined, { realTime: impatient });
    const apiId = await withHttpApi(test, ["GET /a"]);
    await withAuthorizer(test, apiId, { AuthorizerType: "REQUEST" });
    const sent = { target: "/_api/Shop/$default/a", headers: ["Authorization", "x"] };
    expect(await test.send(sent)).toEqual(refusal(500));
    expect(limits).toEqual([10_000]);
  });

  it("that knows a condition Tripline does not is 500", async () => {
    const Statement = [{ Effect: "Allow", Action: "*", Resource: "*", Condition: { Nope: { "aws:SourceIp": "x" } } }];
    const { get } = await withGate(() => ({ value: { principalId: "me", policyDocument: { Statement } } }));
    expect(await get("/a")).toEqual(refusal(500));
  });
});

describe("identity sources of a Lambda authorizer", () => {
  it.each([
    [["$request.header.Authorization"], "/a", []],
    [["$request.header.Authorization"], "/a", ["Authorization", ""]],
    [["$request.header.A", "$request.header.B"], "/a", ["A", "1"]],
    [["$request.querystring.Id"], "/a?id=1", []],
    [["$request.querystring.id"], "/a?id=", []],
    [["$stageVariables.none"], "/a", []],
    [["$context.none"], "/a", []],
  ])("%j missing or empty in %s %j is 401, and nobody is asked", async (IdentitySource, path, headers) => {
    const { get, asked } = await withGate(() => simple(true), { settings: { ...simpleResponses, IdentitySource } });
    expect(await get(path, headers)).toEqual(refusal(401));
    expect(asked()).toEqual([]);
  });
});

describe("kept answers of a Lambda authorizer", () => {
  const routes = ["GET /a", "GET /b"];
  const settings = { ...simpleResponses, AuthorizerResultTtlInSeconds: 60 };
  const isAlice = (event: Event): TestAnswer =>
    simple((event["headers"] as Record<string, string>)["authorization"] === "alice", { at: event["rawPath"] });

  it("are by the values of the identity sources, for all routes, until their time is over", async () => {
    const { get, asked, served, test } = await withGate(isAlice, { routes, settings });
    const by = async (path: string, who: string): Promise<number> => (await get(path, ["Authorization", who])).status;
    expect([await by("/a", "alice"), await by("/b", "alice"), await by("/a", "bob"), await by("/b", "bob")]).toEqual([
      200, 200, 403, 403,
    ]);
    expect(asked().map((event) => event["rawPath"])).toEqual(["/a", "/a"]);
    expect(served()[1]).toMatchObject({ requestContext: { authorizer: { lambda: { at: "/a" } } } });
    await test.clock.advance(59_999);
    await by("/a", "alice");
    expect(asked()).toHaveLength(2);
    await test.clock.advance(1);
    await by("/a", "alice");
    expect(asked()).toHaveLength(3);
  });

  it("are by route where $context.routeKey is a source", async () => {
    const IdentitySource = ["$request.header.Authorization", "$context.routeKey"];
    const { get, asked } = await withGate(() => simple(true), { routes, settings: { ...settings, IdentitySource } });
    for (const path of ["/a", "/b", "/a", "/b"]) expect((await get(path)).status).toBe(200);
    expect(asked().map((event) => event["routeKey"])).toEqual(routes);
  });

  it("a kept policy is applied to every route anew", async () => {
    const { get, asked } = await withGate((event) => policy("Allow", event["routeArn"]), {
      routes,
      settings: { AuthorizerResultTtlInSeconds: 60 },
    });
    expect([(await get("/a")).status, (await get("/b")).status, (await get("/a")).status]).toEqual([200, 403, 200]);
    expect(asked()).toHaveLength(1);
  });

  it("an error is not kept", async () => {
    const answers: TestAnswer[] = [{ failed: true }, { failedWith: '{"errorMessage":"Unauthorized"}' }, simple(true)];
    const { get } = await withGate(() => answers.shift() ?? "hangs", { settings });
    expect([
      (await get("/a")).status,
      (await get("/a")).status,
      (await get("/a")).status,
      (await get("/a")).status,
    ]).toEqual([500, 401, 200, 200]);
  });

  it("ResetAuthorizersCache forgets those of a stage", async () => {
    const { get, asked, test, apiId } = await withGate(() => simple(true), { settings });
    await get("/a");
    await test.call("apigatewayv2", "CreateStage", { ApiId: apiId, StageName: "dev", AutoDeploy: true });
    await test.call("apigatewayv2", "ResetAuthorizersCache", { ApiId: apiId, StageName: "dev" });
    await get("/a");
    expect(asked()).toHaveLength(1);
    await test.call("apigatewayv2", "ResetAuthorizersCache", { ApiId: apiId, StageName: "$default" });
    await get("/a");
    expect(asked()).toHaveLength(2);
    expect(await test.errorOf("apigatewayv2", "ResetAuthorizersCache", { ApiId: apiId, StageName: "no" })).toBe(
      "NotFoundException 404: Unable to find Stage by name no",
    );
  });
});

describe("what comes before and after an authorizer of an HTTP API", () => {
  const origin = ["Origin", "https://shop.example"];

  it("a preflight is answered without it; what it refuses carries CORS headers; it comes before the throttle", async () => {
    const { test, apiId, asked, get } = await withGate(
      (event) => simple((event["headers"] as Record<string, string>)["authorization"] === "alice"),
      { settings: simpleResponses },
    );
    await test.call("apigatewayv2", "UpdateApi", { ApiId: apiId, CorsConfiguration: { AllowOrigins: ["*"] } });
    await test.call("apigatewayv2", "UpdateStage", {
      ApiId: apiId,
      StageName: "$default",
      DefaultRouteSettings: { ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1 },
    });
    const preflight = await test.send({
      method: "OPTIONS",
      target: "/_api/Shop/$default/a",
      headers: [...origin, "Access-Control-Request-Method", "GET"],
    });
    expect([preflight.status, asked()]).toEqual([204, []]);
    for (const headers of [origin, [...origin, "Authorization", "bob"]])
      expect((await get("/a", headers)).headers).toMatchObject({ "access-control-allow-origin": "*" });
    const alice = ["Authorization", "alice"];
    expect([(await get("/a", alice)).status, (await get("/a", alice)).status]).toEqual([200, 429]);
  });

  it("the access log has what came of it", async () => {
    const answers: TestAnswer[] = [
      simple("yes"),
      { failedWith: '{"errorMessage":"boom"}' },
      simple(true, { who: "me" }),
    ];
    const { test, apiId, get } = await withGate(() => answers.shift() ?? "hangs", { settings: simpleResponses });
    const names = [
      "status",
      "error.responseType",
      "authorizer.status",
      "authorizer.requestId",
      "authorizer.error",
      "authorizer.who",
    ];
    await test.call("apigatewayv2", "UpdateStage", {
      ApiId: apiId,
      StageName: "$default",
      AccessLogSettings: {
        DestinationArn: "arn:aws:logs:us-east-1:000000000000:log-group:access",
        Format: names.map((name) => `$context.${name}`).join("|"),
      },
    });
    for (let count = 0; count < 3; count += 1) await get("/a");
    expect(test.logs.map(({ message }) => message)).toEqual([
      "500|AUTHORIZER_FAILURE|200|r|Authorizer result has no isAuthorized|-",
      '500|AUTHORIZER_FAILURE|500|r|Authorizer function failed with response body: {"errorMessage":"boom"}|-',
      "200|-|200|r|-|me",
    ]);
  });

  it("a body that is too large is 413 only for who is let in", async () => {
    const { test } = await withGate(() => simple(false), { routes: ["POST /a"], settings: simpleResponses });
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    const send = { method: "POST", target: "/_api/Shop/$default/a", body, headers: ["Authorization", "x"] };
    expect((await test.send(send)).status).toBe(403);
  });
});
