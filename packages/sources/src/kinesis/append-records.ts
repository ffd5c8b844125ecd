/**
 * Puts records into shards.
 *
 * N1. Each record goes to the open shard of its hash key. One that its shard cannot take now is refused by itself.
 * N2. What is accepted is durable, in one commit, before it is answered.
 * N3. Every thousand records or so, a shard is relieved of those that are past their retention.
 * N4. A stream in on-demand mode is told what it took; it may grow.
 */
import { invariant } from "@tripline/kernel";
import { invalidArgument, throughputExceeded, validation } from "./errors.ts";
import { toHashKey } from "./hash-key.ts";
import type { KinesisHouse } from "./house.ts";
import { hashKeys, hourMs } from "./limits.ts";
import { noteWrite } from "./on-demand-scaler.ts";
import { toSequenceNumber } from "./sequence-number.ts";
import { type Shard, type Stream, toShardId } from "./stream.ts";

/** A record as PutRecord and PutRecords take it. */
export interface RecordInput {
  Data: Uint8Array;
  PartitionKey: string;
  ExplicitHashKey?: string;
}

/** Where a record went, or why it did not. */
export type Appended = { ShardId: string; SequenceNumber: string } | { error: Error & { code: string } };

const trimEvery = 1_000;
const trimMax = 10_000;

/** Results in the order of `records`; `isLimited`: by what a shard takes in a second. Throws where a record is wrong by itself; then none is kept. */
export async function appendRecords(
  house: KinesisHouse,
  stream: Stream,
  records: readonly RecordInput[],
  options: { isLimited: boolean } = { isLimited: true },
): Promise<Appended[]> {
  const { clock, registry, throughput, logs, scope } = house;
  const nowMs = clock.now();
  const targets = records.map((record) => {
    checkSize(stream, record);
    return registry.shardOf(stream, hashKeyOf(record));
  });
  const accepted: { shard: Shard; record: RecordInput; at: number }[] = [];
  const results: Appended[] = [];
  let acceptedBytes = 0;
  for (const [at, record] of records.entries()) {
    const shard = targets[at];
    invariant(shard !== undefined, "H1: a hash key has no shard");
    const bytes = record.Data.byteLength + Buffer.byteLength(record.PartitionKey);
    if (!options.isLimited || throughput.write(shard.log, bytes, nowMs)) {
      accepted.push({ shard, record, at });
      acceptedBytes += bytes;
    } else results[at] = { error: throughputExceeded(toShardId(shard), stream.name, scope.accountId) };
  }
  if (accepted.length === 0) return results;
  const places = await logs.append(
    accepted.map(({ shard, record }) => ({
      shard: shard.log,
      partitionKey: record.PartitionKey,
      data: record.Data,
      arrivedAtMs: nowMs,
    })),
  );
  for (const [n, { shard, at }] of accepted.entries()) {
    const { position = 0, arrivedAtMs = 0 } = places[n] ?? {};
    const arrivedSeconds = Math.floor(arrivedAtMs / 1_000);
    const parts = { createdSeconds: shard.createdSeconds, position, arrivedSeconds, shardIndex: shard.index };
    results[at] = { ShardId: toShardId(shard), SequenceNumber: toSequenceNumber(parts) };
    if (position % trimEvery === 0) trim(house, stream, shard); // N3
  }
  registry.watchers.changed(stream.name);
  noteWrite(house, stream, acceptedBytes, accepted.length); // N4
  return results;
}

function checkSize({ recordKibibytesMax }: Stream, { Data }: RecordInput): void {
  const max = recordKibibytesMax * 1_024;
  if (Data.byteLength <= max) return;
  throw validation(
    `1 validation error detected: Value at 'data' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
  );
}

function hashKeyOf({ PartitionKey, ExplicitHashKey }: RecordInput): bigint {
  if (ExplicitHashKey === undefined) return toHashKey(PartitionKey);
  const key = /^(0|[1-9]\d{0,38})$/.test(ExplicitHashKey) ? BigInt(ExplicitHashKey) : hashKeys;
  if (key < hashKeys) return key;
  throw invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
  );
}

function trim({ clock, logs, activity }: KinesisHouse, { retentionHours }: Stream, { log }: Shard): void {
  void activity.track("old records of a shard", () => logs.trim(log, clock.now() - retentionHours * hourMs, trimMax));
}
