/** Checkpoints of a shard for another ParallelizationFactor: pure. See C3 of lane-checkpoint.ts. */
import type { LaneCheckpoint } from "./lane-checkpoint.ts";
import { compareSequence } from "./sequence-order.ts";

/** The `slices` checkpoints of a shard, made of what is kept. `isNew`: they are not what is kept. */
export function resliced(
  shardId: string,
  kept: readonly LaneCheckpoint[],
  slices: number,
): { checkpoints: LaneCheckpoint[]; isNew: boolean } {
  const same = kept.filter((one) => one.slices === slices).sort((a, b) => a.slice - b.slice);
  if (same.length === slices) return { checkpoints: same, isNew: kept.length !== slices };
  const old = kept.filter((one) => one.slices !== slices).sort((a, b) => a.slice - b.slice);
  const former = old.map(({ after }) => after ?? null);
  const after = earliest(former);
  const isAhead = former.some((one) => one !== after);
  const checkpoints = Array.from({ length: slices }, (_, slice) => ({
    shardId,
    slice,
    slices,
    isDone: false,
    ...(after === null ? {} : { after }),
    ...(isAhead ? { former } : {}),
  }));
  return { checkpoints, isNew: true };
}

/** Null: one is at the beginning, or there is none. */
function earliest(places: readonly (string | null)[]): string | null {
  let first: string | null | undefined;
  for (const place of places) {
    if (place === null) return null;
    if (first === undefined || first === null || compareSequence(place, first) < 0) first = place;
  }
  return first ?? null;
}
