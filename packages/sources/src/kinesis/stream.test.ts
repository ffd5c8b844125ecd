import { describe, expect, it } from "vitest";
import { firstShards, openShards, scaleTo, type Stream, toStreamArn, uniformRanges } from "./stream.ts";

const scope = { partition: "aws", region: "us-east-1", accountId: "000000000000" };
const logs = (count: number, from = 0): number[] => Array.from({ length: count }, (_, n) => n + from);

function stream(count: number): Stream {
  return {
    name: "s",
    arn: toStreamArn(scope, "s"),
    createdAtMs: 0,
    mode: "PROVISIONED",
    retentionHours: 24,
    recordKibibytesMax: 1_024,
    shards: firstShards(count, { nowMs: 5_000, logs: logs(count) }),
    nextIndex: count,
    consumers: [],
    tags: {},
    countUpdatesMs: [],
  };
}
const rangesOf = (of: Stream): [bigint, bigint][] =>
  openShards(of)
    .map(({ firstHashKey, lastHashKey }): [bigint, bigint] => [BigInt(firstHashKey), BigInt(lastHashKey)])
    .sort(([a], [b]) => (a < b ? -1 : 1));

describe("scaleTo", () => {
  it.each([
    [1, 2],
    [2, 1],
    [2, 3],
    [3, 2],
    [4, 7],
    [7, 4],
    [5, 5],
    [1, 1],
  ])("makes %i equal shards into %i", (from, to) => {
    const before = stream(from);
    const needed = scaleTo(before, to, { nowMs: 6_000, logs: [] }).nextIndex - before.nextIndex;
    const spare = logs(needed, 100);
    const after = scaleTo(before, to, { nowMs: 6_000, logs: spare });
    expect(spare).toEqual([]);
    expect(rangesOf(after)).toEqual(uniformRanges(to));
    expect(new Set(after.shards.map(({ log }) => log)).size).toBe(after.shards.length);
    expect(after.shards.map(({ index }) => index)).toEqual(after.shards.map((_, n) => n));
    for (const { parent, adjacentParent, createdSeconds } of after.shards) {
      for (const index of [parent, adjacentParent]) {
        if (index === undefined) continue;
        const its = after.shards[index];
        expect([its?.closedAtMs, (its?.createdSeconds ?? Infinity) < createdSeconds]).toEqual([6_000, true]);
      }
    }
  });
});
