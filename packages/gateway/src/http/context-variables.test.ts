import { defaultScope } from "@tripline/kernel";
import { expect, it } from "vitest";
import { httpContextVariable } from "./context-variables.ts";
import { type HttpEventFacts, toEventV2 } from "./event-v2.ts";
import { toEventV1 } from "./event-v1.ts";

const facts: HttpEventFacts = {
  request: {
    request: {
      method: "GET",
      target: "/dev/pets/1",
      httpVersion: "1.1",
      rawHeaders: ["User-Agent", "curl/8"],
      sourceIp: "192.0.2.7",
      endpoint: "http://127.0.0.1:4566",
      signal: new AbortController().signal,
      body: async () => new Uint8Array(),
    },
    method: "GET",
    path: "/pets/1",
    query: "",
    stage: "dev",
    atMs: Date.UTC(2020, 2, 12, 19, 3, 58, 390),
    traceId: "Root=1-0",
  },
  scope: defaultScope,
  apiId: "abcde12345",
  routeKey: "GET /pets/{id}",
  requestId: "r=",
  pathParameters: { id: "1" },
  stageVariables: {},
  body: new Uint8Array(),
};
const jwt: HttpEventFacts = {
  ...facts,
  authorizer: { jwt: { claims: { sub: "me", "cognito:groups": "[a b]" }, scopes: null } },
};
const lambda: HttpEventFacts = { ...facts, authorizer: { lambda: { n: 1, deep: { a: [1] } }, principalId: "me" } };

it.each([
  [facts, "accountId", "000000000000"],
  [facts, "apiId", "abcde12345"],
  [facts, "domainName", "abcde12345.execute-api.us-east-1.amazonaws.com"],
  [facts, "domainPrefix", "abcde12345"],
  [facts, "extendedRequestId", "r="],
  [facts, "httpMethod", "GET"],
  [facts, "identity.sourceIp", "192.0.2.7"],
  [facts, "identity.userAgent", "curl/8"],
  [facts, "path", "/dev/pets/1"],
  [facts, "protocol", "HTTP/1.1"],
  [facts, "requestId", "r="],
  [facts, "requestTime", "12/Mar/2020:19:03:58 +0000"],
  [facts, "requestTimeEpoch", 1584039838390],
  [facts, "routeKey", "GET /pets/{id}"],
  [facts, "stage", "dev"],
  [facts, "identity.user", undefined],
  [facts, "authorizer.claims.sub", undefined],
  [jwt, "authorizer.claims.sub", "me"],
  [jwt, "authorizer.claims.cognito:groups", "[a b]"],
  [jwt, "authorizer.claims", undefined],
  [lambda, "authorizer.n", 1],
  [lambda, "authorizer.principalId", "me"],
  [lambda, "authorizer.other", undefined],
])("$context %#: %s", (of, name, value) => {
  expect(httpContextVariable(of, name)).toEqual(value);
});

it.each([
  [facts, undefined, { claims: null, scopes: null }],
  [jwt, jwt.authorizer, { claims: { sub: "me", "cognito:groups": "[a b]" }, scopes: null }],
  [
    lambda,
    { lambda: { n: 1, deep: { a: [1] } } },
    { claims: null, scopes: null, principalId: "me", n: 1, deep: { a: [1] } },
  ],
  [{ ...facts, authorizer: { lambda: null } }, { lambda: null }, { claims: null, scopes: null }],
])("events carry what the authorizer found out, in the shape of their format (%#)", (of, v2, v1) => {
  const authorizerOf = (event: string): unknown =>
    (JSON.parse(event) as { requestContext: { authorizer?: unknown } }).requestContext.authorizer;
  expect(authorizerOf(toEventV2(of))).toEqual(v2);
  expect(authorizerOf(toEventV1(of))).toEqual(v1);
});
