import { describe, expect, it } from "vitest";
import { createTestGateway, type TestGateway } from "../../testing/create-test-gateway.ts";
import type { ServiceRequest } from "../../service-calls.ts";

const service = "apigatewayv2";
const QueueUrl = "http://127.0.0.1:4566/000000000000/Orders";
const CredentialsArn = "arn:aws:iam::000000000000:role/caller";

/** A gateway with `POST /in` to that operation; `calls` are what services got. */
async function withService(IntegrationSubtype: string, RequestParameters: object, more: object = {}) {
  const calls: ServiceRequest[] = [];
  let answer = {
    status: 200,
    headers: ["Content-Type", "text/xml", "x-amzn-RequestId", "r"],
    body: Buffer.from("<ok/>"),
  };
  const test = await createTestGateway(() => ({ value: "ok" }), undefined, {
    callService: (call) => {
      calls.push(call);
      return "hangs" in more ? new Promise(() => undefined) : Promise.resolve(answer);
    },
  });
  const { ApiId = "" } = await test.call(service, "CreateApi", { Name: "Shop", ProtocolType: "HTTP" });
  const { IntegrationId = "" } = await test.call(service, "CreateIntegration", {
    ApiId,
    IntegrationType: "AWS_PROXY",
    IntegrationSubtype,
    PayloadFormatVersion: "1.0",
    CredentialsArn,
    RequestParameters,
    TimeoutInMillis: "hangs" in more ? 50 : 30_000,
    ...("ResponseParameters" in more ? more : {}),
  });
  await test.call(service, "CreateRoute", { ApiId, RouteKey: "POST /in", Target: `integrations/${IntegrationId}` });
  await test.call(service, "CreateStage", {
    ApiId,
    StageName: "$default",
    AutoDeploy: true,
    AccessLogSettings: {
      DestinationArn: "arn:aws:logs:us-east-1:000000000000:log-group:access",
      Format: "$context.status $context.integrationErrorMessage",
    },
  });
  return { test, calls, answerWith: (next: Partial<typeof answer>) => (answer = { ...answer, ...next }) };
}
const post = (test: TestGateway, body: string | object, headers: string[] = []) =>
  test.send({
    method: "POST",
    target: "/_api/Shop/$default/in",
    headers: ["Host", "h", ...headers],
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const form = (call: ServiceRequest | undefined) =>
  Object.fromEntries(new URLSearchParams(Buffer.from(call?.body ?? []).toString()));

describe("an integration of an HTTP API with an AWS service", () => {
  it("SQS-SendMessage sends what its parameters say, and the client gets what SQS answers", async () => {
    const { test, calls } = await withService("SQS-SendMessage", {
      QueueUrl,
      MessageBody: "$request.body.text",
      DelaySeconds: "3",
      MessageAttributes: "$request.body.attributes",
    });
    const attributes = {
      a: { DataType: "String", StringValue: "é&" },
      b: { DataType: "Binary", BinaryValue: "/w==" },
    };
    const answer = await post(test, { text: "hi", attributes });
    expect({ ...answer, headers: { ...answer.headers, "apigw-requestid": "" } }).toEqual({
      status: 200,
      headers: { "content-type": "text/xml", "apigw-requestid": "" },
      body: "<ok/>",
    });
    expect(calls).toMatchObject([
      {
        service: "sqs",
        method: "POST",
        target: "/",
        headers: ["Content-Type", "application/x-www-form-urlencoded"],
      },
    ]);
    expect(form(calls[0])).toEqual({
      Action: "SendMessage",
      Version: "2012-11-05",
      QueueUrl,
      MessageBody: "hi",
      DelaySeconds: "3",
      "MessageAttribute.1.Name": "a",
      "MessageAttribute.1.Value.DataType": "String",
      "MessageAttribute.1.Value.StringValue": "é&",
      "MessageAttribute.2.Name": "b",
      "MessageAttribute.2.Value.DataType": "Binary",
      "MessageAttribute.2.Value.BinaryValue": "/w==",
    });
  });

  it.each([
    [
      "SQS-ReceiveMessage",
      { QueueUrl, AttributeNames: '["All"]', MessageAttributeNames: "a, b", MaxNumberOfMessages: "10" },
      {
        Action: "ReceiveMessage",
        "AttributeName.1": "All",
        "MessageAttributeName.1": "a",
        "MessageAttributeName.2": "b",
        MaxNumberOfMessages: "10",
      },
    ],
    [
      "SQS-DeleteMessage",
      { QueueUrl, ReceiptHandle: "$request.header.r" },
      { Action: "DeleteMessage", ReceiptHandle: "x" },
    ],
    ["SQS-PurgeQueue", { QueueUrl, Region: "us-east-1" }, { Action: "PurgeQueue" }],
  ])("%s of %j", async (subtype, parameters, expected) => {
    const { test, calls } = await withService(subtype, parameters);
    expect((await post(test, "", ["R", "x"])).status).toBe(200);
    expect(form(calls[0])).toEqual({ Version: "2012-11-05", QueueUrl, ...expected });
  });

  it("Kinesis-PutRecord puts the bytes of a text", async () => {
    const { test, calls } = await withService("Kinesis-PutRecord", {
      StreamName: "clicks",
      Data: "$request.body",
      PartitionKey: "${context.identity.sourceIp}-${request.header.user}",
    });
    await post(test, "é", ["User", "u"]);
    expect(calls).toEqual([
      {
        service: "kinesis",
        method: "POST",
        target: "/",
        headers: ["Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", "Kinesis_20131202.PutRecord"],
        body: Buffer.from(
          JSON.stringify({
            StreamName: "clicks",
            PartitionKey: "192.0.2.7-u",
            Data: Buffer.from("é").toString("base64"),
          }),
        ),
      },
    ]);
  });

  it("a parameter that leads nowhere, or cannot be read, is 400, and nothing is called", async () => {
    const { test, calls } = await withService("SQS-SendMessage", {
      QueueUrl,
      MessageBody: "$request.body.text",
      MessageAttributes: "$request.body.attributes",
    });
    for (const body of [
      { text: "hi" },
      { text: "hi", attributes: { a: 1 } },
      { text: "hi", attributes: "no" },
      "no JSON",
    ])
      expect(await post(test, body)).toMatchObject({ status: 400, body: '{"message":"Bad Request"}' });
    expect(calls).toEqual([]);
    expect(test.logs.map((line) => line.message)).toEqual([
      ...Array.from(
        { length: 3 },
        () => "400 Unable to resolve property MessageAttributes from source $request.body.attributes",
      ),
      "400 Unable to resolve property MessageBody from source $request.body.text",
    ]);
  });

  it("what the service refuses goes on, and can be mapped", async () => {
    const ResponseParameters = { 400: { "overwrite:statuscode": "409", "append:header.why": "$response.body.code" } };
    const { test, answerWith } = await withService("SQS-PurgeQueue", { QueueUrl }, { ResponseParameters });
    answerWith({ status: 400, headers: ["Content-Type", "application/json"], body: Buffer.from('{"code":"No"}') });
    expect(await post(test, "")).toMatchObject({ status: 409, headers: { why: "No" }, body: '{"code":"No"}' });
  });

  it("a service that outlasts the limit is 503, what the endpoint does not simulate 500", async () => {
    const slow = await withService("SQS-PurgeQueue", { QueueUrl }, { hangs: true });
    expect(await post(slow.test, "")).toMatchObject({ status: 503, body: '{"message":"Service Unavailable"}' });
    const { test, answerWith } = await withService("SQS-PurgeQueue", { QueueUrl });
    answerWith({ status: 501 });
    expect(await post(test, "")).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
  });

  it("another region than that of the simulator, where the request names it, is 500", async () => {
    const { test, calls } = await withService("SQS-PurgeQueue", { QueueUrl, Region: "$request.header.region" });
    expect((await post(test, "", ["Region", "us-east-1"])).status).toBe(200);
    expect((await post(test, "", ["Region", "eu-west-1"])).status).toBe(500);
    expect(calls).toHaveLength(1);
  });
});
