/**
 * A stream and its shards, and how shards split and merge: pure.
 * https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-resharding.html
 *
 * H1. The open shards part the whole hash space among them.
 * H2. A shard's number is never used again; it is closed, not removed, until its records are past their retention.
 * H3. A shard is made in a later second than its parents, so that its sequence numbers are greater.
 */
import type { Scope } from "@tripline/kernel";
import { toArn } from "@tripline/kernel";
import { hashKeys } from "./limits.ts";
import type { OnDemandHistory } from "./on-demand.ts";

/** A shard as it is kept. Hash keys are decimal. */
export interface Shard {
  /** In its id. */
  index: number;
  /** In the store. */
  log: number;
  firstHashKey: string;
  lastHashKey: string;
  parent?: number;
  adjacentParent?: number;
  /** In its sequence numbers (H3). */
  createdSeconds: number;
  openedAtMs: number;
  closedAtMs?: number;
}

/** A consumer with enhanced fan-out. */
export interface Consumer {
  name: string;
  arn: string;
  createdAtMs: number;
  tags: Record<string, string>;
}

/** A stream as it is kept. */
export interface Stream {
  name: string;
  arn: string;
  createdAtMs: number;
  mode: "PROVISIONED" | "ON_DEMAND";
  /** Of the time in on-demand mode. */
  onDemand?: OnDemandHistory;
  /** When its mode was changed, in the last day. */
  modeChangesMs?: number[];
  retentionHours: number;
  recordKibibytesMax: number;
  encryptionKeyId?: string;
  shards: Shard[];
  nextIndex: number;
  consumers: Consumer[];
  tags: Record<string, string>;
  policy?: string;
  /** When UpdateShardCount was called, in the last day. */
  countUpdatesMs: number[];
}

export function toStreamArn(scope: Scope, name: string): string {
  return toArn(scope, "kinesis", `stream/${name}`);
}

export function toShardId({ index }: Pick<Shard, "index">): string {
  return `shardId-${String(index).padStart(12, "0")}`;
}

/** Undefined where there is none. AWS takes the number alone too. */
export function findShard({ shards }: Pick<Stream, "shards">, shardId: string): Shard | undefined {
  const digits = /^(?:shardId-)?(\d{1,12})$/.exec(shardId)?.[1];
  return digits === undefined ? undefined : shards.find(({ index }) => index === Number(digits));
}

export function openShards({ shards }: Pick<Stream, "shards">): Shard[] {
  return shards.filter(({ closedAtMs }) => closedAtMs === undefined);
}

/** What a change of shards needs: `logs` are unused logs of the store. */
export interface Reshard {
  nowMs: number;
  logs: number[];
}

/** A new stream's `count` shards, of equal parts of the hash space. */
export function firstShards(count: number, { nowMs, logs }: Reshard): Shard[] {
  return uniformRanges(count).map(([first, last], index) => ({
    index,
    log: logs.shift() ?? 0,
    firstHashKey: first.toString(),
    lastHashKey: last.toString(),
    createdSeconds: Math.floor(nowMs / 1_000),
    openedAtMs: nowMs,
  }));
}

/** `count` parts of the hash space, inclusive. */
export function uniformRanges(count: number): [bigint, bigint][] {
  const size = hashKeys / BigInt(count);
  return Array.from({ length: count }, (_, n) => [
    size * BigInt(n),
    n === count - 1 ? hashKeys - 1n : size * BigInt(n + 1) - 1n,
  ]);
}

/** Closes `shard` and opens two, the second beginning at `hashKey`. Takes two logs. */
export function splitShard(stream: Stream, shard: Shard, hashKey: bigint, reshard: Reshard): Stream {
  const range = (firstHashKey: bigint, lastHashKey: bigint, index: number): Shard => ({
    ...child(reshard, [shard], index),
    firstHashKey: firstHashKey.toString(),
    lastHashKey: lastHashKey.toString(),
    parent: shard.index,
  });
  const children = [
    range(BigInt(shard.firstHashKey), hashKey - 1n, stream.nextIndex),
    range(hashKey, BigInt(shard.lastHashKey), stream.nextIndex + 1),
  ];
  return replace(stream, [shard], children, reshard.nowMs);
}

/** Closes two neighbours and opens one. Takes one log. */
export function mergeShards(stream: Stream, shard: Shard, adjacent: Shard, reshard: Reshard): Stream {
  const [low, high] =
    BigInt(shard.firstHashKey) < BigInt(adjacent.firstHashKey) ? [shard, adjacent] : [adjacent, shard];
  const merged: Shard = {
    ...child(reshard, [shard, adjacent], stream.nextIndex),
    firstHashKey: low.firstHashKey,
    lastHashKey: high.lastHashKey,
    parent: shard.index,
    adjacentParent: adjacent.index,
  };
  return replace(stream, [shard, adjacent], [merged], reshard.nowMs);
}

export function areNeighbours(a: Shard, b: Shard): boolean {
  return BigInt(a.lastHashKey) + 1n === BigInt(b.firstHashKey) || BigInt(b.lastHashKey) + 1n === BigInt(a.firstHashKey);
}

/** Splits and merges until the open shards are `count` equal parts, by way of shards in between where need be, as AWS does. */
export function scaleTo(stream: Stream, count: number, reshard: Reshard): Stream {
  const ranges = uniformRanges(count);
  let next = stream;
  for (const [first] of ranges) {
    const holder = openShards(next).find(
      (shard) => BigInt(shard.firstHashKey) < first && first <= BigInt(shard.lastHashKey),
    );
    if (holder !== undefined) next = splitShard(next, holder, first, reshard);
  }
  for (const [first, last] of ranges) {
    const inRange = (): Shard[] =>
      openShards(next)
        .filter((shard) => BigInt(shard.firstHashKey) >= first && BigInt(shard.lastHashKey) <= last)
        .sort((a, b) => (BigInt(a.firstHashKey) < BigInt(b.firstHashKey) ? -1 : 1));
    for (;;) {
      const [a, b] = inRange();
      if (a === undefined || b === undefined) break;
      next = mergeShards(next, a, b, reshard);
    }
  }
  return next;
}

function child({ nowMs, logs }: Reshard, parents: Shard[], index: number): Omit<Shard, "firstHashKey" | "lastHashKey"> {
  const createdSeconds = Math.max(
    Math.floor(nowMs / 1_000),
    ...parents.map((parent) => parent.createdSeconds + 1), // H3
  );
  return { index, log: logs.shift() ?? 0, createdSeconds, openedAtMs: nowMs };
}

function replace(stream: Stream, closed: Shard[], opened: Shard[], nowMs: number): Stream {
  const shards = stream.shards.map((shard) => (closed.includes(shard) ? { ...shard, closedAtMs: nowMs } : shard));
  return { ...stream, shards: [...shards, ...opened], nextIndex: stream.nextIndex + opened.length };
}
