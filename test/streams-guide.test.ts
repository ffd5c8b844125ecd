/**
 * docs/guides/streams.md: its template as the page has it, and its commands as calls of the SDK.
 *
 * Each example returns what its commands print, which is compared with the output on the page; the calls that all of them make, in order,
 * are compared with the page's commands of the AWS CLI.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  UpdateShardCountCommand,
} from "@aws-sdk/client-kinesis";
import { DeleteFunctionConcurrencyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";
import { createTestSimulator } from "./support/test-simulator.ts";

const page = readFileSync(new URL("../docs/guides/streams.md", import.meta.url), "utf8");
const { folder, remove } = temporaryFolder();
const called: string[] = [];
let simulator: Simulator;
let kinesis: KinesisClient;
let lambda: LambdaClient;
let s3: S3Client;
let sqs: SQSClient;

beforeAll(async () => {
  const [, template = ""] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  writeFileSync(join(folder, "template.yaml"), template.replaceAll("nodejs22.x", "nodejs20.x"));
  simulator = await createTestSimulator({ template: folder, clock: "virtual", isolation: "inline" });
  const options = {
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  };
  kinesis = new KinesisClient(options);
  lambda = new LambdaClient(options);
  s3 = new S3Client({ ...options, forcePathStyle: true });
  sqs = new SQSClient(options);
  note("kinesis", kinesis);
  note("lambda", lambda);
  note("s3api", s3);
  note("sqs", sqs);
});
afterAll(async () => {
  for (const client of [kinesis, lambda, s3, sqs]) client.destroy();
  await simulator.stop();
  remove();
});

interface CallStack {
  add(
    middleware: (next: (args: unknown) => unknown, context: { commandName?: string }) => (args: unknown) => unknown,
    options: { step: "initialize" },
  ): void;
}

/** Notes each call as the AWS CLI writes it. */
function note(service: string, client: { middlewareStack: unknown }): void {
  (client.middlewareStack as CallStack).add(
    (next, { commandName = "" }) =>
      (args) => {
        const words = commandName.replace(/Command$/, "").replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "-");
        called.push(`aws ${service} ${words.toLowerCase()}`);
        return next(args);
      },
    { step: "initialize" },
  );
}

async function admin(path: string, body?: object): Promise<unknown> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  return (await fetch(`${simulator.endpoint ?? ""}/_tripline/${path}`, init)).json();
}
async function statuses(functionName: string): Promise<string[]> {
  const { invocations } = (await admin(`invocations?function=${functionName}`)) as {
    invocations: { status: string }[];
  };
  return invocations.map(({ status }) => status);
}
interface FailureRecord {
  requestContext: { condition: string; approximateInvokeCount: number };
  KinesisBatchInfo: { batchSize: number };
}
async function failures(QueueName: string, more: { MaxNumberOfMessages?: number } = {}): Promise<FailureRecord[]> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...more }));
  const told = Messages.map(({ Body = "" }) => JSON.parse(Body) as FailureRecord);
  for (const record of told) expect(record).not.toHaveProperty("payload");
  return told;
}
const click = (of: string): { Data: Buffer; PartitionKey: string } => ({
  Data: Buffer.from(JSON.stringify({ page: of })),
  PartitionKey: "visitor",
});
const whole = ({ requestContext: { condition, approximateInvokeCount }, KinesisBatchInfo }: FailureRecord): unknown => [
  condition,
  approximateInvokeCount,
  KinesisBatchInfo.batchSize,
];

/** By heading; each gives what is printed, a value a line. */
const examples: Readonly<Record<string, () => Promise<unknown[]>>> = {
  async "Follow along"() {
    const Records = ["/tea", "/pots", "/poison", "/mugs"].map(click);
    await kinesis.send(new PutRecordsCommand({ StreamName: "clicks", Records }));
    await kinesis.send(
      new UpdateShardCountCommand({ StreamName: "clicks", TargetShardCount: 2, ScalingType: "UNIFORM_SCALING" }),
    );
    await admin("clock", { advanceMs: 1_000 });
    await kinesis.send(new PutRecordCommand({ StreamName: "clicks", ...click("/after") }));
    await admin("clock", { advanceMs: 120_000 });
    return [];
  },
  "A poison record": async () => [await statuses("Whole"), ...(await failures("failed-batches")).map(whole)],
  async "The same, with `BisectBatchOnFunctionError`"() {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "failed-records" }));
    const [{ Key = "" } = {}, ...more] = Contents;
    expect([Key, more]).toEqual([
      expect.stringMatching(/^aws\/lambda\/[0-9a-f-]{36}\/shardId-000000000000\/2026\/01\/01\//),
      [],
    ]);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "failed-records", Key }));
    const { payload } = JSON.parse((await Body?.transformToString()) ?? "{}") as { payload: string };
    const { Records } = JSON.parse(payload) as { Records: { kinesis: { data: string } }[] };
    return [
      await statuses("Halves"),
      ...Records.map((record) => JSON.parse(Buffer.from(record.kinesis.data, "base64").toString()) as unknown),
    ];
  },
  "Partial batch responses": async () => [await statuses("Parts"), ...(await failures("failed-parts")).map(whole)],
  async "Records that grow too old"() {
    const told = await failures("too-old", { MaxNumberOfMessages: 10 });
    return [
      Array.from(new Set(await statuses("Aged"))),
      ...told.map(({ requestContext, KinesisBatchInfo }) => [requestContext.condition, KinesisBatchInfo.batchSize]),
    ];
  },
  async Throttling() {
    const before = Array.from(new Set(await statuses("Busy")));
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: "Busy" }));
    await admin("clock", { advanceMs: 120_000 });
    return [before, (await statuses("Busy")).filter((status) => status !== "throttled")];
  },
  async "A reshard"() {
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: "clicks" }));
    return Shards.map(({ ShardId, ParentShardId = null }) => [ShardId, ParentShardId]);
  },
  "A tumbling window that ends early": async () =>
    simulator
      .logs({ functionName: "Overfull" })
      .flatMap(({ message }) => /\{"records.*/.exec(message) ?? [])
      .map((text) => JSON.parse(text) as unknown),
};

it("every way to fail of the guide ends as the guide says", async () => {
  const sections = page.split(/^## /m).slice(1);
  expect(sections.map((section) => section.slice(0, section.indexOf("\n")))).toEqual(Object.keys(examples));
  for (const section of sections) {
    const heading = section.slice(0, section.indexOf("\n"));
    const printed = (await examples[heading]?.()) ?? [];
    const shown = /```text\n([^]*?)```/.exec(section)?.[1] ?? "";
    expect([heading, printed.map((line) => `${JSON.stringify(line)}\n`).join("")]).toEqual([heading, shown]);
  }
  expect(called).toEqual(page.match(/\baws (?:kinesis|lambda|s3api|sqs) [a-z0-9-]+/g));
});

it("and each record is told of as what became of it", () => {
  const states = (functionName: string): string[] =>
    simulator
      .deliveries({ source: "kinesis" })
      .filter(({ targetArn }) => targetArn.endsWith(`:${functionName}`))
      .map(({ state }) => state);
  expect(Object.fromEntries(["Whole", "Halves", "Parts", "Aged", "Busy"].map((name) => [name, states(name)]))).toEqual({
    Whole: ["dead-lettered", "dead-lettered", "dead-lettered", "dead-lettered", "delivered"],
    Halves: ["delivered", "delivered", "dead-lettered", "delivered", "delivered"],
    Parts: ["delivered", "delivered", "dead-lettered", "dead-lettered", "delivered"],
    Aged: ["dead-lettered", "dead-lettered", "dead-lettered", "dead-lettered", "dead-lettered"],
    Busy: ["failed", "failed", "failed", "failed", "delivered"],
  });
});
