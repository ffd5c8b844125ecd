/** Integrations: what reaches the backend, and what of its answer reaches the client. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, createTestGateway, functionUri, type TestGateway } from "../../testing/create-test-gateway.ts";
import { deployOpenApi, mock } from "../../testing/deploy-open-api.ts";

const seen = ({ status, headers, body }: Answer): unknown[] => [status, headers["content-type"], body];
const send = (
  test: TestGateway,
  id: string,
  path: string,
  options: { method?: string; headers?: string[]; body?: string | Uint8Array } = {},
): Promise<Answer> =>
  test.send({
    method: options.method ?? "POST",
    target: `/_api/${id}/dev${path}`,
    headers: ["Host", "h", ...(options.headers ?? [])],
    body: options.body ?? "",
  });
const failure = [500, "application/json", '{"message": "Internal server error"}'];

/** Answers with what it got, as JSON; `/status/N` with that status; `/hang` never. */
let backend: Server;
let url = "";
beforeAll(async () => {
  backend = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url === "/hang") return;
      const status = Number(/^\/status\/(\d+)/.exec(request.url ?? "")?.[1] ?? 200);
      const got = {
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      response
        .writeHead(status, { "content-type": "application/json", "x-back": "1", server: "me" })
        .end(JSON.stringify(got));
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
});
afterAll(() => {
  backend.closeAllConnections();
  backend.close();
});
const parsed = (answer: Answer): { method: string; url: string; headers: Record<string, string>; body: string } =>
  JSON.parse(answer.body) as never;

describe("MOCK", () => {
  it.each([
    ['{"statusCode": 200}', 200],
    ["{statusCode: 201,}", 201],
    ['{"statusCode": 299, "junk": nope}', 200],
    ['{"statusCode": "200"}', 500],
    ["{}", 500],
    ["nonsense", 500],
  ])("%s answers %d", async (request, status) => {
    const test = await createTestGateway(() => ({ value: {} }));
    const responses = { default: { statusCode: "200" }, "201": { statusCode: "201" } };
    const id = await deployOpenApi(test, { operations: { "POST /": mock("", { request, responses }) } });
    expect((await send(test, id, "/")).status).toBe(status);
  });

  it("without a template it is the default response; overrides of both templates hold", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const id = await deployOpenApi(test, {
      operations: {
        "GET /plain": {
          responses: {},
          "x-amazon-apigateway-integration": { type: "mock", responses: { default: { statusCode: 204 } } },
        },
        "POST /over": mock("#set($context.responseOverride.header.B = 'b')$input.params('x') $input.json('$')", {
          request:
            '#set($context.responseOverride.status = 418)#set($context.responseOverride.header.A = "a"){"statusCode": 200}',
        }),
      },
    });
    expect(seen(await send(test, id, "/plain", { method: "GET" }))).toEqual([204, "application/json", ""]);
    const answer = await send(test, id, "/over?x=1", { body: '{"a":1}' });
    expect([
      answer.status,
      answer.body,
      answer.headers["a"],
      answer.headers["b"],
      answer.headers["x-amzn-trace-id"],
    ]).toEqual([418, "1 {}", "a", "b", undefined]);
  });
});

describe("AWS to a function", () => {
  const lambda = (
    more: object,
    responses: object = { default: { statusCode: 200 } },
    declared: object = {},
  ): object => ({
    responses: { "200": { description: "", headers: { "X-A": {}, "X-B": {} } }, ...declared },
    "x-amazon-apigateway-integration": { type: "aws", httpMethod: "POST", uri: functionUri, responses, ...more },
  });

  it("the body goes on as it is, or as its template renders; the answer likewise", async () => {
    const test = await createTestGateway((event) => ({ value: { got: event } }));
    const id = await deployOpenApi(test, {
      operations: {
        "POST /raw": lambda({}),
        "POST /mapped/{x}": lambda(
          {
            requestTemplates: {
              "application/json":
                '{"x": "$input.params(\'x\')", "q": "$input.params(\'q\')", "body": $input.json(\'$.a\'), "v": "$stageVariables.v", "ip": "$context.identity.sourceIp"}',
            },
          },
          {
            default: {
              statusCode: 200,
              responseParameters: {
                "method.response.header.X-A": "integration.response.body.got.x",
                "method.response.header.X-B": "'static'",
              },
              responseTemplates: { "application/json": "<$input.path('$.got.body')>" },
            },
          },
        ),
      },
      stage: { variables: { v: "live" } },
    });
    expect(seen(await send(test, id, "/raw", { body: '{"a":1}' }))).toEqual([
      200,
      "application/json",
      '{"got":{"a":1}}',
    ]);
    const answer = await send(test, id, "/mapped/7?q=a+b", { body: '{"a":[1]}' });
    expect(test.events.at(-1)).toEqual({ x: "7", q: "a b", body: [1], v: "live", ip: "192.0.2.7" });
    expect([answer.status, answer.body, answer.headers["x-a"], answer.headers["x-b"]]).toEqual([
      200,
      "<[1]>",
      "7",
      "static",
    ]);
  });

  it("responses are chosen by the error's message, whole; never by a status", async () => {
    const payload = JSON.stringify({ errorMessage: "Error: four hundred happened", errorType: "Error" });
    const test = await createTestGateway((event) =>
      event["fail"] === true ? { failedWith: payload } : { value: "Pass" },
    );
    const responses = {
      default: { statusCode: 200 },
      "200": { statusCode: 201 },
      ".*four hundred.*": {
        statusCode: 400,
        responseTemplates: { "application/json": "$input.path('$.errorMessage')" },
      },
      "four hundred": { statusCode: 402 },
    };
    const id = await deployOpenApi(test, { operations: { "POST /": lambda({}, responses) } });
    expect(seen(await send(test, id, "/", { body: "{}" }))).toEqual([200, "application/json", '"Pass"']);
    expect(seen(await send(test, id, "/", { body: '{"fail":true}' }))).toEqual([
      400,
      "application/json",
      "Error: four hundred happened",
    ]);
  });

  it("no response for what happened, and none by default, is 500", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const id = await deployOpenApi(test, { operations: { "POST /": lambda({}, { "Bad.*": { statusCode: 400 } }) } });
    expect(seen(await send(test, id, "/"))).toEqual(failure);
  });

  it.each([
    ["when_no_match", { "text/plain": "{}" }, [200, 200]],
    ["when_no_templates", { "text/plain": "{}" }, [415, 200]],
    ["when_no_templates", undefined, [200, 200]],
    ["never", { "text/plain": "{}" }, [415, 200]],
    ["never", undefined, [415, 415]],
  ])("%s with %j answers JSON and text with %j", async (passthroughBehavior, requestTemplates, statuses) => {
    const test = await createTestGateway(() => ({ value: {} }));
    const id = await deployOpenApi(test, {
      operations: {
        "POST /": lambda({ passthroughBehavior, ...(requestTemplates === undefined ? {} : { requestTemplates }) }),
      },
    });
    const got = [
      await send(test, id, "/", { headers: ["Content-Type", "application/json; charset=utf-8"], body: "{}" }),
      await send(test, id, "/", { headers: ["Content-Type", "text/plain"], body: "{}" }),
    ];
    expect(got.map((one) => one.status)).toEqual(statuses);
    if (statuses[0] === 415)
      expect([got[0]?.headers["x-amzn-errortype"], got[0]?.body]).toEqual([
        "BadRequestException",
        '{"message":"Unsupported Media Type"}',
      ]);
  });

  it("a body that begins as JSON and is none is 400 in AWS's words; a template that cannot be is 500", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const id = await deployOpenApi(test, {
      operations: {
        "POST /": lambda({ requestTemplates: { "application/json": '{"a": "$input.path(\'$.a\')"}' } }),
        "POST /broken": lambda({ requestTemplates: { "application/json": "#if(" } }),
      },
    });
    expect(seen(await send(test, id, "/", { body: "{a" }))).toEqual([
      400,
      "application/json",
      '{"message":"Could not process payloadnet.minidev.json.parser.ParseException: Unexpected End Of File position 1: null"}',
    ]);
    expect(seen(await send(test, id, "/broken", { body: "{}" }))).toEqual(failure);
  });

  it("headers that cannot be mapped are 500", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    for (const header of ["Content-Length", "Authorization", "X-Amzn-Trace-Id"]) {
      const id = await deployOpenApi(test, {
        operations: { "POST /": lambda({ requestParameters: { [`integration.request.header.${header}`]: "'x'" } }) },
      });
      expect(seen(await send(test, id, "/", { body: "{}" }))).toEqual(failure);
    }
  });
});

describe("HTTP and HTTP_PROXY", () => {
  const http = (type: string, path: string, more: object = {}): object => ({
    responses: { "200": { description: "", headers: { "X-Seen": {} } }, "404": { description: "" } },
    "x-amazon-apigateway-integration": { type, httpMethod: "ANY", uri: `${url}${path}`, ...more },
  });

  it("HTTP_PROXY passes the request and the answer on; mapped headers replace, mapped query values come after", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const id = await deployOpenApi(test, {
      operations: {
        "ANY /{proxy+}": {
          ...http("http_proxy", "/base/{proxy}?own=1", {
            requestParameters: {
              "integration.request.path.proxy": "method.request.path.proxy",
              "integration.request.header.X-Set": "'set'",
              "integration.request.querystring.q": "'more'",
            },
          }),
        },
      },
    });
    const answer = await send(test, id, "/a/b?q=1", {
      method: "PUT",
      headers: ["X-Set", "sent", "X-Own", "o", "Via", "v", "Content-Type", "text/plain"],
      body: "hello",
    });
    const got = parsed(answer);
    expect([got.method, got.url, got.body]).toEqual(["PUT", "/base/a/b?own=1&q=1&q=more", "hello"]);
    expect([
      got.headers["x-set"],
      got.headers["x-own"],
      got.headers["via"],
      got.headers["content-type"],
      got.headers["x-amzn-apigateway-api-id"],
      got.headers["host"],
    ]).toEqual(["set", "o", undefined, "text/plain", id, new URL(url).host]);
    expect([
      answer.status,
      answer.headers["x-back"],
      answer.headers["x-amzn-remapped-server"],
      answer.headers["server"],
    ]).toEqual([200, "1", "me", undefined]);
  });

  it("HTTP maps both ways, and chooses by status", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const id = await deployOpenApi(test, {
      operations: {
        "POST /{code}": http("http", "/status/{code}", {
          requestParameters: {
            "integration.request.path.code": "method.request.path.code",
            "integration.request.querystring.t": "method.request.header.X-T",
            "integration.request.header.X-Body": "method.request.body.a.b",
          },
          responses: {
            default: {
              statusCode: 200,
              responseParameters: { "method.response.header.X-Seen": "integration.response.header.x-back" },
            },
            "4\\d\\d": { statusCode: 404, responseTemplates: { "application/json": "no: $input.path('$.url')" } },
          },
        }),
      },
    }).catch((error: unknown) => String(error));
    // What a mapping reads must be declared.
    expect(id).toContain("Invalid mapping expression parameter specified: method.request.header.X-T");
    const declared = {
      ...http("http", "/status/{code}", {
        requestParameters: {
          "integration.request.path.code": "method.request.path.code",
          "integration.request.querystring.t": "method.request.header.X-T",
          "integration.request.header.X-Body": "method.request.body.a.b",
        },
        responses: {
          default: {
            statusCode: 200,
            responseParameters: { "method.response.header.X-Seen": "integration.response.header.x-back" },
          },
          "4\\d\\d": { statusCode: 404, responseTemplates: { "application/json": "no: $input.path('$.url')" } },
        },
      }),
      parameters: [{ name: "X-T", in: "header" }],
    };
    const made = await deployOpenApi(test, { operations: { "POST /{code}": declared } });
    const answer = await send(test, made, "/200", { headers: ["X-T", "t 1"], body: '{"a":{"b":[1,"x"]}}' });
    const got = parsed(answer);
    expect([
      got.url,
      got.headers["x-body"],
      got.headers["accept"],
      got.headers["user-agent"],
      answer.headers["x-seen"],
      answer.headers["x-back"],
    ]).toEqual(["/status/200?t=t%201", '[1,"x"]', "application/json", `AmazonAPIGateway_${made}`, "1", undefined]);
    expect(seen(await send(test, made, "/404"))).toEqual([404, "application/json", "no: /status/404"]);
    expect(seen(await send(test, made, "/200", { body: "{nope" }))).toEqual([
      400,
      "application/json",
      '{"message":"Invalid JSON in request body"}',
    ]);
  });

  it("a backend that hangs is 504, one that is not there 500; stage variables stand in URIs", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const id = await deployOpenApi(test, {
      operations: {
        "GET /hang": http("http_proxy", "/hang", { timeoutInMillis: 50 }),
        "GET /gone": http("http_proxy", "", { uri: "http://127.0.0.1:1/" }),
        "GET /var": http("http_proxy", "", { uri: "http://${stageVariables.backend}/x" }),
        "GET /none": http("http_proxy", "", { uri: "http://${stageVariables.none}/x" }),
      },
      stage: { variables: { backend: url.slice("http://".length) } },
    });
    const call = (path: string): Promise<Answer> => send(test, id, path, { method: "GET" });
    expect(seen(await call("/hang"))).toEqual([504, "application/json", '{"message": "Endpoint request timed out"}']);
    expect(seen(await call("/gone"))).toEqual(failure);
    expect(parsed(await call("/var")).url).toBe("/x");
    expect(seen(await call("/none"))).toEqual(failure);
  });
});

it("a name below localhost is this machine, whatever the resolver says: function URLs are such names", async () => {
  const test = await createTestGateway(() => ({ value: {} }));
  const uri = `http://abc.lambda-url.us-east-1.localhost:${new URL(url).port}/y`;
  const id = await deployOpenApi(test, {
    operations: {
      "GET /": { responses: {}, "x-amazon-apigateway-integration": { type: "http_proxy", httpMethod: "GET", uri } },
    },
  });
  expect(parsed(await send(test, id, "/", { method: "GET" })).url).toBe("/y");
});

it("a bucket may stand before s3 in the ARN", async () => {
  const targets: string[] = [];
  const test = await createTestGateway(() => ({ value: {} }), undefined, {
    callService: ({ service, target }) => {
      targets.push(`${service} ${target}`);
      return Promise.resolve({ status: 200, headers: [], body: new Uint8Array() });
    },
  });
  const to = (uri: string): object => ({
    responses: {},
    "x-amazon-apigateway-integration": { type: "aws", httpMethod: "GET", uri, responses: { default: {} } },
  });
  const id = await deployOpenApi(test, {
    operations: {
      "GET /host": to("arn:aws:apigateway:us-east-1:photos.s3:path/a.png"),
      "GET /path": to("arn:aws:apigateway:us-east-1:s3:path/photos/a.png"),
    },
  });
  for (const path of ["/host", "/path"]) await send(test, id, path, { method: "GET" });
  expect(targets).toEqual(["s3 /photos/a.png", "s3 /photos/a.png"]);
});

it("a service that does not answer in time is 504", async () => {
  const test = await createTestGateway(() => ({ value: {} }), undefined, {
    callService: () => new Promise(() => undefined),
  });
  const integration = {
    type: "aws",
    httpMethod: "POST",
    uri: "arn:aws:apigateway:us-east-1:sqs:path/1/q",
    timeoutInMillis: 50,
    responses: { default: { statusCode: 200 } },
  };
  const id = await deployOpenApi(test, {
    operations: { "POST /": { responses: {}, "x-amazon-apigateway-integration": integration } },
  });
  expect(seen(await send(test, id, "/", { body: "{}" }))).toEqual([
    504,
    "application/json",
    '{"message": "Endpoint request timed out"}',
  ]);
});

describe("text, bytes and compression", () => {
  it.each<[string | undefined, string, string, string]>([
    // handling, sent type, sent, reaches the backend
    [undefined, "image/png", "\u00ff", "\u00ff"],
    ["convert_to_text", "image/png", "\u00ff", "/w=="],
    ["convert_to_binary", "image/png", "\u00ff", "\u00ff"],
    [undefined, "text/plain", "é", "é"],
    ["convert_to_binary", "text/plain", "aGk=", "hi"],
  ])("a request with %s of %s", async (contentHandling, type, sent, reached) => {
    const payloads: string[] = [];
    const test = await createTestGateway(() => ({ value: {} }), undefined, {
      callService: ({ body }) => {
        payloads.push(
          Buffer.from(body).toString(type === "text/plain" && contentHandling === undefined ? "utf8" : "latin1"),
        );
        return Promise.resolve({ status: 200, headers: [], body: new Uint8Array() });
      },
    });
    const id = await deployOpenApi(test, {
      operations: {
        "POST /": {
          responses: {},
          "x-amazon-apigateway-integration": {
            type: "aws",
            httpMethod: "PUT",
            uri: "arn:aws:apigateway:us-east-1:s3:path/b/k",
            responses: { default: { statusCode: 200 } },
            ...(contentHandling === undefined ? {} : { contentHandling }),
          },
        },
      },
      more: { "x-amazon-apigateway-binary-media-types": ["image/png"] },
    });
    const body = type === "text/plain" ? sent : Buffer.from(sent, "latin1");
    expect((await send(test, id, "/", { headers: ["Content-Type", type], body })).status).toBe(200);
    expect(payloads).toEqual([reached]);
  });

  it.each([
    // handling, backend's type, Accept, the client gets
    ["convert_to_text", "image/png", "image/png", "/w=="],
    ["convert_to_binary", "image/png", "*/*", "\u00ff"],
    [undefined, "image/png", "image/png", "\u00ff"],
    [undefined, "image/png", "text/plain", "/w=="],
  ])("an answer with %s of %s for %s", async (contentHandling, type, accept, got) => {
    const test = await createTestGateway(() => ({ value: {} }), undefined, {
      callService: () => Promise.resolve({ status: 200, headers: ["Content-Type", type], body: Buffer.from([0xff]) }),
    });
    const id = await deployOpenApi(test, {
      operations: {
        "GET /": {
          responses: {},
          "x-amazon-apigateway-integration": {
            type: "aws",
            httpMethod: "GET",
            uri: "arn:aws:apigateway:us-east-1:s3:path/b/k",
            responses: { default: { statusCode: 200, ...(contentHandling === undefined ? {} : { contentHandling }) } },
          },
        },
      },
      more: { "x-amazon-apigateway-binary-media-types": ["image/png"] },
    });
    expect((await send(test, id, "/", { method: "GET", headers: ["Accept", accept] })).body).toBe(got);
  });

  it("a text that is to be decoded for its Accept is 500 where it is no base64: white space is none", async () => {
    let body = "";
    const test = await createTestGateway(() => ({ value: {} }), undefined, {
      callService: () =>
        Promise.resolve({ status: 200, headers: ["Content-Type", "text/plain"], body: Buffer.from(body) }),
    });
    const uri = "arn:aws:apigateway:us-east-1:s3:path/b/k";
    const integration = { type: "aws", httpMethod: "GET", uri, responses: { default: { statusCode: 200 } } };
    const id = await deployOpenApi(test, {
      operations: { "GET /": { responses: {}, "x-amazon-apigateway-integration": integration } },
      more: { "x-amazon-apigateway-binary-media-types": ["image/png"] },
    });
    const status = async (text: string): Promise<number> => {
      body = text;
      return (await send(test, id, "/", { method: "GET", headers: ["Accept", "image/png"] })).status;
    };
    expect(await status("aGk=")).toBe(200);
    expect(await status("this is a UTF8 text typed object")).toBe(500);
  });

  it("answers of the minimum size are compressed for who takes it; compressed requests are decoded", async () => {
    const test = await createTestGateway((event) => ({ value: { body: String(event["body"]) } }));
    const proxy = {
      responses: {},
      "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri: functionUri },
    };
    const id = await deployOpenApi(test, {
      operations: { "POST /": proxy },
      more: { "x-amazon-apigateway-minimum-compression-size": 10 },
    });
    const zip = ["Accept-Encoding", "gzip"];
    const large = await send(test, id, "/", { headers: zip, body: "0123456789" });
    expect([large.headers["content-encoding"], gunzipSync(Buffer.from(large.body, "latin1")).toString()]).toEqual([
      "gzip",
      "0123456789",
    ]);
    expect((await send(test, id, "/", { headers: zip, body: "short" })).body).toBe("short");
    expect((await send(test, id, "/", { headers: ["Content-Encoding", "gzip"], body: gzipSync("hi") })).body).toBe(
      "hi",
    );
    expect(seen(await send(test, id, "/", { headers: ["Content-Encoding", "br"], body: "x" }))).toEqual([
      415,
      "application/json",
      '{"message":"Unsupported Media Type"}',
    ]);
  });
});

describe("TestInvokeMethod", () => {
  it("runs what is not deployed, with AWS's log; a path that does not match gives no parameters", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const restApiId = await deployOpenApi(test, {
      operations: { "GET /pets/{petId}": mock('{"petId": "$input.params(\'petId\')"}') },
    });
    const { items } = (await test.call("apigateway", "GetResources", { restApiId })) as unknown as {
      items: { id: string; path: string }[];
    };
    const resourceId = items.find((one) => one.path === "/pets/{petId}")?.id;
    const call = (more: object) =>
      test.call<{ status: number; body: string; log: string; headers: object }>("apigateway", "TestInvokeMethod", {
        restApiId,
        resourceId,
        httpMethod: "GET",
        ...more,
      });
    const { log, ...answer } = await call({ pathWithQueryString: "/pets/123?foo=bar" });
    expect(answer).toEqual({
      status: 200,
      body: '{"petId": "123"}',
      headers: { "Content-Type": "application/json" },
      multiValueHeaders: { "Content-Type": ["application/json"] },
      latency: expect.any(Number) as number,
    });
    const date = "Thu Mar 12 19:03:58 UTC 2020 : ";
    expect(log.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>").split("\n")).toEqual([
      "Execution log for request <id>",
      `${date}Starting execution for request: <id>`,
      `${date}HTTP Method: GET, Resource Path: /pets/123`,
      `${date}Method request path: {petId=123}`,
      `${date}Method request query string: {foo=bar}`,
      `${date}Method request headers: {}`,
      `${date}Method request body before transformations: `,
      `${date}Method response body after transformations: {"petId": "123"}`,
      `${date}Method response headers: {Content-Type=application/json}`,
      `${date}Successfully completed execution`,
      `${date}Method completed with status: 200`,
      "",
    ]);
    expect((await call({ pathWithQueryString: "/random/test" })).body).toBe('{"petId": ""}');
    expect((await call({})).body).toBe('{"petId": "{petId}"}');
    expect(await test.errorOf("apigateway", "TestInvokeMethod", { restApiId, resourceId, httpMethod: "PUT" })).toBe(
      "NotFoundException 404: Invalid Method identifier specified",
    );
  });

  it("a verb of a resource that has ANY is that method's", async () => {
    const test = await createTestGateway((event) => ({ value: { body: String(event["httpMethod"]) } }));
    const restApiId = await deployOpenApi(test, {
      operations: {
        "ANY /": {
          responses: {},
          "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri: functionUri },
        },
      },
    });
    const { items } = await test.call<{ items: { id: string }[] }>("apigateway", "GetResources", { restApiId });
    const input = { restApiId, resourceId: items[0]?.id, httpMethod: "PUT" };
    expect(await test.call("apigateway", "TestInvokeMethod", input)).toMatchObject({ status: 200, body: "PUT" });
  });

  it("a failure is the gateway's answer, with its cause in the log", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const restApiId = await deployOpenApi(test, {
      operations: {
        "GET /": {
          responses: {},
          "x-amazon-apigateway-integration": { type: "http_proxy", httpMethod: "GET", uri: "http://127.0.0.1:1" },
        },
      },
    });
    const { rootResourceId } = await test.call("apigateway", "GetRestApi", { restApiId });
    const { log = "", ...answer } = await test.call("apigateway", "TestInvokeMethod", {
      restApiId,
      resourceId: rootResourceId,
      httpMethod: "GET",
    });
    expect(answer).toMatchObject({
      status: 500,
      body: '{"message": "Internal server error"}',
      headers: { "x-amzn-ErrorType": "InternalServerErrorException" },
    });
    expect(log).toContain(" : Execution failed due to configuration error: Invalid endpoint address\n");
  });

  it("an address that is none is not called: the log ends with the request", async () => {
    const test = await createTestGateway(() => ({ value: {} }));
    const uri = "https://${stageVariables.none}";
    const restApiId = await deployOpenApi(test, {
      operations: {
        "ANY /": { responses: {}, "x-amazon-apigateway-integration": { type: "http_proxy", httpMethod: "ANY", uri } },
      },
    });
    const { rootResourceId: resourceId } = await test.call("apigateway", "GetRestApi", { restApiId });
    const { log = "" } = await test.call("apigateway", "TestInvokeMethod", {
      restApiId,
      resourceId,
      httpMethod: "GET",
    });
    const lines = log.split("\n").map((line) => line.replace(/^.* UTC \d+ : /, ""));
    expect(lines.slice(6)).toEqual([
      "Method request body before transformations: ",
      "Execution failed due to configuration error: Invalid endpoint address",
      "Method completed with status: 500",
      "",
    ]);
  });
});
