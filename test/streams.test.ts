/** Streams end to end: on-failure destinations that are buckets, and recorded events that go through a stream's mapping. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { root, runTripline, temporaryFolder } from "./support/tripline-process.ts";
import { createTestSimulator } from "./support/test-simulator.ts";

const template = `
Resources:
  Clicks: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
  Failures: { Type: AWS::S3::Bucket }
  Count:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      InlineCode: |
        exports.handler = async ({ Records }) => {
          const pages = Records.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, "base64")).page);
          if (pages.includes("/poison")) throw new Error("poison");
          return pages;
        };
      Events:
        Clicked:
          Type: Kinesis
          Properties:
            Stream: !GetAtt Clicks.Arn
            StartingPosition: TRIM_HORIZON
            BisectBatchOnFunctionError: true
            MaximumRetryAttempts: 1
            DestinationConfig: { OnFailure: { Destination: !GetAtt Failures.Arn } }
`;

const tableTemplate = `
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
  Project:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      InlineCode: 'exports.handler = async (event) => console.log("seen", JSON.stringify(event));'
      Events:
        Changed: { Type: DynamoDB, Properties: { Stream: !GetAtt Orders.StreamArn, StartingPosition: TRIM_HORIZON } }
`;

interface Seen {
  Records: {
    eventID: string;
    eventName: string;
    userIdentity?: unknown;
    dynamodb: { Keys: unknown; NewImage?: unknown; OldImage?: unknown; SequenceNumber: string };
  }[];
}

function inFolder(): string {
  const { folder, remove } = temporaryFolder();
  onTestFinished(remove);
  writeFileSync(join(folder, "template.yaml"), template);
  return folder;
}

const record = (page: string): object => ({
  kinesis: { partitionKey: "visitor", data: Buffer.from(JSON.stringify({ page })).toString("base64") },
  eventSource: "aws:kinesis",
  eventSourceARN: "arn:aws:kinesis:eu-west-1:111111111111:stream/prod-clicks",
});

describe("a stream", () => {
  it("leaves what it gave up in a bucket, with the event, and goes on", async () => {
    await using simulator = await createTestSimulator({ template: inFolder(), clock: "virtual", isolation: "inline" });
    await simulator.house.kinesis.replay(
      "Clicks",
      ["/tea", "/poison", "/pots"].map((page) => ({
        Data: Buffer.from(JSON.stringify({ page })),
        PartitionKey: "visitor",
      })),
    );
    await simulator.clock.advance(60_000);
    const [key = "", ...more] = await simulator.s3.listKeys("Failures");
    expect([key, more]).toEqual([
      expect.stringMatching(
        /^aws\/lambda\/[0-9a-f-]{36}\/shardId-000000000000\/2026\/01\/01\/2026-01-01T00\.00\.\d\d-[0-9a-f-]{36}$/,
      ),
      [],
    ]);
    const body = await simulator.s3.getObject({ bucket: "Failures", key });
    const { payload, ...failure } = JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>;
    expect(failure).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted" },
      KinesisBatchInfo: { batchSize: 1, shardId: "shardId-000000000000" },
    });
    expect((JSON.parse(String(payload)) as { Records: unknown[] }).Records).toHaveLength(1);
    expect(simulator.deliveries({ source: "kinesis" }).map(({ state }) => state)).toEqual([
      "delivered",
      "dead-lettered",
      "delivered",
    ]);
  });
});

it("counts the demo application's clicks by page, and reports them when the minute is over", async () => {
  await using simulator = await createTestSimulator({
    template: "fixtures/apps/shop",
    clock: "virtual",
    listen: false,
  });
  const clicks = ["/tea", "/pots", "/tea"].map((page) => ({
    Data: Buffer.from(JSON.stringify({ page })),
    PartitionKey: "visitor",
  }));
  for (const click of clicks) await simulator.house.kinesis.replay("Clicks", [click]);
  await simulator.clock.advance(61_000);
  expect(simulator.logs({ functionName: "CountClicks" }).map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/clicks from 2026-01-01T00:00:00Z to 2026-01-01T00:01:00Z: \{"\/tea":2,"\/pots":1\}/),
  );
});

describe("tripline replay", () => {
  it(
    "puts recorded records into the stream, and through its mapping: retries, splits, failures",
    { timeout: 60_000 },
    async () => {
      const folder = inFolder();
      const file = join(folder, "events.json");
      writeFileSync(
        file,
        JSON.stringify([{ Records: [record("/tea"), record("/poison")] }, { Records: [record("/pots")] }]),
      );
      const options = ["--template", folder, "--map", "prod-clicks=Clicks", "--json"];
      const { code, stdout, stderr } = await runTripline(["replay", file, ...options]);
      expect([code, stderr.includes("Count")]).toEqual([1, true]);
      expect(JSON.parse(stdout)).toMatchObject({ events: 2, deliveries: 3, failures: 1 });
      const unmapped = await runTripline(["replay", file, "--template", folder, "--json"]);
      expect([unmapped.code, unmapped.stderr]).toEqual([
        1,
        expect.stringContaining('it matches nothing: no function is mapped to a stream "prod-clicks"'),
      ]);
    },
  );

  it(
    "appends recorded changes to the table's stream, as they were recorded but for their numbers, and through its mapping",
    { timeout: 60_000 },
    async () => {
      const { folder, remove } = temporaryFolder();
      onTestFinished(remove);
      writeFileSync(join(folder, "template.yaml"), tableTemplate);
      const file = join(root, "fixtures/events/dynamodb/stream.json");
      const options = ["--template", folder, "--map", "orders=Orders"];
      const { code, stdout, stderr } = await runTripline(["replay", file, ...options, "--json", "--logs"]);
      expect([code, stderr]).toEqual([0, expect.stringContaining("seen")]);
      expect(JSON.parse(stdout)).toMatchObject({ events: 1, failures: 0 });
      const seen = JSON.parse(/seen (\{.*\})/.exec(stderr)?.[1] ?? "{}") as Seen;
      const recorded = JSON.parse(readFileSync(file, "utf8")) as Seen;
      const kept = ({ Records }: Seen): unknown =>
        Records.map(({ eventName, userIdentity, dynamodb: { Keys, NewImage, OldImage } }) => ({
          eventName,
          userIdentity,
          Keys,
          NewImage,
          OldImage,
        }));
      expect(kept(seen)).toEqual(kept(recorded));
      const numbers = [...seen.Records, ...recorded.Records].flatMap((one) => [
        one.eventID,
        one.dynamodb.SequenceNumber,
      ]);
      expect(new Set(numbers).size).toBe(8);
      const unmapped = await runTripline(["replay", file, "--template", folder, "--json"]);
      expect([unmapped.code, unmapped.stderr]).toEqual([
        1,
        expect.stringContaining('it matches nothing: no function is mapped to the stream of a table "orders"'),
      ]);
    },
  );
});
