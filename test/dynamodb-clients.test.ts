/** DynamoDB as clients meet it that nobody here wrote, and a function behind the stream of a table. */
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  BatchExecuteStatementCommand,
  ConditionalCheckFailedException,
  CreateBackupCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DuplicateItemException,
  DynamoDBClient,
  ExecuteStatementCommand,
  type ExecuteStatementCommandOutput,
  ExecuteTransactionCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";
import { createTestSimulator } from "./support/test-simulator.ts";

const run = promisify(execFile);
let simulator: Simulator;
let dynamodb: DynamoDBClient;
let streams: DynamoDBStreamsClient;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  simulator = await createTestSimulator({
    resources: {
      Orders: {
        Type: "AWS::DynamoDB::Table",
        Properties: {
          TableName: "orders",
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
          StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
        },
      },
      Project: {
        Type: "AWS::Serverless::Function",
        Properties: {
          Runtime: "nodejs20.x",
          Handler: "index.handler",
          InlineCode: "exports.handler = async ({ Records }) => Records;",
          Events: {
            Changed: {
              Type: "DynamoDB",
              Properties: {
                Stream: { "Fn::GetAtt": ["Orders", "StreamArn"] },
                StartingPosition: "TRIM_HORIZON",
                FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"kind":{"S":["order"]}}}}' }] },
              },
            },
          },
        },
      },
    },
  });
  const endpoint = simulator.endpoint ?? "";
  const client = { endpoint, region: "us-east-1", credentials: { accessKeyId: "any", secretAccessKey: "thing" } };
  dynamodb = new DynamoDBClient(client);
  streams = new DynamoDBStreamsClient(client);
  environment = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "thing",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_PAGER: "",
  };
  await simulator.settle();
});
afterAll(async () => {
  dynamodb.destroy();
  streams.destroy();
  await simulator.stop();
});

describe("the AWS SDK for JavaScript", () => {
  it("puts items whose changes reach the function of a mapping", async () => {
    for (const kind of ["order", "draft"]) {
      await dynamodb.send(
        new PutItemCommand({
          TableName: "orders",
          Item: { id: { S: kind }, kind: { S: kind }, photo: { B: Buffer.from("hi") } },
        }),
      );
    }
    await simulator.settle();
    const [invocation, ...more] = simulator.invocations({ functionName: "Project" });
    const records = JSON.parse(Buffer.from(invocation?.response ?? "null").toString()) as Record<string, unknown>[];
    expect([records, more]).toEqual([
      [
        {
          eventID: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
          eventName: "INSERT",
          eventVersion: "1.1",
          eventSource: "aws:dynamodb",
          awsRegion: "us-east-1",
          dynamodb: {
            ApproximateCreationDateTime: expect.any(Number) as number,
            Keys: { id: { S: "order" } },
            NewImage: { id: { S: "order" }, kind: { S: "order" }, photo: { B: "aGk=" } },
            SequenceNumber: expect.stringMatching(/^\d{21,40}$/) as string,
            SizeBytes: 30,
            StreamViewType: "NEW_AND_OLD_IMAGES",
          },
          eventSourceARN: expect.stringMatching(/:table\/orders\/stream\//) as string,
        },
      ],
      [],
    ]);
  });

  it("makes a table with an index, writes under conditions, and queries it", async () => {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: "clicks",
        AttributeDefinitions: [
          { AttributeName: "page", AttributeType: "S" },
          { AttributeName: "at", AttributeType: "N" },
          { AttributeName: "visitor", AttributeType: "S" },
        ],
        KeySchema: [
          { AttributeName: "page", KeyType: "HASH" },
          { AttributeName: "at", KeyType: "RANGE" },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: "by-visitor",
            KeySchema: [{ AttributeName: "visitor", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
          },
        ],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    await simulator.settle();
    const key = (at: number): Record<string, { S: string } | { N: string }> => ({
      page: { S: "/" },
      at: { N: String(at) },
    });
    for (const at of [3, 20, 100]) {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: "clicks",
          Key: key(at),
          UpdateExpression: "SET visitor = :v ADD hits :one",
          ExpressionAttributeValues: { ":v": { S: "me" }, ":one": { N: "1" } },
        }),
      );
    }
    const { Items, Count } = await dynamodb.send(
      new QueryCommand({
        TableName: "clicks",
        IndexName: "by-visitor",
        KeyConditionExpression: "visitor = :v",
        ExpressionAttributeValues: { ":v": { S: "me" } },
      }),
    );
    expect([Count, Items?.map(({ hits }) => hits)]).toEqual([3, [{ N: "1" }, { N: "1" }, { N: "1" }]]);
    const failure = await dynamodb
      .send(
        new PutItemCommand({
          TableName: "clicks",
          Item: key(3),
          ConditionExpression: "attribute_not_exists(page)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      )
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConditionalCheckFailedException);
    expect((failure as ConditionalCheckFailedException).Item).toMatchObject({ visitor: { S: "me" } });
    const cancelled = await dynamodb
      .send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Delete: { TableName: "clicks", Key: key(20) } },
            {
              ConditionCheck: {
                TableName: "clicks",
                Key: key(5),
                ConditionExpression: "attribute_exists(page)",
              },
            },
          ],
        }),
      )
      .catch((error: unknown) => error);
    expect(cancelled).toBeInstanceOf(TransactionCanceledException);
    expect((cancelled as TransactionCanceledException).CancellationReasons?.map(({ Code }) => Code)).toEqual([
      "None",
      "ConditionalCheckFailed",
    ]);
    expect((await dynamodb.send(new GetItemCommand({ TableName: "clicks", Key: key(20) }))).Item).toBeDefined();
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: "clicks" }));
    expect([Table?.TableStatus, Table?.ItemCount, Table?.GlobalSecondaryIndexes?.[0]?.ItemCount]).toEqual([
      "ACTIVE",
      3,
      3,
    ]);
  });

  it("reads a stream", async () => {
    const { Streams } = await streams.send(new ListStreamsCommand({ TableName: "orders" }));
    const StreamArn = Streams?.[0]?.StreamArn;
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
    );
    const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records?.map(({ dynamodb: of }) => of?.NewImage?.["photo"]?.B)).toEqual([
      new Uint8Array(Buffer.from("hi")),
      new Uint8Array(Buffer.from("hi")),
    ]);
  });

  it("is told by name what is not simulated", async () => {
    await expect(dynamodb.send(new CreateBackupCommand({ TableName: "orders", BackupName: "all" }))).rejects.toThrow(
      /CreateBackup/,
    );
  });

  it("runs PartiQL statements, whose writes reach the function of a mapping", async () => {
    const before = simulator.invocations({ functionName: "Project" }).length;
    const where = `WHERE id = 'by-statement'`;
    await dynamodb.send(
      new ExecuteStatementCommand({
        Statement: `INSERT INTO "orders" VALUE {'id': 'by-statement', 'kind': ?, 'photo': ?, 'lines': [{'n': 1}]}`,
        Parameters: [{ S: "order" }, { B: Buffer.from("hi") }],
      }),
    );
    const updated = await dynamodb.send(
      new ExecuteStatementCommand({
        Statement: `UPDATE "orders" SET lines[0].n = lines[0].n + 1 ${where} RETURNING MODIFIED NEW *`,
      }),
    );
    expect(updated.Items).toEqual([{ lines: { L: [{ M: { n: { N: "2" } } }] } }]);
    await simulator.settle();
    const records = simulator
      .invocations({ functionName: "Project" })
      .slice(before)
      .flatMap(({ response }) => JSON.parse(Buffer.from(response ?? "[]").toString()) as { eventName: string }[]);
    expect(records.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY"]);

    const duplicate = new ExecuteStatementCommand({ Statement: `INSERT INTO orders VALUE {'id': 'by-statement'}` });
    await expect(dynamodb.send(duplicate)).rejects.toBeInstanceOf(DuplicateItemException);
    const { Responses } = await dynamodb.send(
      new BatchExecuteStatementCommand({
        Statements: [
          { Statement: `SELECT photo FROM orders ${where}` },
          { Statement: `SELECT * FROM orders WHERE kind = 'x'` },
        ],
      }),
    );
    expect(Responses).toEqual([
      { TableName: "orders", Item: { photo: { B: new Uint8Array(Buffer.from("hi")) } } },
      {
        Error: {
          Code: "ValidationError",
          Message: "Select statements within BatchExecuteStatement must specify the primary key in the where clause.",
        },
      },
    ]);
    const cancelled = await dynamodb
      .send(
        new ExecuteTransactionCommand({
          TransactStatements: [
            {
              Statement: `EXISTS(SELECT * FROM orders ${where} AND shipped IS NOT MISSING)`,
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            },
            { Statement: `INSERT INTO orders VALUE {'id': 'never'}` },
          ],
        }),
      )
      .catch((error: unknown) => error);
    expect(cancelled).toBeInstanceOf(TransactionCanceledException);
    expect((cancelled as TransactionCanceledException).CancellationReasons).toMatchObject([
      { Code: "ConditionalCheckFailed", Item: { id: { S: "by-statement" } } },
      { Code: "None" },
    ]);
    const pages = paginatedIds(`SELECT id FROM orders WHERE begins_with(id, 'by-')`);
    expect(await pages).toEqual(["by-statement"]);
    await expect(dynamodb.send(new BatchExecuteStatementCommand({ Statements: [] }))).rejects.toThrow(
      "Member must have length greater than or equal to 1",
    );
  });
});

/** Of every page, one item read at a time. */
async function paginatedIds(Statement: string): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page: ExecuteStatementCommandOutput = await dynamodb.send(
      new ExecuteStatementCommand({ Statement, Limit: 1, ...(NextToken === undefined ? {} : { NextToken }) }),
    );
    ids.push(...(page.Items ?? []).map(({ id }) => id?.S));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return ids;
}

const hasCli = spawnSync("aws", ["--version"]).status === 0;
const hasBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;

describe("other clients", () => {
  it.skipIf(!hasCli)("the AWS CLI puts an item and reads it", async () => {
    const item = JSON.stringify({ id: { S: "cli" }, n: { N: "1.50" } });
    await run("aws", ["dynamodb", "put-item", "--table-name", "orders", "--item", item], { env: environment });
    const { stdout } = await run(
      "aws",
      ["dynamodb", "get-item", "--table-name", "orders", "--key", JSON.stringify({ id: { S: "cli" } })],
      { env: environment },
    );
    expect(JSON.parse(stdout)).toEqual({ Item: { id: { S: "cli" }, n: { N: "1.5" } } });
  });

  it.skipIf(!hasBoto3)("boto3's table resource writes in batches and scans", async () => {
    const { folder, remove } = temporaryFolder();
    onTestFinished(remove);
    const script = join(folder, "batch.py");
    writeFileSync(
      script,
      `import boto3, decimal
from boto3.dynamodb.conditions import Attr, Key
table = boto3.resource("dynamodb").Table("orders")
with table.batch_writer() as batch:
    for n in range(30):
        batch.put_item(Item={"id": "boto-%02d" % n, "n": n, "half": decimal.Decimal("0.5")})
found = table.scan(FilterExpression=Attr("id").begins_with("boto-") & Attr("n").gte(28))
print(sorted((item["id"], str(item["half"])) for item in found["Items"]))
print(table.query(KeyConditionExpression=Key("id").eq("boto-07"))["Items"][0]["n"])
client = table.meta.client
client.execute_statement(Statement="UPDATE orders SET tags = ? WHERE id = ?", Parameters=[{"x"}, "boto-07"])
print(client.execute_statement(Statement="SELECT tags, n FROM orders WHERE id = ?", Parameters=["boto-07"])["Items"])
`,
    );
    const { stdout } = await run("python3", [script], { env: environment });
    expect(stdout).toBe("[('boto-28', '0.5'), ('boto-29', '0.5')]\n7\n[{'tags': {'x'}, 'n': Decimal('7')}]\n");
  });
});
