/** What stands before an integration: policies, authorizers, keys, throttles, validation, caches; and what the gateway itself answers. */
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import {
  type Answer,
  createTestGateway,
  functionArn,
  functionUri,
  type TestAnswer,
  type TestGateway,
  withHttpApi,
} from "../../testing/create-test-gateway.ts";
import { deployOpenApi, mock, patchStage } from "../../testing/deploy-open-api.ts";

const proxy = {
  responses: {},
  "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri: functionUri },
};
const ok: TestAnswer = { value: { statusCode: 200, body: "ok" } };

/** `requestContext` of an event. */
const contextOf = (
  event: Record<string, unknown> | undefined,
): { authorizer: Record<string, object>; identity: object } => (event?.["requestContext"] ?? {}) as never;
/** Status, error type, body. */
const seen = ({ status, headers, body }: Answer): unknown[] => [status, headers["x-amzn-errortype"], body];
const get = (test: TestGateway, id: string, path: string, headers: string[] = [], method = "GET"): Promise<Answer> =>
  test.send({ method, target: `/_api/${id}/dev${path}`, headers: ["Host", "h", ...headers] });

describe("routing", () => {
  it("403 for what is not there, by which the kind of Authorization shows", async () => {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, { operations: { "GET /a": mock("{}"), "POST /a/{x}": mock("{}") } });
    const missing = [403, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}'];
    for (const path of ["/", "/b", "/A", "/a/b/c", "/a//"]) expect(seen(await get(test, id, path))).toEqual(missing);
    expect(seen(await get(test, id, "/a", [], "HEAD"))).toEqual(missing);
    expect(seen(await get(test, id, "/b", ["Authorization", "token"]))).toEqual([
      403,
      "IncompleteSignatureException",
      `{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'PEaenWxYddN6Q/NT1PiOYfz4EsZu7jRXRlpAsNpBU+A='."}`,
    ]);
    expect((await get(test, id, "/a/", [])).status).toBe(200);
    expect((await get(test, id, "/a/1", ["X-HTTP-Method-Override", "POST"])).status).toBe(200);
    expect(seen(await get(test, id, `/a/${"x".repeat(1700)}`, [], "POST"))).toEqual([
      414,
      "BadRequestException",
      '{"message":"Request URI too long"}',
    ]);
  });

  it("a resource without the method gives way to a greedy one that has it", async () => {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, {
      operations: {
        "POST /test": mock("post"),
        "ANY /test/any": mock("any"),
        "GET /{x}": mock("variable"),
        "OPTIONS /{proxy+}": mock("options"),
      },
    });
    const body = async (method: string, path: string): Promise<string> => (await get(test, id, path, [], method)).body;
    expect(await body("POST", "/test")).toBe("post");
    expect(await body("GET", "/test")).toBe("variable");
    expect(await body("OPTIONS", "/test")).toBe("options");
    expect(await body("OPTIONS", "/test/any")).toBe("any");
    expect((await get(test, id, "/test", [], "PUT")).status).toBe(403);
  });

  it("a client may choose the request's id; slashes before the stage are one", async () => {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, { operations: { "GET /": mock("$context.requestId") } });
    const chosen = "0a1b2c3d-0000-4000-8000-0123456789ab";
    const answer = await get(test, id, "/", ["x-amzn-RequestId", chosen]);
    expect([answer.body, answer.headers["x-amzn-requestid"]]).toEqual([chosen, chosen]);
    expect((await get(test, id, "/", ["x-amzn-RequestId", "mine"])).body).toMatch(/^[0-9a-f-]{36}$/);
    expect((await test.send({ target: `/_api/${id}//dev/` })).status).toBe(200);
  });

  it("headers over the limit are 431, an unknown stage and an unknown API 403", async () => {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, { operations: { "GET /": mock("{}") } });
    expect((await get(test, id, "/", ["X-Long", "x".repeat(10_240)])).status).toBe(431);
    expect(seen(await test.send({ target: `/_api/${id}/none/` }))).toEqual([
      403,
      "ForbiddenException",
      '{"message":"Forbidden"}',
    ]);
    const host = ["Host", "nope123456.execute-api.us-east-1.amazonaws.com"];
    expect(seen(await test.send({ target: "/dev/", headers: host }))).toEqual([
      403,
      "ForbiddenException",
      '{"message":"Forbidden"}',
    ]);
  });

  it("a disabled endpoint is 403", async () => {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, {
      operations: { "GET /": mock("{}") },
      more: { "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true } },
    });
    expect(seen(await get(test, id, "/"))).toEqual([403, "ForbiddenException", '{"message":"Forbidden"}']);
  });
});

describe("resource policies", () => {
  const policy = (...statements: object[]) => ({
    "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: statements },
  });
  const allow = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  const denyB = { ...allow, Effect: "Deny", Resource: "execute-api:/dev/GET/b" };
  it("an explicit Deny is told apart from what nothing allows", async () => {
    const test = await createTestGateway(() => ok);
    const operations = { "GET /a": mock("{}"), "GET /b": mock("{}") };
    const id = await deployOpenApi(test, { operations, more: policy(allow, denyB) });
    expect((await get(test, id, "/a")).status).toBe(200);
    const arn = `arn:aws:execute-api:us-east-1:000000000000:${id}/dev/GET/b`;
    const text = `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${arn}`;
    expect(seen(await get(test, id, "/b"))).toEqual([
      403,
      "AccessDeniedException",
      `{"Message":"${text} with an explicit deny"}`,
    ]);
    const other = await deployOpenApi(test, {
      operations,
      more: policy({ ...allow, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }),
    });
    expect(seen(await get(test, other, "/b"))).toEqual([
      403,
      "AccessDeniedException",
      `{"Message":"${text.replaceAll(id, other)}"}`,
    ]);
    const mine = await deployOpenApi(test, {
      operations,
      more: policy({ ...allow, Condition: { IpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } } }),
    });
    expect((await get(test, mine, "/b")).status).toBe(200);
  });
});

describe("Lambda authorizers", () => {
  const answers = (effect: string, resource = "*", more: object = {}): object => ({
    principalId: "user",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: resource }],
    },
    ...more,
  });
  const authorizer = (more: object = {}, identity = "header"): object => ({
    components: {
      securitySchemes: {
        auth: {
          type: "apiKey",
          name: "Authorization",
          in: identity,
          "x-amazon-apigateway-authtype": "custom",
          "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: functionUri, ...more },
        },
      },
    },
  });
  const guarded = { ...proxy, security: [{ auth: [] }] };
  const isAuthorizer = (event: Record<string, unknown>): boolean =>
    event["type"] === "TOKEN" || event["type"] === "REQUEST";

  it("TOKEN: the function gets the token and the method's ARN; its context reaches the integration as texts", async () => {
    const test = await createTestGateway((event) =>
      isAuthorizer(event) ? { value: answers("Allow", "*", { context: { n: 1, b: true } }) } : ok,
    );
    const id = await deployOpenApi(test, { operations: { "GET /a/{x}": guarded }, more: authorizer() });
    expect((await get(test, id, "/a/7", ["authorization", "t"])).status).toBe(200);
    expect(test.events[0]).toEqual({
      type: "TOKEN",
      authorizationToken: "t",
      methodArn: `arn:aws:execute-api:us-east-1:000000000000:${id}/dev/GET/a/7`,
    });
    expect(contextOf(test.events[1]).authorizer).toEqual({
      n: "1",
      b: "true",
      principalId: "user",
      integrationLatency: expect.any(Number) as number,
    });
  });

  it.each([
    ["no token", {}, [], [401, "UnauthorizedException", '{"message":"Unauthorized"}'], 0],
    ["an empty token", {}, ["Authorization", ""], [401, "UnauthorizedException", '{"message":"Unauthorized"}'], 0],
    [
      "a token of another form",
      { identityValidationExpression: "x-[a-z]+" },
      ["Authorization", "y"],
      [401, "UnauthorizedException", '{"message":"Unauthorized"}'],
      0,
    ],
  ])("%s is refused without asking", async (_case, more, headers, expected, asked) => {
    const test = await createTestGateway(() => ({ value: answers("Allow") }));
    const id = await deployOpenApi(test, { operations: { "GET /": guarded }, more: authorizer(more) });
    expect([seen(await get(test, id, "/", headers)), test.events.length]).toEqual([expected, asked]);
  });

  const misconfigured = [500, "AuthorizerConfigurationException", '{"message":null}'];
  it.each<[string, TestAnswer, unknown[]]>([
    [
      "an Allow of another resource",
      { value: answers("Allow", "arn:aws:execute-api:*:*:*/dev/POST/*") },
      [403, "AccessDeniedException", '{"Message":"User is not authorized to access this resource"}'],
    ],
    [
      "a Deny",
      { value: answers("Deny") },
      [
        403,
        "AccessDeniedException",
        '{"Message":"User is not authorized to access this resource with an explicit deny"}',
      ],
    ],
    ["no principal", { value: { policyDocument: { Statement: [] } } }, misconfigured],
    ["no policy", { value: { principalId: "x" } }, misconfigured],
    ["a nested context", { value: answers("Allow", "*", { context: { a: {} } }) }, misconfigured],
    ["no JSON", { payload: "nope" }, misconfigured],
    ["an error", { failed: true }, misconfigured],
  ])("%s is %j", async (_case, answer, expected) => {
    const test = await createTestGateway(() => answer);
    const id = await deployOpenApi(test, { operations: { "GET /": guarded }, more: authorizer() });
    expect(seen(await get(test, id, "/", ["Authorization", "t"]))).toEqual(expected);
  });

  it("results are cached by token for the authorizer's time, and the policy is applied to each method", async () => {
    const test = await createTestGateway((event) =>
      isAuthorizer(event) ? { value: answers("Allow", String(event["methodArn"])) } : ok,
    );
    const id = await deployOpenApi(test, {
      operations: { "GET /a": guarded, "GET /b": guarded },
      more: authorizer({ authorizerResultTtlInSeconds: 60 }),
    });
    const call = async (path: string): Promise<number> => (await get(test, id, path, ["Authorization", "t"])).status;
    expect([await call("/a"), await call("/a"), await call("/b")]).toEqual([200, 200, 403]);
    const asked = (): number => test.events.filter(isAuthorizer).length;
    expect(asked()).toBe(1);
    await test.clock.advance(60_000);
    expect([await call("/b"), asked()]).toEqual([200, 2]);
    await test.call("apigateway", "FlushStageAuthorizersCache", { restApiId: id, stageName: "dev" });
    expect([await call("/a"), asked()]).toEqual([200, 3]);
  });

  it("with a policy of the API, an Allow of either will do, and a Deny of either ends it", async () => {
    const statement = {
      Effect: "Allow",
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: "execute-api:/dev/GET/open",
    };
    const policy = {
      Version: "2012-10-17",
      Statement: [statement, { ...statement, Effect: "Deny", Resource: "execute-api:/dev/GET/shut" }],
    };
    const test = await createTestGateway((event) =>
      isAuthorizer(event)
        ? {
            value: answers(
              event["authorizationToken"] === "no" ? "Deny" : "Allow",
              "arn:aws:execute-api:*:*:*/dev/GET/mine",
            ),
          }
        : ok,
    );
    const id = await deployOpenApi(test, {
      operations: { "GET /{x}": guarded },
      more: { ...authorizer({ authorizerResultTtlInSeconds: 0 }), "x-amazon-apigateway-policy": policy },
    });
    const call = async (path: string, token = "t"): Promise<number> =>
      (await get(test, id, path, ["Authorization", token])).status;
    expect([
      await call("/open"),
      await call("/mine"),
      await call("/other"),
      await call("/shut"),
      await call("/mine", "no"),
    ]).toEqual([200, 200, 403, 403, 403]);
  });

  it("REQUEST: identity sources of headers, query, stage and context; the event is the proxy event without a body", async () => {
    const test = await createTestGateway((event) => (isAuthorizer(event) ? { value: answers("Allow") } : ok));
    const identitySource =
      "method.request.header.H, method.request.querystring.q, stageVariables.v, context.httpMethod";
    const id = await deployOpenApi(test, {
      operations: { "GET /": guarded },
      more: authorizer({ type: "request", identitySource }),
      stage: { variables: { v: "1" } },
    });
    expect(seen(await get(test, id, "/?q=", ["H", "1"]))).toEqual([
      401,
      "UnauthorizedException",
      '{"message":"Unauthorized"}',
    ]);
    expect((await get(test, id, "/?q=1", ["H", "1"])).status).toBe(200);
    const [event = {}] = test.events;
    expect([Object.keys(event).slice(0, 2), event["type"], "body" in event, event["queryStringParameters"]]).toEqual([
      ["type", "methodArn"],
      "REQUEST",
      false,
      { q: "1" },
    ]);
  });

  it("TestInvokeAuthorizer shows the policy, and the status where it says no", async () => {
    const test = await createTestGateway(() => ({ value: answers("Allow") }));
    const restApiId = await deployOpenApi(test, { operations: { "GET /": guarded }, more: authorizer() });
    const { items } = (await test.call("apigateway", "GetAuthorizers", { restApiId })) as unknown as {
      items: { id: string }[];
    };
    const call = (headers: object) =>
      test.call("apigateway", "TestInvokeAuthorizer", { restApiId, authorizerId: items[0]?.id, headers });
    expect(await call({ Authorization: "t" })).toMatchObject({
      clientStatus: 0,
      principalId: "user",
      policy: JSON.stringify((answers("Allow") as { policyDocument: object }).policyDocument),
    });
    expect(await call({})).toMatchObject({ clientStatus: 401 });
  });

  it("TestInvokeAuthorizer sets variables of the context, which identity sources and the event have", async () => {
    const test = await createTestGateway(() => ({ value: answers("Allow") }));
    const restApiId = await deployOpenApi(test, { operations: { "GET /": mock("{}") } });
    const { id: authorizerId } = await test.call("apigateway", "CreateAuthorizer", {
      restApiId,
      name: "guard",
      type: "REQUEST",
      authorizerUri: functionUri,
      identitySource: "context.tenant",
    });
    const call = (more: object) =>
      test.call("apigateway", "TestInvokeAuthorizer", { restApiId, authorizerId, ...more });
    expect(await call({})).toMatchObject({ clientStatus: 401 });
    expect(await call({ additionalContext: { tenant: "a" } })).toMatchObject({ clientStatus: 0 });
    expect(test.events.at(-1)).toMatchObject({ requestContext: { tenant: "a" } });
  });
});

describe("Cognito user pools", async () => {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const other = await generateKeyPair("RS256");
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "k", alg: "RS256" }] };
  const issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_ABC";
  const token = (
    claims: object,
    nowMs: number,
    options: { expiresInS?: number; issuer?: string; key?: CryptoKey } = {},
  ): Promise<string> =>
    new SignJWT({ token_use: "id", ...claims })
      .setProtectedHeader({ alg: "RS256", kid: "k" })
      .setIssuer(options.issuer ?? issuer)
      .setAudience("client")
      .setIssuedAt(nowMs / 1000)
      .setExpirationTime(nowMs / 1000 + (options.expiresInS ?? 3600))
      .sign(options.key ?? privateKey);
  const more = {
    components: {
      securitySchemes: {
        pool: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          "x-amazon-apigateway-authtype": "cognito_user_pools",
          "x-amazon-apigateway-authorizer": {
            type: "cognito_user_pools",
            providerARNs: ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_ABC"],
          },
        },
      },
    },
  };
  const unauthorized = [401, "UnauthorizedException", '{"message":"Unauthorized"}'];

  it("TestInvokeAuthorizer shows the claims of a token", async () => {
    const test = await createTestGateway(() => ok, undefined, { userPoolKeys: () => Promise.resolve(keys) });
    const restApiId = await deployOpenApi(test, {
      operations: { "GET /": { ...proxy, security: [{ pool: [] }] } },
      more,
    });
    const { items } = await test.call<{ items: { id: string }[] }>("apigateway", "GetAuthorizers", { restApiId });
    const call = (Authorization: string) =>
      test.call("apigateway", "TestInvokeAuthorizer", {
        restApiId,
        authorizerId: items[0]?.id,
        headers: { Authorization },
      });
    expect(await call(await token({ sub: "me" }, test.clock.now()))).toMatchObject({
      clientStatus: 0,
      claims: { sub: "me", token_use: "id", aud: "client" },
    });
    expect(await call("nonsense")).toMatchObject({ clientStatus: 401 });
  });

  it("take an identity token, or for scopes an access token; the function sees the claims", async () => {
    const test = await createTestGateway(() => ok, undefined, { userPoolKeys: () => Promise.resolve(keys) });
    const operations = {
      "GET /id": { ...proxy, security: [{ pool: [] }] },
      "GET /scoped": { ...proxy, security: [{ pool: ["shop/read"] }] },
    };
    const id = await deployOpenApi(test, { operations, more });
    const nowMs = test.clock.now();
    const call = async (path: string, value: string | undefined): Promise<unknown[]> =>
      seen(await get(test, id, path, value === undefined ? [] : ["Authorization", value]));
    const good = [200, undefined, "ok"];
    expect(await call("/id", await token({ sub: "me", "custom:x": "1" }, nowMs))).toEqual(good);
    expect(contextOf(test.events[0]).authorizer["claims"]).toMatchObject({
      sub: "me",
      "custom:x": "1",
      aud: "client",
      exp: "Thu Mar 12 20:03:58 UTC 2020",
    });
    expect(await call("/id", `Bearer ${await token({}, nowMs)}`)).toEqual(good);
    expect(await call("/id", await token({ token_use: "access" }, nowMs))).toEqual(unauthorized);
    expect(await call("/scoped", await token({ token_use: "access", scope: "a shop/read" }, nowMs))).toEqual(good);
    expect(await call("/scoped", await token({ token_use: "access", scope: "a" }, nowMs))).toEqual(unauthorized);
    expect(await call("/id", undefined)).toEqual(unauthorized);
    expect(await call("/id", "nonsense")).toEqual(unauthorized);
    expect(await call("/id", await token({}, nowMs, { issuer: `${issuer}D` }))).toEqual(unauthorized);
    expect(await call("/id", await token({}, nowMs, { key: other.privateKey }))).toEqual(unauthorized);
    expect(await call("/id", await token({}, nowMs, { expiresInS: -10 }))).toEqual([
      401,
      "UnauthorizedException",
      '{"message":"The incoming token has expired"}',
    ]);
  });
});

describe("API keys, plans and throttles", () => {
  const forbidden = [403, "ForbiddenException", '{"message":"Forbidden"}'];
  const keyed = { ...mock("ok"), security: [{ api_key: [] }] };
  const scheme = { components: { securitySchemes: { api_key: { type: "apiKey", name: "x-api-key", in: "header" } } } };
  const value = "0123456789abcdefghij";

  async function withPlan(plan: object): Promise<{
    test: TestGateway;
    id: string;
    keyId: string;
    usagePlanId: string;
    call: (key?: string) => Promise<unknown[]>;
  }> {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, { operations: { "GET /": keyed }, more: scheme });
    const { id: keyId = "" } = await test.call("apigateway", "CreateApiKey", { name: "k", value, enabled: true });
    const { id: usagePlanId = "" } = await test.call("apigateway", "CreateUsagePlan", {
      name: "p",
      apiStages: [{ apiId: id, stage: "dev" }],
      ...plan,
    });
    await test.call("apigateway", "CreateUsagePlanKey", { usagePlanId, keyId, keyType: "API_KEY" });
    return {
      test,
      id,
      keyId,
      usagePlanId,
      call: async (key = value) => seen(await get(test, id, "/", ["x-api-key", key])),
    };
  }

  it("a key must be there, known, enabled, and in a plan of the stage", async () => {
    const { test, id, keyId, usagePlanId, call } = await withPlan({});
    expect(seen(await get(test, id, "/"))).toEqual(forbidden);
    expect(await call("nope")).toEqual(forbidden);
    expect(await call()).toEqual([200, undefined, "ok"]);
    await test.call("apigateway", "UpdateApiKey", {
      apiKey: keyId,
      patchOperations: [{ op: "replace", path: "/enabled", value: "false" }],
    });
    expect(await call()).toEqual(forbidden);
    await test.call("apigateway", "UpdateApiKey", {
      apiKey: keyId,
      patchOperations: [{ op: "replace", path: "/enabled", value: "true" }],
    });
    await test.call("apigateway", "DeleteUsagePlanKey", { usagePlanId, keyId });
    expect(await call()).toEqual(forbidden);
  });

  it("a plan's burst and rate, on the clock", async () => {
    const { test, call, id } = await withPlan({ throttle: { burstLimit: 2, rateLimit: 1 } });
    const many = [429, "TooManyRequestsException", '{"message":"Too Many Requests"}'];
    expect([await call(), await call(), await call()].map(([status]) => status)).toEqual([200, 200, 429]);
    expect(await call()).toEqual(many);
    await patchStage(test, id, ["replace", "/*/*/logging/loglevel", "ERROR"]);
    await call();
    expect(test.logs.at(-1)?.message).toMatch(
      /\) Key throttle limit exceeded for RestApi \w+, Stage dev, Resource \w+, HttpMethod GET. Limit: 1.00 Burst: 2$/,
    );
    await test.clock.advance(1000);
    expect([(await call())[0], (await call())[0]]).toEqual([200, 429]);
  });

  it("a quota ends with its period; GetUsage counts by day, UpdateUsage grants more", async () => {
    const { test, call, usagePlanId, keyId } = await withPlan({ quota: { limit: 2, period: "DAY" } });
    await call();
    await call();
    expect(await call()).toEqual([429, "LimitExceededException", '{"message":"Limit Exceeded"}']);
    const usage = (endDate: string) =>
      test.call<object>("apigateway", "GetUsage", { usagePlanId, startDate: "2020-03-12", endDate });
    expect(await usage("2020-03-12")).toEqual({
      usagePlanId,
      startDate: "2020-03-12",
      endDate: "2020-03-12",
      items: { [keyId]: [[2, 0]] },
    });
    const patchOperations = [{ op: "replace", path: "/remaining", value: "1" }];
    expect(await test.call("apigateway", "UpdateUsage", { usagePlanId, keyId, patchOperations })).toMatchObject({
      items: { [keyId]: [[2, 1]] },
    });
    expect([(await call())[0], (await call())[0]]).toEqual([200, 429]);
    await test.clock.advance(5 * 3_600_000);
    expect((await call())[0]).toBe(200);
    expect(await usage("2020-03-13")).toMatchObject({
      items: {
        [keyId]: [
          [3, 0],
          [1, 1],
        ],
      },
    });
  });

  it("the stage's throttle of a method, whoever calls", async () => {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, { operations: { "GET /a": mock("ok"), "GET /b": mock("ok") } });
    await patchStage(
      test,
      id,
      ["replace", "/~1a/GET/throttling/burstLimit", "1"],
      ["replace", "/~1a/GET/throttling/rateLimit", "1"],
    );
    const statuses = [
      await get(test, id, "/a"),
      await get(test, id, "/a"),
      await get(test, id, "/b"),
      await get(test, id, "/b"),
    ].map((one) => one.status);
    expect(statuses).toEqual([200, 429, 200, 200]);
  });

  it("the account's throttle, which REST and HTTP APIs share", async () => {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, { operations: { "GET /": mock("ok") } });
    const http = await withHttpApi(test, ["GET /"]);
    const calls = Array.from({ length: 5000 }, () => get(test, id, "/"));
    expect(new Set((await Promise.all(calls)).map(({ status }) => status))).toEqual(new Set([200]));
    const many = '{"message":"Too Many Requests"}';
    expect(seen(await get(test, id, "/"))).toEqual([429, "TooManyRequestsException", many]);
    expect(seen(await test.send({ target: `/_api/${http}/$default/` }))).toEqual([429, undefined, many]);
    await test.clock.advance(1000);
    expect((await get(test, id, "/")).status).toBe(200);
  });

  it("the key that an authorizer names", async () => {
    const test = await createTestGateway((event) =>
      event["type"] === "TOKEN"
        ? {
            value: {
              principalId: "x",
              usageIdentifierKey: value,
              policyDocument: { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
            },
          }
        : ok,
    );
    const id = await deployOpenApi(test, {
      operations: { "GET /": { ...proxy, security: [{ auth: [], api_key: [] }] } },
      more: {
        "x-amazon-apigateway-api-key-source": "AUTHORIZER",
        components: {
          securitySchemes: {
            ...scheme.components.securitySchemes,
            auth: {
              type: "apiKey",
              name: "A",
              in: "header",
              "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: functionUri },
            },
          },
        },
      },
    });
    expect(seen(await get(test, id, "/", ["A", "t"]))).toEqual(forbidden);
    const { id: keyId } = await test.call("apigateway", "CreateApiKey", { value, enabled: true });
    const { id: usagePlanId } = await test.call("apigateway", "CreateUsagePlan", {
      name: "p",
      apiStages: [{ apiId: id, stage: "dev" }],
    });
    await test.call("apigateway", "CreateUsagePlanKey", { usagePlanId, keyId, keyType: "API_KEY" });
    expect((await get(test, id, "/", ["A", "t"])).status).toBe(200);
    expect(contextOf(test.events.at(-1)).identity).toMatchObject({
      apiKey: value,
      apiKeyId: keyId,
    });
  });
});

describe("request validation", () => {
  const validators = {
    "x-amazon-apigateway-request-validators": { all: { validateRequestBody: true, validateRequestParameters: true } },
  };
  const validated = (more: object): object => ({
    ...proxy,
    "x-amazon-apigateway-request-validator": "all",
    ...more,
  });

  it("names missing parameters: header, path, query; a blank one is missing", async () => {
    const test = await createTestGateway(() => ok);
    const parameters = [
      { name: "qs1", in: "query", required: true },
      { name: "x-header-param", in: "header", required: true },
      { name: "optional", in: "query", required: false },
    ];
    const id = await deployOpenApi(test, { operations: { "GET /": validated({ parameters }) }, more: validators });
    const missing = (names: string): unknown[] => [
      400,
      "BadRequestException",
      `{"message":"Missing required request parameters: [${names}]"}`,
    ];
    expect(seen(await get(test, id, "/"))).toEqual(missing("x-header-param, qs1"));
    expect(seen(await get(test, id, "/?qs1=%20", ["X-Header-Param", "1"]))).toEqual(missing("qs1"));
    expect((await get(test, id, "/?qs1=1", ["x-header-param", "1"])).status).toBe(200);
  });

  it("a body must fit the model of its media type, which may refer to others", async () => {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, {
      operations: {
        "POST /": validated({
          requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Pets" } } } },
        }),
      },
      more: {
        ...validators,
        components: {
          schemas: {
            Pets: { type: "array", items: { $ref: "#/components/schemas/Pet" } },
            Pet: { type: "object", required: ["name", "kind"], properties: { name: { type: "string" } } },
          },
        },
        "x-amazon-apigateway-gateway-responses": {
          BAD_REQUEST_BODY: {
            responseTemplates: {
              "application/json": '{"why":"$context.error.validationErrorString","m":$context.error.messageString}',
            },
          },
        },
      },
    });
    const post = async (body: string, type = "application/json"): Promise<unknown[]> =>
      seen(await test.send({ method: "POST", target: `/_api/${id}/dev/`, headers: ["Content-Type", type], body }));
    expect((await post('[{"name":"x","kind":"cat"}]'))[0]).toBe(200);
    expect((await post("whatever", "text/plain"))[0]).toBe(200);
    const invalid = (why: string): unknown[] => [
      400,
      "BadRequestException",
      `{"why":"${why}","m":"Invalid request body"}`,
    ];
    expect(await post('[{"name":"x"}]')).toEqual(invalid('[object has missing required properties (["kind"])]'));
    expect(await post("{")).toEqual(invalid("[Unable to parse the request body as JSON]"));
    expect(await post("")).toEqual(
      invalid('[instance type does not match any allowed primitive type (allowed: ["array"])]'),
    );
  });
});

describe("response caching", () => {
  const cached = {
    ...proxy,
    parameters: [{ name: "q", in: "query" }],
    "x-amazon-apigateway-integration": {
      ...proxy["x-amazon-apigateway-integration"],
      cacheKeyParameters: ["method.request.querystring.q"],
    },
  };
  async function withCache(): Promise<{
    test: TestGateway;
    id: string;
    call: (path: string, headers?: string[]) => Promise<string>;
  }> {
    let count = 0;
    const test = await createTestGateway(() => ({ value: { statusCode: 200, body: String(++count) } }));
    const id = await deployOpenApi(test, { operations: { "GET /": cached, "POST /": proxy } });
    await patchStage(
      test,
      id,
      ["replace", "/cacheClusterEnabled", "true"],
      ["replace", "/cacheClusterSize", "0.5"],
      ["replace", "/*/*/caching/enabled", "true"],
      ["replace", "/*/*/caching/ttlInSeconds", "60"],
    );
    return { test, id, call: async (path, headers = []) => (await get(test, id, path, headers)).body };
  }

  it("answers GET by the parameters of the key until they are too old, or flushed", async () => {
    const { test, id, call } = await withCache();
    expect([await call("/?q=1"), await call("/?q=1&other=x"), await call("/?q=2"), await call("/")]).toEqual([
      "1",
      "1",
      "2",
      "3",
    ]);
    await test.clock.advance(60_000);
    expect(await call("/?q=1")).toBe("4");
    await test.call("apigateway", "FlushStageCache", { restApiId: id, stageName: "dev" });
    expect(await call("/?q=1")).toBe("5");
    const posts = [await get(test, id, "/", [], "POST"), await get(test, id, "/", [], "POST")].map((one) => one.body);
    expect(posts).toEqual(["6", "7"]);
  });

  it("Cache-Control of a caller who may not invalidate does what the strategy says", async () => {
    const { test, id, call } = await withCache();
    await call("/");
    const asks = ["Cache-Control", "max-age=0"];
    const warned = await get(test, id, "/", asks);
    expect([warned.body, warned.headers["warning"]]).toEqual([
      "1",
      "199 Cache-control headers were ignored because the caller was unauthorized.",
    ]);
    const strategy = (value: string) =>
      patchStage(test, id, ["replace", "/*/*/caching/unauthorizedCacheControlHeaderStrategy", value]);
    await strategy("SUCCEED_WITHOUT_RESPONSE_HEADER");
    expect((await get(test, id, "/", asks)).headers["warning"]).toBeUndefined();
    await strategy("FAIL_WITH_403");
    expect((await get(test, id, "/", asks)).status).toBe(403);
    await patchStage(test, id, ["replace", "/*/*/caching/requireAuthorizationForCacheControl", "false"]);
    expect([await call("/", asks), await call("/")]).toEqual(["2", "2"]);
  });
});

describe("gateway responses", () => {
  it("the type's own, or the default of its class; templates are filled in, not rendered", async () => {
    const test = await createTestGateway(() => ({ failed: true }));
    const id = await deployOpenApi(test, {
      operations: { "GET /{x}": proxy },
      more: {
        "x-amazon-apigateway-gateway-responses": {
          MISSING_AUTHENTICATION_TOKEN: {
            statusCode: 404,
            responseParameters: {
              "gatewayresponse.header.X-A": "'b'",
              "gatewayresponse.header.X-Q": "method.request.querystring.q",
              "gatewayresponse.header.X-S": "context.stage",
            },
            responseTemplates: {
              "application/json":
                '{"m":$context.error.messageString,"t":"$context.error.responseType","v":"$stageVariables.v","n":"$context.nope","u":"$util.urlEncode(1)"}',
              "text/plain": "no",
            },
          },
          DEFAULT_5XX: { responseTemplates: { "application/json": "oh: $context.error.message" } },
        },
      },
      stage: { variables: { v: "1" } },
    });
    const missing = await get(test, id, "/?q=7");
    expect(missing).toMatchObject({
      status: 404,
      body: '{"m":"Missing Authentication Token","t":"MISSING_AUTHENTICATION_TOKEN","v":"1","n":"","u":"$util.urlEncode(1)"}',
      headers: {
        "content-type": "application/json",
        "x-a": "b",
        "x-q": "7",
        "x-s": "dev",
        "x-amzn-errortype": "MissingAuthenticationTokenException",
      },
    });
    expect(await get(test, id, "/", ["Accept", "text/plain"])).toMatchObject({
      status: 404,
      body: "no",
      headers: { "content-type": "text/plain" },
    });
    expect(seen(await get(test, id, "/x"))).toEqual([502, "InternalServerErrorException", "oh: Internal server error"]);
  });
});

describe("stages", () => {
  it("a canary takes its share with its own deployment and variables, and is promoted", async () => {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, {
      operations: { "GET /": mock("$stageVariables.v $context.isCanaryRequest") },
      stage: { variables: { v: "old" } },
    });
    expect((await get(test, id, "/")).body).toBe("old ");
    await test.call("apigateway", "CreateDeployment", {
      restApiId: id,
      stageName: "dev",
      canarySettings: { percentTraffic: 100, stageVariableOverrides: { v: "new" } },
    });
    expect((await get(test, id, "/")).body).toBe("new true");
    await patchStage(test, id, ["replace", "/canarySettings/percentTraffic", "0"]);
    expect((await get(test, id, "/")).body).toBe("old false");
    await patchStage(test, id, ["replace", "/canarySettings/percentTraffic", "30"]);
    const bodies: string[] = [];
    for (let index = 0; index < 100; index++) bodies.push((await get(test, id, "/")).body);
    const share = bodies.filter((body) => body === "new true").length;
    expect([share > 15, share < 45]).toEqual([true, true]);
    await test.call("apigateway", "UpdateStage", {
      restApiId: id,
      stageName: "dev",
      patchOperations: [
        { op: "copy", from: "/canarySettings/deploymentId", path: "/deploymentId" },
        { op: "copy", from: "/canarySettings/stageVariableOverrides", path: "/variables" },
        { op: "remove", path: "/canarySettings" },
      ],
    });
    expect((await get(test, id, "/")).body).toBe("new ");
    expect(
      await test.errorOf("apigateway", "UpdateStage", {
        restApiId: id,
        stageName: "dev",
        patchOperations: [{ op: "copy", from: "/canarySettings/deploymentId", path: "/deploymentId" }],
      }),
    ).toBe("BadRequestException 400: Promotion not available. Canary does not exist.");
  });

  it("access logs: one line a request in the stage's format, a dash for what has no value", async () => {
    const test = await createTestGateway(() => ok);
    const id = await deployOpenApi(test, { operations: { "GET /a/{x}": proxy } });
    const format =
      '$context.identity.sourceIp $context.identity.caller [$context.requestTime] "$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength $context.requestId $context.error.message $context.integration.status $context.stage';
    await patchStage(
      test,
      id,
      ["replace", "/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:000000000000:log-group:shop"],
      ["replace", "/accessLogSettings/format", format],
    );
    const { headers } = await get(test, id, "/a/1");
    const missed = await get(test, id, "/b");
    expect(test.logs.map(({ group, message }) => [group, message])).toEqual([
      [
        "shop",
        `192.0.2.7 - [12/Mar/2020:19:03:58 +0000] "GET /a/{x} HTTP/1.1" 200 2 ${headers["x-amzn-requestid"] ?? ""} - 200 dev`,
      ],
      [
        "shop",
        `192.0.2.7 - [12/Mar/2020:19:03:58 +0000] "GET - HTTP/1.1" 403 42 ${missed.headers["x-amzn-requestid"] ?? ""} Missing Authentication Token - dev`,
      ],
    ]);
  });

  it("access logs tell what each phase did: the authorizer, its policy, the integration", async () => {
    const format = [
      "requestId",
      "authorizer.status",
      "authorizer.integrationStatus",
      "authorizer.error",
      "authorize.status",
      "authorize.error",
      "authenticate.status",
      "waf.status",
      "integration.status",
      "integration.integrationStatus",
      "integration.requestId",
      "integration.error",
      "endpointType",
      "tlsVersion",
      "error.responseType",
      "status",
    ]
      .map((name) => `$context.${name}`)
      .join("|");
    const test = await createTestGateway((event) => {
      const token = event["authorizationToken"];
      if (token === undefined)
        return event["path"] === "/bad" ? { failedWith: '{"errorMessage":"no"}' } : { value: { statusCode: 201 } };
      if (token === "broken") return { value: {} };
      const Effect = token === "allow" ? "Allow" : "Deny";
      return {
        value: {
          principalId: "p",
          policyDocument: { Statement: [{ Effect, Action: "execute-api:Invoke", Resource: "*" }] },
        },
      };
    });
    const id = await deployOpenApi(test, {
      operations: { "GET /{x}": { ...proxy, security: [{ guard: [] }] } },
      more: {
        components: {
          securitySchemes: {
            guard: {
              type: "apiKey",
              name: "Authorization",
              in: "header",
              "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: functionUri },
            },
          },
        },
      },
    });
    await patchStage(
      test,
      id,
      ["replace", "/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:1:log-group:a"],
      ["replace", "/accessLogSettings/format", format],
    );
    const line = async (path: string, ...headers: string[]): Promise<string> => {
      test.logs.splice(0);
      await get(test, id, path, ["x-amzn-RequestId", "mine", ...headers]);
      return test.logs[0]?.message.replace("UUID_REPLACED_INVALID_REQUEST_ID", "<id>") ?? "";
    };
    expect(await line("/good", "Authorization", "allow")).toBe("<id>|200|200|-|200|-|-|-|201|200|r|-|EDGE|-|-|201");
    expect(await line("/bad", "Authorization", "allow")).toBe(
      "<id>|200|-|-|200|-|-|-|200|200|r|no|EDGE|-|DEFAULT_5XX|502",
    );
    expect(await line("/good", "Authorization", "deny")).toBe(
      "<id>|200|200|-|403|The client is not authorized to perform this operation.|-|-|-|-|-|-|EDGE|-|ACCESS_DENIED|403",
    );
    expect(await line("/good", "Authorization", "broken")).toBe(
      "<id>|500|200|Authorizer result has no principalId|-|-|-|-|-|-|-|-|EDGE|-|AUTHORIZER_CONFIGURATION_ERROR|500",
    );
    expect(await line("/good")).toBe("<id>|401|-|-|-|-|-|-|-|-|-|-|EDGE|-|UNAUTHORIZED|401");
  });

  it("execution logs: the steps in AWS's words; at ERROR only what failed", async () => {
    const test = await createTestGateway((event) => (event["path"] === "/bad" ? { failed: true } : ok));
    const id = await deployOpenApi(test, { operations: { "GET /{x}": proxy } });
    await patchStage(
      test,
      id,
      ["replace", "/*/*/logging/loglevel", "INFO"],
      ["replace", "/*/*/logging/dataTrace", "true"],
    );
    await get(test, id, "/a");
    const lines = test.logs.splice(0).map(({ message }) =>
      message
        .replace(/^\([0-9a-f-]{36}\) /, "")
        .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>")
        .replaceAll(/\d+ ms/g, "N ms"),
    );
    expect(lines.filter((line) => !/headers|Endpoint request body|response body/.test(line))).toEqual([
      expect.stringMatching(/^Extended Request Id: [\w-]+=$/),
      `Verifying Usage Plan for request: <id>. API Key:  API Stage: ${id}/dev`,
      "API Key  authorized because method 'GET /{x}' does not require API Key. Request will not contribute to throttle or quota limits",
      `Usage Plan check succeeded for API Key  and API Stage ${id}/dev`,
      "Starting execution for request: <id>",
      "HTTP Method: GET, Resource Path: /{x}",
      "Method request path: {x=a}",
      "Method request query string: {}",
      "Method request body before transformations: ",
      `Endpoint request URI: https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/${functionArn}/invocations`,
      `Sending request to https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/${functionArn}/invocations`,
      "Received response. Status: 200, Integration latency: N ms",
      "Successfully completed execution",
      "Method completed with status: 200",
      "AWS Integration Endpoint RequestId : r",
    ]);
    expect(lines.find((line) => line.startsWith("Endpoint response headers"))).toBe(
      `Endpoint response headers: {Date=Thu, 12 Mar 2020 19:03:58 GMT, Content-Type=application/json, Content-Length=30, Connection=keep-alive, x-amzn-RequestId=r, x-amzn-Remapped-Content-Length=0, X-Amz-Executed-Version=$LATEST, X-Amzn-Trace-Id=${test.events[0] === undefined ? "" : String((test.events[0]["headers"] as Record<string, string>)["X-Amzn-Trace-Id"])}}`,
    );
    await patchStage(test, id, ["replace", "/*/*/logging/loglevel", "ERROR"]);
    await get(test, id, "/a");
    await get(test, id, "/bad");
    expect(test.logs.map(({ group, message }) => [group, message.slice(39)])).toEqual([
      [
        `API-Gateway-Execution-Logs_${id}/dev`,
        "Lambda execution failed with status 200 due to customer function error: . Lambda request id: r",
      ],
    ]);
  });
});
