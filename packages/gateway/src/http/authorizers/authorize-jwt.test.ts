import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, createTestGateway, type TestGateway, withHttpApi } from "../../testing/create-test-gateway.ts";
import { createTokenIssuer, type TokenIssuer } from "../../testing/create-token-issuer.ts";
import { withAuthorizer } from "../../testing/with-authorizer.ts";

/** What the clock of the test gateway shows, in seconds. */
const now = Date.UTC(2020, 2, 12, 19, 3, 58, 390) / 1000;
const target = "/_api/Shop/$default/a";
const configuration = "/.well-known/openid-configuration";

let issuer: TokenIssuer;
let other: TokenIssuer;
beforeAll(async () => {
  issuer = await createTokenIssuer();
  other = await createTokenIssuer();
});
afterAll(async () => {
  await issuer[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

const claims = (more: object = {}): object => ({ iss: issuer.url, aud: "shop", exp: now + 60, sub: "me", ...more });

async function withJwt(
  options: { scopes?: string[]; format?: "1.0" | "2.0"; settings?: object; of?: TokenIssuer } = {},
): Promise<TestGateway> {
  const test = await createTestGateway(() => ({ value: { statusCode: 200, body: "ok" } }));
  const ApiId = await withHttpApi(test, ["GET /a"], { format: options.format ?? "2.0" });
  const JwtConfiguration = { Issuer: (options.of ?? issuer).url, Audience: ["shop", "web"] };
  await withAuthorizer(test, ApiId, { AuthorizerType: "JWT", JwtConfiguration, ...options.settings }, options.scopes);
  return test;
}

const get = (test: TestGateway, token: string | undefined): Promise<Answer> =>
  test.send({ target, headers: token === undefined ? [] : ["Authorization", token] });

const requestId = expect.stringMatching(/^[\w-]{15}=$/);
const unauthorized = (challenge: string): Answer => ({
  status: 401,
  headers: { "www-authenticate": challenge, "apigw-requestid": requestId as string },
  body: '{"message":"Unauthorized"}',
});
const invalid = (text: string, scope = ""): Answer =>
  unauthorized(`Bearer scope="${scope}" error="invalid_token" error_description="${text}"`);

describe("a JWT authorizer", () => {
  it.each<[string, () => string]>([
    ["bare", () => issuer.sign(claims())],
    ["prefixed with Bearer", () => `Bearer ${issuer.sign(claims())}`],
    ["for one of several audiences", () => issuer.sign(claims({ aud: ["other", "web"] }))],
    ["without aud, of a client", () => issuer.sign(claims({ aud: undefined, client_id: "web" }))],
    ["not valid before now", () => issuer.sign(claims({ nbf: now, iat: now }))],
    ["signed with RS384", () => issuer.sign(claims(), { alg: "RS384" })],
    ["signed with RS512", () => issuer.sign(claims(), { alg: "RS512" })],
  ])("lets in a token %s", async (_, token) => {
    expect(await get(await withJwt(), token())).toMatchObject({ status: 200, body: "ok" });
  });

  it.each<[string, () => string | undefined, () => Answer]>([
    ["no token", () => undefined, () => unauthorized("Bearer")],
    ["an empty token", () => "", () => unauthorized("Bearer")],
    ["not-a-token", () => "Bearer not-a-token", () => invalid("token contains an invalid number of segments")],
    ["a segment that is not base64", () => "ab!c.e30.x", () => invalid("illegal base64 data at input byte 2")],
    [
      "a segment that is no object",
      () => "e30.W10.x",
      () => invalid("token contains a segment that is not a JSON object"),
    ],
    [
      "another algorithm",
      () => issuer.sign(claims(), { alg: "HS256" }),
      () => invalid("signing method HS256 is invalid"),
    ],
    [
      "no algorithm",
      () => `${btoa('{"alg":"none"}')}.e30.`.replaceAll("=", ""),
      () => invalid("signing method none is invalid"),
    ],
    [
      "no key id",
      () => issuer.sign(claims(), { kid: undefined }),
      () => invalid("the token does not have a valid key id"),
    ],
    [
      "an unknown key id",
      () => issuer.sign(claims(), { kid: "x" }),
      () => invalid("the token does not have a valid key id"),
    ],
    ["another's signature", () => other.sign(claims()), () => invalid("the token does not have a valid signature")],
    ["another issuer", () => issuer.sign(claims({ iss: `${issuer.url}/` })), () => invalid("issuer does not match")],
    [
      "another audience",
      () => issuer.sign(claims({ aud: "x", client_id: "web" })),
      () => invalid("the token does not have a valid audience"),
    ],
    [
      "no audience",
      () => issuer.sign(claims({ aud: undefined })),
      () => invalid("the token does not have a valid audience"),
    ],
    ["a token that expires now", () => issuer.sign(claims({ exp: now })), () => invalid("the token has expired")],
    ["a token without exp", () => issuer.sign(claims({ exp: undefined })), () => invalid("the token has expired")],
    ["nbf that comes later", () => issuer.sign(claims({ nbf: now + 1 })), () => invalid("the token is not valid yet")],
    [
      "iat that comes later",
      () => issuer.sign(claims({ iat: now + 1 })),
      () => invalid("the token was issued in the future"),
    ],
  ])("keeps out %s, and says why", async (_, token, answer) => {
    const test = await withJwt();
    expect(await get(test, token())).toEqual(answer());
    expect(test.events).toEqual([]);
  });

  it("a token is let in until the clock says that it has expired", async () => {
    const test = await withJwt();
    const token = issuer.sign(claims());
    await test.clock.advance(59_000);
    expect((await get(test, token)).status).toBe(200);
    await test.clock.advance(1000);
    expect(await get(test, token)).toEqual(invalid("the token has expired"));
  });

  it("takes the token of a query parameter", async () => {
    const test = await withJwt({ settings: { IdentitySource: ["$request.querystring.token"] } });
    const token = issuer.sign(claims());
    expect((await test.send({ target: `${target}?token=${token}` })).status).toBe(200);
    expect(await test.send({ target: `${target}?Token=${token}` })).toEqual(unauthorized("Bearer"));
  });
});

describe("scopes of a route with a JWT authorizer", () => {
  const scopes = ["read", "write"];
  it.each([
    [{ scope: "openid write" }, ["write"]],
    [{ scp: ["read", "write"] }, ["read", "write"]],
    [{ scp: "read" }, ["read"]],
  ])("%j has one of them, and the event says which", async (more, granted) => {
    const test = await withJwt({ scopes });
    expect((await get(test, issuer.sign(claims(more)))).status).toBe(200);
    expect(test.events).toMatchObject([{ requestContext: { authorizer: { jwt: { scopes: granted } } } }]);
  });

  it.each([{}, { scope: "reader" }, { scope: ["x"] }])("%j has none of them: 403", async (more) => {
    const test = await withJwt({ scopes });
    expect(await get(test, issuer.sign(claims(more)))).toEqual({
      status: 403,
      headers: {
        "content-type": "application/json",
        "www-authenticate":
          'Bearer scope="read write" error="insufficient_scope" error_description="the token does not have a valid scope"',
        "apigw-requestid": requestId,
      },
      body: '{"message":"Forbidden"}',
    });
  });

  it("stand in every challenge", async () => {
    const test = await withJwt({ scopes });
    expect(await get(test, "x")).toEqual(invalid("token contains an invalid number of segments", "read write"));
  });
});

describe("what the integration gets of a token", () => {
  const more = {
    "cognito:groups": ["a", "b"],
    email_verified: true,
    nothing: null,
    meta: { z: 1, a: { list: [1, "x"] } },
  };
  const printed = {
    aud: "shop",
    "cognito:groups": "[a b]",
    email_verified: "true",
    exp: String(now + 60),
    meta: "map[a:map[list:[1 x]] z:1]",
    nothing: "<nil>",
    sub: "me",
  };
  it.each(["2.0", "1.0"] as const)("format %s: claims as texts", async (format) => {
    const test = await withJwt({ format });
    await get(test, issuer.sign(claims(more)));
    const found = { claims: { ...printed, iss: issuer.url }, scopes: null };
    expect(test.events).toMatchObject([{ requestContext: { authorizer: format === "2.0" ? { jwt: found } : found } }]);
  });
});

describe("keys of an issuer", () => {
  it("are fetched once in two hours of the clock", async () => {
    await using own = await createTokenIssuer();
    const test = await withJwt({ of: own });
    const send = async (): Promise<number> =>
      (await get(test, own.sign(claims({ iss: own.url, exp: now + 100_000 })))).status;
    expect(await Promise.all([send(), send()])).toEqual([200, 200]);
    await test.clock.advance(7_199_000);
    expect(await send()).toBe(200);
    expect(own.requests).toEqual([configuration, "/keys"]);
    await test.clock.advance(1000);
    expect(await send()).toBe(200);
    expect(own.requests).toEqual([configuration, "/keys", configuration, "/keys"]);
  });

  it("are fetched again for a key that is not among them: a rotated key is trusted at once, the old one no longer", async () => {
    await using own = await createTokenIssuer();
    const test = await withJwt({ of: own });
    const old = own.sign(claims({ iss: own.url }));
    expect((await get(test, old)).status).toBe(200);
    own.rotate();
    expect((await get(test, own.sign(claims({ iss: own.url })))).status).toBe(200);
    expect(await get(test, old)).toEqual(invalid("the token does not have a valid key id"));
  });

  it.each<[string, string, { status: number; body: string } | "hangs", string]>([
    ["no configuration", configuration, { status: 404, body: "{}" }, "OIDC discovery endpoint communication error"],
    [
      "a configuration that is no JSON",
      configuration,
      { status: 200, body: "<" },
      "OIDC discovery endpoint communication error",
    ],
    ["a silent issuer", configuration, "hangs", "OIDC discovery endpoint communication error"],
    ["no keys", "/keys", { status: 500, body: "" }, "JWKS communication error"],
    ["a document that is no key set", "/keys", { status: 200, body: "{}" }, "JWKS communication error"],
    [
      "keys over 150,000 bytes",
      "/keys",
      { status: 200, body: `{"keys":[]${" ".repeat(150_000)}}` },
      "JWKS communication error",
    ],
  ])("%s: 401, and asked again for the next token", async (_, path, answer, text) => {
    await using own = await createTokenIssuer();
    own.answers.set(path, answer);
    const test = await withJwt({ of: own });
    const token = own.sign(claims({ iss: own.url }));
    expect(await get(test, token)).toEqual(invalid(text));
    own.answers.clear();
    expect((await get(test, token)).status).toBe(200);
  });

  it("an issuer that is not there is 401, until it is", async () => {
    const gone = await createTokenIssuer();
    await gone[Symbol.asyncDispose]();
    expect(await get(await withJwt({ of: gone }), gone.sign(claims({ iss: gone.url })))).toEqual(
      invalid("OIDC discovery endpoint communication error"),
    );
  });
});
