/** Scales streams in on-demand mode as they are written to: see on-demand.ts. */
import type { KinesisHouse } from "./house.ts";
import { measure, remember, shardsWanted, type WriteMeter } from "./on-demand.ts";
import { reshard } from "./reshard.ts";
import { openShards, scaleTo, type Stream } from "./stream.ts";

/** What was written in the minute that is under way, by stream; forgotten at a restart. */
const meters = new WeakMap<KinesisHouse, Map<string, WriteMeter>>();

/** Notes what was accepted. Whatever follows from it is in flight, and not waited for. */
export function noteWrite(house: KinesisHouse, stream: Stream, bytes: number, records: number): void {
  if (stream.mode !== "ON_DEMAND") return;
  const { clock, activity } = house;
  const all = meters.get(house) ?? new Map<string, WriteMeter>();
  meters.set(house, all);
  const meter = all.get(stream.arn) ?? { minute: -1, bytes: 0, records: 0 };
  all.set(stream.arn, meter);
  const nowMs = clock.now();
  const shards = measure(meter, bytes, records, nowMs);
  if (shards !== undefined) void activity.track(`capacity of ${stream.name}`, () => adapt(house, stream, shards));
}

async function adapt(house: KinesisHouse, { name }: Stream, minute: number): Promise<void> {
  const { registry, clock } = house;
  const nowMs = clock.now();
  /** Undefined where the stream is gone, or changing, or in another mode now: the next minute tells again. */
  const current = (): Stream | undefined => {
    const stream = registry.get(name);
    return stream?.mode === "ON_DEMAND" && registry.status(name) === "ACTIVE" ? stream : undefined;
  };
  const stream = current();
  if (stream === undefined) return;
  const onDemand = remember(stream.onDemand ?? { peaks: [] }, minute, nowMs);
  const open = openShards(stream).length;
  const wanted = shardsWanted(onDemand, open, nowMs);
  if (wanted === open) {
    if (onDemand !== stream.onDemand) await registry.save({ ...stream, onDemand }, "ACTIVE");
    return;
  }
  const kept = wanted > open ? { ...onDemand, doubledAtMs: nowMs } : onDemand;
  await reshard(house, () => {
    const now = current() ?? stream;
    return { stream: now, apply: (change) => ({ ...scaleTo(now, wanted, change), onDemand: kept }) };
  });
}
