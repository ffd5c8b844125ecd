import { ServiceError } from "@tripline/kernel";
import { describe, expect, it } from "vitest";
import {
  createTestGateway,
  functionArn,
  functionUri,
  type TestAnswer,
  withRestApi,
} from "../testing/create-test-gateway.ts";

const ok: TestAnswer = { value: { statusCode: 200, body: "ok" } };
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
const extendedId = expect.stringMatching(/^[\w-]{15}=$/);

describe("paths and queries reach a function as on AWS", () => {
  it.each<[string, string, string, object | null, object | null]>([
    // sent after the stage, path, requestContext.path, pathParameters, multiValueQueryStringParameters
    ["/p/v", "/p/v", "/dev/p/v", { proxy: "v" }, null],
    ["/p/v/", "/p/v/", "/dev/p/v/", { proxy: "v" }, null],
    ["/p/v//w", "/p/v//w", "/dev/p/v//w", { proxy: "v//w" }, null],
    ["//p/v", "/p/v", "/dev//p/v", { proxy: "v" }, null],
    ["//fixed", "/fixed", "/dev//fixed", null, null],
    ["/p/v?urlparam=test", "/p/v", "/dev/p/v", { proxy: "v" }, { urlparam: ["test"] }],
    ["/p/v/?urlparam=test", "/p/v/", "/dev/p/v/", { proxy: "v" }, { urlparam: ["test"] }],
    [
      "/p/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      "/p/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      "/dev/p/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      { proxy: "test%2Balias@gmail.com/plus/test+alias@gmail.com" },
      null,
    ],
    ["/p/%C3%BC/a%20b", "/p/%C3%BC/a%20b", "/dev/p/%C3%BC/a%20b", { proxy: "%C3%BC/a%20b" }, null],
    ["/p/a/../b/./c", "/p/a/../b/./c", "/dev/p/a/../b/./c", { proxy: "a/../b/./c" }, null],
    ["/p/a%2Fb", "/p/a%2Fb", "/dev/p/a%2Fb", { proxy: "a%2Fb" }, null],
    [
      "/p/v?plus=a+b&enc=a%2Bb&space=a%20b&url=https%3A%2F%2Fx.com%2F&u=%C3%BC",
      "/p/v",
      "/dev/p/v",
      { proxy: "v" },
      { plus: ["a b"], enc: ["a+b"], space: ["a b"], url: ["https://x.com/"], u: ["ü"] },
    ],
    ["/p/v?c=1&c=2&d=&e", "/p/v", "/dev/p/v", { proxy: "v" }, { c: ["1", "2"], d: [""], e: [""] }],
  ])("%s", async (target, path, contextPath, pathParameters, query) => {
    const test = await createTestGateway(() => ok);
    const id = await withRestApi(test, ["GET /p/{proxy+}", "GET /fixed"]);
    const host = ["Host", `${id}.execute-api.us-east-1.amazonaws.com`];
    for (const sent of [
      { target: `/_api/Legacy/dev${target}` },
      { target: `/dev${target}`, headers: host },
      { target: `//dev${target}`, headers: host },
    ]) {
      expect((await test.send(sent)).status).toBe(200);
      const event = test.events.at(-1) as Record<string, unknown> & { requestContext: { path: string } };
      expect([
        event["path"],
        event.requestContext.path,
        event["pathParameters"],
        event["multiValueQueryStringParameters"],
      ]).toEqual([path, contextPath, pathParameters, query]);
    }
  });

  it("a header that arrives twice has its last value, and all of them; names are as they were sent", async () => {
    const test = await createTestGateway(() => ok);
    await withRestApi(test, ["GET /"]);
    await test.send({
      target: "/_api/Legacy/dev/",
      headers: ["Host", "h", "X-One", "1", "X-One", "2", "x-one", "3", "X-Empty", ""],
    });
    expect(test.events[0]).toMatchObject({
      headers: { "X-One": "2", "x-one": "3", "X-Empty": "" },
      multiValueHeaders: { "X-One": ["1", "2"], "x-one": ["3"], "X-Empty": [""] },
    });
  });
});

describe("the event of a REST API", () => {
  it("has AWS's members in AWS's order", async () => {
    const test = await createTestGateway(() => ok);
    const id = await withRestApi(test, ["ANY /a/{proxy+}"], { variables: { k: "v" } });
    await test.send({
      method: "POST",
      target: "/_api/Legacy/dev/a/b%2Bc/?x=1&x=a%2Bb+c",
      headers: ["Host", "h:1", "tEsT", "1", "tEsT", "2", "User-Agent", "curl/8", "Content-Length", "2", "TE", "gzip"],
      body: "hi",
    });
    const event = test.events[0] as Record<string, Record<string, unknown>>;
    expect(event).toEqual({
      resource: "/a/{proxy+}",
      path: "/a/b%2Bc/",
      httpMethod: "POST",
      headers: {
        Host: "h:1",
        tEsT: "2",
        "User-Agent": "curl/8",
        "X-Amzn-Trace-Id": expect.stringMatching(/^Root=1-/),
        "X-Forwarded-For": "192.0.2.7",
        "X-Forwarded-Port": "4566",
        "X-Forwarded-Proto": "http",
      },
      multiValueHeaders: {
        Host: ["h:1"],
        tEsT: ["1", "2"],
        "User-Agent": ["curl/8"],
        "X-Amzn-Trace-Id": [expect.stringMatching(/^Root=1-/)],
        "X-Forwarded-For": ["192.0.2.7"],
        "X-Forwarded-Port": ["4566"],
        "X-Forwarded-Proto": ["http"],
      },
      queryStringParameters: { x: "a+b c" },
      multiValueQueryStringParameters: { x: ["1", "a+b c"] },
      pathParameters: { proxy: "b%2Bc" },
      stageVariables: { k: "v" },
      requestContext: {
        accountId: "000000000000",
        apiId: id,
        deploymentId: expect.stringMatching(/^[a-z0-9]{6}$/),
        domainName: `${id}.execute-api.us-east-1.amazonaws.com`,
        domainPrefix: id,
        extendedRequestId: extendedId,
        httpMethod: "POST",
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: "192.0.2.7",
          user: null,
          userAgent: "curl/8",
          userArn: null,
        },
        path: "/dev/a/b%2Bc/",
        protocol: "HTTP/1.1",
        requestId: uuid,
        requestTime: "12/Mar/2020:19:03:58 +0000",
        requestTimeEpoch: 1584039838390,
        resourceId: expect.stringMatching(/^[a-z0-9]{6}$/),
        resourcePath: "/a/{proxy+}",
        stage: "dev",
      },
      body: "hi",
      isBase64Encoded: false,
    });
    expect(Object.keys(event)).toEqual([
      "resource",
      "path",
      "httpMethod",
      "headers",
      "multiValueHeaders",
      "queryStringParameters",
      "multiValueQueryStringParameters",
      "pathParameters",
      "stageVariables",
      "requestContext",
      "body",
      "isBase64Encoded",
    ]);
  });

  it("is null where a map is empty, and the root is a resource", async () => {
    const test = await createTestGateway(() => ok);
    await withRestApi(test, ["GET /"]);
    await test.send({ target: "/_api/Legacy/dev" });
    expect(test.events[0]).toMatchObject({
      resource: "/",
      path: "/",
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      body: null,
    });
  });

  it.each([
    [["image/*"], "image/png", true],
    [["*/*"], "text/plain", true],
    [["image/png"], "image/jpeg", false],
    [[], "image/png", false],
  ])("binary media types %j make a body of %s base64: %s", async (binaryMediaTypes, type, isBase64Encoded) => {
    const test = await createTestGateway(() => ok);
    await withRestApi(test, ["POST /"], { binaryMediaTypes });
    await test.send({ method: "POST", target: "/_api/Legacy/dev/", headers: ["Content-Type", type], body: "x" });
    expect(test.events[0]).toMatchObject({ body: isBase64Encoded ? "eA==" : "x", isBase64Encoded });
  });
});

describe("the answer of a REST API", () => {
  const json = { "content-type": "application/json" };
  const malformed = { status: 502, headers: json, body: '{"message": "Internal server error"}', error: true };
  const own = {
    "x-amzn-requestid": uuid,
    "x-amz-apigw-id": extendedId,
  };
  it.each<[TestAnswer, { status: number; headers: object; body: string; error?: boolean }]>([
    [{ value: {} }, { status: 200, headers: json, body: "" }],
    [{ value: { statusCode: "201", body: null, headers: null } }, { status: 201, headers: json, body: "" }],
    [
      { value: { statusCode: 200, headers: { A: true, Date: "never" }, body: "x" } },
      { status: 200, headers: { a: "true", "x-amzn-remapped-date": "never", ...json }, body: "x" },
    ],
    [
      { value: { headers: { test: "solo" }, multiValueHeaders: { TEST: ["multi", "other"] } } },
      { status: 200, headers: { test: "multi | other | solo", ...json }, body: "" },
    ],
    [{ value: { body: "eA==", isBase64Encoded: true } }, { status: 200, headers: json, body: "eA==" }],
    [{ value: { statusCode: 200, extra: 1 } }, malformed],
    [{ value: { headers: { a: 1 } } }, malformed],
    [{ value: { multiValueHeaders: { a: "b" } } }, malformed],
    [{ value: { body: {} } }, malformed],
    [{ value: { statusCode: 1.5 } }, malformed],
    [{ value: "hi" }, malformed],
    [{ value: [] }, malformed],
    [{ value: null }, malformed],
    [{ payload: "not json" }, malformed],
    [{ failed: true }, malformed],
    [{ thrown: new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 }) }, malformed],
  ])("of %j", async (given, { error, ...expected }) => {
    const test = await createTestGateway(() => given);
    await withRestApi(test, ["GET /"]);
    expect(await test.send({ target: "/_api/Legacy/dev/" })).toEqual({
      ...expected,
      headers: {
        ...expected.headers,
        ...own,
        ...(error === true
          ? { "x-amzn-errortype": "InternalServerErrorException" }
          : { "x-amzn-trace-id": expect.stringMatching(/^Root=1-/) }),
      },
    });
  });

  it("decodes base64 only for an Accept that is one of the binary media types", async () => {
    const test = await createTestGateway(() => ({ value: { body: "/w==", isBase64Encoded: true } }));
    await withRestApi(test, ["GET /"], { binaryMediaTypes: ["image/png"] });
    const bodyFor = async (accept: string): Promise<string> =>
      (await test.send({ target: "/_api/Legacy/dev/", headers: ["Accept", accept] })).body;
    expect([await bodyFor("image/png,*/*"), await bodyFor("*/*")]).toEqual(["\u00ff", "/w=="]);
  });

  // Each as AWS answered it.
  it.each([
    ["image/png", "image/png", true],
    ["image/jpg", "image/png", false],
    ["image/*", "image/png", false],
    ["*/test", "*/test", false],
    ["random/test", "*/test", false],
    ["*/*", "image/png", false],
    ["image/webp,image/png,*/*;q=0.8", "image/png", false],
    ["image/png,image/*,*/*;q=0.8", "image/png", true],
    ["application/whatever", "application/*", true],
    ["application/*", "application/*", true],
    ["anything/else", "*/*", true],
  ])("an Accept %s with the binary media type %s: %s", async (accept, type, isBinary) => {
    const test = await createTestGateway(() => ({ value: { body: "/w==", isBase64Encoded: true } }));
    await withRestApi(test, ["GET /"], { binaryMediaTypes: [type] });
    const { body } = await test.send({ target: "/_api/Legacy/dev/", headers: ["Accept", accept] });
    expect(body).toBe(isBinary ? "\u00ff" : "/w==");
  });

  it("a body that is said to be base64 and is not is 500", async () => {
    const test = await createTestGateway(() => ({ value: { body: "not base64!", isBase64Encoded: true } }));
    await withRestApi(test, ["GET /"], { binaryMediaTypes: ["*/*"] });
    expect(await test.send({ target: "/_api/Legacy/dev/", headers: ["Accept", "a/b"] })).toMatchObject({
      status: 500,
      body: '{"message": "Internal server error"}',
    });
  });

  it("a caller comes after those that it says it called for", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    await withRestApi(test, ["GET /"]);
    await test.send({ target: "/_api/Legacy/dev/", headers: ["X-Forwarded-For", "203.0.113.9"] });
    expect(test.events[0]).toMatchObject({ headers: { "X-Forwarded-For": "203.0.113.9, 192.0.2.7" } });
  });

  it("errors of the gateway itself are AWS's", async () => {
    const test = await createTestGateway((event) =>
      event["path"] === "/slow"
        ? "hangs"
        : { thrown: new ServiceError("RequestTooLargeException", "too large", { status: 413 }) },
    );
    await withRestApi(test, ["GET /slow", "POST /big"], { timeoutMs: 50 });
    const send = async (method: string, target: string, body: Uint8Array | string = ""): Promise<unknown[]> => {
      const answer = await test.send({ method, target, body });
      return [answer.status, answer.headers["x-amzn-errortype"], answer.body];
    };
    const missing = [403, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}'];
    expect(await send("GET", "/_api/Legacy/dev/none")).toEqual(missing);
    expect(await send("DELETE", "/_api/Legacy/dev/slow")).toEqual(missing);
    expect(await send("GET", "/_api/Legacy/prod/slow")).toEqual([403, "ForbiddenException", '{"message":"Forbidden"}']);
    expect(await send("GET", "/_api/Legacy/dev/slow")).toEqual([
      504,
      "InternalServerErrorException",
      '{"message": "Endpoint request timed out"}',
    ]);
    expect(await send("POST", "/_api/Legacy/dev/big")).toEqual([
      413,
      "BadRequestException",
      '{"message": "Request Too Long"}',
    ]);
    expect(await send("POST", "/_api/Legacy/dev/big", Buffer.alloc(10_485_761))).toEqual([
      413,
      undefined,
      "HTTP content length exceeded 10485760 bytes.",
    ]);
  });
});

describe("operations of REST APIs", () => {
  const method = { resourceId: "{root}", httpMethod: "GET" };
  const integration = { ...method, type: "AWS_PROXY", integrationHttpMethod: "POST", uri: functionUri };
  it.each([
    ["CreateRestApi", { name: "" }, "BadRequestException 400: No name specified"],
    ["CreateResource", { restApiId: "nope", parentId: "x", pathPart: "a" }, "NotFoundException 404: Invalid API"],
    [
      "CreateResource",
      { parentId: "x", pathPart: "a" },
      "NotFoundException 404: Invalid Resource identifier specified",
    ],
    ["CreateResource", { parentId: "{root}", pathPart: "a" }, "ConflictException 409: Another resource"],
    ["CreateResource", { parentId: "{root}", pathPart: "a/b" }, "BadRequestException 400: Resource's path part"],
    ["CreateResource", { parentId: "{root}", pathPart: "{id}" }, "BadRequestException 400: A sibling ({proxy+})"],
    ["PutMethod", { ...method, authorizationType: "NONE" }, "ConflictException 409: Method already exists"],
    [
      "PutMethod",
      { ...method, httpMethod: "FETCH", authorizationType: "NONE" },
      "BadRequestException 400: Invalid HttpMethod",
    ],
    [
      "PutMethod",
      { ...method, httpMethod: "POST", authorizationType: "AWS_IAM" },
      "NotImplemented 501: Tripline does not simulate AWS_IAM authorization",
    ],
    [
      "PutIntegration",
      { ...integration, httpMethod: "PUT" },
      "NotFoundException 404: Invalid Method identifier specified",
    ],
    [
      "PutIntegration",
      { ...integration, type: "HTTPS" },
      "ValidationException 400: 1 validation error detected: Value 'HTTPS' at 'putIntegrationInput.type'",
    ],
    [
      "PutIntegration",
      { ...integration, uri: functionArn },
      "BadRequestException 400: AWS ARN for integration must contain path or action",
    ],
    [
      "PutIntegration",
      { ...integration, integrationHttpMethod: undefined },
      "BadRequestException 400: Enumeration value",
    ],
    ["PutIntegration", { ...integration, uri: "http://x" }, "BadRequestException 400: Invalid ARN"],
    ["PutIntegration", { ...integration, timeoutInMillis: 29_001 }, "BadRequestException 400: Timeout should be"],
    ["CreateDeployment", { stageName: "a b" }, "BadRequestException 400: Stage name"],
  ])("%s %j is refused", async (operation, input, text) => {
    const test = await createTestGateway(() => ok);
    const restApiId = await withRestApi(test, ["GET /", "GET /a", "GET /{proxy+}"]);
    const { rootResourceId = "" } = await test.call("apigateway", "GetRestApi", { restApiId });
    const filled = JSON.parse(JSON.stringify({ restApiId, ...input }).replaceAll("{root}", rootResourceId)) as object;
    expect(await test.errorOf("apigateway", operation, filled)).toContain(text);
  });

  it("a stage serves what was deployed, not what was edited since; it outlives the process", async () => {
    const test = await createTestGateway(() => ok);
    const restApiId = await withRestApi(test, ["GET /a"]);
    const { rootResourceId } = await test.call("apigateway", "GetRestApi", { restApiId });
    const { id: resourceId } = await test.call("apigateway", "CreateResource", {
      restApiId,
      parentId: rootResourceId,
      pathPart: "b",
    });
    const target = { restApiId, resourceId, httpMethod: "GET" };
    await test.call("apigateway", "PutMethod", { ...target, authorizationType: "NONE" });
    await test.call("apigateway", "PutIntegration", {
      ...target,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: functionUri,
    });
    expect((await test.send({ target: "/_api/Legacy/dev/b" })).status).toBe(403);
    await test.call("apigateway", "CreateDeployment", { restApiId, stageName: "dev" });
    const again = await createTestGateway(() => ok, test.database);
    expect((await again.send({ target: "/_api/Legacy/dev/b" })).status).toBe(200);
    expect(again.gateway.apis()).toEqual([
      {
        id: restApiId,
        name: "Legacy",
        type: "REST",
        stages: ["dev"],
        routes: [
          { method: "GET", path: "/a", functionName: "orders" },
          { method: "GET", path: "/b", functionName: "orders" },
        ],
      },
    ]);
    await again.call("apigateway", "DeleteRestApi", { restApiId });
    expect(await again.call("apigateway", "GetRestApis", {})).toEqual({ items: [] });
  });
});
