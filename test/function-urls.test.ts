/** Function URLs: configurations through the AWS SDK for JavaScript, requests as a browser or any other client sends them. */
import { request as httpRequest } from "node:http";
import {
  CreateFunctionUrlConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  LambdaClient,
  ListFunctionUrlConfigsCommand,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const source = `
exports.echo = async (event) => {
  if (event.rawPath === "/fail") throw new Error("no");
  if (event.rawPath === "/cors") return { statusCode: 200, headers: { "Access-Control-Allow-Origin": "https://evil" }, body: "c" };
  return event;
};
exports.stream = awslambda.streamifyResponse(async (event, stream) => {
  if (event.rawPath === "/early") throw new Error("early");
  if (event.rawPath !== "/plain")
    stream = awslambda.HttpResponseStream.from(stream, { statusCode: 418, headers: { "x-a": "b" }, cookies: ["c=1"] });
  stream.write("one ");
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (event.rawPath === "/amid") throw new Error("amid");
  stream.write("two");
  stream.end();
});`;
const functionOf = (handler: string, more: object): object => ({
  Type: "AWS::Serverless::Function",
  Properties: { Runtime: "nodejs20.x", Handler: `index.${handler}`, InlineCode: source, ...more },
});

let simulator: Simulator;
let lambda: LambdaClient;

beforeAll(async () => {
  simulator = await createSimulator({
    resources: {
      Echo: functionOf("echo", { FunctionUrlConfig: { AuthType: "NONE" } }),
      Closed: functionOf("echo", {
        FunctionUrlConfig: {
          AuthType: "NONE",
          Cors: { AllowOrigins: ["https://shop"], AllowMethods: ["GET"], MaxAge: 9 },
        },
      }),
      Signed: functionOf("echo", { FunctionUrlConfig: { AuthType: "AWS_IAM" } }),
      Stream: functionOf("stream", { FunctionUrlConfig: { AuthType: "NONE", InvokeMode: "RESPONSE_STREAM" } }),
      Bare: functionOf("echo", {}),
      Unallowed: {
        Type: "AWS::Lambda::Url",
        Properties: { TargetFunctionArn: { "Fn::GetAtt": ["Bare", "Arn"] }, AuthType: "NONE" },
      },
    },
  });
  lambda = new LambdaClient({
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  lambda.destroy();
  await simulator.stop();
});

const get = (name: string, path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${simulator.endpoint}/_url/${name}${path}`, init);

/** A request with a Host of its own, which fetch does not allow. */
function byHost(host: string, path: string): Promise<{ status: number | undefined; body: string }> {
  const { hostname, port } = new URL(simulator.endpoint ?? "");
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path, headers: { host } }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => {
        resolve({ status: response.statusCode, body: Buffer.concat(pieces).toString() });
      });
    })
      .on("error", reject)
      .end();
  });
}
const idOf = async (FunctionName: string): Promise<string> => {
  const { FunctionUrl = "" } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  return new URL(FunctionUrl).hostname.split(".")[0] ?? "";
};
const errorOf = async (work: Promise<unknown>): Promise<unknown[]> => {
  try {
    await work;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return [name, $metadata?.httpStatusCode, message];
  }
  throw new Error("it did not fail");
};

describe("a request to a function URL", () => {
  it("reaches the function as an event of format 2.0, its path as it was sent", async () => {
    const response = await get("Echo", "/pa2%2Fth/1?q=query&multi=foo&multi=%2Fbar", {
      method: "POST",
      headers: { "content-type": "application/json", cookie: "a=1; b=2", "Extra-Headers": "With WeiRd CapS" },
      body: '{"foo": "bar"}',
    });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    const event = (await response.json()) as { requestContext: { requestId: string }; headers: object };
    const id = await idOf("Echo");
    expect(event).toEqual({
      version: "2.0",
      routeKey: "$default",
      rawPath: "/pa2%2Fth/1",
      rawQueryString: "q=query&multi=foo&multi=%2Fbar",
      cookies: ["a=1", "b=2"],
      headers: expect.objectContaining({
        "content-type": "application/json",
        "content-length": "14",
        "extra-headers": "With WeiRd CapS",
        "x-forwarded-for": "127.0.0.1",
        "x-amzn-trace-id": expect.stringMatching(/^Root=1-/),
      }),
      queryStringParameters: { q: "query", multi: "foo,/bar" },
      requestContext: {
        accountId: "anonymous",
        apiId: id,
        authentication: null,
        domainName: `${id}.lambda-url.us-east-1.on.aws`,
        domainPrefix: id,
        http: {
          method: "POST",
          path: "/pa2%2Fth/1",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: expect.any(String),
        },
        requestId: response.headers.get("x-amzn-requestid"),
        routeKey: "$default",
        stage: "$default",
        time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      body: '{"foo": "bar"}',
      isBase64Encoded: false,
    });
    const [record] = simulator.invocations({ functionName: "Echo" }).slice(-1);
    expect([record?.requestId, record?.source]).toEqual([event.requestContext.requestId, "lambda-url"]);
  });

  it("is found by AWS's host and by that of this machine; another id is refused", async () => {
    const id = await idOf("Echo");
    for (const host of [`${id}.lambda-url.us-east-1.on.aws`, `${id}.lambda-url.us-east-1.localhost:4566`]) {
      const { status, body } = await byHost(host, "/a?b");
      expect([status, (JSON.parse(body) as { rawPath: string }).rawPath]).toEqual([200, "/a"]);
    }
    expect((await byHost(`${"a".repeat(32)}.lambda-url.us-east-1.on.aws`, "/")).status).toBe(403);
    expect((await get("nobody", "/")).status).toBe(404);
  });

  it("is answered 502 where the function fails, 413 where it is too large", async () => {
    const failed = await get("Echo", "/fail");
    expect([failed.status, await failed.text()]).toEqual([502, "Internal Server Error"]);
    const large = await get("Echo", "/", { method: "POST", body: "x".repeat(6_291_557) });
    expect([large.status, await large.json()]).toEqual([
      413,
      { Message: "Exceeded maximum allowed payload size (6291556 bytes)." },
    ]);
  });

  it("is refused where the policy does not let everyone in, and a notice says what it lacks", async () => {
    const notices: string[] = [];
    simulator.house.bus.on("notice", (notice) => notices.push(notice.message));
    const response = await get("Bare", "/");
    expect([response.status, response.headers.get("x-amzn-errortype"), await response.json()]).toEqual([
      403,
      "AccessDeniedException",
      {
        Message:
          "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
      },
    ]);
    expect(notices).toEqual([expect.stringContaining("lambda:InvokeFunctionUrl and lambda:InvokeFunction. Both")]);
  });

  it("must be signed where AuthType is AWS_IAM; whose key it carries is the caller", async () => {
    expect((await get("Signed", "/")).status).toBe(403);
    const authorization =
      "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0a";
    const event = (await (await get("Signed", "/", { headers: { authorization } })).json()) as {
      requestContext: { accountId: string; authorizer: unknown };
    };
    expect([event.requestContext.accountId, event.requestContext.authorizer]).toEqual([
      "000000000000",
      {
        iam: {
          accessKey: "AKIAEXAMPLE",
          accountId: "000000000000",
          callerId: "000000000000",
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: "arn:aws:iam::000000000000:root",
          userId: "000000000000",
        },
      },
    ]);
    const presigned = "?X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Flambda%2Faws4_request&X-Amz-Signature=0a";
    expect((await get("Signed", `/${presigned}`)).status).toBe(200);
  });

  it("with CORS configured gets its preflight answered, and none of the function's own CORS headers", async () => {
    const preflight = await get("Closed", "/", {
      method: "OPTIONS",
      headers: { origin: "https://shop", "access-control-request-method": "GET" },
    });
    expect([
      preflight.status,
      preflight.headers.get("access-control-allow-origin"),
      preflight.headers.get("access-control-allow-methods"),
      preflight.headers.get("access-control-max-age"),
    ]).toEqual([200, "https://shop", "GET", "9"]);
    const own = await get("Closed", "/cors", { headers: { origin: "https://shop" } });
    expect([await own.text(), own.headers.get("access-control-allow-origin")]).toEqual(["c", "https://shop"]);
    const other = await get("Closed", "/cors", { headers: { origin: "https://other" } });
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
    const open = await get("Echo", "/cors", { headers: { origin: "https://other" } });
    expect(open.headers.get("access-control-allow-origin")).toBe("https://evil");
  });
});

describe("a streamed response", () => {
  it("comes in pieces, with the status, headers and cookies of its prelude", async () => {
    const response = await get("Stream", "/");
    const pieces: string[] = [];
    for await (const piece of response.body ?? []) pieces.push(Buffer.from(piece as Uint8Array).toString());
    expect([response.status, response.headers.get("x-a"), response.headers.get("set-cookie"), pieces]).toEqual([
      418,
      "b",
      "c=1",
      ["one ", "two"],
    ]);
  });

  it("without a prelude is a 200 of the stream's type", async () => {
    const response = await get("Stream", "/plain");
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      200,
      "application/octet-stream",
      "one two",
    ]);
  });

  it("is 502 where the function fails before it, and is cut where it fails amid", async () => {
    const early = await get("Stream", "/early");
    expect([early.status, await early.text()]).toEqual([502, "Internal Server Error"]);
    const amid = await get("Stream", "/amid");
    expect(amid.status).toBe(418);
    await expect(amid.text()).rejects.toThrow("terminated");
  });
});

describe("the configuration of a function URL", () => {
  const FunctionName = "Plain";
  const FunctionArn = `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`;
  beforeAll(async () => {
    const { call } = await import("./support/call.ts");
    await call(simulator, "lambda", "CreateFunction", {
      FunctionName,
      Runtime: "nodejs20.x",
      Handler: "index.echo",
      Code: { InlineSource: source },
    });
  });

  it("is created, read, updated, listed and deleted", async () => {
    const port = new URL(simulator.endpoint ?? "").port;
    const created = await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" }));
    const common = {
      FunctionArn,
      FunctionUrl: expect.stringMatching(
        new RegExp(`^http://[a-z0-9]{32}\\.lambda-url\\.us-east-1\\.localhost:${port}/$`),
      ),
      CreationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    };
    const bare = (output: { $metadata?: unknown }): object => ({ ...output, $metadata: undefined });
    expect(bare(created)).toEqual({ ...common, AuthType: "NONE" });
    const read = { ...common, LastModifiedTime: expect.any(String) };
    expect(bare(await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName })))).toEqual({
      ...read,
      AuthType: "NONE",
      InvokeMode: "BUFFERED",
    });
    const Cors = { AllowOrigins: ["*"] };
    const updated = await lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: "AWS_IAM", Cors }));
    expect(bare(updated)).toEqual({ ...read, AuthType: "AWS_IAM", Cors });
    const listed = await lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName }));
    expect(listed.FunctionUrlConfigs).toEqual([{ ...read, AuthType: "AWS_IAM", Cors, InvokeMode: "BUFFERED" }]);
    expect(await errorOf(lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" })))).toEqual([
      "ResourceConflictException",
      409,
      `Failed to create function url config for [functionArn = ${FunctionArn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    ]);
    await lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));
    expect(await errorOf(lambda.send(new GetFunctionUrlConfigCommand({ FunctionName })))).toEqual([
      "ResourceNotFoundException",
      404,
      "The resource you requested does not exist.",
    ]);
  });

  const qualifierText = (value: string): string =>
    `1 validation error detected: Value '${value}' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)`;
  it.each<[string, () => Promise<unknown>, unknown[]]>([
    [
      "Create for no function",
      () => lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: "nobody", AuthType: "NONE" })),
      ["ResourceNotFoundException", 404, "Function does not exist"],
    ],
    [
      "Create for a version",
      () => lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, Qualifier: "1", AuthType: "NONE" })),
      ["ValidationException", 400, qualifierText("1")],
    ],
    [
      "Get for $LATEST",
      () => lambda.send(new GetFunctionUrlConfigCommand({ FunctionName, Qualifier: "$LATEST" })),
      ["ValidationException", 400, qualifierText("$LATEST")],
    ],
    [
      "Create for an alias that does not exist",
      () => lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, Qualifier: "live", AuthType: "NONE" })),
      ["ResourceNotFoundException", 404, "Function does not exist"],
    ],
    [
      "Update of nothing",
      () => lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" })),
      ["ResourceNotFoundException", 404, "Function does not exist"],
    ],
    [
      "Delete of nothing",
      () => lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName })),
      ["ResourceNotFoundException", 404, "The resource you requested does not exist."],
    ],
    [
      "List for no function",
      () => lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName: "nobody" })),
      ["ResourceNotFoundException", 404, "Function does not exist"],
    ],
  ])("%s is refused in AWS's words", async (_what, send, error) => {
    expect(await errorOf(send())).toEqual(error);
  });
});
