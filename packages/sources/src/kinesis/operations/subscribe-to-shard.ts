/**
 * SubscribeToShard: records as they come, for up to five minutes.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html
 *
 * U1. Nothing is polled: an append wakes the subscription, and the clock ends it.
 * U2. It ends when the caller goes, when the shard does, and when the consumer or the stream is gone.
 * U4. A consumer gets 2 MiB a second of a shard, a second's worth at once at most; then it waits on the clock.
 * U3. A second subscription of a consumer to a shard within five seconds of the first is refused; after that it takes the place of the first.
 */
import { after, type Cancel, type Operation } from "@tripline/kernel";
import { resourceInUse, shardNotFound } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import { readBytesPerSecond, readRecordsMax, subscriptionIntervalMs, subscriptionMs } from "../limits.ts";
import { toPlaceAfter } from "../sequence-number.ts";
import { readShard, toChildShards, toRecordOutput } from "../shard-reader.ts";
import { toPosition } from "../starting-position.ts";
import { findShard, type Shard, type Stream } from "../stream.ts";
import { TokenBucket } from "../token-bucket.ts";
import { resolveConsumer } from "./consumers.ts";
import { recordsRefused } from "./stream-address.ts";

interface SubscribeToShardInput {
  ConsumerARN: string;
  ShardId: string;
  StartingPosition: { Type: string; SequenceNumber?: string; Timestamp?: Date };
}

interface Subscription {
  sinceMs: number;
  end: () => void;
}

export function subscribeToShardOperation(house: KinesisHouse): Operation<SubscribeToShardInput> {
  const { registry, clock, scope } = house;
  const subscriptions = new Map<string, Subscription>();
  return {
    name: "SubscribeToShard",
    honoured: ["ConsumerARN", "ShardId", "StartingPosition"],
    refused: recordsRefused,
    async run({ ConsumerARN, ShardId, StartingPosition }, { signal }) {
      const { stream } = resolveConsumer(house, { ConsumerARN });
      const shard = findShard(stream, ShardId);
      if (shard === undefined) throw shardNotFound(ShardId, stream.name, scope.accountId);
      const key = `${ConsumerARN} ${shard.index}`;
      const other = subscriptions.get(key);
      if (other !== undefined && clock.now() - other.sinceMs < subscriptionIntervalMs) {
        throw resourceInUse(
          `Another active subscription exists for this consumer: ${scope.accountId}:${stream.name}:${ConsumerARN.split("/consumer/")[1] ?? ""}`,
        ); // U3
      }
      const start = {
        type: StartingPosition.Type,
        sequenceNumber: StartingPosition.SequenceNumber,
        timestamp: StartingPosition.Timestamp,
      };
      const position = await toPosition(house, stream, shard, start, "SubscribeToShard");
      other?.end();
      return { EventStream: follow({ key, consumerArn: ConsumerARN, stream, shard, position, signal }) };
    },
  };

  async function* follow(from: {
    key: string;
    consumerArn: string;
    stream: Stream;
    shard: Shard;
    position: number;
    signal: AbortSignal;
  }): AsyncGenerator<{ SubscribeToShardEvent: object }> {
    const { key, consumerArn, shard, signal } = from;
    let { position } = from;
    const state = { isOver: signal.aborted, isWoken: true };
    let resume: (() => void) | undefined;
    let cancelWait: Cancel | undefined;
    const wake = (): void => {
      state.isWoken = true;
      resume?.();
    };
    const end = (): void => {
      state.isOver = true;
      resume?.();
    };
    const throughput = new TokenBucket(readBytesPerSecond); // U4
    const subscription: Subscription = { sinceMs: clock.now(), end };
    subscriptions.set(key, subscription);
    const cancels = [registry.watchers.onChange(from.stream.name, wake), after(clock, subscriptionMs, end)];
    signal.addEventListener("abort", end);
    try {
      while (!state.isOver) {
        if (!state.isWoken) {
          await new Promise<void>((resolve) => {
            resume = resolve;
          });
          resume = undefined;
          continue;
        }
        if (!throughput.has(1, clock.now())) {
          await new Promise<void>((resolve) => {
            resume = () => {
              if (state.isOver) resolve();
            };
            cancelWait = after(clock, throughput.waitMs(1, clock.now()), resolve);
          });
          cancelWait?.();
          resume = undefined;
          continue;
        }
        state.isWoken = false;
        const stream = registry.get(from.stream.name);
        if (stream?.consumers.some(({ arn }) => arn === consumerArn) !== true) return; // U2
        const current = findShard(stream, String(shard.index)) ?? shard;
        const read = await readShard(house, stream, current, position, {
          max: readRecordsMax,
          bytesMax: readBytesPerSecond,
        });
        position = read.position;
        throughput.take(
          read.records.reduce((sum, { data }) => sum + data.byteLength, 0),
          clock.now(),
        );
        if (read.records.length > 0 || read.isEnd) {
          state.isWoken = true;
          yield {
            SubscribeToShardEvent: {
              Records: read.records.map((record) => toRecordOutput(stream, current, record)),
              ContinuationSequenceNumber: toPlaceAfter(current, position),
              MillisBehindLatest: read.behindMs,
              ...(read.isEnd ? { ChildShards: toChildShards(stream, current) } : {}),
            },
          };
        }
        if (read.isEnd) return;
      }
    } finally {
      for (const cancel of cancels) cancel();
      signal.removeEventListener("abort", end);
      if (subscriptions.get(key) === subscription) subscriptions.delete(key);
    }
  }
}
