// DynamoDB's PutItem, GetItem and Query against dynalite, and Kinesis's PutRecords and GetRecords against kinesalite, over HTTP in one run.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDynalite, startKinesalite } from "../aws-peers.mjs";
import { httpRequest, load } from "../load.mjs";
import { startTripline } from "../tripline.mjs";

const connections = 16;
const rounds = 5;
const total = 10_000;
const recordsPerCall = 100;
const putCalls = 500;

const authorization = (service) =>
  `AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`;

const dynamoHeaders = (operation) => ({
  "Content-Type": "application/x-amz-json-1.0",
  "X-Amz-Target": `DynamoDB_20120810.${operation}`,
  "X-Amz-Date": "20260101T000000Z",
  Authorization: authorization("dynamodb"),
});
const kinesisHeaders = (operation) => ({
  "Content-Type": "application/x-amz-json-1.1",
  "X-Amz-Target": `Kinesis_20131202.${operation}`,
  "X-Amz-Date": "20260101T000000Z",
  Authorization: authorization("kinesis"),
});

export async function dynamodb(print) {
  const folder = mkdtempSync(join(tmpdir(), "tripline-bench-"));
  writeFileSync(join(folder, "template.yaml"), "Resources: { Unused: { Type: AWS::SQS::Queue } }\n");
  const tripline = await startTripline([folder, "--data-dir", join(folder, "data")]);
  const memory = await startDynalite("memory");
  const disk = await startDynalite("disk");
  const kinesalite = await startKinesalite();
  try {
    const tables = { ours: tripline, "dynalite, memory": memory, "dynalite, disk": disk };
    await compare(print, tables, prepareTable, () => ({ aim: ">= 1 of memory" }));
    const streams = { ours: tripline, "kinesalite, memory": kinesalite };
    await compare(print, streams, prepareStream, (what) => (what.startsWith("durable") ? { aim: ">= 20" } : {}));
  } finally {
    for (const server of [tripline, memory, disk, kinesalite]) await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Rates of ours and of each peer, in turns: what else the machine has to do then weighs on all alike. The middle one of the rounds
 * counts, after one for code that has just been loaded, which is slow.
 */
async function compare(print, servers, prepare, more) {
  const running = Object.entries(servers).filter(([, server]) => server !== undefined);
  const measures = [];
  for (const [name, { port }] of running) measures.push([name, await prepare(port)]);
  const [[, own], ...peers] = measures;
  for (const what of Object.keys(own)) {
    const rates = new Map(measures.map(([name]) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const [name, operations] of measures) {
        const perSecond = await operations[what](round);
        if (round > 0) rates.get(name).push(perSecond);
      }
    }
    const middle = (name) => rates.get(name).sort((x, y) => x - y)[Math.floor(rounds / 2)];
    for (const [name] of peers) {
      print({
        what,
        value: `${Math.round(middle("ours"))}/s`,
        ratio: middle("ours") / middle(name),
        against: `${name} (${Math.round(middle(name))}/s)`,
        ...more(what),
      });
    }
  }
}

/** What is measured on a table with a sort key and ten items a partition: operations a second. */
async function prepareTable(port) {
  await call(port, dynamoHeaders("CreateTable"), {
    TableName: "Items",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "N" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
  });
  await until(port, dynamoHeaders("DescribeTable"), { TableName: "Items" }, ({ Table }) => Table?.TableStatus);
  const key = (n) => ({ pk: { S: `p-${Math.floor(n / 10) % 200}` }, sk: { N: String(n % 10) } });
  const bodies = {
    "durable PutItem": ["PutItem", (n) => ({ TableName: "Items", Item: { ...key(n), text: { S: "x".repeat(200) } } })],
    GetItem: ["GetItem", (n) => ({ TableName: "Items", Key: key(n) })],
    "Query of 10 items": [
      "Query",
      (n) => ({
        TableName: "Items",
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": key(n).pk },
      }),
    ],
  };
  return Object.fromEntries(
    Object.entries(bodies).map(([what, [operation, toInput]]) => [
      `${what}, ${connections} connections`,
      () => rate(port, dynamoHeaders(operation), toInput, total / rounds),
    ]),
  );
}

/**
 * What is measured on a stream with a shard for each record of a call, so that no shard's limit is reached: records a second, put, and
 * read again from some of the shards.
 */
async function prepareStream(port) {
  const StreamName = "Records";
  await call(port, kinesisHeaders("CreateStream"), { StreamName, ShardCount: recordsPerCall });
  const { StreamDescription } = await until(
    port,
    kinesisHeaders("DescribeStream"),
    { StreamName },
    (answer) => answer.StreamDescription?.StreamStatus,
  );
  const Data = Buffer.from("x".repeat(100)).toString("base64");
  const step = 2n ** 128n / BigInt(recordsPerCall);
  const Records = Array.from({ length: recordsPerCall }, (_, n) => ({
    Data,
    PartitionKey: `k-${n}`,
    ExplicitHashKey: String(step * BigInt(n) + 1n),
  }));
  const read = async ({ ShardId }) => {
    const input = { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" };
    const { ShardIterator } = await call(port, kinesisHeaders("GetShardIterator"), input);
    let count = 0;
    // Four calls: five a second are a shard's limit.
    for (let n = 0; n < 4; n++) {
      count += (await call(port, kinesisHeaders("GetRecords"), { ShardIterator, Limit: 100 })).Records.length;
    }
    return count;
  };
  const shardsPerRound = Math.floor(recordsPerCall / (rounds + 1));
  return {
    "durable PutRecords": async () =>
      recordsPerCall *
      (await rate(port, kinesisHeaders("PutRecords"), () => ({ StreamName, Records }), putCalls / rounds)),
    "GetRecords of 100": async (round) => {
      let records = 0;
      const begin = performance.now();
      for (const shard of StreamDescription.Shards.slice(round * shardsPerRound, (round + 1) * shardsPerRound)) {
        records += await read(shard);
      }
      return (records * 1000) / (performance.now() - begin);
    },
  };
}

async function rate(port, headers, toInput, count) {
  let n = 0;
  const request = () => httpRequest({ method: "POST", headers, body: JSON.stringify(toInput(n++)) });
  return (await load({ port, request, connections, total: count })).perSecond;
}

async function call(port, headers, input) {
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body: JSON.stringify(input) });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text === "" ? {} : JSON.parse(text);
}

/** The answer once `status` of it is ACTIVE. */
async function until(port, headers, input, status) {
  for (;;) {
    const answer = await call(port, headers, input);
    if (status(answer) === "ACTIVE") return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
