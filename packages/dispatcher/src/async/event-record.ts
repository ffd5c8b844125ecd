import type { DeliveryRecord, DeliveryState, NewAsyncEvent } from "@tripline/kernel";

/** What the bus is told of an event. */
export function toEventRecord(
  event: Omit<NewAsyncEvent, "dueMs">,
  state: DeliveryState,
  facts: { targetArn: string; attempts: number; nowMs: number; reason?: string | undefined },
): DeliveryRecord {
  return {
    id: event.deliveryId,
    ...(event.parentId === undefined ? {} : { parentId: event.parentId }),
    source: event.source,
    ...(event.sourceArn === undefined ? {} : { sourceArn: event.sourceArn }),
    targetArn: facts.targetArn,
    state,
    attempts: facts.attempts,
    acceptedAtMs: event.acceptedAtMs,
    updatedAtMs: facts.nowMs,
    ...(facts.reason === undefined || facts.reason === "" ? {} : { reason: facts.reason }),
    body: event.payload,
  };
}
