import type { Operation } from "@tripline/kernel";
import { invalidArgument, limitExceeded, resourceInUse, validation } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import {
  recordKibibytesMin,
  retentionHoursMin,
  shardsOnDemandAtFirst,
  streamsCreatingMax,
  streamsOnDemandMax,
} from "../limits.ts";
import { checkShardLimit, reshard } from "../reshard.ts";
import { firstShards, openShards, scaleTo, type Stream, toStreamArn } from "../stream.ts";
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
      checkShardLimit(house, undefined, { mode, shards: firstShards(count, { nowMs, logs: [] }) });
      if (mode === "ON_DEMAND") checkStreamsOnDemand(house);
      if (registry.list().filter((one) => registry.status(one.name) === "CREATING").length >= streamsCreatingMax) {
        throw limitExceeded(
          `Account ${scope.accountId} has ${streamsCreatingMax} streams in CREATING state already. Wait until one of them is ACTIVE.`,
        );
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

  async function update(found: Stream, input: CreateStreamInput, mode: Stream["mode"]): Promise<object> {
    const toSettings = (before: Stream): Stream => ({
      ...before,
      mode,
      tags: input.Tags ?? {},
      retentionHours: input.RetentionPeriodHours ?? retentionHoursMin,
      recordKibibytesMax: input.MaxRecordSizeInKiB ?? recordKibibytesMin,
    });
    if (mode === "ON_DEMAND" && found.mode !== mode) checkStreamsOnDemand(house);
    const open = openShards(found).length;
    const count = input.ShardCount ?? (mode === "ON_DEMAND" ? open : shardsOnDemandAtFirst);
    if (open !== count) {
      await reshard(house, () => {
        const stream = registry.get(found.name) ?? found;
        return { stream, apply: (change) => toSettings(scaleTo(stream, count, change)) };
      });
    } else if (JSON.stringify(toSettings(found)) !== JSON.stringify(found)) {
      await registry.save(toSettings(found), "UPDATING");
    }
    return {};
  }
}

/** Throws LimitExceededException. */
export function checkStreamsOnDemand({ registry }: Pick<KinesisHouse, "registry">): void {
  if (registry.list().filter(({ mode }) => mode === "ON_DEMAND").length < streamsOnDemandMax) return;
  throw limitExceeded(`There can be at most ${streamsOnDemandMax} streams in ON_DEMAND mode.`);
}

/** Throws InvalidArgumentException. */
export function toMode(mode = "PROVISIONED"): Stream["mode"] {
  if (mode === "PROVISIONED" || mode === "ON_DEMAND") return mode;
  throw invalidArgument(`Unknown stream mode ${mode}.`);
}
