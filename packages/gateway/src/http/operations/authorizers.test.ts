import { describe, expect, it } from "vitest";
import { createTestGateway, functionArn, functionUri, withHttpApi } from "../../testing/create-test-gateway.ts";
import { withAuthorizer } from "../../testing/with-authorizer.ts";

const service = "apigatewayv2";
const ok = () => ({ value: { statusCode: 200, body: "ok" } });
const JwtConfiguration = { Issuer: "https://issuer.example/", Audience: ["shop"] };
const jwt = {
  Name: "Tokens",
  AuthorizerType: "JWT",
  IdentitySource: ["$request.header.Authorization"],
  JwtConfiguration,
};
const request = {
  Name: "Function",
  AuthorizerType: "REQUEST",
  AuthorizerUri: functionUri,
  AuthorizerPayloadFormatVersion: "2.0",
  IdentitySource: ["$request.header.Authorization"],
};
const id = expect.stringMatching(/^[a-z0-9]{6}$/);

describe("authorizers of HTTP APIs", () => {
  it("are made, read, listed, changed and deleted", async () => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, ["GET /a"]);
    const first = await test.call(service, "CreateAuthorizer", { ApiId, ...jwt });
    expect(first).toEqual({ AuthorizerId: id, ...jwt });
    const second = await test.call(service, "CreateAuthorizer", { ApiId, ...request });
    const made = { AuthorizerId: id, ...request, AuthorizerResultTtlInSeconds: 300, EnableSimpleResponses: false };
    expect(second).toEqual(made);
    expect(await test.call(service, "GetAuthorizers", { ApiId })).toEqual({ Items: [first, second] });
    const { AuthorizerId } = second;
    const change = {
      AuthorizerResultTtlInSeconds: 0,
      EnableSimpleResponses: true,
      IdentitySource: [],
      AuthorizerCredentialsArn: "arn:aws:iam::000000000000:role/caller",
      Name: "Gate",
    };
    const changed = await test.call(service, "UpdateAuthorizer", { ApiId, AuthorizerId, ...change });
    expect(changed).toEqual({ ...made, ...change });
    expect(await test.call(service, "GetAuthorizer", { ApiId, AuthorizerId })).toEqual(changed);
    expect(
      await test.call(service, "UpdateAuthorizer", { ApiId, AuthorizerId, AuthorizerCredentialsArn: "" }),
    ).not.toHaveProperty("AuthorizerCredentialsArn");
    expect(
      await test.call(service, "UpdateAuthorizer", {
        ApiId,
        AuthorizerId: first["AuthorizerId"],
        JwtConfiguration: { Audience: ["web"] },
      }),
    ).toEqual({ ...first, JwtConfiguration: { ...JwtConfiguration, Audience: ["web"] } });
    expect(
      await test.call(service, "UpdateAuthorizer", {
        ApiId,
        AuthorizerId,
        AuthorizerType: "JWT",
        IdentitySource: jwt.IdentitySource,
        JwtConfiguration,
      }),
    ).toEqual({ ...jwt, AuthorizerId, Name: "Gate" });
    await test.call(service, "DeleteAuthorizer", { ApiId, AuthorizerId });
    expect(await test.errorOf(service, "GetAuthorizer", { ApiId, AuthorizerId })).toBe(
      `NotFoundException 404: Unable to find Authorizer by id ${AuthorizerId}`,
    );
  });

  it.each<[object, string]>([
    [{ ...jwt, Name: "" }, "BadRequestException 400: Name must be between 1 and 128 characters"],
    [
      { ...jwt, Name: "Who" },
      "BadRequestException 400: Authorizer name must be unique. Authorizer Who already exists in this RestApi.",
    ],
    [
      { ...jwt, AuthorizerType: "TOKEN" },
      "BadRequestException 400: Invalid authorizer type. Only JWT and REQUEST authorizer types are supported on HTTP protocol Apis.",
    ],
    [
      { ...jwt, AuthorizerUri: functionUri },
      "BadRequestException 400: AuthorizerUri is supported only for REQUEST authorizers",
    ],
    [
      { ...jwt, IdentitySource: ["$request.header.A", "$request.header.B"] },
      "BadRequestException 400: A JWT authorizer has one identity source: $request.header.<name> or $request.querystring.<name>",
    ],
    [
      { ...jwt, IdentitySource: ["$context.identity.sourceIp"] },
      "BadRequestException 400: A JWT authorizer has one identity source: $request.header.<name> or $request.querystring.<name>",
    ],
    [
      { ...jwt, JwtConfiguration: { Issuer: "issuer", Audience: ["a"] } },
      "BadRequestException 400: Invalid issuer: issuer. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'",
    ],
    [
      { ...jwt, JwtConfiguration: { ...JwtConfiguration, Audience: [] } },
      "BadRequestException 400: A JWT authorizer has 1 to 50 audiences, none of them empty",
    ],
    [
      { ...jwt, JwtConfiguration: { ...JwtConfiguration, Audience: Array.from({ length: 51 }, String) } },
      "BadRequestException 400: A JWT authorizer has 1 to 50 audiences, none of them empty",
    ],
    [
      { ...request, AuthorizerPayloadFormatVersion: undefined },
      "BadRequestException 400: AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer",
    ],
    [
      { ...request, AuthorizerPayloadFormatVersion: "3.0" },
      "BadRequestException 400: AuthorizerPayloadFormatVersion 3.0 is not supported",
    ],
    [
      { ...request, AuthorizerPayloadFormatVersion: "1.0", EnableSimpleResponses: true },
      `BadRequestException 400: EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".`,
    ],
    [
      { ...request, AuthorizerResultTtlInSeconds: 3601 },
      "BadRequestException 400: Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.",
    ],
    [
      { ...request, AuthorizerResultTtlInSeconds: 1, IdentitySource: [] },
      "BadRequestException 400: Identity source must be set if authorizer caching is enabled (TTL is greater than 0)",
    ],
    [
      { ...request, IdentitySource: ["method.request.header.A"] },
      "BadRequestException 400: Invalid identity source expression: method.request.header.A. The source must be a request header, request querystring, stage variable or context parameter",
    ],
    [
      { ...request, AuthorizerUri: functionArn },
      `BadRequestException 400: Invalid Authorizer URI: ${functionArn}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    ],
    [{ ...request, AuthorizerCredentialsArn: "me" }, "BadRequestException 400: Invalid role ARN"],
    [
      { ...request, JwtConfiguration },
      "BadRequestException 400: JwtConfiguration is supported only for JWT authorizers",
    ],
    [{ ...jwt, AuthorizerId: "mine" }, "BadRequestException 400: AuthorizerId cannot be chosen"],
  ])("CreateAuthorizer %j is refused", async (input, text) => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, []);
    await test.call(service, "CreateAuthorizer", { ApiId, ...jwt, Name: "Who" });
    expect(await test.errorOf(service, "CreateAuthorizer", { ApiId, ...input })).toBe(text);
  });

  it("there are ten of an API, no more", async () => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, []);
    for (let count = 0; count < 10; count += 1)
      await test.call(service, "CreateAuthorizer", { ApiId, ...jwt, Name: `n${count}` });
    expect(await test.errorOf(service, "CreateAuthorizer", { ApiId, ...jwt })).toMatch(
      /^TooManyRequestsException 429: /,
    );
  });

  it("one that a route has cannot be deleted, nor get another type", async () => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, ["GET /a"]);
    const AuthorizerId = await withAuthorizer(test, ApiId, { AuthorizerType: "JWT", JwtConfiguration });
    expect(await test.errorOf(service, "DeleteAuthorizer", { ApiId, AuthorizerId })).toBe(
      "ConflictException 409: Cannot delete authorizer 'Who', is referenced in route: GET /a",
    );
    const change = { ApiId, AuthorizerId, ...request, Name: "Who" };
    expect(await test.errorOf(service, "UpdateAuthorizer", change)).toBe(
      "ConflictException 409: Cannot change the type of authorizer 'Who', is referenced in route: GET /a",
    );
  });
});

describe("the authorization of a route of an HTTP API", () => {
  it("is set, changed and taken away, seen at once on a stage that deploys by itself", async () => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, ["GET /a"]);
    const statusOf = async (stage: string): Promise<number> =>
      (await test.send({ target: `/_api/Shop/${stage}/a` })).status;
    await test.call(service, "CreateStage", { ApiId, StageName: "dev" });
    await test.call(service, "CreateDeployment", { ApiId, StageName: "dev" });
    const AuthorizerId = await withAuthorizer(test, ApiId, { AuthorizerType: "JWT", JwtConfiguration }, ["read"]);
    const { Items } = await test.call<{ Items: Record<string, unknown>[] }>(service, "GetRoutes", { ApiId });
    expect(Items).toMatchObject([{ AuthorizationType: "JWT", AuthorizerId, AuthorizationScopes: ["read"] }]);
    expect([await statusOf("$default"), await statusOf("dev")]).toEqual([401, 200]);
    const route = { ApiId, RouteId: Items[0]?.["RouteId"] };
    expect(await test.call(service, "UpdateRoute", { ...route, OperationName: "x" })).toEqual({
      ...Items[0],
      OperationName: "x",
    });
    expect(await test.call(service, "UpdateRoute", { ...route, AuthorizationScopes: [] })).not.toHaveProperty(
      "AuthorizationScopes",
    );
    const { AuthorizerId: other } = await test.call(service, "CreateAuthorizer", { ApiId, ...request });
    expect(
      await test.call(service, "UpdateRoute", { ...route, AuthorizationType: "CUSTOM", AuthorizerId: other }),
    ).toMatchObject({ AuthorizationType: "CUSTOM", AuthorizerId: other });
    const open = await test.call(service, "UpdateRoute", { ...route, AuthorizationType: "NONE" });
    expect(open).toMatchObject({ AuthorizationType: "NONE" });
    expect(open).not.toHaveProperty("AuthorizerId");
    expect(await statusOf("$default")).toBe(200);
    await test.call(service, "DeleteAuthorizer", { ApiId, AuthorizerId });
  });

  it.each<[object, string]>([
    [
      { AuthorizationType: "JWT" },
      "BadRequestException 400: Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.",
    ],
    [
      { AuthorizationType: "JWT", AuthorizerId: "function" },
      "BadRequestException 400: Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.",
    ],
    [
      { AuthorizationType: "CUSTOM", AuthorizerId: "nope" },
      "BadRequestException 400: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    ],
    [
      { AuthorizationType: "CUSTOM", AuthorizerId: "function", AuthorizationScopes: ["read"] },
      "BadRequestException 400: Invalid Route authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization types",
    ],
    [
      { AuthorizationType: "JWT", AuthorizerId: "tokens", AuthorizationScopes: Array.from({ length: 11 }, String) },
      "BadRequestException 400: A route has up to 10 authorization scopes, none of them empty",
    ],
    [{ AuthorizerId: "tokens" }, "BadRequestException 400: AuthorizerId needs the authorization type CUSTOM or JWT"],
    [
      { AuthorizationType: "AWS_IAM" },
      "NotImplemented 501: Tripline does not simulate the authorization type AWS_IAM of HTTP APIs yet: use a JWT or a Lambda authorizer.",
    ],
    [
      { AuthorizationType: "OTHER" },
      "BadRequestException 400: Invalid authorization type OTHER specified. An HTTP API has NONE, AWS_IAM, CUSTOM and JWT",
    ],
  ])("CreateRoute %j is refused", async (input, text) => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, []);
    await test.call(service, "CreateAuthorizer", { ApiId, AuthorizerId: "tokens", ...jwt }, true);
    await test.call(service, "CreateAuthorizer", { ApiId, AuthorizerId: "function", ...request }, true);
    expect(await test.errorOf(service, "CreateRoute", { ApiId, RouteKey: "GET /a", ...input })).toBe(text);
  });

  it("is kept for the next gateway on the same data", async () => {
    const first = await createTestGateway(ok);
    const ApiId = await withHttpApi(first, ["GET /a"]);
    await withAuthorizer(first, ApiId, { AuthorizerType: "JWT", JwtConfiguration });
    const second = await createTestGateway(ok, first.database);
    expect((await second.send({ target: "/_api/Shop/$default/a" })).status).toBe(401);
    expect(await second.call(service, "GetAuthorizers", { ApiId })).toMatchObject({ Items: [{ Name: "Who" }] });
  });
});
