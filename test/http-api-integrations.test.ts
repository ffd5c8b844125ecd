/** What is behind the routes of HTTP APIs, through the AWS SDK: functions with parameter mappings, URLs, and AWS services. */
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  DeleteIntegrationCommand,
  GetIntegrationCommand,
  GetIntegrationsCommand,
  UpdateIntegrationCommand,
} from "@aws-sdk/client-apigatewayv2";
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from "@aws-sdk/client-kinesis";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { toZip } from "./support/zip.ts";

const CredentialsArn = "arn:aws:iam::000000000000:role/api";

let simulator: Simulator;
let backend: Server;
let backendUrl = "";
let options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
let api: ApiGatewayV2Client;
let ApiId = "";
let functionArn = "";

beforeAll(async () => {
  simulator = await createSimulator({ clock: "virtual" });
  options = {
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  backend = createServer((request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify([request.url, request.headers["x-id"]]));
  });
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  backendUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  const { FunctionArn = "" } = await new LambdaClient(options).send(
    new CreateFunctionCommand({
      FunctionName: "echo",
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/any",
      Code: { ZipFile: await toZip({ "index.js": "exports.handler = async (event) => event;" }) },
    }),
  );
  functionArn = FunctionArn;
  await simulator.settle();
  api = new ApiGatewayV2Client(options);
  const made = await api.send(new CreateApiCommand({ Name: "front", ProtocolType: "HTTP", Target: backendUrl }));
  ApiId = made.ApiId ?? "";
});
afterAll(async () => {
  backend.closeAllConnections();
  backend.close();
  await simulator.stop();
});

type IntegrationInput = Omit<CreateIntegrationCommandInput, "ApiId">;

/** An integration with a route; its id. */
async function addRoute(RouteKey: string, input: IntegrationInput): Promise<string> {
  const { IntegrationId = "" } = await api.send(new CreateIntegrationCommand({ ApiId, ...input }));
  await api.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
  return IntegrationId;
}

/** Status and body of a request to the API. */
function send(method: string, path: string, body = ""): Promise<{ status: number | undefined; body: string }> {
  const headers = { host: `${ApiId}.execute-api.us-east-1.amazonaws.com`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    httpRequest(new URL(path, options.endpoint), { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += part));
      response.on("end", () => {
        resolve({ status: response.statusCode, body: text });
      });
    })
      .on("error", reject)
      .end(body);
  });
}

it("quick create puts a URL behind every path", async () => {
  expect(await send("GET", "/any/path?a=1")).toEqual({ status: 200, body: '["/any/path?a=1",null]' });
});

it("a function gets the request as parameters are mapped, and is answered as it was given", async () => {
  const IntegrationUri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  const IntegrationId = await addRoute("POST /echo/{id}", {
    IntegrationType: "AWS_PROXY",
    IntegrationUri,
    PayloadFormatVersion: "2.0",
    CredentialsArn,
    RequestParameters: { "overwrite:path": "/v2/${request.path.id}", "append:header.kind": "$request.body.kind" },
    ResponseParameters: { "200": { "overwrite:statuscode": "203" } },
  });
  const { status, body } = await send("POST", "/echo/7", '{"kind":"a"}');
  expect(status).toBe(203);
  expect(JSON.parse(body)).toMatchObject({ rawPath: "/v2/7", headers: { kind: "a" } });
  await api.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, ResponseParameters: { "200": {} } }));
  expect(await api.send(new GetIntegrationCommand({ ApiId, IntegrationId }))).toMatchObject({
    IntegrationUri,
    CredentialsArn,
    RequestParameters: { "append:header.kind": "$request.body.kind" },
  });
  expect((await send("POST", "/echo/7", "{}")).status).toBe(200);
  await expect(api.send(new DeleteIntegrationCommand({ ApiId, IntegrationId }))).rejects.toMatchObject({
    name: "ConflictException",
    message: `Cannot delete Integration '${IntegrationId}'. Integration is referenced by route: 'POST /echo/{id}'.`,
  });
});

it("a URL gets what its path variables and mappings say", async () => {
  await addRoute("ANY /pets/{proxy+}", {
    IntegrationType: "HTTP_PROXY",
    IntegrationMethod: "GET",
    IntegrationUri: `${backendUrl}/v1/{proxy}`,
    PayloadFormatVersion: "1.0",
    RequestParameters: { "append:header.x-id": "$context.requestId" },
  });
  expect(JSON.parse((await send("DELETE", "/pets/a/b?c=1")).body)).toEqual([
    "/v1/a/b?c=1",
    expect.stringMatching(/^[\w-]{15}=$/),
  ]);
});

it("messages go to a queue and come out of it, without a function", async () => {
  const sqs = new SQSClient(options);
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  const service: IntegrationInput = { IntegrationType: "AWS_PROXY", PayloadFormatVersion: "1.0", CredentialsArn };
  await addRoute("POST /orders", {
    ...service,
    IntegrationSubtype: "SQS-SendMessage",
    RequestParameters: {
      QueueUrl,
      MessageBody: "$request.body.order",
      MessageAttributes: '{"from":{"DataType":"String","StringValue":"${context.identity.sourceIp}"}}',
    },
  });
  const sent = await send("POST", "/orders", '{"order":{"id":1}}');
  expect(sent.status).toBe(200);
  expect(sent.body).toMatch(/<SendMessageResponse[^]*<MessageId>[^]*<\/SendMessageResponse>/);
  expect(await send("POST", "/orders", "{}")).toEqual({ status: 400, body: '{"message":"Bad Request"}' });
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"], VisibilityTimeout: 0 }),
  );
  expect(Messages).toMatchObject([
    { Body: '{"id":1}', MessageAttributes: { from: { DataType: "String", StringValue: "127.0.0.1" } } },
  ]);

  await addRoute("GET /orders", {
    ...service,
    IntegrationSubtype: "SQS-ReceiveMessage",
    RequestParameters: { QueueUrl, AttributeNames: "ApproximateReceiveCount", WaitTimeSeconds: "0" },
  });
  const received = await send("GET", "/orders");
  expect(received.body).toContain("<Name>ApproximateReceiveCount</Name><Value>2</Value>");
  const handle = /<ReceiptHandle>([^<]+)</.exec(received.body)?.[1] ?? "";
  await addRoute("DELETE /orders", {
    ...service,
    IntegrationSubtype: "SQS-DeleteMessage",
    RequestParameters: { QueueUrl, ReceiptHandle: "$request.querystring.handle" },
  });
  expect((await send("DELETE", `/orders?handle=${encodeURIComponent(handle)}`)).status).toBe(200);
  await addRoute("POST /purge", {
    ...service,
    IntegrationSubtype: "SQS-PurgeQueue",
    RequestParameters: { QueueUrl: `${QueueUrl}-none` },
  });
  const missing = await send("POST", "/purge");
  expect(missing.status).toBe(400);
  expect(missing.body).toContain("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>");
});

it("records go to a stream", async () => {
  const kinesis = new KinesisClient(options);
  await kinesis.send(new CreateStreamCommand({ StreamName: "clicks", ShardCount: 1 }));
  await simulator.settle();
  await addRoute("POST /clicks", {
    IntegrationType: "AWS_PROXY",
    IntegrationSubtype: "Kinesis-PutRecord",
    PayloadFormatVersion: "1.0",
    CredentialsArn,
    RequestParameters: { StreamName: "clicks", Data: "$request.body", PartitionKey: "$request.body.user" },
  });
  const { status, body } = await send("POST", "/clicks", '{"user":"u","page":"é"}');
  expect(status).toBe(200);
  const { ShardId = "", SequenceNumber } = JSON.parse(body) as { ShardId?: string; SequenceNumber?: string };
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName: "clicks", ShardId, ShardIteratorType: "TRIM_HORIZON" }),
  );
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  expect(
    Records.map((record) => [record.SequenceNumber, record.PartitionKey, Buffer.from(record.Data ?? []).toString()]),
  ).toEqual([[SequenceNumber, "u", '{"user":"u","page":"é"}']]);
});

it("what is not simulated is refused by name, and lists come in pages", async () => {
  const create = (input: Partial<IntegrationInput>) =>
    api.send(
      new CreateIntegrationCommand({ ApiId, IntegrationType: "AWS_PROXY", PayloadFormatVersion: "1.0", ...input }),
    );
  await expect(create({ IntegrationSubtype: "StepFunctions-StartExecution", CredentialsArn })).rejects.toMatchObject({
    name: "NotImplemented",
    message: "Tripline does not simulate the integration subtype StepFunctions-StartExecution.",
  });
  await expect(
    create({ IntegrationType: "HTTP_PROXY", IntegrationUri: backendUrl, ConnectionType: "VPC_LINK" }),
  ).rejects.toMatchObject({
    name: "NotImplemented",
    message: "Tripline does not simulate private integrations (ConnectionType VPC_LINK).",
  });
  const first = await api.send(new GetIntegrationsCommand({ ApiId, MaxResults: "5" }));
  expect(first.Items).toHaveLength(5);
  const { NextToken } = first;
  const rest = await api.send(new GetIntegrationsCommand({ ApiId, NextToken }));
  expect(rest.Items?.map((one) => one.IntegrationSubtype)).toEqual([
    "SQS-DeleteMessage",
    "SQS-PurgeQueue",
    "Kinesis-PutRecord",
  ]);
});
