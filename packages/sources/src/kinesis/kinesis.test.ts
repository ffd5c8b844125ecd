import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { realTime } from "@tripline/kernel/real-time";
import { createTestKinesis, type TestKinesis } from "./testing/create-test-kinesis.ts";

const start = Date.UTC(2026, 0, 1);
const arn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
const account = "000000000000";
const open: TestKinesis[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** With an active stream `s` of `ShardCount` shards. */
async function setUp(ShardCount = 1, options: Parameters<typeof createTestKinesis>[0] = {}): Promise<TestKinesis> {
  const test = await createTestKinesis(options);
  open.push(test);
  if (test.kinesis.list().length === 0) await test.call("CreateStream", { StreamName: "s", ShardCount });
  await test.clock.settle();
  return test;
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const put = (
  test: TestKinesis,
  text: string,
  more: object = {},
): Promise<{ ShardId: string; SequenceNumber: string }> =>
  test.call("PutRecord", { StreamName: "s", Data: bytes(text), PartitionKey: "k", ...more });
interface Read {
  Records: { SequenceNumber: string; Data: Uint8Array; PartitionKey: string; ApproximateArrivalTimestamp: Date }[];
  NextShardIterator?: string;
  MillisBehindLatest: number;
  ChildShards?: { ShardId: string; ParentShards: string[] }[];
}
const iterator = async (test: TestKinesis, more: object = {}): Promise<string> =>
  (
    await test.call<{ ShardIterator: string }>("GetShardIterator", {
      StreamName: "s",
      ShardId: "shardId-000000000000",
      ShardIteratorType: "TRIM_HORIZON",
      ...more,
    })
  ).ShardIterator;
const read = async (test: TestKinesis, more: object = {}, limit?: number): Promise<Read> =>
  test.call<Read>("GetRecords", {
    ShardIterator: await iterator(test, more),
    ...(limit === undefined ? {} : { Limit: limit }),
  });
const texts = ({ Records }: Read): string[] => Records.map(({ Data }) => new TextDecoder().decode(Data));
interface Description {
  StreamDescription: Record<string, unknown> & { Shards: { ShardId: string; HashKeyRange: Record<string, string> }[] };
}

describe("CreateStream", () => {
  it("makes a stream that is CREATING for a moment, of four shards where nothing is said", async () => {
    const test = await createTestKinesis();
    open.push(test);
    await test.call("CreateStream", { StreamName: "s" });
    const before = await test.call<Description>("DescribeStream", { StreamName: "s" });
    await test.clock.settle();
    const after = await test.call<Description>("DescribeStream", { StreamARN: arn });
    expect([before.StreamDescription["StreamStatus"], after.StreamDescription["StreamStatus"]]).toEqual([
      "CREATING",
      "ACTIVE",
    ]);
    expect(after.StreamDescription.Shards).toHaveLength(4);
    expect({ ...after.StreamDescription, Shards: after.StreamDescription.Shards[0] }).toEqual({
      StreamName: "s",
      StreamARN: arn,
      StreamStatus: "ACTIVE",
      StreamModeDetails: { StreamMode: "PROVISIONED" },
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date(start),
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: "NONE",
      HasMoreShards: false,
      Shards: {
        ShardId: "shardId-000000000000",
        HashKeyRange: { StartingHashKey: "0", EndingHashKey: "85070591730234615865843651857942052863" },
        SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^49\d{54}$/) as string },
      },
    });
  });

  it("of a template takes records at once, since a stack is up only when its streams are", async () => {
    const test = await setUp(1);
    await test.call("CreateStream", { StreamName: "made", ShardCount: 1 }, { upsert: true });
    expect(
      await test.call("PutRecord", { StreamName: "made", PartitionKey: "a", Data: Buffer.from("1") }),
    ).toMatchObject({
      ShardId: "shardId-000000000000",
    });
  });

  it("refuses a name that is taken; of a template, brings the stream to what it says", async () => {
    const test = await setUp(2);
    expect(await test.errorOf("CreateStream", { StreamName: "s", ShardCount: 1 })).toEqual([
      "ResourceInUseException",
      `Stream s under account ${account} already exists.`,
    ]);
    const input = { StreamName: "s", ShardCount: 3, RetentionPeriodHours: 48, Tags: { a: "b" } };
    await test.call("CreateStream", input, { upsert: true });
    await test.clock.settle();
    const { StreamDescriptionSummary } = await test.call<{ StreamDescriptionSummary: object }>(
      "DescribeStreamSummary",
      { StreamName: "s" },
    );
    expect(StreamDescriptionSummary).toMatchObject({ OpenShardCount: 3, RetentionPeriodHours: 48 });
  });

  it.each([
    [{ ShardCount: 0 }, "ValidationException"],
    [{ StreamModeDetails: { StreamMode: "ON_DEMAND" }, ShardCount: 2 }, "ValidationException"],
    [{ StreamModeDetails: { StreamMode: "SOME" } }, "InvalidArgumentException"],
    [{ ShardCount: 20_001 }, "LimitExceededException"],
    [{ Tags: { "aws:x": "y" } }, "InvalidArgumentException"],
  ])("refuses %j", async (more, code) => {
    const test = await setUp();
    expect((await test.errorOf("CreateStream", { StreamName: "t", ...more }))[0]).toBe(code);
    expect(test.kinesis.list().map(({ name }) => name)).toEqual(["s"]);
  });
});

describe("CreateStream", () => {
  it("refuses a sixth stream while five are CREATING", async () => {
    const test = await setUp();
    const create = (name: string): Promise<object> => test.call("CreateStream", { StreamName: name, ShardCount: 1 });
    for (const name of ["a", "b", "c", "d", "e"]) await create(name);
    expect((await test.errorOf("CreateStream", { StreamName: "f", ShardCount: 1 }))[0]).toBe("LimitExceededException");
    await test.clock.settle();
    await create("f");
    expect(test.kinesis.list().map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e", "f", "s"]);
  });
});

describe("records", () => {
  it("come back in order, with what they were put with", async () => {
    const test = await setUp();
    const { ShardId, SequenceNumber } = await put(test, "a");
    await test.clock.advance(1_500);
    await put(test, "");
    const found = await read(test);
    expect([texts(found), ShardId, found.MillisBehindLatest]).toEqual([["a", ""], "shardId-000000000000", 0]);
    expect(found.Records[0]).toEqual({
      SequenceNumber,
      ApproximateArrivalTimestamp: new Date(start),
      Data: Buffer.from("a"),
      PartitionKey: "k",
    });
    expect(BigInt(found.Records[1]?.SequenceNumber ?? 0) > BigInt(SequenceNumber)).toBe(true);
  });

  it("go to the shard of their hash key", async () => {
    const test = await setUp(2);
    const shardOf = async (more: object): Promise<string> => (await put(test, "x", more)).ShardId.slice(-1);
    const half = (2n ** 127n).toString();
    expect([
      await shardOf({ ExplicitHashKey: "0" }),
      await shardOf({ ExplicitHashKey: (2n ** 127n - 1n).toString() }),
      await shardOf({ ExplicitHashKey: half }),
      await shardOf({ ExplicitHashKey: (2n ** 128n - 1n).toString() }),
      await shardOf({ PartitionKey: "a" }), // md5 0cc1…
      await shardOf({ PartitionKey: "b" }), // md5 92eb…
    ]).toEqual(["0", "0", "1", "1", "0", "1"]);
    expect(
      await test.errorOf("PutRecord", {
        StreamName: "s",
        Data: bytes(""),
        PartitionKey: "k",
        ExplicitHashKey: (2n ** 128n).toString(),
      }),
    ).toEqual([
      "InvalidArgumentException",
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${2n ** 128n}`,
    ]);
  });

  it("are refused one by one by PutRecords where a shard takes no more in this second", async () => {
    const test = await setUp();
    const Records = Array.from({ length: 500 }, (_, n) => ({ Data: bytes(String(n)), PartitionKey: "k" }));
    for (let turn = 0; turn < 2; turn++) {
      expect(await test.call("PutRecords", { StreamName: "s", Records })).toMatchObject({ FailedRecordCount: 0 });
    }
    const refused = await test.call<{ FailedRecordCount: number; Records: object[] }>("PutRecords", {
      StreamName: "s",
      Records: Records.slice(0, 2),
    });
    const [code, message] = [
      "ProvisionedThroughputExceededException",
      `Rate exceeded for shard shardId-000000000000 in stream s under account ${account}.`,
    ];
    expect(refused).toEqual({
      FailedRecordCount: 2,
      Records: [
        { ErrorCode: code, ErrorMessage: message },
        { ErrorCode: code, ErrorMessage: message },
      ],
    });
    expect(await test.errorOf("PutRecord", { StreamName: "s", Data: bytes(""), PartitionKey: "k" })).toEqual([
      code,
      message,
    ]);
    await test.clock.advance(1_000);
    expect(await test.call("PutRecords", { StreamName: "s", Records })).toMatchObject({ FailedRecordCount: 0 });
  });

  it("are limited in size: one by the stream's limit, all of a call by 10 MB", async () => {
    const test = await setUp(8);
    const big = { Data: new Uint8Array(1_048_577), PartitionKey: "k" };
    expect(await test.errorOf("PutRecord", { StreamName: "s", ...big })).toEqual([
      "ValidationException",
      "1 validation error detected: Value at 'data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    ]);
    await test.call("UpdateMaxRecordSize", { StreamARN: arn, MaxRecordSizeInKiB: 10_240 });
    await test.clock.settle();
    await test.call("PutRecord", { StreamName: "s", ...big });
    expect(
      await test.errorOf("PutRecords", { StreamName: "s", Records: Array.from({ length: 10 }, () => big) }),
    ).toEqual(["InvalidArgumentException", "Records size exceeds 10 MB limit"]);
  });

  it("are gone after their retention", async () => {
    const test = await setUp();
    await put(test, "old");
    await test.clock.advance(23 * 3_600_000);
    await put(test, "new");
    expect(texts(await read(test))).toEqual(["old", "new"]);
    await test.clock.advance(3_600_001);
    expect(texts(await read(test))).toEqual(["new"]);
    await test.clock.advance(24 * 3_600_000);
    expect(await read(test)).toMatchObject({ Records: [], MillisBehindLatest: 0 });
  });

  it("are there after a restart, and their numbers go on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tripline-kinesis-"));
    folders.push(folder);
    const test = await setUp(1, { dataDir: folder });
    const { SequenceNumber } = await put(test, "a");
    await test.stop();
    open.length = 0;
    const again = await setUp(1, { dataDir: folder });
    const next = await put(again, "b");
    expect([texts(await read(again)), BigInt(next.SequenceNumber) > BigInt(SequenceNumber)]).toEqual([
      ["a", "b"],
      true,
    ]);
  });
});

describe("iterators", () => {
  it("begin where their type says", async () => {
    const test = await setUp();
    const first = await put(test, "a");
    await test.clock.advance(10_000);
    await put(test, "b");
    const at = (ShardIteratorType: string, more: object = {}): Promise<Read> =>
      read(test, { ShardIteratorType, ...more });
    const { SequenceNumber: StartingSequenceNumber } = first;
    expect([
      texts(await at("TRIM_HORIZON")),
      texts(await at("LATEST")),
      texts(await at("AT_SEQUENCE_NUMBER", { StartingSequenceNumber })),
      texts(await at("AFTER_SEQUENCE_NUMBER", { StartingSequenceNumber })),
      texts(await at("AT_TIMESTAMP", { Timestamp: new Date(start + 1) })),
    ]).toEqual([["a", "b"], [], ["a", "b"], ["b"], ["b"]]);
  });

  it("lead from page to page, and tell how far behind they are", async () => {
    const test = await setUp();
    await put(test, "a");
    await test.clock.advance(2_000);
    await put(test, "b");
    const first = await read(test, {}, 1);
    const second = await test.call<Read>("GetRecords", { ShardIterator: first.NextShardIterator });
    expect([texts(first), first.MillisBehindLatest, texts(second), second.MillisBehindLatest]).toEqual([
      ["a"],
      2_000,
      ["b"],
      0,
    ]);
  });

  it("live five minutes", async () => {
    const test = await setUp();
    const ShardIterator = await iterator(test);
    await test.clock.advance(300_000);
    await test.call("GetRecords", { ShardIterator });
    await test.clock.advance(1);
    expect(await test.errorOf("GetRecords", { ShardIterator })).toEqual([
      "ExpiredIteratorException",
      "Iterator expired. The iterator was created at time Thu Jan 01 00:00:00 UTC 2026 while right now it is Thu Jan 01 00:05:00 UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds.",
    ]);
    expect(await test.errorOf("GetRecords", { ShardIterator: "AAAA" })).toEqual([
      "InvalidArgumentException",
      "Invalid ShardIterator.",
    ]);
  });

  it("are refused where they make no sense", async () => {
    const test = await setUp(2);
    const input = { StreamName: "s", ShardId: "shardId-000000000000" };
    const { SequenceNumber } = await put(test, "x", { ExplicitHashKey: (2n ** 127n).toString() });
    expect(
      await test.errorOf("GetShardIterator", {
        ...input,
        ShardId: "shardId-000000000009",
        ShardIteratorType: "LATEST",
      }),
    ).toEqual([
      "ResourceNotFoundException",
      `Could not find shard shardId-000000000009 in stream s under account ${account}.`,
    ]);
    expect(
      await test.errorOf("GetShardIterator", {
        ...input,
        ShardIteratorType: "AT_SEQUENCE_NUMBER",
        StartingSequenceNumber: SequenceNumber,
      }),
    ).toEqual([
      "InvalidArgumentException",
      `StartingSequenceNumber ${SequenceNumber} used in GetShardIterator on shard shardId-000000000000 in stream s under account ${account} is invalid.`,
    ]);
    expect((await test.errorOf("GetShardIterator", { ...input, ShardIteratorType: "AT_TIMESTAMP" }))[0]).toBe(
      "InvalidArgumentException",
    );
  });

  it("read a shard five times a second, no more", async () => {
    const test = await setUp();
    const ShardIterator = await iterator(test);
    for (let n = 0; n < 5; n++) await test.call("GetRecords", { ShardIterator });
    expect((await test.errorOf("GetRecords", { ShardIterator }))[0]).toBe("ProvisionedThroughputExceededException");
    await test.clock.advance(200);
    await test.call("GetRecords", { ShardIterator });
  });
});

describe("resharding", () => {
  it("SplitShard closes the parent, opens two children, and the parent's end names them", async () => {
    const test = await setUp();
    await put(test, "before");
    const NewStartingHashKey = (2n ** 127n).toString();
    await test.call("SplitShard", { StreamName: "s", ShardToSplit: "shardId-000000000000", NewStartingHashKey });
    expect(
      await test.errorOf("SplitShard", { StreamName: "s", ShardToSplit: "shardId-000000000001", NewStartingHashKey }),
    ).toEqual(["ResourceInUseException", `Stream s under account ${account} not ACTIVE, instead in state UPDATING`]);
    await test.clock.settle();
    await put(test, "after", { ExplicitHashKey: NewStartingHashKey });
    const parent = await read(test);
    expect([texts(parent), parent.NextShardIterator]).toEqual([["before"], undefined]);
    expect(parent.ChildShards).toEqual([
      {
        ShardId: "shardId-000000000001",
        ParentShards: ["shardId-000000000000"],
        HashKeyRange: { StartingHashKey: "0", EndingHashKey: (2n ** 127n - 1n).toString() },
      },
      {
        ShardId: "shardId-000000000002",
        ParentShards: ["shardId-000000000000"],
        HashKeyRange: { StartingHashKey: NewStartingHashKey, EndingHashKey: (2n ** 128n - 1n).toString() },
      },
    ]);
    expect(texts(await read(test, { ShardId: "shardId-000000000002" }))).toEqual(["after"]);
    const { Shards } = await test.call<{ Shards: { SequenceNumberRange: Record<string, string> }[] }>("ListShards", {
      StreamName: "s",
    });
    const [its, child] = Shards.map(({ SequenceNumberRange }) => SequenceNumberRange);
    expect(BigInt(its?.["EndingSequenceNumber"] ?? 0) < BigInt(child?.["StartingSequenceNumber"] ?? 0)).toBe(true);
  });

  it("MergeShards closes two neighbours and opens one", async () => {
    const test = await setUp(2);
    await test.call("MergeShards", {
      StreamName: "s",
      ShardToMerge: "shardId-000000000001",
      AdjacentShardToMerge: "shardId-000000000000",
    });
    await test.clock.settle();
    const { StreamDescription } = await test.call<Description>("DescribeStream", { StreamName: "s" });
    expect(StreamDescription.Shards[2]).toMatchObject({
      ShardId: "shardId-000000000002",
      ParentShardId: "shardId-000000000001",
      AdjacentParentShardId: "shardId-000000000000",
      HashKeyRange: { StartingHashKey: "0", EndingHashKey: (2n ** 128n - 1n).toString() },
    });
    expect(
      (
        await test.errorOf("MergeShards", {
          StreamName: "s",
          ShardToMerge: "shardId-000000000000",
          AdjacentShardToMerge: "shardId-000000000001",
        })
      )[0],
    ).toBe("ResourceInUseException");
  });

  it("is refused where hash keys do not allow it", async () => {
    const test = await setUp(3);
    expect(
      await test.errorOf("SplitShard", {
        StreamName: "s",
        ShardToSplit: "shardId-000000000000",
        NewStartingHashKey: "1",
      }),
    ).toEqual([
      "InvalidArgumentException",
      `NewStartingHashKey 1 used in SplitShard() on shard shardId-000000000000 in stream s under account ${account} is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${2n ** 128n / 3n - 1n}.`,
    ]);
    expect(
      (
        await test.errorOf("MergeShards", {
          StreamName: "s",
          ShardToMerge: "shardId-000000000000",
          AdjacentShardToMerge: "shardId-000000000002",
        })
      )[0],
    ).toBe("InvalidArgumentException");
  });

  it("two calls at once do not undo each other: the second is refused, as the stream is UPDATING", async () => {
    const test = await setUp(2);
    const split = (n: number): Promise<string> =>
      test
        .call("SplitShard", {
          StreamName: "s",
          ShardToSplit: `shardId-00000000000${n}`,
          NewStartingHashKey: (2n ** 126n + BigInt(n) * 2n ** 127n).toString(),
        })
        .then(
          () => "split",
          ({ code }: { code: string }) => code,
        );
    expect(await Promise.all([split(0), split(1)])).toEqual(["split", "ResourceInUseException"]);
    expect(test.kinesis.list()).toEqual([{ name: "s", arn, openShards: 3 }]);
  });

  it("the end of a shard comes after what was on its way into it", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "tripline-kinesis-")); // on a file, where commits take their time
    folders.push(dataDir);
    const test = await setUp(1, { dataDir });
    const source = await test.kinesis.streams.find(arn);
    const shardId = "shardId-000000000000";
    const input = { StreamName: "s", ShardToSplit: shardId, NewStartingHashKey: (2n ** 127n).toString() };
    const splitting = test.call("SplitShard", input);
    const puts: Promise<{ ShardId: string }>[] = [];
    let seen = 0;
    let after: string | undefined;
    for (let n = 1; ; n++) {
      if (n < 500) puts.push(put(test, "late"));
      const found = await source?.read(shardId, after, 100);
      seen += found?.records.length ?? 0;
      after = found?.records.at(-1)?.sequenceNumber ?? after;
      if (found?.isEnd === true) break;
      if (n % 10 === 0) await realTime.turn();
    }
    await splitting;
    expect(seen).toBe((await Promise.all(puts)).filter(({ ShardId }) => ShardId === shardId).length);
    expect(seen).toBeGreaterThan(0);
  });

  it("UpdateShardCount goes from half to double, ten times a day", async () => {
    const test = await setUp(2);
    const to = (TargetShardCount: number): object => ({
      StreamName: "s",
      TargetShardCount,
      ScalingType: "UNIFORM_SCALING",
    });
    expect((await test.errorOf("UpdateShardCount", to(5)))[0]).toBe("InvalidArgumentException");
    expect(await test.call("UpdateShardCount", to(4))).toEqual({
      StreamName: "s",
      StreamARN: arn,
      CurrentShardCount: 2,
      TargetShardCount: 4,
    });
    for (let n = 0; n < 9; n++) {
      await test.clock.settle();
      await test.call("UpdateShardCount", to(n % 2 === 0 ? 3 : 4));
    }
    await test.clock.settle();
    expect((await test.errorOf("UpdateShardCount", to(3)))[0]).toBe("LimitExceededException");
    await test.clock.advance(86_400_001);
    await test.call("UpdateShardCount", to(2));
    await test.clock.settle();
    expect(test.kinesis.list()).toEqual([{ name: "s", arn, openShards: 2 }]);
  });

  it("lists shards by what they were open for", async () => {
    const test = await setUp();
    await test.clock.advance(1_000);
    await test.call("SplitShard", {
      StreamName: "s",
      ShardToSplit: "shardId-000000000000",
      NewStartingHashKey: (2n ** 127n).toString(),
    });
    await test.clock.settle();
    const ids = async (ShardFilter: object): Promise<string[]> =>
      (await test.call<{ Shards: { ShardId: string }[] }>("ListShards", { StreamName: "s", ShardFilter })).Shards.map(
        ({ ShardId }) => ShardId.slice(-1),
      );
    expect([
      await ids({ Type: "AT_LATEST" }),
      await ids({ Type: "AT_TRIM_HORIZON" }),
      await ids({ Type: "FROM_TRIM_HORIZON" }),
      await ids({ Type: "AT_TIMESTAMP", Timestamp: new Date(start + 999) }),
      await ids({ Type: "FROM_TIMESTAMP", Timestamp: new Date(start + 1_000) }),
      await ids({ Type: "AFTER_SHARD_ID", ShardId: "shardId-000000000001" }),
    ]).toEqual([["1", "2"], ["0"], ["0", "1", "2"], ["0"], ["1", "2"], ["2"]]);
    await test.clock.advance(25 * 3_600_000);
    expect(await ids({ Type: "FROM_TRIM_HORIZON" })).toEqual(["1", "2"]);
  });

  it("pages through shards with a token", async () => {
    const test = await setUp(5);
    const first = await test.call<{ Shards: object[]; NextToken?: string }>("ListShards", {
      StreamName: "s",
      MaxResults: 3,
    });
    const second = await test.call<{ Shards: object[]; NextToken?: string }>("ListShards", {
      NextToken: first.NextToken,
    });
    expect([first.Shards.length, second.Shards.length, second.NextToken]).toEqual([3, 2, undefined]);
    await test.clock.advance(300_001);
    expect((await test.errorOf("ListShards", { NextToken: first.NextToken }))[0]).toBe("ExpiredNextTokenException");
  });
});

describe("consumers", () => {
  const register = (test: TestKinesis, ConsumerName = "c"): Promise<{ Consumer: { ConsumerARN: string } }> =>
    test.call("RegisterStreamConsumer", { StreamARN: arn, ConsumerName });

  it("are registered, described, listed and deregistered", async () => {
    const test = await setUp();
    const { Consumer } = await register(test);
    const consumer = {
      ConsumerName: "c",
      ConsumerARN: `${arn}/consumer/c:${start / 1_000}`,
      ConsumerStatus: "ACTIVE",
      ConsumerCreationTimestamp: new Date(start),
    };
    expect(Consumer).toEqual({ ...consumer, ConsumerStatus: "CREATING" });
    expect(await test.call("ListStreamConsumers", { StreamARN: arn })).toEqual({ Consumers: [consumer] });
    expect(await test.call("DescribeStreamConsumer", { StreamARN: arn, ConsumerName: "c" })).toEqual({
      ConsumerDescription: { ...consumer, StreamARN: arn },
    });
    expect((await test.errorOf("DeleteStream", { StreamName: "s" }))[0]).toBe("ResourceInUseException");
    await test.call("DeregisterStreamConsumer", { ConsumerARN: Consumer.ConsumerARN });
    expect((await test.errorOf("DescribeStreamConsumer", { StreamARN: arn, ConsumerName: "c" }))[0]).toBe(
      "ResourceNotFoundException",
    );
  });

  it("get records as they come, until five minutes are over", async () => {
    const test = await setUp();
    const { Consumer } = await register(test);
    await put(test, "a");
    const { EventStream } = await test.call<{ EventStream: AsyncIterable<{ SubscribeToShardEvent: Read }> }>(
      "SubscribeToShard",
      {
        ConsumerARN: Consumer.ConsumerARN,
        ShardId: "shardId-000000000000",
        StartingPosition: { Type: "TRIM_HORIZON" },
      },
    );
    const events = EventStream[Symbol.asyncIterator]();
    const first = (await events.next()).value as { SubscribeToShardEvent: Read };
    expect([texts(first.SubscribeToShardEvent), first.SubscribeToShardEvent.MillisBehindLatest]).toEqual([["a"], 0]);
    expect(
      (
        await test.errorOf("SubscribeToShard", {
          ConsumerARN: Consumer.ConsumerARN,
          ShardId: "shardId-000000000000",
          StartingPosition: { Type: "LATEST" },
        })
      )[0],
    ).toBe("ResourceInUseException");
    const next = events.next();
    await put(test, "b");
    expect(texts(((await next).value as { SubscribeToShardEvent: Read }).SubscribeToShardEvent)).toEqual(["b"]);
    const last = events.next();
    await test.clock.advance(300_000);
    expect((await last).done).toBe(true);
  });

  it("U4 get two megabytes of a shard a second", async () => {
    const test = await setUp(1, { startMs: start });
    const { Consumer } = await register(test);
    const page = Array.from({ length: 10 }, () => ({ Data: new Uint8Array(500_000), PartitionKey: "k" }));
    await test.kinesis.replay("s", page);
    const { EventStream } = await test.call<{ EventStream: AsyncIterable<{ SubscribeToShardEvent: Read }> }>(
      "SubscribeToShard",
      {
        ConsumerARN: Consumer.ConsumerARN,
        ShardId: "shardId-000000000000",
        StartingPosition: { Type: "TRIM_HORIZON" },
      },
    );
    const seen: [number, number][] = [];
    const following = (async () => {
      for await (const { SubscribeToShardEvent } of EventStream) {
        seen.push([(test.clock.now() - start) / 1_000, SubscribeToShardEvent.Records.length]);
      }
    })();
    await test.clock.advance(60_000);
    expect(seen.reduce((sum, [, count]) => sum + count, 0)).toBe(10);
    expect(seen[0]).toEqual([0, 4]);
    for (const [at] of seen) {
      const sentBytes = seen.filter(([when]) => when <= at).reduce((sum, [, count]) => sum + count * 500_000, 0);
      expect(sentBytes).toBeLessThanOrEqual(2 * 1_048_576 * (at + 2));
    }
    expect(seen.at(-1)?.[0]).toBeGreaterThan(0.9);
    await test.clock.advance(240_000);
    await following;
  });

  it("are told of the children where their shard ends", async () => {
    const test = await setUp();
    const { Consumer } = await register(test);
    const { EventStream } = await test.call<{ EventStream: AsyncIterable<{ SubscribeToShardEvent: Read }> }>(
      "SubscribeToShard",
      { ConsumerARN: Consumer.ConsumerARN, ShardId: "shardId-000000000000", StartingPosition: { Type: "LATEST" } },
    );
    await test.call("SplitShard", {
      StreamName: "s",
      ShardToSplit: "shardId-000000000000",
      NewStartingHashKey: (2n ** 127n).toString(),
    });
    const seen: string[][] = [];
    for await (const { SubscribeToShardEvent } of EventStream) {
      seen.push(SubscribeToShardEvent.ChildShards?.map(({ ShardId }) => ShardId) ?? []);
    }
    expect(seen).toEqual([["shardId-000000000001", "shardId-000000000002"]]);
  });
});

describe("the rest of a stream", () => {
  it("has tags, a policy, encryption and a retention that can be changed", async () => {
    const test = await setUp();
    await test.call("AddTagsToStream", { StreamName: "s", Tags: { foo: "bar", a: "b" } });
    await test.call("RemoveTagsFromStream", { StreamName: "s", TagKeys: ["a"] });
    expect(await test.call("ListTagsForStream", { StreamName: "s" })).toEqual({
      Tags: [{ Key: "foo", Value: "bar" }],
      HasMoreTags: false,
    });
    expect(await test.call("GetResourcePolicy", { ResourceARN: arn })).toEqual({ Policy: "{}" });
    await test.call("PutResourcePolicy", { ResourceARN: arn, Policy: '{"Version":"2012-10-17"}' });
    expect(await test.call("GetResourcePolicy", { ResourceARN: arn })).toEqual({ Policy: '{"Version":"2012-10-17"}' });
    await test.call("DeleteResourcePolicy", { ResourceARN: arn });
    expect(await test.call("GetResourcePolicy", { ResourceARN: arn })).toEqual({ Policy: "{}" });
    await test.call("StartStreamEncryption", { StreamName: "s", EncryptionType: "KMS", KeyId: "alias/aws/kinesis" });
    await test.clock.settle();
    expect(await put(test, "x")).toMatchObject({ EncryptionType: "KMS" });
    await test.call("IncreaseStreamRetentionPeriod", { StreamName: "s", RetentionPeriodHours: 48 });
    await test.clock.settle();
    expect(await test.errorOf("IncreaseStreamRetentionPeriod", { StreamName: "s", RetentionPeriodHours: 30 })).toEqual([
      "InvalidArgumentException",
      "Requested retention period (30 hours) for stream s can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.",
    ]);
  });

  it("is listed page by page, and gone after DeleteStream", async () => {
    const test = await setUp();
    for (const name of ["a", "b"]) await test.call("CreateStream", { StreamName: name, ShardCount: 1 });
    const first = await test.call<{ NextToken: string }>("ListStreams", { Limit: 2 });
    expect(first).toMatchObject({ StreamNames: ["a", "b"], HasMoreStreams: true });
    expect(await test.call("ListStreams", { NextToken: first.NextToken })).toMatchObject({
      StreamNames: ["s"],
      HasMoreStreams: false,
    });
    await test.call("DeleteStream", { StreamName: "s" });
    await test.clock.settle();
    expect(await test.errorOf("DescribeStream", { StreamName: "s" })).toEqual([
      "ResourceNotFoundException",
      `Stream s under account ${account} not found.`,
    ]);
    expect(await test.call("DescribeLimits", {})).toEqual({
      ShardLimit: 20_000,
      OpenShardCount: 2,
      OnDemandStreamCount: 0,
      OnDemandStreamCountLimit: 50,
    });
  });
});

describe("a stream as a mapping reads it", () => {
  it("gives records as Lambda gets them, and matches their data as JSON", async () => {
    const test = await setUp();
    const { SequenceNumber } = await put(test, '{"kind":"a"}');
    const source = await test.kinesis.streams.find(arn);
    const [record] = (await source?.read("shardId-000000000000", undefined, 10))?.records ?? [];
    expect(JSON.parse(record?.toEventText("arn:aws:iam::000000000000:role/r") ?? "")).toEqual({
      kinesis: {
        kinesisSchemaVersion: "1.0",
        partitionKey: "k",
        sequenceNumber: SequenceNumber,
        data: Buffer.from('{"kind":"a"}').toString("base64"),
        approximateArrivalTimestamp: start / 1_000,
      },
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventID: `shardId-000000000000:${SequenceNumber}`,
      eventName: "aws:kinesis:record",
      invokeIdentityArn: "arn:aws:iam::000000000000:role/r",
      awsRegion: "us-east-1",
      eventSourceARN: arn,
    });
    expect(record?.toFilterEvent()).toMatchObject({ partitionKey: "k", data: { kind: "a" } });
    expect((await source?.read("shardId-000000000000", SequenceNumber, 10))?.records).toEqual([]);
    expect(await test.kinesis.streams.find(`${arn}x`)).toBe(undefined);
  });
});
