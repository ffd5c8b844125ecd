/** SplitShard, MergeShards, UpdateShardCount, UpdateStreamMode. */
import type { Operation } from "@tripline/kernel";
import { invalidArgument, limitExceeded, resourceInUse, shardNotFound, validation } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import { hashKeys, hourMs, modeChangesPerDay, shardCountUpdatesPerDay } from "../limits.ts";
import { checkShardLimit, reshard } from "../reshard.ts";
import {
  areNeighbours,
  findShard,
  mergeShards,
  openShards,
  scaleTo,
  type Reshard,
  type Shard,
  splitShard,
  type Stream,
  toShardId,
} from "../stream.ts";
import { checkStreamsOnDemand, toMode } from "./create-stream.ts";
import { addressHonoured, type StreamAddress, streamIdRefused } from "./stream-address.ts";

export function createReshardOperations(house: KinesisHouse): Operation[] {
  const { registry, clock, scope } = house;
  const provisioned = (address: StreamAddress, operation: string): Stream => {
    const stream = registry.resolveActive(address);
    if (stream.mode === "PROVISIONED") return stream;
    throw validation(
      `Request is invalid. Stream ${stream.name} under account ${scope.accountId} is in On-Demand mode: ${operation} is not allowed.`,
    );
  };
  const openShard = (stream: Stream, shardId: string): Shard => {
    const shard = findShard(stream, shardId);
    if (shard === undefined) throw shardNotFound(shardId, stream.name, scope.accountId);
    if (shard.closedAtMs === undefined) return shard;
    throw resourceInUse(
      `Shard ${toShardId(shard)} in stream ${stream.name} under account ${scope.accountId} has already been merged or split, and thus is not eligible for merging or splitting.`,
    );
  };

  const split: Operation<StreamAddress & { ShardToSplit: string; NewStartingHashKey: string }> = {
    name: "SplitShard",
    honoured: [...addressHonoured, "ShardToSplit", "NewStartingHashKey"],
    refused: streamIdRefused,
    async run(input) {
      await reshard(house, () => {
        const stream = provisioned(input, "SplitShard");
        const shard = openShard(stream, input.ShardToSplit);
        const text = input.NewStartingHashKey;
        const key = /^(0|[1-9]\d{0,38})$/.test(text) ? BigInt(text) : hashKeys;
        if (key <= BigInt(shard.firstHashKey) + 1n || key >= BigInt(shard.lastHashKey)) {
          throw invalidArgument(
            `NewStartingHashKey ${text} used in SplitShard() on shard ${toShardId(shard)} in stream ${stream.name} under account ${scope.accountId} is not both greater than one plus the shard's StartingHashKey ${shard.firstHashKey} and less than the shard's EndingHashKey ${shard.lastHashKey}.`,
          );
        }
        return { stream, apply: (change) => splitShard(stream, shard, key, change) };
      });
      return {};
    },
  };
  const merge: Operation<StreamAddress & { ShardToMerge: string; AdjacentShardToMerge: string }> = {
    name: "MergeShards",
    honoured: [...addressHonoured, "ShardToMerge", "AdjacentShardToMerge"],
    refused: streamIdRefused,
    async run(input) {
      await reshard(house, () => {
        const stream = provisioned(input, "MergeShards");
        const shard = openShard(stream, input.ShardToMerge);
        const adjacent = openShard(stream, input.AdjacentShardToMerge);
        if (!areNeighbours(shard, adjacent)) {
          throw invalidArgument(
            `Shards ${toShardId(shard)} and ${toShardId(adjacent)} in stream ${stream.name} under account ${scope.accountId} are not an adjacent pair of shards eligible for merging`,
          );
        }
        return { stream, apply: (change) => mergeShards(stream, shard, adjacent, change) };
      });
      return {};
    },
  };
  const updateCount: Operation<StreamAddress & { TargetShardCount: number; ScalingType: string }> = {
    name: "UpdateShardCount",
    honoured: [...addressHonoured, "TargetShardCount", "ScalingType"],
    refused: streamIdRefused,
    async run(input) {
      const { TargetShardCount: target } = input;
      if (input.ScalingType !== "UNIFORM_SCALING") throw invalidArgument(`Unknown scaling type ${input.ScalingType}.`);
      const before = await reshard(house, () => {
        const stream = provisioned(input, "UpdateShardCount");
        const current = openShards(stream).length;
        const counts = `Current open shard count: ${current} Target shard count: ${target}`;
        if (target > current * 2) {
          throw invalidArgument(
            `UpdateShardCount cannot scale up over double your current open shard count. ${counts}`,
          );
        }
        if (target < current / 2) {
          throw invalidArgument(
            `UpdateShardCount cannot scale down below half your current open shard count. ${counts}`,
          );
        }
        const nowMs = clock.now();
        const recent = inLastDay(stream.countUpdatesMs, nowMs);
        if (recent.length >= shardCountUpdatesPerDay) {
          throw limitExceeded(
            `Account ${scope.accountId} has reached the maximum of ${shardCountUpdatesPerDay} updates of the shard count of stream ${stream.name} in 24 hours.`,
          );
        }
        const apply = (change: Reshard): Stream => ({
          ...scaleTo(stream, target, change),
          countUpdatesMs: [...recent, nowMs],
        });
        return { stream, apply };
      });
      return {
        StreamName: before.name,
        StreamARN: before.arn,
        CurrentShardCount: openShards(before).length,
        TargetShardCount: target,
      };
    },
  };
  /** Shards stay as they are, either way. Twice a day for a stream. */
  const updateMode: Operation<{ StreamARN: string; StreamModeDetails: { StreamMode: string } }> = {
    name: "UpdateStreamMode",
    honoured: ["StreamARN", "StreamModeDetails"],
    refused: { ...streamIdRefused, WarmThroughputMiBps: "warm throughput is not simulated" },
    async run(input) {
      const stream = registry.resolveActive(input);
      const mode = toMode(input.StreamModeDetails.StreamMode);
      if (mode === stream.mode) return {};
      const nowMs = clock.now();
      const recent = inLastDay(stream.modeChangesMs ?? [], nowMs);
      if (recent.length >= modeChangesPerDay) {
        throw limitExceeded(
          `Stream ${stream.name} under account ${scope.accountId} has reached the maximum of ${modeChangesPerDay} changes of its mode in 24 hours.`,
        );
      }
      const changed: Stream = { ...stream, mode, modeChangesMs: [...recent, nowMs] };
      if (mode === "ON_DEMAND") checkStreamsOnDemand(house);
      checkShardLimit(house, stream, changed);
      await registry.save(changed, "UPDATING");
      return {};
    },
  };
  return [split, merge, updateCount, updateMode];
}

function inLastDay(times: readonly number[], nowMs: number): number[] {
  return times.filter((ms) => ms > nowMs - 24 * hourMs);
}
