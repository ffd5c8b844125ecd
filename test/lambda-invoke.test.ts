/** Invoke in all its forms, through the AWS SDK for JavaScript. */
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  GetPolicyCommand,
  InvokeAsyncCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ListTagsCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-lambda";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const source = `
exports.echo = async (event, context) => {
  console.log("seen", JSON.stringify(event));
  if (event.fail) throw new TypeError("no");
  return { event, arn: context.invokedFunctionArn, requestId: context.awsRequestId, client: context.clientContext };
};
exports.stream = awslambda.streamifyResponse(async (event, stream) => {
  stream.setContentType("text/plain");
  stream.write("one ");
  await new Promise((resolve) => setTimeout(resolve, 5));
  stream.write("two");
  if (event.fail) throw new TypeError("amid");
  stream.end();
});`;

const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const functionOf = (handler: string): object => ({
  Type: "AWS::Lambda::Function",
  Properties: { FunctionName: handler, Runtime: "nodejs20.x", Handler: `index.${handler}`, Code: { ZipFile: source } },
});

let simulator: Simulator;
let lambda: LambdaClient;

beforeAll(async () => {
  simulator = await createSimulator({
    resources: { Echo: functionOf("echo"), Stream: functionOf("stream"), Work: { Type: "AWS::SQS::Queue" } },
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

const errorOf = async (work: Promise<unknown>): Promise<[string, string, number | undefined]> => {
  try {
    await work;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return [name, message, $metadata?.httpStatusCode];
  }
  throw new Error("it did not fail");
};
const invoke = (input: object): Promise<import("@aws-sdk/client-lambda").InvokeCommandOutput> =>
  lambda.send(new InvokeCommand({ FunctionName: "echo", ...input }));

describe("Invoke", () => {
  it("answers with the payload, the version, the log's tail, and the request id that the function saw", async () => {
    const output = await invoke({
      Payload: '{"a":1}',
      LogType: "Tail",
      Qualifier: "$LATEST",
      ClientContext: Buffer.from('{"custom":{"k":"v"}}').toString("base64"),
    });
    const { requestId } = output.$metadata;
    expect([output.StatusCode, output.ExecutedVersion, output.FunctionError]).toEqual([200, "$LATEST", undefined]);
    expect(JSON.parse(output.Payload?.transformToString() ?? "")).toEqual({
      event: { a: 1 },
      arn: `${arnOf("echo")}:$LATEST`,
      requestId,
      client: { custom: { k: "v" } },
    });
    const log = Buffer.from(output.LogResult ?? "", "base64").toString();
    expect(log).toMatch(new RegExp(`^START RequestId: ${requestId} Version: \\$LATEST\n`));
    expect(log).toContain('seen {"a":1}');
    expect(log).toContain(`REPORT RequestId: ${requestId}\t`);
  });

  it("Event answers 202, runs once, and drops the client context; DryRun answers 204 and runs nothing", async () => {
    const before = simulator.invocations().length;
    const event = await invoke({ InvocationType: "Event", Payload: '"later"', ClientContext: "%" });
    const dryRun = await invoke({ InvocationType: "DryRun" });
    const older = await lambda.send(new InvokeAsyncCommand({ FunctionName: "echo", InvokeArgs: '"older"' }));
    await simulator.settle();
    expect([event.StatusCode, event.Payload?.transformToString() ?? "", event.ExecutedVersion]).toEqual([
      202,
      "",
      undefined,
    ]);
    expect([dryRun.StatusCode, dryRun.Payload?.transformToString() ?? ""]).toEqual([204, ""]);
    expect(older.Status).toBe(202);
    const ran = simulator.invocations().slice(before);
    expect(ran.map((one) => Buffer.from(one.payload).toString()).sort()).toEqual(['"later"', '"older"']);
    expect(ran.map((one) => one.requestId)).toContain(event.$metadata.requestId);
  });

  it.each<[object, [string, string, number]]>([
    [
      { FunctionName: "doesnotexist" },
      ["ResourceNotFoundException", `Function not found: ${arnOf("doesnotexist")}:$LATEST`, 404],
    ],
    [{ Qualifier: "live" }, ["ResourceNotFoundException", `Function not found: ${arnOf("echo")}:live`, 404]],
    [
      { FunctionName: "echo:1", Qualifier: "2" },
      [
        "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier.",
        400,
      ],
    ],
    [
      { Payload: Buffer.from("n\x87r", "latin1") },
      [
        "InvalidRequestContentException",
        "Could not parse request body into json: Could not parse payload into json: Invalid UTF-8 start byte 0x87\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 3]",
        400,
      ],
    ],
    [
      { Payload: Buffer.alloc(6_291_457, "1") },
      ["RequestTooLargeException", "Request must be smaller than 6291456 bytes for the InvokeFunction operation", 413],
    ],
    [
      { ClientContext: "%" },
      ["InvalidParameterValueException", "Client context must be a valid Base64-encoded JSON object.", 400],
    ],
  ])("refuses %j", async (input, error) => {
    expect(await errorOf(invoke(input))).toEqual(error);
  });
});

describe("InvokeWithResponseStream", () => {
  const read = async (input: object): Promise<{ head: unknown[]; events: unknown[] }> => {
    const output = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: "stream", ...input }));
    const events: unknown[] = [];
    for await (const { PayloadChunk, InvokeComplete } of output.EventStream ?? []) {
      if (PayloadChunk !== undefined) events.push(Buffer.from(PayloadChunk.Payload ?? []).toString());
      if (InvokeComplete !== undefined) events.push(InvokeComplete);
    }
    return { head: [output.StatusCode, output.ExecutedVersion], events };
  };

  it("passes on each piece as it comes, then says that it is complete, with the log's tail where it is asked for", async () => {
    const { head, events } = await read({ LogType: "Tail" });
    expect(head).toEqual([200, "$LATEST"]);
    expect(events).toEqual(["one ", "two", { LogResult: expect.any(String) }]);
  });

  it("ends with the error of a function that fails amid its response", async () => {
    const { events } = await read({ Payload: '{"fail":true}' });
    expect(events).toEqual([
      "one ",
      "two",
      {
        ErrorCode: "Unhandled",
        ErrorDetails: expect.stringMatching(/^\{"errorType":"TypeError","errorMessage":"amid"/),
      },
    ]);
  });

  it("answers for a function that does not stream with one piece, or with its error", async () => {
    const { events } = await read({ FunctionName: "echo", Payload: "1" });
    expect(events).toEqual([expect.stringMatching(/^\{"event":1,/), {}]);
    expect((await read({ FunctionName: "echo", Payload: '{"fail":true}' })).events).toEqual([
      { ErrorCode: "Unhandled", ErrorDetails: expect.stringMatching(/^\{"errorType":"TypeError","errorMessage":"no"/) },
    ]);
  });

  it("is refused before it begins as Invoke is; DryRun runs nothing", async () => {
    expect(await errorOf(read({ FunctionName: "nobody" }))).toEqual([
      "ResourceNotFoundException",
      `Function not found: ${arnOf("nobody")}:$LATEST`,
      404,
    ]);
    expect(await read({ InvocationType: "DryRun" })).toEqual({ head: [204, undefined], events: [] });
  });

  it("does not stop the function where the caller goes away", async () => {
    const before = simulator.invocations({ functionName: "stream" }).length;
    const output = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: "stream" }));
    for await (const _event of output.EventStream ?? []) break;
    await simulator.settle();
    expect(simulator.invocations({ functionName: "stream" }).slice(before)).toMatchObject([{ status: "success" }]);
  });
});

describe("AddPermission, GetPolicy and RemovePermission", () => {
  it("keep a statement as AWS prints it, and forget it", async () => {
    const { Statement } = await lambda.send(
      new AddPermissionCommand({
        FunctionName: "echo",
        StatementId: "s3",
        Action: "lambda:InvokeFunction",
        Principal: "s3.amazonaws.com",
        SourceArn: "arn:aws:s3:::photos",
      }),
    );
    const statement = `{"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"${arnOf("echo")}","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::photos"}}}`;
    expect(Statement).toBe(statement);
    const { Policy, RevisionId } = await lambda.send(new GetPolicyCommand({ FunctionName: "echo" }));
    expect(Policy).toBe(`{"Version":"2012-10-17","Id":"default","Statement":[${statement}]}`);
    await lambda.send(new RemovePermissionCommand({ FunctionName: "echo", StatementId: "s3", RevisionId }));
    expect(await errorOf(lambda.send(new GetPolicyCommand({ FunctionName: "echo" })))).toEqual([
      "ResourceNotFoundException",
      "The resource you requested does not exist.",
      404,
    ]);
  });
});

describe("an event source mapping", () => {
  it("is Creating, and has tags of its own", async () => {
    const {
      State,
      UUID,
      EventSourceMappingArn = "",
    } = await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: "echo",
        EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:Work",
        Tags: { team: "shop" },
      }),
    );
    expect([State, EventSourceMappingArn]).toEqual([
      "Creating",
      `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`,
    ]);
    const Resource = EventSourceMappingArn;
    await lambda.send(new TagResourceCommand({ Resource, Tags: { stage: "dev" } }));
    await lambda.send(new UntagResourceCommand({ Resource, TagKeys: ["team"] }));
    expect((await lambda.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ stage: "dev" });
    const nowhere = Resource.replace(/.{12}$/, "000000000000");
    expect(await errorOf(lambda.send(new ListTagsCommand({ Resource: nowhere })))).toEqual([
      "ResourceNotFoundException",
      `Event source mapping not found: ${nowhere}`,
      404,
    ]);
  });
});

const hasBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;
describe(`boto3${hasBoto3 ? "" : " (skipped: boto3 is not installed)"}`, () => {
  it.runIf(hasBoto3)("invokes in every way, and reads a streamed response", { timeout: 60_000 }, async () => {
    const script = `
import base64, boto3
client = boto3.client("lambda")
answer = client.invoke(FunctionName="echo", LogType="Tail", Payload=b'{"b": 2}')
assert answer["ExecutedVersion"] == "$LATEST", answer
assert b"START RequestId" in base64.b64decode(answer["LogResult"])
assert client.invoke(FunctionName="echo", InvocationType="DryRun")["StatusCode"] == 204
assert client.invoke(FunctionName="echo", InvocationType="Event", Payload=b"{}")["StatusCode"] == 202
events = client.invoke_with_response_stream(FunctionName="stream")["EventStream"]
print(b"".join(event["PayloadChunk"]["Payload"] for event in events if "PayloadChunk" in event).decode())
try:
    client.invoke(FunctionName="nobody")
except client.exceptions.ResourceNotFoundException as error:
    print(error.response["Error"]["Message"])
`;
    const environment = {
      ...process.env,
      AWS_ENDPOINT_URL: simulator.endpoint ?? "",
      AWS_ACCESS_KEY_ID: "any",
      AWS_SECRET_ACCESS_KEY: "thing",
      AWS_DEFAULT_REGION: "us-east-1",
    };
    const { stdout } = await promisify(execFile)("python3", ["-c", script], { env: environment });
    expect(stdout).toBe(`one two\nFunction not found: ${arnOf("nobody")}:$LATEST\n`);
  });
});
