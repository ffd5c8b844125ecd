import type { StreamRecord } from "@tripline/kernel";
import { toFunctionArn } from "../mappings/event-source-mapping.ts";
import type { StreamHouse, StreamMapping } from "./stream-house.ts";

/** A record on its way to one function: several mappings may read it. */
export function toDeliveryId({ functionName, qualifier }: StreamMapping, { eventId }: StreamRecord): string {
  return qualifier === undefined ? `${eventId}:${functionName}` : `${eventId}:${functionName}:${qualifier}`;
}

/** Tells the bus where records stand. */
export function tellRecords(
  { bus, scope, clock }: StreamHouse,
  mapping: StreamMapping,
  records: readonly StreamRecord[],
  state: {
    state: "delivered" | "retrying" | "dead-lettered" | "failed" | "filtered";
    attempts: number;
    reason?: string;
  },
): void {
  if (records.length === 0 || !bus.hasListeners("delivery")) return;
  const targetArn = toFunctionArn(scope, mapping);
  const source = mapping.eventSourceArn.split(":")[2] ?? "";
  const updatedAtMs = clock.now();
  for (const record of records) {
    bus.emit("delivery", {
      id: toDeliveryId(mapping, record),
      source,
      sourceArn: mapping.eventSourceArn,
      targetArn,
      acceptedAtMs: record.arrivedAtMs,
      updatedAtMs,
      ...state,
    });
  }
}
