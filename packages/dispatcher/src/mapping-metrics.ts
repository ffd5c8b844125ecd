/**
 * Counts what becomes of the events of mappings whose `MetricsConfig` asks for `EventCount`.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
 *
 * C1. Polled: all that is read for the mapping, before its filter; again where it is read again. A slice of a shard counts its own records.
 * C2. Invoked: each event at each try, throttled ones too. FailedInvoke: each event of a try that the function or Lambda failed; of a
 *     partial response what it reports: of a stream, what is tried again with it too.
 * C3. Dropped: of streams alone, what exceeds MaximumRetryAttempts or MaximumRecordAgeInSeconds and went to no destination, also where the
 *     destination refused it. What the stream keeps no longer is not counted, unless a destination refused it.
 * C4. OnFailureDestinationDelivered: of streams alone, what a destination was told of.
 * C5. Deleted: of queues alone, what is deleted after the function had it. What a filter took out is not (our reading; AWS does not say).
 */
import type { EventBus, MappingMetric } from "@tripline/kernel";
import type { EventSourceMapping } from "./mappings/event-source-mapping.ts";

/** Tells the bus of `count` events; of nothing where there are none, or the mapping does not ask. */
export function countEvents(
  { bus }: { bus: EventBus },
  { uuid, metrics }: Pick<EventSourceMapping, "uuid" | "metrics">,
  metric: MappingMetric,
  count: number,
): void {
  if (metrics === undefined || count === 0 || !metrics.includes("EventCount")) return;
  bus.emit("mappingCount", { uuid, metric, count });
}
