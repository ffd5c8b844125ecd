/** REST APIs in front of services and not of functions, through the endpoint: what the services say shows that they were called. */
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  GetExportCommand,
  GetMethodCommand,
  GetResourcesCommand,
  ImportRestApiCommand,
  PutRestApiCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";

let simulator: Simulator;
let options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
let gateway: APIGatewayClient;

beforeAll(async () => {
  simulator = await createSimulator({
    resources: {
      Work: { Type: "AWS::SQS::Queue", Properties: { QueueName: "work" } },
      Photos: { Type: "AWS::S3::Bucket", Properties: { BucketName: "photos" } },
    },
  });
  options = {
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  };
  gateway = new APIGatewayClient(options);
});
afterAll(async () => {
  await simulator.stop();
});

const aws = (uri: string, more: object): object => ({
  "x-amazon-apigateway-integration": {
    type: "aws",
    httpMethod: "POST",
    credentials: "arn:aws:iam::000000000000:role/any",
    uri: `arn:aws:apigateway:us-east-1:${uri}`,
    responses: { default: { statusCode: "200" }, "4\\d\\d": { statusCode: "400" } },
    ...more,
  },
  responses: { "200": { description: "" }, "400": { description: "" } },
});

const document = {
  openapi: "3.0.1",
  info: { title: "services", version: "1" },
  paths: {
    "/query": {
      post: aws("sqs:path/000000000000/work", {
        requestParameters: { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" },
        requestTemplates: { "application/json": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)" },
        responses: { default: { statusCode: "200", responseTemplates: { "application/json": '{"sent":true}' } } },
      }),
    },
    "/json": {
      post: aws("sqs:path/000000000000/work", {
        requestParameters: {
          "integration.request.header.Content-Type": "'application/x-amz-json-1.0'",
          "integration.request.header.X-Amz-Target": "'AmazonSQS.SendMessage'",
        },
        requestTemplates: {
          "application/json":
            '{"QueueUrl": "http://127.0.0.1/000000000000/work", "MessageBody": "$util.escapeJavaScript($input.json(\'$\'))"}',
        },
      }),
    },
    "/photos/{key}": {
      parameters: [{ name: "key", in: "path", required: true, schema: { type: "string" } }],
      put: aws("s3:path/photos/{key}", {
        httpMethod: "PUT",
        requestParameters: { "integration.request.path.key": "method.request.path.key" },
      }),
      get: aws("s3:path/photos/{key}", {
        httpMethod: "GET",
        requestParameters: { "integration.request.path.key": "method.request.path.key" },
      }),
    },
    "/groups/{name}": {
      parameters: [{ name: "name", in: "path", required: true, schema: { type: "string" } }],
      post: aws("logs:action/CreateLogGroup", {
        requestTemplates: { "application/json": `{"logGroupName": "$input.params('name')"}` },
      }),
    },
    "/none": { post: aws("codebuild:action/StartBuild", {}) },
  },
};

it("SQS in both of its protocols, S3 objects, and actions of JSON services", async () => {
  const { id: restApiId = "" } = await gateway.send(
    new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(document)), failOnWarnings: true }),
  );
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: "dev" }));
  const call = async (path: string, init: RequestInit): Promise<[number, string]> => {
    const response = await fetch(`${options.endpoint}/_api/services/dev${path}`, init);
    return [response.status, await response.text()];
  };
  const json = { method: "POST", headers: { "content-type": "application/json" }, body: '{"a": "b&c"}' };
  expect(await call("/query", json)).toEqual([200, '{"sent":true}']);
  expect((await call("/json", json))[0]).toBe(200);
  const sqs = new SQSClient(options);
  const bodies: (string | undefined)[] = [];
  for (let count = 0; count < 2; count++) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: `${options.endpoint}/000000000000/work`, MaxNumberOfMessages: 10 }),
    );
    bodies.push(...Messages.map((one) => one.Body));
  }
  expect(bodies.toSorted((a = "", b = "") => (a < b ? -1 : 1))).toEqual(['{"a": "b&c"}', '{"a":"b&c"}']);

  expect(
    (await call("/photos/cat.txt", { method: "PUT", headers: { "content-type": "text/plain" }, body: "meow" }))[0],
  ).toBe(200);
  const { Body } = await new S3Client({ ...options, forcePathStyle: true }).send(
    new GetObjectCommand({ Bucket: "photos", Key: "cat.txt" }),
  );
  expect(await Body?.transformToString()).toBe("meow");
  expect(await call("/photos/cat.txt", {})).toEqual([200, "meow"]);
  expect((await call("/photos/none.txt", {}))[0]).toBe(400);

  // One action of a JSON service, by the name in the ARN.
  expect((await call("/groups/made", json))[0]).toBe(200);
  expect((await call("/groups/made", json))[0]).toBe(400);
  const { logGroups = [] } = await new CloudWatchLogsClient(options).send(new DescribeLogGroupsCommand({}));
  expect(logGroups.map((one) => one.logGroupName)).toContain("made");

  // What is not simulated is no success.
  expect(await call("/none", json)).toEqual([500, '{"message": "Internal server error"}']);
});

it("what is exported is imported again as it was; access logs are CloudWatch's", async () => {
  const { id: restApiId = "" } = await gateway.send(
    new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(document)) }),
  );
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: "dev" }));
  const read = async (): Promise<unknown> => {
    const { items = [] } = await gateway.send(new GetResourcesCommand({ restApiId }));
    const methods = items.flatMap((one) =>
      Object.keys(one.resourceMethods ?? {}).map((httpMethod) => ({ restApiId, resourceId: one.id ?? "", httpMethod })),
    );
    return Promise.all(
      methods.map(async (method) => {
        const { $metadata: _metadata, methodIntegration, ...rest } = await gateway.send(new GetMethodCommand(method));
        return { ...rest, methodIntegration: { ...methodIntegration, cacheNamespace: "" } };
      }),
    );
  };
  const before = await read();
  for (const exportType of ["oas30", "swagger"]) {
    const { body } = await gateway.send(
      new GetExportCommand({
        restApiId,
        stageName: "dev",
        exportType,
        parameters: { extensions: "apigateway" },
        accepts: "application/yaml",
      }),
    );
    await gateway.send(
      new PutRestApiCommand({ restApiId, mode: "overwrite", failOnWarnings: true, body: body ?? new Uint8Array() }),
    );
    expect(await read()).toEqual(before);
  }

  const value = "arn:aws:logs:us-east-1:000000000000:log-group:access";
  await gateway.send(
    new UpdateStageCommand({
      restApiId,
      stageName: "dev",
      patchOperations: [
        { op: "replace", path: "/accessLogSettings/destinationArn", value },
        {
          op: "replace",
          path: "/accessLogSettings/format",
          value: "$context.httpMethod $context.resourcePath $context.status $context.requestId",
        },
      ],
    }),
  );
  const response = await fetch(`${options.endpoint}/_api/${restApiId}/dev/photos/none.txt`);
  const { events = [] } = await new CloudWatchLogsClient(options).send(
    new FilterLogEventsCommand({ logGroupName: "access" }),
  );
  expect(events.map((one) => one.message)).toEqual([
    `GET /photos/{key} 400 ${response.headers.get("x-amzn-requestid") ?? ""}`,
  ]);
});
