/** Kinesis as clients meet it that nobody here wrote, and a function behind an event source mapping of a stream. */
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  SubscribeToShardCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from "@aws-sdk/client-kinesis";
import type { Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";
import { createTestSimulator } from "./support/test-simulator.ts";

const run = promisify(execFile);
let simulator: Simulator;
let kinesis: KinesisClient;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  simulator = await createTestSimulator({
    resources: {
      Clicks: { Type: "AWS::Kinesis::Stream", Properties: { ShardCount: 1 } },
      Sum: {
        Type: "AWS::Serverless::Function",
        Properties: {
          Runtime: "nodejs20.x",
          Handler: "index.handler",
          InlineCode:
            "exports.handler = async ({ Records }) => Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());",
          Events: {
            Clicked: {
              Type: "Kinesis",
              Properties: {
                Stream: { "Fn::GetAtt": ["Clicks", "Arn"] },
                StartingPosition: "TRIM_HORIZON",
                FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":["click"]}}' }] },
              },
            },
          },
        },
      },
    },
  });
  const endpoint = simulator.endpoint ?? "";
  const credentials = { accessKeyId: "any", secretAccessKey: "thing" };
  kinesis = new KinesisClient({ endpoint, region: "us-east-1", credentials });
  environment = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "thing",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_PAGER: "",
  };
});
afterAll(async () => {
  kinesis.destroy();
  await simulator.stop();
});

describe("the AWS SDK for JavaScript, over HTTP/2", () => {
  it("puts records that reach the function of a mapping", async () => {
    const put = await kinesis.send(
      new PutRecordsCommand({
        StreamName: "Clicks",
        Records: ["click", "view"].map((kind) => ({ Data: Buffer.from(JSON.stringify({ kind })), PartitionKey: kind })),
      }),
    );
    expect([put.FailedRecordCount, put.Records?.map(({ ShardId }) => ShardId)]).toEqual([
      0,
      ["shardId-000000000000", "shardId-000000000000"],
    ]);
    await simulator.settle();
    const [invocation, ...more] = simulator.invocations({ functionName: "Sum" });
    expect([JSON.parse(Buffer.from(invocation?.response ?? "null").toString()), more]).toEqual([
      ['{"kind":"click"}'],
      [],
    ]);
    expect(
      simulator
        .deliveries({ source: "kinesis" })
        .map(({ state }) => state)
        .sort(),
    ).toEqual(["delivered", "filtered"]);
  });

  it("creates, reads, splits, and follows a shard to its children", async () => {
    await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
    await simulator.settle();
    const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: "s" }));
    const StreamARN = summary.StreamDescriptionSummary?.StreamARN ?? "";
    expect(summary.StreamDescriptionSummary).toMatchObject({ StreamStatus: "ACTIVE", OpenShardCount: 1 });
    const { SequenceNumber } = await kinesis.send(
      new PutRecordCommand({ StreamName: "s", Data: Buffer.from("a"), PartitionKey: "k" }),
    );
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({
        StreamName: "s",
        ShardId: "shardId-000000000000",
        ShardIteratorType: "AT_SEQUENCE_NUMBER",
        StartingSequenceNumber: SequenceNumber ?? "",
      }),
    );
    const read = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(read.Records?.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(["a"]);

    const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: "c" }));
    const { EventStream } = await kinesis.send(
      new SubscribeToShardCommand({
        ConsumerARN: Consumer?.ConsumerARN ?? "",
        ShardId: "shardId-000000000000",
        StartingPosition: { Type: "TRIM_HORIZON" },
      }),
    );
    const half = (2n ** 127n).toString();
    const seen: unknown[] = [];
    for await (const { SubscribeToShardEvent } of EventStream ?? []) {
      seen.push(SubscribeToShardEvent?.Records?.map(({ Data }) => Buffer.from(Data ?? []).toString()));
      if (seen.length === 1) {
        await kinesis.send(
          new SplitShardCommand({ StreamName: "s", ShardToSplit: "shardId-000000000000", NewStartingHashKey: half }),
        );
      } else seen.push(SubscribeToShardEvent?.ChildShards?.map(({ ShardId }) => ShardId));
    }
    expect(seen).toEqual([["a"], [], ["shardId-000000000001", "shardId-000000000002"]]);
    const { Shards } = await kinesis.send(new ListShardsCommand({ StreamName: "s" }));
    expect(Shards?.map(({ ParentShardId }) => ParentShardId)).toEqual([
      undefined,
      "shardId-000000000000",
      "shardId-000000000000",
    ]);
  });

  it("grows a stream in on-demand mode, and scales it by hand in the other", async () => {
    const timeless = await createTestSimulator({ clock: "virtual" });
    const client = new KinesisClient({
      endpoint: timeless.endpoint ?? "",
      region: "us-east-1",
      credentials: { accessKeyId: "any", secretAccessKey: "thing" },
    });
    onTestFinished(async () => {
      client.destroy();
      await timeless.stop();
    });
    const StreamName = "grows";
    await client.send(new CreateStreamCommand({ StreamName, StreamModeDetails: { StreamMode: "ON_DEMAND" } }));
    await timeless.settle();
    const summarise = async (): Promise<[string | undefined, number | undefined]> => {
      const { StreamDescriptionSummary: summary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
      return [summary?.StreamModeDetails?.StreamMode, summary?.OpenShardCount];
    };
    expect(await summarise()).toEqual(["ON_DEMAND", 4]);
    await timeless.house.kinesis.replay(
      StreamName,
      Array.from({ length: 150_000 }, (_, n) => ({ Data: new Uint8Array(0), PartitionKey: String(n) })),
    );
    await timeless.clock.advance(60_000);
    await client.send(new PutRecordCommand({ StreamName, Data: Buffer.from("x"), PartitionKey: "k" }));
    await timeless.settle();
    expect(await summarise()).toEqual(["ON_DEMAND", 8]);
    const scale = { StreamName, TargetShardCount: 4, ScalingType: "UNIFORM_SCALING" } as const;
    await expect(client.send(new UpdateShardCountCommand(scale))).rejects.toMatchObject({
      name: "ValidationException",
      message: `Request is invalid. Stream ${StreamName} under account 000000000000 is in On-Demand mode: UpdateShardCount is not allowed.`,
    });
    const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
    await client.send(new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode: "PROVISIONED" } }));
    await timeless.settle();
    await client.send(new UpdateShardCountCommand(scale));
    await timeless.settle();
    expect(await summarise()).toEqual(["PROVISIONED", 4]);
  });

  it("gets AWS's errors", async () => {
    await expect(
      kinesis.send(new PutRecordCommand({ StreamName: "nobody", Data: Buffer.from(""), PartitionKey: "k" })),
    ).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Stream nobody under account 000000000000 not found.",
    });
  });
});

describe.skipIf(spawnSync("aws", ["--version"]).status !== 0)("the AWS CLI", () => {
  it("puts and reads a record", { timeout: 60_000 }, async () => {
    const aws = async (...words: string[]): Promise<Record<string, unknown>> =>
      JSON.parse((await run("aws", ["kinesis", ...words, "--output", "json"], { env: environment })).stdout) as Record<
        string,
        unknown
      >;
    const { folder, remove } = temporaryFolder();
    onTestFinished(remove);
    const file = join(folder, "data");
    writeFileSync(file, "hello");
    const record = ["--data", `fileb://${file}`, "--partition-key", "k"];
    expect(await aws("put-record", "--stream-name", "Clicks", ...record)).toMatchObject({
      ShardId: "shardId-000000000000",
    });
    const position = ["--shard-id", "shardId-000000000000", "--shard-iterator-type", "TRIM_HORIZON"];
    const { ShardIterator } = await aws("get-shard-iterator", "--stream-name", "Clicks", ...position);
    const { Records } = await aws("get-records", "--shard-iterator", String(ShardIterator));
    expect((Records as { Data: string }[]).map(({ Data }) => Buffer.from(Data, "base64").toString()).at(-1)).toBe(
      "hello",
    );
  });
});
