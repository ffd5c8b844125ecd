/** What reaches a backend behind an HTTP API, and what of its answer reaches the client. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, createTestGateway, type TestGateway } from "../../testing/create-test-gateway.ts";

const service = "apigatewayv2";

/** Answers with what it got, as JSON, in the status that `x-status` asks for; `/hang` never. */
let backend: Server;
let url = "";
beforeAll(async () => {
  backend = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url === "/hang") return;
      const { method, headers } = request;
      response
        .writeHead(Number(headers["x-status"] ?? 200), [
          "Content-Type",
          "application/json",
          "X-Back",
          "1",
          "Set-Cookie",
          "a=1",
          "Set-Cookie",
          "b=2",
          "Server",
          "me",
          "apigw-requestid",
          "another",
        ])
        .end(JSON.stringify({ method, url: request.url, headers, body: Buffer.concat(chunks).toString() }));
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
});
afterAll(() => {
  backend.closeAllConnections();
  backend.close();
});

interface Got {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}
const got = (answer: Answer): Got => JSON.parse(answer.body) as Got;

interface Options {
  routeKey?: string;
  path?: string;
  stage?: string;
  variables?: object;
  more?: object;
}

/** A gateway with one route to the backend. */
async function withBackend({ routeKey = "ANY /in", path = "/out", stage = "$default", variables, more }: Options) {
  const test = await createTestGateway(() => ({ value: "ok" }));
  const { ApiId = "" } = await test.call(service, "CreateApi", { Name: "Shop", ProtocolType: "HTTP" });
  const { IntegrationId = "" } = await test.call(service, "CreateIntegration", {
    ApiId,
    IntegrationType: "HTTP_PROXY",
    IntegrationMethod: "ANY",
    IntegrationUri: path.startsWith("/") ? `${url}${path}` : path,
    PayloadFormatVersion: "1.0",
    ...more,
  });
  await test.call(service, "CreateRoute", { ApiId, RouteKey: routeKey, Target: `integrations/${IntegrationId}` });
  const StageVariables = variables ?? {};
  await test.call(service, "CreateStage", { ApiId, StageName: stage, AutoDeploy: true, StageVariables });
  return { test, ApiId, IntegrationId };
}
const post = (test: TestGateway, target: string, headers: string[] = [], body = "hello"): Promise<Answer> =>
  test.send({ method: "POST", target: `/_api/Shop/${target}`, headers: ["Host", "h.example", ...headers], body });

describe("an integration of an HTTP API with a URL", () => {
  it("passes method, headers, query and body on, and adds who forwarded the request", async () => {
    const { test } = await withBackend({});
    const answer = await post(test, "$default/in?a=1&a=2&b=x+y", [
      "Content-Type",
      "text/plain",
      "X-Two",
      "1",
      "X-Two",
      "2",
      "Cookie",
      "c=1",
      "Connection",
      "close",
      "X-Forwarded-For",
      "203.0.113.1, 203.0.113.2",
      "X-Forwarded-Proto",
      "https",
      "Via",
      "1.1 me",
    ]);
    expect(got(answer)).toEqual({
      method: "POST",
      url: "/out?a=1&a=2&b=x+y",
      headers: {
        host: url.slice("http://".length),
        connection: "keep-alive",
        "content-type": "text/plain",
        "content-length": "5",
        "x-two": "1, 2",
        cookie: "c=1",
        forwarded:
          "for=203.0.113.1, for=203.0.113.2, proto=https, by=127.0.0.1;for=192.0.2.7;host=h.example;proto=http",
        via: "1.1 me, HTTP/1.1 AmazonAPIGateway",
        "x-amzn-trace-id": expect.stringMatching(/^Root=1-5e6a879e-[0-9a-f]{24}$/),
      },
      body: "hello",
    });
  });

  it("passes the answer back, but what belongs to its connection", async () => {
    const { test } = await withBackend({});
    const answer = await post(test, "$default/in", ["X-Status", "418"]);
    expect(answer.status).toBe(418);
    expect(answer.headers).toEqual({
      "content-type": "application/json",
      "x-back": "1",
      "set-cookie": "a=1 | b=2",
      server: "me",
      "apigw-requestid": expect.stringMatching(/^[\w-]{15}=$/),
    });
  });

  it("without a body sends its length and a type all the same, and calls by the integration's own method", async () => {
    const { test } = await withBackend({ more: { IntegrationMethod: "GET" } });
    expect(got(await post(test, "$default/in", [], ""))).toMatchObject({
      method: "GET",
      headers: { "content-length": "0", "content-type": "application/octet-stream" },
      body: "",
    });
  });

  it.each<[Options, string, string]>([
    [{ routeKey: "ANY /pets/{id}", path: "/v1/{id}/x" }, "$default/pets/a%20b%2Fc", "/v1/a%20b/c/x"],
    [{ routeKey: "ANY /pets/{id}", path: "/v1/{id}" }, "$default/pets/what%3F%23", "/v1/what%3F%23"],
    [{ routeKey: "ANY /a/{proxy+}", path: "/b/{proxy}" }, "$default/a/x/y%C3%A9?q=1", "/b/x/y%C3%A9?q=1"],
    [{ routeKey: "ANY /a/{proxy+}", path: "/b/{proxy+}?k=1" }, "$default/a/x?q=1", "/b/x?k=1&q=1"],
    [{ routeKey: "ANY /a/{proxy+}", path: "/b" }, "$default/a/x", "/b"],
    [{ routeKey: "$default", path: "/base/" }, "$default/any/path?q=1", "/base/any/path?q=1"],
    [{ routeKey: "$default", path: "/", stage: "dev" }, "dev/any", "/dev/any"],
    [
      { routeKey: "$default", stage: "dev", more: { RequestParameters: { "overwrite:path": "$request.path" } } },
      "dev/any/path",
      "/any/path",
    ],
    [{ path: "/${stageVariables.v}/{none}", variables: { v: "v2" } }, "$default/in", "/v2/%7Bnone%7D"],
  ])("%j: %s is %s of the backend", async (options, target, expected) => {
    const { test } = await withBackend(options);
    expect(got(await post(test, target)).url).toBe(expected);
  });

  it("parameters are mapped both ways; another Host can be set", async () => {
    const { test } = await withBackend({
      more: {
        RequestParameters: {
          "overwrite:header.host": "other.example",
          "append:header.x-id": "$context.requestId",
          "remove:querystring.a": "''",
        },
        ResponseParameters: {
          200: {
            "overwrite:statuscode": "202",
            "remove:header.server": "''",
            "append:header.m": "$response.body.method",
          },
        },
      },
    });
    const answer = await post(test, "$default/in?a=1&b=2");
    expect(answer).toMatchObject({ status: 202, headers: { m: "POST" } });
    expect(answer.headers).not.toHaveProperty("server");
    expect(got(answer)).toMatchObject({
      url: "/out?b=2",
      headers: { host: "other.example", "x-id": answer.headers["apigw-requestid"] },
    });
  });

  it.each([
    ["does not answer in time", { path: "/hang", more: { TimeoutInMillis: 50 } }, 503, "Service Unavailable"],
    ["cannot be reached", { path: "http://127.0.0.1:1/" }, 503, "Service Unavailable"],
    ["has no address", { path: "http://${stageVariables.none}" }, 500, "Internal Server Error"],
  ])("a backend that %s", async (_what, options, status, message) => {
    const { test } = await withBackend(options);
    expect(await post(test, "$default/in")).toMatchObject({ status, body: JSON.stringify({ message }) });
  });
});

describe("quick create with a URL", () => {
  it("calls it by the client's method and path, until UpdateApi names another target and key", async () => {
    const test = await createTestGateway(() => ({ value: "from the function" }));
    const { ApiId } = await test.call(service, "CreateApi", { Name: "Shop", ProtocolType: "HTTP", Target: `${url}/x` });
    expect(got(await post(test, "$default/a?b=1"))).toMatchObject({ method: "POST", url: "/x/a?b=1" });
    await test.call(service, "UpdateApi", { ApiId, Target: `${url}/y`, RouteKey: "POST /only" });
    expect(got(await post(test, "$default/only")).url).toBe("/y");
    expect((await post(test, "$default/a")).status).toBe(404);
    const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
    const CredentialsArn = "arn:aws:iam::000000000000:role/caller";
    await test.call(service, "UpdateApi", { ApiId, Target: functionArn, CredentialsArn });
    expect((await post(test, "$default/only")).body).toBe("from the function");
    const { Items } = await test.call<{ Items: object[] }>(service, "GetIntegrations", { ApiId });
    expect(Items).toMatchObject([
      { IntegrationType: "AWS_PROXY", IntegrationUri: functionArn, CredentialsArn, ApiGatewayManaged: true },
    ]);
    const other = await test.call(service, "CreateApi", { Name: "Other", ProtocolType: "HTTP" });
    expect(await test.errorOf(service, "UpdateApi", { ApiId: other["ApiId"], Target: url })).toBe(
      "BadRequestException 400: The API was not made by quick create: change the route and its integration",
    );
  });
});
