// DynamoDB's PutItem, GetItem and Query against dynalite, and Kinesis's PutRecords and GetRecords against kinesalite, over HTTP in one run.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDynalite, startKinesalite } from "../aws-peers.mjs";
import { httpRequest, load } from "../load.mjs";
import { startTripline } from "../tripline.mjs";

const connections = 16;
const total = 8000;
const recordsPerCall = 100;
const putCalls = 400;

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
  try {
    const ours = await measureTable(tripline.port);
    for (const kind of ["memory", "disk"]) {
      const peer = await startDynalite(kind);
      if (peer === undefined) continue;
      try {
        const theirs = await measureTable(peer.port);
        for (const [what, value] of Object.entries(ours)) {
          print({
            what: `${what}, ${connections} connections`,
            value: `${Math.round(value)}/s`,
            ratio: value / theirs[what],
            against: `dynalite, ${kind} (${Math.round(theirs[what])}/s)`,
            ...(kind === "memory" ? { aim: ">= 1" } : {}),
          });
        }
      } finally {
        await peer.stop();
      }
    }
    const peer = await startKinesalite();
    if (peer === undefined) return;
    try {
      const own = await measureStream(tripline.port);
      const theirs = await measureStream(peer.port);
      for (const [what, value] of Object.entries(own)) {
        print({
          what: `${what}, records`,
          value: `${Math.round(value)}/s`,
          ratio: value / theirs[what],
          against: `kinesalite, memory (${Math.round(theirs[what])}/s)`,
          ...(what === "durable PutRecords" ? { aim: ">= 20" } : {}),
        });
      }
    } finally {
      await peer.stop();
    }
  } finally {
    await tripline.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Operations a second on a table with a sort key and ten items a partition. */
async function measureTable(port) {
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
  const rates = {};
  for (const [what, [operation, toInput]] of Object.entries(bodies)) {
    rates[what] = await rate(port, dynamoHeaders(operation), toInput, total);
  }
  return rates;
}

/** Records a second of a stream with a shard for each record of a call, so that no shard's limit is reached; and read again from some of them. */
async function measureStream(port) {
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
  const put = await rate(port, kinesisHeaders("PutRecords"), () => ({ StreamName, Records }), putCalls);
  const read = async ({ ShardId }) => {
    const input = { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" };
    const { ShardIterator } = await call(port, kinesisHeaders("GetShardIterator"), input);
    let count = 0;
    // Four calls: five a second are a shard's limit.
    for (let n = 0; n < 4; n++) {
      count += (await call(port, kinesisHeaders("GetRecords"), { ShardIterator })).Records.length;
    }
    return count;
  };
  const [...shards] = StreamDescription.Shards;
  for (const shard of shards.splice(0, 10)) await read(shard);
  let records = 0;
  const begin = performance.now();
  for (const shard of shards.splice(0, 20)) records += await read(shard);
  return { "durable PutRecords": put * recordsPerCall, GetRecords: (records * 1000) / (performance.now() - begin) };
}

/** Calls a second once a quarter of them have gone before: code that has just been loaded is slow, ours and theirs. */
async function rate(port, headers, toInput, count) {
  let n = 0;
  const request = () => httpRequest({ method: "POST", headers, body: JSON.stringify(toInput(n++)) });
  await load({ port, request, connections, total: count / 4 });
  const { perSecond } = await load({ port, request, connections, total: count });
  return perSecond;
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
