/**
 * Every operation of every model through its official client: what the operation sees is what was sent, and what the client gets is what
 * the operation answered.
 */
import * as apigateway from "@aws-sdk/client-api-gateway";
import * as apigatewayv2 from "@aws-sdk/client-apigatewayv2";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as dynamodbstreams from "@aws-sdk/client-dynamodb-streams";
import * as events from "@aws-sdk/client-eventbridge";
import * as iam from "@aws-sdk/client-iam";
import * as kinesis from "@aws-sdk/client-kinesis";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as scheduler from "@aws-sdk/client-scheduler";
import * as sqs from "@aws-sdk/client-sqs";
import * as sts from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { eventStreamMember } from "./event-stream/write-event-stream.ts";
import { loadModel } from "./model/models.ts";
import type { OperationModel } from "./model/service-model.ts";
import type { MemberShape } from "./model/shape.ts";
import { bytesOf, clientOptions, startEndpoint, type TestOperation } from "./testing/endpoint-fixture.ts";
import { arbitraryStructure } from "./testing/shape-arbitrary.ts";

type Client = { send(command: unknown): Promise<Record<string, unknown>>; destroy(): void };
type Module = Record<string, new (options: unknown) => unknown>;

const clients: Readonly<Record<string, [Module, string]>> = {
  apigateway: [apigateway as unknown as Module, "APIGatewayClient"],
  apigatewayv2: [apigatewayv2 as unknown as Module, "ApiGatewayV2Client"],
  dynamodb: [dynamodb as unknown as Module, "DynamoDBClient"],
  dynamodbstreams: [dynamodbstreams as unknown as Module, "DynamoDBStreamsClient"],
  events: [events as unknown as Module, "EventBridgeClient"],
  iam: [iam as unknown as Module, "IAMClient"],
  kinesis: [kinesis as unknown as Module, "KinesisClient"],
  lambda: [lambda as unknown as Module, "LambdaClient"],
  logs: [logs as unknown as Module, "CloudWatchLogsClient"],
  s3: [s3 as unknown as Module, "S3Client"],
  scheduler: [scheduler as unknown as Module, "SchedulerClient"],
  sqs: [sqs as unknown as Module, "SQSClient"],
  sts: [sts as unknown as Module, "STSClient"],
};

/** Members that clients take for themselves, change, or check against the body. */
const leftOut: Readonly<Record<string, RegExp>> = {
  apigateway: /^accepts$/,
  events: /^EndpointId$/,
  s3: /^(Checksum.*|.*SSECustomer.*|Content(Length|MD5)|ExpectedBucketOwner|Expires(String)?|RequestRoute|RequestToken|ContentEncoding)$/,
};

/** Operations of S3 Object Lambda, which are sent to a host of their own. */
const unaddressed: ReadonlySet<string> = new Set(["WriteGetObjectResponse"]);

/** Members that clients add. */
const added: Readonly<Record<string, readonly string[]>> = {
  apigateway: ["accepts"],
  s3: ["ChecksumAlgorithm", "ChecksumCRC32", "ChecksumMode", "ContentEncoding", "ContentLength", "ContentMD5"],
};

const seed = 42;
const runs = 2;

test.each(Object.keys(clients))("every operation of %s comes through its client unchanged, both ways", async (id) => {
  const model = await loadModel(id);
  if (model === undefined) throw new Error(`${id} has no model.`);
  let answer: Record<string, unknown> = {};
  const seen: { operation: string; input: Record<string, unknown> } = { operation: "", input: {} };
  const echo: Record<string, TestOperation> = {};
  for (const [name, { input }] of model.operations) {
    echo[`${id}.${name}`] = {
      honoured: input?.members.map((member) => member.name) ?? [],
      async answer(given) {
        for (const member of input?.members ?? []) {
          const value = given[member.name];
          if (member.isStreaming && value !== undefined && !(value instanceof Uint8Array))
            given[member.name] = await bytesOf(value);
        }
        Object.assign(seen, { operation: name, input: comparable(given) });
        return answer;
      },
    };
  }
  await using wire = await startEndpoint(echo, [], { checksConstraints: false });
  const [module, clientName] = clients[id] as [Module, string];
  const client = new (module[clientName] as new (options: unknown) => Client)({
    ...clientOptions(wire.url),
    forcePathStyle: true,
    disableHostPrefix: true,
    endpointDiscoveryEnabled: false,
    md5: false,
    requestHandler: new NodeHttpHandler(),
  });
  const isLeftOut = ({ name }: MemberShape): boolean => leftOut[id]?.test(name) === true;
  const failures: string[] = [];
  try {
    for (const operation of model.operations.values()) {
      const Command = module[`${operation.name}Command`];
      if (Command === undefined || unaddressed.has(operation.name)) continue;
      const check = fc.asyncProperty(
        operation.input === undefined ? fc.constant({}) : arbitraryStructure(operation.input, isLeftOut),
        operation.output === undefined ? fc.constant({}) : arbitraryStructure(operation.output, isLeftOut),
        async (input, output) => {
          const sent = settled(id, input);
          const stream = eventStreamMember(operation.output);
          answer = stream === undefined ? output : { ...output, [stream.name]: noEvents() };
          seen.operation = "";
          const received = await client.send(new Command(structuredClone(sent)));
          for (const name of added[id] ?? []) if (sent[name] === undefined) delete seen.input[name];
          expect(seen).toEqual({ operation: operation.name, input: comparable(sent) });
          const expected = comparable(output) as Record<string, unknown>;
          for (const { name, http } of operation.output?.members ?? []) {
            const isOwn = http.in === "header" && (http.name === "content-type" || http.name === "content-length"); // every answer's
            if (isOwn && (expected[name] === undefined || stream !== undefined)) {
              delete expected[name];
              delete received[name];
            }
          }
          expect(await asReceived(operation, received)).toEqual(expected);
        },
      );
      const { failed, counterexample, errorInstance } = await fc.check(check, {
        seed,
        numRuns: runs,
        endOnFailure: true,
      });
      if (failed) {
        failures.push(`${operation.name} of ${JSON.stringify(counterexample)}: ${(errorInstance as Error).message}`);
      }
    }
  } finally {
    client.destroy();
  }
  expect(failures).toEqual([]);
  expect(wire.internalErrors).toEqual([]);
});

async function* noEvents(): AsyncGenerator<never, void, undefined> {
  // none
}

/** Names that clients make a path or a host of. */
function settled(id: string, input: Record<string, unknown>): Record<string, unknown> {
  const sent = { ...input };
  if (id === "s3" && sent["Bucket"] !== undefined) sent["Bucket"] = "photos";
  if (id === "sqs" && sent["QueueUrl"] !== undefined) sent["QueueUrl"] = "q";
  return sent;
}

async function asReceived(operation: OperationModel, received: Record<string, unknown>): Promise<unknown> {
  const { $metadata: _metadata, ...output } = received;
  for (const member of operation.output?.members ?? []) {
    const value = output[member.name] as { transformToByteArray?(): Promise<Uint8Array> } | undefined;
    if (member.isStreaming && member.shape.kind === "structure") delete output[member.name];
    else if (value?.transformToByteArray !== undefined) output[member.name] = await value.transformToByteArray();
  }
  return comparable(output);
}

/** Buffers as bytes, nothing undefined. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("base64") };
  if (value instanceof Date || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(comparable);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => [name, comparable(one)]),
  );
}
