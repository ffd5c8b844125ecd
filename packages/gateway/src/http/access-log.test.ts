import { describe, expect, it } from "vitest";
import { createTestGateway, type TestAnswer, type TestGateway, withHttpApi } from "../testing/create-test-gateway.ts";

const service = "apigatewayv2";
const DestinationArn = "arn:aws:logs:us-east-1:000000000000:log-group:/shop/access";
const ok: TestAnswer = { value: { statusCode: 201, body: "grüße" } };

/** An API `Shop` with a stage `dev` that logs in this format. */
async function withLog(
  Format: string,
  answer: () => TestAnswer = () => ok,
  options: { cors?: object; timeoutMs?: number } = {},
): Promise<{ test: TestGateway; ApiId: string }> {
  const test = await createTestGateway(answer);
  const ApiId = await withHttpApi(test, ["POST /pets/{id}"], { ...options, stage: "dev" });
  await test.call(service, "UpdateStage", { ApiId, StageName: "dev", AccessLogSettings: { DestinationArn, Format } });
  return { test, ApiId };
}

/** What the variables `names` are written as for one request. */
async function logged(names: readonly string[], { test }: { test: TestGateway }): Promise<Record<string, string>> {
  const line = test.logs.at(-1)?.message.split("|") ?? [];
  expect(line).toHaveLength(names.length);
  return Object.fromEntries(names.map((name, index) => [name, line[index] ?? ""]));
}

const formatOf = (names: readonly string[]): string => names.map((name) => `$context.${name}`).join("|");
const post = { method: "POST", target: "/_api/Shop/dev/pets/7?q=1", headers: ["User-Agent", "curl/8"], body: "hi" };

describe("access logs of HTTP APIs", () => {
  it.each([
    [
      "CLF",
      '$context.identity.sourceIp - - [$context.requestTime] "$context.httpMethod $context.routeKey $context.protocol" $context.status $context.responseLength $context.requestId $context.extendedRequestId',
      '192.0.2.7 - - [12/Mar/2020:19:03:58 +0000] "POST POST /pets/{id} HTTP/1.1" 201 7 <id> <id>',
    ],
    [
      "JSON",
      '{ "requestId":"$context.requestId", "ip":"$context.identity.sourceIp", "requestTime":"$context.requestTime", "httpMethod":"$context.httpMethod", "routeKey":"$context.routeKey", "status":"$context.status", "protocol":"$context.protocol", "responseLength":"$context.responseLength", "extendedRequestId": "$context.extendedRequestId" }',
      '{ "requestId":"<id>", "ip":"192.0.2.7", "requestTime":"12/Mar/2020:19:03:58 +0000", "httpMethod":"POST", "routeKey":"POST /pets/{id}", "status":"201", "protocol":"HTTP/1.1", "responseLength":"7", "extendedRequestId": "<id>" }',
    ],
    [
      "XML",
      '<request id="$context.requestId"> <ip>$context.identity.sourceIp</ip> <httpMethod>$context.httpMethod</httpMethod> <routeKey>$context.routeKey</routeKey> <status>$context.status</status> <protocol>$context.protocol</protocol> </request>',
      '<request id="<id>"> <ip>192.0.2.7</ip> <httpMethod>POST</httpMethod> <routeKey>POST /pets/{id}</routeKey> <status>201</status> <protocol>HTTP/1.1</protocol> </request>',
    ],
    [
      "CSV",
      "$context.identity.sourceIp,$context.requestTime,$context.httpMethod,$context.routeKey,$context.protocol,$context.status,$context.responseLength,$context.requestId,$context.extendedRequestId",
      "192.0.2.7,12/Mar/2020:19:03:58 +0000,POST,POST /pets/{id},HTTP/1.1,201,7,<id>,<id>",
    ],
  ])("in %s, one line a request, in the stage's group", async (_name, format, line) => {
    const { test, ApiId } = await withLog(format);
    const { headers } = await test.send(post);
    expect(
      test.logs.map((one) => ({ ...one, message: one.message.replaceAll(headers["apigw-requestid"] ?? "", "<id>") })),
    ).toEqual([{ group: "/shop/access", stream: `${ApiId}/dev`, message: line }]);
  });

  it("every variable of a request that a function answered", async () => {
    const values: Record<string, string> = {
      accountId: "000000000000",
      "authorizer.claims": "-",
      "authorizer.claims.sub": "-",
      "authorizer.error": "-",
      "authorizer.key": "-",
      awsEndpointRequestId: "r",
      awsEndpointRequestId2: "-",
      "customDomain.basePathMatched": "-",
      dataProcessed: "9",
      "error.message": "-",
      "error.messageString": "-",
      "error.responseType": "-",
      httpMethod: "POST",
      "identity.accountId": "-",
      "identity.caller": "-",
      "identity.clientCert.subjectDN": "-",
      "identity.cognitoIdentityId": "-",
      "identity.principalOrgId": "-",
      "identity.sourceIp": "192.0.2.7",
      "identity.user": "-",
      "identity.userAgent": "curl/8",
      "identity.userArn": "-",
      "integration.error": "-",
      "integration.integrationStatus": "200",
      "integration.requestId": "r",
      "integration.status": "201",
      integrationErrorMessage: "-",
      integrationStatus: "200",
      path: "/dev/pets/7",
      protocol: "HTTP/1.1",
      requestTime: "12/Mar/2020:19:03:58 +0000",
      requestTimeEpoch: "1584039838390",
      responseLength: "7",
      routeKey: "POST /pets/{id}",
      stage: "dev",
      status: "201",
    };
    const names = Object.keys(values);
    const given = await withLog(formatOf(names));
    await given.test.send(post);
    expect(await logged(names, given)).toEqual(values);
  });

  it("ids, addresses and durations", async () => {
    const names = [
      "apiId",
      "domainName",
      "domainPrefix",
      "requestId",
      "integration.latency",
      "integrationLatency",
      "responseLatency",
    ];
    const given = await withLog(formatOf(names));
    const { headers } = await given.test.send(post);
    expect(await logged(names, given)).toEqual({
      apiId: given.ApiId,
      domainName: `${given.ApiId}.execute-api.us-east-1.amazonaws.com`,
      domainPrefix: given.ApiId,
      requestId: headers["apigw-requestid"],
      "integration.latency": expect.stringMatching(/^\d+$/) as string,
      integrationLatency: expect.stringMatching(/^\d+$/) as string,
      responseLatency: expect.stringMatching(/^\d+$/) as string,
    });
  });

  const failure = [
    "status",
    "error.message",
    "error.messageString",
    "error.responseType",
    "integration.status",
    "integrationStatus",
    "integrationErrorMessage",
    "routeKey",
  ];
  it.each<[string, object, () => TestAnswer, string[]]>([
    [
      "no route",
      { target: "/_api/Shop/dev/other" },
      () => ok,
      ["404", "Not Found", '"Not Found"', "MISSING_AUTHENTICATION_TOKEN", "-", "-", "-", "-"],
    ],
    [
      "a function's error",
      {},
      () => ({ failed: true }),
      [
        "500",
        "Internal Server Error",
        '"Internal Server Error"',
        "INTEGRATION_FAILURE",
        "-",
        "200",
        "The Lambda function returned the following error: [Unhandled]. Check your Lambda function code and try again.",
        "POST /pets/{id}",
      ],
    ],
    [
      "an answer that is none",
      {},
      () => ({ value: { statusCode: 200, body: {} } }),
      [
        "500",
        "Internal Server Error",
        '"Internal Server Error"',
        "INTEGRATION_FAILURE",
        "-",
        "200",
        "The response from the Lambda function doesn't match the format that API Gateway expects.",
        "POST /pets/{id}",
      ],
    ],
    [
      "a function that takes too long",
      {},
      () => "hangs",
      [
        "503",
        "Service Unavailable",
        '"Service Unavailable"',
        "INTEGRATION_TIMEOUT",
        "-",
        "-",
        "Endpoint request timed out",
        "POST /pets/{id}",
      ],
    ],
  ])("tells what failed: %s", async (_name, sent, answer, line) => {
    const given = await withLog(formatOf(failure), answer, { timeoutMs: 50 });
    await given.test.send({ ...post, ...sent });
    expect(Object.values(await logged(failure, given))).toEqual(line);
  });

  it("a preflight has a line, a request to a closed endpoint or to no stage has none", async () => {
    const { test, ApiId } = await withLog("$context.httpMethod $context.status", () => ok, {
      cors: { AllowOrigins: ["*"] },
    });
    await test.send({
      method: "OPTIONS",
      target: "/_api/Shop/dev/pets/7",
      headers: ["Origin", "https://a.example", "Access-Control-Request-Method", "POST"],
    });
    await test.send({ target: "/_api/Shop/nowhere/pets/7" });
    await test.call(service, "UpdateApi", { ApiId, DisableExecuteApiEndpoint: true });
    await test.send(post);
    expect(test.logs.map((line) => line.message)).toEqual(["OPTIONS 204"]);
  });

  it("settings are answered, changed, and deleted", async () => {
    const { test, ApiId } = await withLog("$context.requestId");
    const stage = { ApiId, StageName: "dev" };
    expect(await test.call(service, "GetStage", stage)).toMatchObject({
      AccessLogSettings: { DestinationArn, Format: "$context.requestId" },
    });
    await test.call(service, "UpdateStage", {
      ...stage,
      AccessLogSettings: { DestinationArn: `${DestinationArn}2:*`, Format: "$context.status" },
    });
    await test.send(post);
    expect(test.logs).toEqual([{ group: "/shop/access2", stream: `${ApiId}/dev`, message: "201" }]);
    await test.call(service, "DeleteAccessLogSettings", stage);
    await test.send(post);
    expect(test.logs).toHaveLength(1);
    expect(await test.call(service, "GetStage", stage)).not.toHaveProperty("AccessLogSettings");
    expect(await test.errorOf(service, "DeleteAccessLogSettings", stage)).toBe(
      "NotFoundException 404: Unable to find access log settings of stage dev",
    );
  });

  it.each([
    [
      { AccessLogSettings: { DestinationArn: "", Format: "x" } },
      "BadRequestException 400: Access Log value must not be empty",
    ],
    [
      { AccessLogSettings: { DestinationArn: "arn:aws:firehose:us-east-1:1:deliverystream/x", Format: "x" } },
      "NotImplemented 501: Tripline does not simulate access logs to arn:aws:firehose:us-east-1:1:deliverystream/x: a log group's ARN is.",
    ],
    [
      { AccessLogSettings: { DestinationArn, Format: "x".repeat(3073) } },
      "BadRequestException 400: The access log format must not be longer than 3 KB",
    ],
    [
      { DefaultRouteSettings: { LoggingLevel: "INFO" } },
      "BadRequestException 400: Execution logs are not supported on protocolType HTTP",
    ],
    [
      { RouteSettings: { "POST /pets/{id}": { DataTraceEnabled: true } } },
      "BadRequestException 400: Execution logs are not supported on protocolType HTTP",
    ],
    [
      { DefaultRouteSettings: { DetailedMetricsEnabled: true } },
      "NotImplemented 501: Tripline does not simulate detailed CloudWatch metrics.",
    ],
    [
      { RouteSettings: { "GET /b": {} } },
      "NotFoundException 404: Unable to find Route by key GET /b within the provided RouteSettings",
    ],
  ])("refuses %j", async (settings, error) => {
    const { test, ApiId } = await withLog("$context.requestId");
    expect(await test.errorOf(service, "UpdateStage", { ApiId, StageName: "dev", ...settings })).toBe(error);
    expect(await test.call(service, "GetStage", { ApiId, StageName: "dev" })).toMatchObject({
      AccessLogSettings: { DestinationArn, Format: "$context.requestId" },
      RouteSettings: {},
    });
  });

  it("are refused where nothing keeps them", async () => {
    const test = await createTestGateway(() => ok, undefined, { logSink: undefined as never });
    const ApiId = await withHttpApi(test, ["GET /"]);
    expect(
      await test.errorOf(service, "UpdateStage", {
        ApiId,
        StageName: "$default",
        AccessLogSettings: { DestinationArn },
      }),
    ).toBe("NotImplemented 501: Tripline does not simulate access logs: nothing keeps them here.");
  });
});
