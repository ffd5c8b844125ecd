import type { Operation } from "@tripline/kernel";
import { invalidArgument, limitExceeded, resourceInUse, validation } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import {
  recordKibibytesMin,
  retentionHoursMin,
  shardLimit,
  shardsOnDemandAtFirst,
  streamsOnDemandMax,
} from "../limits.ts";
import { firstShards, logsToScale, openShards, scaleTo, type Stream, toStreamArn } from "../stream.ts";
import { checkTags } from "./tags.ts";

/** Input of CreateStream. */
export interface CreateStreamInput {
  StreamName: string;
  ShardCount?: number;
  StreamModeDetails?: { StreamMode: string };
  Tags?: Record<string, string>;
  MaxRecordSizeInKiB?: number;
  /** For templates, which have no second call. */
  RetentionPeriodHours?: number;
}

/**
 * Creates a stream; with `upsert` brings one of that name to these settings.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html
 */
export function createStreamOperation(house: KinesisHouse): Operation<CreateStreamInput> {
  const { registry, clock, scope, logs } = house;
  return {
    name: "CreateStream",
    honoured: ["StreamName", "ShardCount", "StreamModeDetails", "Tags", "MaxRecordSizeInKiB", "RetentionPeriodHours"],
    refused: {
      WarmThroughputMiBps: "warm throughput is not simulated",
      RecordDistributionStrategy: "records are put into shards by their key",
    },
    async run(input, context) {
      const { StreamName: name, ShardCount, Tags = {} } = input;
      const mode = toMode(input.StreamModeDetails?.StreamMode);
      if (mode === "ON_DEMAND" && ShardCount !== undefined) {
        throw validation("ShardCount must not be specified for a stream in ON_DEMAND mode.");
      }
      if (ShardCount !== undefined && ShardCount < 1) {
        throw validation(
          `1 validation error detected: Value '${ShardCount}' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1`,
        );
      }
      checkTags(Tags);
      const nowMs = clock.now();
      const existing = registry.get(name);
      if (existing !== undefined && context.upsert === true) return update(existing, input, mode);
      if (existing !== undefined)
        throw resourceInUse(`Stream ${name} under account ${scope.accountId} already exists.`);
      const count = ShardCount ?? shardsOnDemandAtFirst;
      const open = registry.list().reduce((sum, stream) => sum + openShards(stream).length, 0);
      if (open + count > shardLimit) {
        throw limitExceeded(
          `This request would exceed the shard limit for the account ${scope.accountId} in ${scope.region}. Current shard count for the account: ${open}. Limit: ${shardLimit}. Number of additional shards that would have resulted from this request: ${count}. Refer to the AWS Service Limits page (https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.`,
        );
      }
      if (mode === "ON_DEMAND" && registry.list().filter((one) => one.mode === mode).length >= streamsOnDemandMax) {
        throw limitExceeded(`There can be at most ${streamsOnDemandMax} streams in ON_DEMAND mode.`);
      }
      const stream: Stream = {
        name,
        arn: toStreamArn(scope, name),
        createdAtMs: nowMs,
        mode,
        retentionHours: input.RetentionPeriodHours ?? retentionHoursMin,
        recordKibibytesMax: input.MaxRecordSizeInKiB ?? recordKibibytesMin,
        shards: firstShards(count, { nowMs, logs: await logs.allocate(count) }),
        nextIndex: count,
        consumers: [],
        tags: Tags,
        countUpdatesMs: [],
      };
      if (registry.get(name) !== undefined) {
        throw resourceInUse(`Stream ${name} under account ${scope.accountId} already exists.`);
      }
      await registry.save(stream, context.upsert === true ? "ACTIVE" : "CREATING"); // a stack is up once its streams are
      return {};
    },
  };

  async function update(before: Stream, input: CreateStreamInput, mode: Stream["mode"]): Promise<object> {
    const nowMs = clock.now();
    const count = input.ShardCount ?? (mode === "ON_DEMAND" ? openShards(before).length : shardsOnDemandAtFirst);
    const scaled =
      openShards(before).length === count
        ? before
        : scaleTo(before, count, { nowMs, logs: await logs.allocate(logsToScale(before, count)) });
    const after: Stream = {
      ...scaled,
      mode,
      tags: input.Tags ?? {},
      retentionHours: input.RetentionPeriodHours ?? retentionHoursMin,
      recordKibibytesMax: input.MaxRecordSizeInKiB ?? recordKibibytesMin,
    };
    if (JSON.stringify(after) !== JSON.stringify(before)) await registry.save(after, "UPDATING");
    return {};
  }
}

/** Throws InvalidArgumentException. */
export function toMode(mode = "PROVISIONED"): Stream["mode"] {
  if (mode === "PROVISIONED" || mode === "ON_DEMAND") return mode;
  throw invalidArgument(`Unknown stream mode ${mode}.`);
}
