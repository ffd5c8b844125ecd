/** SplitShard, MergeShards, UpdateShardCount, UpdateStreamMode. */
import type { Operation } from "@tripline/kernel";
import { invalidArgument, limitExceeded, resourceInUse, shardNotFound, validation } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import { hashKeys, hourMs, shardCountUpdatesPerDay } from "../limits.ts";
import {
  areNeighbours,
  findShard,
  logsToScale,
  mergeShards,
  openShards,
  scaleTo,
  type Shard,
  splitShard,
  type Stream,
  toShardId,
} from "../stream.ts";
import { toMode } from "./create-stream.ts";
import { addressHonoured, type StreamAddress, streamIdRefused } from "./stream-address.ts";

export function createReshardOperations({ registry, clock, logs, scope }: KinesisHouse): Operation[] {
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
      const stream = provisioned(input, "SplitShard");
      const shard = openShard(stream, input.ShardToSplit);
      const text = input.NewStartingHashKey;
      const key = /^(0|[1-9]\d{0,38})$/.test(text) ? BigInt(text) : hashKeys;
      if (key <= BigInt(shard.firstHashKey) + 1n || key >= BigInt(shard.lastHashKey)) {
        throw invalidArgument(
          `NewStartingHashKey ${text} used in SplitShard() on shard ${toShardId(shard)} in stream ${stream.name} under account ${scope.accountId} is not both greater than one plus the shard's StartingHashKey ${shard.firstHashKey} and less than the shard's EndingHashKey ${shard.lastHashKey}.`,
        );
      }
      const reshard = { nowMs: clock.now(), logs: await logs.allocate(2) };
      await registry.save(splitShard(stream, shard, key, reshard), "UPDATING");
      return {};
    },
  };
  const merge: Operation<StreamAddress & { ShardToMerge: string; AdjacentShardToMerge: string }> = {
    name: "MergeShards",
    honoured: [...addressHonoured, "ShardToMerge", "AdjacentShardToMerge"],
    refused: streamIdRefused,
    async run(input) {
      const stream = provisioned(input, "MergeShards");
      const shard = openShard(stream, input.ShardToMerge);
      const adjacent = openShard(stream, input.AdjacentShardToMerge);
      if (!areNeighbours(shard, adjacent)) {
        throw invalidArgument(
          `Shards ${toShardId(shard)} and ${toShardId(adjacent)} in stream ${stream.name} under account ${scope.accountId} are not an adjacent pair of shards eligible for merging`,
        );
      }
      const reshard = { nowMs: clock.now(), logs: await logs.allocate(1) };
      await registry.save(mergeShards(stream, shard, adjacent, reshard), "UPDATING");
      return {};
    },
  };
  const updateCount: Operation<StreamAddress & { TargetShardCount: number; ScalingType: string }> = {
    name: "UpdateShardCount",
    honoured: [...addressHonoured, "TargetShardCount", "ScalingType"],
    refused: streamIdRefused,
    async run(input) {
      const stream = provisioned(input, "UpdateShardCount");
      const { TargetShardCount: target } = input;
      if (input.ScalingType !== "UNIFORM_SCALING") throw invalidArgument(`Unknown scaling type ${input.ScalingType}.`);
      const current = openShards(stream).length;
      const counts = `Current open shard count: ${current} Target shard count: ${target}`;
      if (target > current * 2) {
        throw invalidArgument(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
      }
      if (target < current / 2) {
        throw invalidArgument(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
      }
      const nowMs = clock.now();
      const recent = stream.countUpdatesMs.filter((ms) => ms > nowMs - 24 * hourMs);
      if (recent.length >= shardCountUpdatesPerDay) {
        throw limitExceeded(
          `Account ${scope.accountId} has reached the maximum of ${shardCountUpdatesPerDay} updates of the shard count of stream ${stream.name} in 24 hours.`,
        );
      }
      const reshard = { nowMs, logs: await logs.allocate(logsToScale(stream, target)) };
      await registry.save({ ...scaleTo(stream, target, reshard), countUpdatesMs: [...recent, nowMs] }, "UPDATING");
      return {
        StreamName: stream.name,
        StreamARN: stream.arn,
        CurrentShardCount: current,
        TargetShardCount: target,
      };
    },
  };
  const updateMode: Operation<{ StreamARN: string; StreamModeDetails: { StreamMode: string } }> = {
    name: "UpdateStreamMode",
    honoured: ["StreamARN", "StreamModeDetails"],
    refused: { ...streamIdRefused, WarmThroughputMiBps: "warm throughput is not simulated" },
    async run(input) {
      const stream = registry.resolveActive(input);
      await registry.save({ ...stream, mode: toMode(input.StreamModeDetails.StreamMode) }, "UPDATING");
      return {};
    },
  };
  return [split, merge, updateCount, updateMode];
}
