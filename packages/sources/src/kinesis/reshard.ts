/**
 * Changes the shards of a stream.
 *
 * What is to be done is decided anew once the logs of the new shards are there: another call may have changed the stream meanwhile.
 */
import { limitExceeded } from "./errors.ts";
import type { KinesisHouse } from "./house.ts";
import { shardLimit } from "./limits.ts";
import { openShards, type Reshard, type Stream } from "./stream.ts";

/** Throws what AWS would refuse it with. `apply` is pure, and takes as many logs as it opens shards. */
export type DecideReshard = () => { stream: Stream; apply: (reshard: Reshard) => Stream };

/** Resolves with the stream as it was before, when the change is durable; the stream is UPDATING for a moment. */
export async function reshard(house: KinesisHouse, decide: DecideReshard): Promise<Stream> {
  const { clock, logs, registry } = house;
  const needed = (): number => {
    const { stream, apply } = decide();
    return apply({ nowMs: clock.now(), logs: [] }).nextIndex - stream.nextIndex;
  };
  let made: number[] = [];
  try {
    for (let count = needed(); made.length < count; count = needed()) {
      made = [...made, ...(await logs.allocate(count - made.length))];
    }
    const { stream, apply } = decide();
    const changed = apply({ nowMs: clock.now(), logs: made.splice(0, needed()) });
    checkShardLimit(house, stream, changed);
    await registry.save(changed, "UPDATING");
    return stream;
  } finally {
    if (made.length > 0) await logs.drop(made);
  }
}

/**
 * Shards of streams in on-demand mode count towards no limit of the account.
 * `before`: undefined where the stream is new. Throws LimitExceededException.
 */
export function checkShardLimit(
  { registry, scope }: Pick<KinesisHouse, "registry" | "scope">,
  before: Stream | undefined,
  after: Pick<Stream, "shards" | "mode">,
): void {
  if (after.mode === "ON_DEMAND") return;
  const countOf = (stream: Pick<Stream, "shards" | "mode">): number =>
    stream.mode === "ON_DEMAND" ? 0 : openShards(stream).length;
  const open = registry.list().reduce((sum, stream) => sum + countOf(stream), 0);
  const more = openShards(after).length - (before === undefined ? 0 : countOf(before));
  if (more <= 0 || open + more <= shardLimit) return;
  throw limitExceeded(
    `This request would exceed the shard limit for the account ${scope.accountId} in ${scope.region}. Current shard count for the account: ${open}. Limit: ${shardLimit}. Number of additional shards that would have resulted from this request: ${more}. Refer to the AWS Service Limits page (https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.`,
  );
}
