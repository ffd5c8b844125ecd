/** The endpoint as clients meet it that nobody here wrote: the AWS SDK for JavaScript, and the AWS CLI and boto3 where they are installed. */
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";

const run = promisify(execFile);
let simulator: Simulator;
let environment: NodeJS.ProcessEnv;
let options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

beforeAll(async () => {
  simulator = await createSimulator({
    resources: {
      Photos: { Type: "AWS::S3::Bucket", Properties: { BucketName: "photos" } },
      Work: { Type: "AWS::SQS::Queue" },
      Echo: {
        Type: "AWS::Serverless::Function",
        Properties: {
          Runtime: "nodejs20.x",
          Handler: "index.handler",
          InlineCode:
            "exports.handler = async (event) => { if (event.fail) throw new TypeError('no'); return { got: event }; }",
        },
      },
    },
  });
  const endpoint = simulator.endpoint ?? "";
  options = { endpoint, region: "us-east-1", credentials: { accessKeyId: "any", secretAccessKey: "thing" } };
  environment = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "thing",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_PAGER: "",
  };
});
afterAll(() => simulator.stop());

describe("the AWS SDK for JavaScript", () => {
  it("invokes a function: its answer, its error, and later", async () => {
    const lambda = new LambdaClient(options);
    const invoke = async (input: object): Promise<unknown[]> => {
      const output = await lambda.send(new InvokeCommand({ FunctionName: "Echo", ...input }));
      return [output.StatusCode, output.FunctionError, output.Payload?.transformToString()];
    };
    expect(await invoke({ Payload: '{"a":1}' })).toEqual([200, undefined, '{"got":{"a":1}}']);
    const [status, functionError, payload] = await invoke({ Payload: '{"fail":true}' });
    expect([status, functionError, JSON.parse(String(payload))]).toEqual([
      200,
      "Unhandled",
      { errorType: "TypeError", errorMessage: "no", trace: expect.any(Array) },
    ]);
    expect(await invoke({ InvocationType: "Event", Payload: "{}" })).toEqual([202, undefined, undefined]);
    await expect(lambda.send(new InvokeCommand({ FunctionName: "Nobody" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:Nobody:$LATEST",
    });
    lambda.destroy();
  });

  it("puts, reads, lists and deletes objects, small and streamed", async () => {
    const s3 = new S3Client({ ...options, forcePathStyle: true });
    const big = Buffer.alloc(3 * 1024 * 1024, "x");
    await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a b/é.txt", Body: "hello", Metadata: { by: "ada" } }));
    await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "big", Body: big }));
    const small = await s3.send(new GetObjectCommand({ Bucket: "photos", Key: "a b/é.txt" }));
    expect([await small.Body?.transformToString(), small.Metadata, small.ETag]).toEqual([
      "hello",
      { by: "ada" },
      '"5d41402abc4b2a76b9719d911017c592"',
    ]);
    const read = await s3.send(new GetObjectCommand({ Bucket: "photos", Key: "big", Range: "bytes=1-1048576" }));
    expect([(await read.Body?.transformToByteArray())?.length, read.ContentRange]).toEqual([
      1048576,
      "bytes 1-1048576/3145728",
    ]);
    expect((await s3.send(new HeadObjectCommand({ Bucket: "photos", Key: "big" }))).ContentLength).toBe(big.length);
    const list = await s3.send(new ListObjectsV2Command({ Bucket: "photos", Delimiter: "/" }));
    expect([list.Contents?.map((one) => one.Key), list.CommonPrefixes]).toEqual([["big"], [{ Prefix: "a b/" }]]);
    await s3.send(new DeleteObjectCommand({ Bucket: "photos", Key: "big" }));
    await expect(s3.send(new GetObjectCommand({ Bucket: "photos", Key: "big" }))).rejects.toMatchObject({
      name: "NoSuchKey",
    });
    await expect(s3.send(new HeadObjectCommand({ Bucket: "photos", Key: "big" }))).rejects.toMatchObject({
      name: "NotFound",
    });
    await expect(
      s3.send(new PutObjectCommand({ Bucket: "photos", Key: "x", Body: "x", GrantRead: "id=someone" })),
    ).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringContaining("GrantRead"),
    });
    s3.destroy();
  });

  it("sends, receives and deletes messages", async () => {
    const sqs = new SQSClient(options);
    const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: "Work" }));
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl]);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: "one",
        MessageAttributes: { kind: { DataType: "String", StringValue: "é" } },
      }),
    );
    const { Successful } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", MessageBody: "two" },
          { Id: "b", MessageBody: "three" },
        ],
      }),
    );
    expect(Successful?.map((one) => one.Id)).toEqual(["a", "b"]);
    const received = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
    );
    expect(received.Messages?.map((one) => one.Body).toSorted()).toEqual(["one", "three", "two"]);
    for (const { ReceiptHandle } of received.Messages ?? [])
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    expect(Attributes).toEqual({ ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "0" });
    sqs.destroy();
  });
});

const hasAwsCli = spawnSync("aws", ["--version"]).status === 0;
describe(`the AWS CLI${hasAwsCli ? "" : " (skipped: aws is not installed)"}`, () => {
  it.runIf(hasAwsCli)(
    "copies a file in and out, sends a message and invokes a function",
    { timeout: 120_000 },
    async () => {
      // Older versions of the CLI know no AWS_ENDPOINT_URL.
      const aws = async (...args: string[]): Promise<string> =>
        (await run("aws", ["--endpoint-url", options.endpoint, ...args], { env: environment })).stdout;
      const put = ["s3api", "put-object", "--bucket", "photos", "--key", "cli.txt", "--body", import.meta.filename];
      expect(JSON.parse(await aws(...put))).toMatchObject({ ETag: expect.any(String) });
      expect(await aws("s3", "ls", "s3://photos/cli.txt")).toContain("cli.txt");
      const url = (JSON.parse(await aws("sqs", "get-queue-url", "--queue-name", "Work")) as { QueueUrl: string })
        .QueueUrl;
      await aws("sqs", "send-message", "--queue-url", url, "--message-body", "from the cli");
      const { Messages } = JSON.parse(await aws("sqs", "receive-message", "--queue-url", url)) as {
        Messages: { Body: string }[];
      };
      expect(Messages.map((one) => one.Body)).toEqual(["from the cli"]);
      const { folder, remove } = temporaryFolder();
      const out = join(folder, "out.json");
      await aws("lambda", "invoke", "--function-name", "Echo", out);
      expect(readFileSync(out, "utf8")).toBe('{"got":{}}');
      remove();
    },
  );
});

const hasBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;
describe(`boto3${hasBoto3 ? "" : " (skipped: boto3 is not installed)"}`, () => {
  it.runIf(hasBoto3)("puts an object, sends a message and invokes a function", { timeout: 120_000 }, async () => {
    const script = `
import boto3, json
s3, sqs, functions = boto3.client("s3"), boto3.client("sqs"), boto3.client("lambda")
s3.put_object(Bucket="photos", Key="boto.txt", Body=b"boto")
assert s3.get_object(Bucket="photos", Key="boto.txt")["Body"].read() == b"boto"
url = sqs.get_queue_url(QueueName="Work")["QueueUrl"]
sqs.send_message(QueueUrl=url, MessageBody="from boto")
print(json.load(functions.invoke(FunctionName="Echo", Payload=b'{"b": 2}')["Payload"]))
`;
    expect((await run("python3", ["-c", script], { env: environment })).stdout).toBe("{'got': {'b': 2}}\n");
  });
});
