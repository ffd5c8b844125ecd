import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { measure, type OnDemandHistory, remember, shardsWanted } from "./on-demand.ts";
import { createTestKinesis, type TestKinesis } from "./testing/create-test-kinesis.ts";

const start = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;
const dayMs = 86_400_000;
const arn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
const open: TestKinesis[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function setUp(
  input: object = { StreamModeDetails: { StreamMode: "ON_DEMAND" } },
  options: { dataDir?: string } = {},
): Promise<TestKinesis> {
  const test = await createTestKinesis({ startMs: start, ...options });
  open.push(test);
  await test.call("CreateStream", { StreamName: "s", ...input });
  await test.clock.settle();
  return test;
}
const openShards = (test: TestKinesis): number | undefined => test.kinesis.list()[0]?.openShards;
const setMode = (test: TestKinesis, StreamMode: string): Promise<object> =>
  test.call("UpdateStreamMode", { StreamARN: arn, StreamModeDetails: { StreamMode } });

/** Six megabytes at once, evenly over the hash space; how many of twenty records were refused. */
async function burst(test: TestKinesis): Promise<number> {
  const Data = new Uint8Array(300_000);
  const Records = Array.from({ length: 20 }, (_, n) => ({
    Data,
    PartitionKey: "k",
    ExplicitHashKey: ((2n ** 128n / 20n) * BigInt(n)).toString(),
  }));
  return (await test.call<{ FailedRecordCount: number }>("PutRecords", { StreamName: "s", Records })).FailedRecordCount;
}
/** A small record, which is what makes the stream look at the minute before. */
async function look(test: TestKinesis): Promise<number | undefined> {
  await test.call("PutRecord", { StreamName: "s", Data: new Uint8Array(1), PartitionKey: "k" });
  await test.clock.settle();
  return openShards(test);
}
/** As if they had come all minute long. */
async function writeRecords(test: TestKinesis, count: number): Promise<void> {
  await test.kinesis.replay(
    "s",
    Array.from({ length: count }, (_, n) => ({ Data: new Uint8Array(0), PartitionKey: `key-${n}` })),
  );
}

describe("shardsWanted", () => {
  const peaks = (...all: [number, number][]): OnDemandHistory["peaks"] => all.map(([day, shards]) => ({ day, shards }));
  const at = (day: number, minute = 0): number => day * dayMs + minute * minuteMs;

  it.each([
    ["as many as there are, while double of the peak fits", { peaks: peaks([10, 2]) }, 4, at(10), 4],
    ["double, where it does not", { peaks: peaks([10, 2.1]) }, 4, at(10), 8],
    ["double and no more, whatever the peak", { peaks: peaks([10, 100]) }, 4, at(10), 8],
    [
      "no more within a quarter of an hour of the last",
      { peaks: peaks([10, 9]), doubledAtMs: at(10) },
      8,
      at(10, 14),
      8,
    ],
    ["more after it", { peaks: peaks([10, 9]), doubledAtMs: at(10) }, 8, at(10, 15), 16],
    ["at most ten thousand", { peaks: peaks([10, 9_000]) }, 8_000, at(10), 10_000],
    ["as many as there are, for a peak of 29 days ago", { peaks: peaks([10, 4]) }, 8, at(39), 8],
    ["half, when the peak is 30 days ago", { peaks: peaks([10, 4]) }, 8, at(40), 4],
    ["half, where that would do for the peak", { peaks: peaks([10, 2]) }, 8, at(10), 4],
    ["four at least", { peaks: [] }, 6, at(10), 4],
    ["as many as there are, where they are fewer than four", { peaks: [] }, 2, at(10), 2],
  ])("says %s", (_what, history, shards, nowMs, wanted) => {
    expect(shardsWanted(history, shards, nowMs)).toBe(wanted);
  });

  it("O2 the peak of a day is its greatest minute, and days that are past are forgotten", () => {
    const first = remember({ peaks: [] }, 3, at(1));
    expect(remember(first, 2, at(1, 5))).toBe(first);
    expect(remember(remember(first, 5, at(1, 5)), 1, at(2))).toEqual({ peaks: peaks([1, 5], [2, 1]) });
    expect(remember(first, 1, at(31))).toEqual({ peaks: peaks([31, 1]) });
  });

  it("O2 a minute counts by bytes or by records, whichever is more of what a shard takes", () => {
    const meter = { minute: -1, bytes: 0, records: 0 };
    expect([
      measure(meter, 60 * 1_048_576, 1, at(1)),
      measure(meter, 60 * 1_048_576, 1, at(1, 0.9)),
      measure(meter, 1, 180_000, at(1, 1)),
      measure(meter, 0, 0, at(1, 7)),
      measure(meter, 0, 0, at(1, 8)),
    ]).toEqual([undefined, undefined, 2, 3, undefined]);
  });
});

describe("a stream in on-demand mode", () => {
  it("O1 O3 begins with four shards; when a minute's traffic was more than half of what they take, they double", async () => {
    const test = await setUp();
    expect([openShards(test), await burst(test)]).toEqual([4, 8]);
    await test.clock.advance(minuteMs);
    await writeRecords(test, 150_000); // 2,500 a second: 5,000 have to fit
    expect(openShards(test)).toBe(4);
    await test.clock.advance(minuteMs);
    expect(await look(test)).toBe(8);
    await test.clock.advance(minuteMs);
    expect(await burst(test)).toBe(0);
  });

  it("O4 halves its shards after thirty days without such a peak, and knows it after a restart", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "tripline-kinesis-"));
    folders.push(dataDir);
    const first = await setUp(undefined, { dataDir });
    await writeRecords(first, 150_000);
    await first.clock.advance(minuteMs);
    expect(await look(first)).toBe(8);
    await first.stop();
    open.length = 0;
    const test = await createTestKinesis({ dataDir, startMs: start + 29 * dayMs });
    open.push(test);
    await look(test);
    await test.clock.advance(minuteMs);
    expect(await look(test)).toBe(8);
    await test.clock.advance(dayMs);
    await look(test);
    await test.clock.advance(minuteMs);
    expect(await look(test)).toBe(4);
  });

  it("O5 wakes nobody while nobody writes", async () => {
    const test = await setUp();
    await writeRecords(test, 1_000);
    await test.clock.settle();
    expect(test.clock.nextDueMs()).toBe(undefined);
  });

  it("has a hot key throttled by its shard", async () => {
    const test = await setUp();
    const Records = Array.from({ length: 11 }, () => ({ Data: new Uint8Array(100_000), PartitionKey: "hot" }));
    const { FailedRecordCount, Records: answers } = await test.call<{
      FailedRecordCount: number;
      Records: { ErrorCode?: string; ErrorMessage?: string }[];
    }>("PutRecords", { StreamName: "s", Records });
    expect([FailedRecordCount, answers.at(-1)?.ErrorCode]).toEqual([1, "ProvisionedThroughputExceededException"]);
  });

  it.each(["SplitShard", "MergeShards", "UpdateShardCount"])("refuses %s", async (operation) => {
    const test = await setUp();
    const inputs: Record<string, object> = {
      SplitShard: { ShardToSplit: "shardId-000000000000", NewStartingHashKey: "10" },
      MergeShards: { ShardToMerge: "shardId-000000000000", AdjacentShardToMerge: "shardId-000000000001" },
      UpdateShardCount: { TargetShardCount: 8, ScalingType: "UNIFORM_SCALING" },
    };
    expect(await test.errorOf(operation, { StreamName: "s", ...inputs[operation] })).toEqual([
      "ValidationException",
      `Request is invalid. Stream s under account 000000000000 is in On-Demand mode: ${operation} is not allowed.`,
    ]);
  });
});

describe("UpdateStreamMode", () => {
  it("keeps the shards either way, is UPDATING for a moment, and can be called twice a day", async () => {
    const test = await setUp({ ShardCount: 6 });
    const summarise = async (): Promise<unknown[]> => {
      const { StreamDescriptionSummary: summary } = await test.call<{
        StreamDescriptionSummary: Record<string, unknown>;
      }>("DescribeStreamSummary", { StreamName: "s" });
      return [summary["StreamModeDetails"], summary["OpenShardCount"], summary["StreamStatus"]];
    };
    await setMode(test, "ON_DEMAND");
    expect(await summarise()).toEqual([{ StreamMode: "ON_DEMAND" }, 6, "UPDATING"]);
    await test.clock.settle();
    await setMode(test, "ON_DEMAND"); // as it is: no change
    await setMode(test, "PROVISIONED");
    await test.clock.settle();
    expect(await summarise()).toEqual([{ StreamMode: "PROVISIONED" }, 6, "ACTIVE"]);
    expect(
      await test.errorOf("UpdateStreamMode", { StreamARN: arn, StreamModeDetails: { StreamMode: "ON_DEMAND" } }),
    ).toEqual([
      "LimitExceededException",
      "Stream s under account 000000000000 has reached the maximum of 2 changes of its mode in 24 hours.",
    ]);
    await test.clock.advance(dayMs + 1);
    await setMode(test, "ON_DEMAND");
  });

  it("lets a stream grow from the shards that it had, and be scaled by hand again afterwards", async () => {
    const test = await setUp({ ShardCount: 2 });
    await setMode(test, "ON_DEMAND");
    await test.clock.settle();
    await writeRecords(test, 70_000);
    await test.clock.advance(minuteMs);
    expect(await look(test)).toBe(4);
    await setMode(test, "PROVISIONED");
    await test.clock.settle();
    await writeRecords(test, 150_000);
    await test.clock.advance(minuteMs);
    expect(await look(test)).toBe(4);
    await test.call("UpdateShardCount", { StreamName: "s", TargetShardCount: 5, ScalingType: "UNIFORM_SCALING" });
    expect(openShards(test)).toBe(5);
  });

  it("is refused where there are fifty streams in on-demand mode, as a new one is", async () => {
    const test = await setUp({ ShardCount: 1 });
    const StreamModeDetails = { StreamMode: "ON_DEMAND" };
    for (let n = 0; n < 50; n++) {
      await test.call("CreateStream", { StreamName: `s-${n}`, StreamModeDetails });
      await test.clock.settle();
    }
    expect([
      (await test.errorOf("CreateStream", { StreamName: "more", StreamModeDetails }))[0],
      (await test.errorOf("UpdateStreamMode", { StreamARN: arn, StreamModeDetails }))[0],
    ]).toEqual(["LimitExceededException", "LimitExceededException"]);
  });
});
