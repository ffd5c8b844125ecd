// Kinesis -> function through an event source mapping, records a second end to end; what the mapping costs while nothing is appended.
import { createSimulator } from "tripline";

const records = 100_000;
const batchSize = 100;
const idleMappings = 100;
const idleSeconds = 10;

/** A stream of `shards`, a function behind it, and how many records a second reach it. */
async function deliver(shards, isolation) {
  const simulator = await createSimulator({
    isolation,
    listen: false,
    resources: {
      Clicks: { Type: "AWS::Kinesis::Stream", Properties: { ShardCount: shards } },
      Count: {
        Type: "AWS::Serverless::Function",
        Properties: {
          Runtime: "nodejs20.x",
          Handler: "index.handler",
          InlineCode: "exports.handler = async ({ Records }) => Records.length;",
          Events: {
            Clicked: {
              Type: "Kinesis",
              Properties: {
                Stream: { "Fn::GetAtt": ["Clicks", "Arn"] },
                StartingPosition: "TRIM_HORIZON",
                BatchSize: batchSize,
                Enabled: false,
              },
            },
          },
        },
      },
    },
  });
  try {
    const Data = Buffer.from(JSON.stringify({ page: "/tea", at: "2026-01-01T00:00:00Z", visitor: "x".repeat(100) }));
    for (let at = 0; at < records; at += 1000) {
      const page = Array.from({ length: 1000 }, (_, n) => ({ Data, PartitionKey: `visitor-${(at + n) % 997}` }));
      await simulator.house.kinesis.replay("Clicks", page);
    }
    const [{ uuid }] = simulator.house.dispatcher.mappings();
    const operations = await simulator.house.services.get("lambda").load();
    const begin = performance.now();
    const context = { requestId: "bench", endpoint: "", sourceIp: "127.0.0.1", headers: {}, upsert: true };
    await operations.get("UpdateEventSourceMapping").run({ UUID: uuid, Enabled: true }, context);
    await simulator.settle();
    const seconds = (performance.now() - begin) / 1000;
    const invocations = simulator.invocations({ functionName: "Count" }).length;
    if (invocations * batchSize < records) throw new Error(`only ${invocations} invocations`);
    return records / seconds;
  } finally {
    await simulator.stop();
  }
}

export async function streams(print) {
  const parsed = parseRate();
  for (const [isolation, aim] of [
    ["inline", ">= 100,000/s"],
    ["process", ">= 20,000/s"],
  ]) {
    for (const shards of [1, 8]) {
      const perSecond = await deliver(shards, isolation);
      print({
        what: `Kinesis -> ${isolation} function, batches of ${batchSize}, ${shards} shards, records`,
        value: `${Math.round(perSecond)}/s`,
        ratio: perSecond / parsed,
        against: `JSON.parse of the records alone (${Math.round(parsed)}/s)`,
        aim,
      });
    }
  }
  const without = await idleMsPerMinute(0);
  const withMappings = await idleMsPerMinute(idleMappings);
  print({
    what: `${idleMappings} mappings of streams without work, one of them`,
    value: `${((withMappings - without) / idleMappings).toFixed(2)} ms of CPU a minute`,
    ratio: withMappings / without,
    against: `the same simulator without mappings (${without.toFixed(0)} ms of CPU a minute)`,
    aim: "no wake-ups",
  });
}

/** Processor time a minute of a simulator with a stream and a function, and `count` mappings of other streams; nothing happens. */
async function idleMsPerMinute(count) {
  const resources = {
    Idle: {
      Type: "AWS::Serverless::Function",
      Properties: {
        Runtime: "nodejs20.x",
        Handler: "index.handler",
        InlineCode: "exports.handler = async () => null;",
      },
    },
  };
  for (let n = 0; n < count; n++) {
    resources[`Stream${n}`] = { Type: "AWS::Kinesis::Stream", Properties: { ShardCount: 1 } };
    resources[`Mapping${n}`] = {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        FunctionName: { Ref: "Idle" },
        EventSourceArn: { "Fn::GetAtt": [`Stream${n}`, "Arn"] },
        StartingPosition: "LATEST",
      },
    };
  }
  const simulator = await createSimulator({ isolation: "inline", listen: false, resources });
  try {
    await simulator.settle();
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 1000)); // what starting leaves behind
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
    const { user, system } = process.cpuUsage(before);
    return ((user + system) / 1000) * (60 / idleSeconds);
  } finally {
    await simulator.stop();
  }
}

/** What the machine allows at most: each record parsed once, in batches. */
function parseRate() {
  const one = {
    kinesis: { partitionKey: "k", sequenceNumber: "4".repeat(56), data: "x".repeat(200) },
    eventSource: "aws:kinesis",
  };
  const event = JSON.stringify({ Records: Array.from({ length: batchSize }, () => one) });
  const begin = performance.now();
  for (let n = 0; n < 1000; n++) JSON.parse(event);
  return (1000 * batchSize * 1000) / (performance.now() - begin);
}
