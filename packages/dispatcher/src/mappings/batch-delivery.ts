/**
 * One batch on its way through the function.
 *
 * D1. A message is deleted only after the function has answered for it. What failed stays invisible until its visibility timeout ends.
 * D2. A throttled batch, or one that met a system error, is tried again with back-off for as long as its messages stay invisible.
 *     It waits on the clock, and no longer than it may: a stop gives the messages back at once.
 * D3. The state of each message is told on the bus after it is durable.
 */
import { type InvokeResult, isServiceError, type QueueSource } from "@tripline/kernel";
import { type Batch, type BatchMessage, toEventPayload } from "./batch.ts";
import { countEvents } from "../mapping-metrics.ts";
import { parseBatchResponse } from "./batch-response.ts";
import { type EventSourceMapping, toFunctionArn } from "./event-source-mapping.ts";
import type { MappingHouse } from "./mapping-house.ts";

/** How a batch ended, for whoever decides how many to send next. */
export type BatchEnd = "done" | "failed";

/** What a batch needs. */
export interface BatchDelivery {
  house: MappingHouse;
  mapping: EventSourceMapping;
  source: QueueSource;
  batch: Batch;
  /** Called once, when the function is no longer at work on the batch, and before its messages are deleted. */
  onAnswered: () => void;
  /** Called when the function cannot take the batch now. */
  onTurnedAway: () => void;
  /** Waits until `dueMs`, outside of the activity; resolves to false where nobody is to wait any longer. */
  wait: (dueMs: number) => Promise<boolean>;
}

const backoffMsMin = 1_000;
const backoffMsMax = 60_000;

/** Sends the batch. Rejects only where the queue cannot be written. */
export async function deliverBatch(delivery: BatchDelivery): Promise<BatchEnd> {
  const { house, mapping, batch } = delivery;
  const payload = toEventPayload(batch);
  for (let turn = 0; ; turn++) {
    let result: InvokeResult;
    countEvents(house, mapping, "InvokedEventCount", batch.messages.length);
    try {
      result = await invoke(delivery, payload);
    } catch (error) {
      countEvents(house, mapping, "FailedInvokeEventCount", batch.messages.length);
      const reason = error instanceof Error ? error.message : String(error);
      if (isServiceError(error) && error.status < 500 && error.status !== 429) {
        return fail(delivery, reason);
      }
      delivery.onTurnedAway();
      const dueMs = house.clock.now() + Math.min(backoffMsMax, backoffMsMin * 2 ** Math.min(turn, 10));
      if (dueMs >= batch.visibleAtMs) return fail(delivery, reason); // D2
      if (await delivery.wait(dueMs)) continue;
      delivery.onAnswered();
      await delivery.source.release(handlesOf(batch.messages), 0);
      tell(delivery, batch.messages, "retrying", reason);
      return "failed";
    }
    if (result.functionError === undefined) return settle(delivery, result);
    countEvents(house, mapping, "FailedInvokeEventCount", batch.messages.length);
    return fail(delivery, result.errorMessage ?? result.errorType ?? "the function failed");
  }
}

function invoke({ house, mapping, batch }: BatchDelivery, payload: Uint8Array): Promise<InvokeResult> {
  let attempt = 1;
  for (const { message } of batch.messages) attempt = Math.max(attempt, message.receiveCount);
  return house.invoker.invoke({
    functionName: mapping.functionName,
    ...(mapping.qualifier === undefined ? {} : { qualifier: mapping.qualifier }),
    payload,
    source: "sqs",
    attempt,
    deliveryIds: batch.messages.map(({ message }) => message.messageId),
  });
}

function fail(delivery: BatchDelivery, reason: string): BatchEnd {
  delivery.onAnswered();
  tell(delivery, delivery.batch.messages, "retrying", reason);
  return "failed";
}

async function settle(delivery: BatchDelivery, result: InvokeResult): Promise<BatchEnd> {
  const { house, mapping, source, batch } = delivery;
  delivery.onAnswered();
  if (!mapping.reportsBatchItemFailures) {
    await source.delete(handlesOf(batch.messages)); // D1
    countEvents(house, mapping, "DeletedEventCount", batch.messages.length);
    tell(delivery, batch.messages, "delivered");
    return "done";
  }
  const ids = new Set(batch.messages.map(({ message }) => message.messageId));
  const response = parseBatchResponse(result.payload, ids);
  if ("invalid" in response) {
    countEvents(house, mapping, "FailedInvokeEventCount", batch.messages.length);
    tell(delivery, batch.messages, "retrying", `every message failed: ${response.invalid}`);
    return "failed";
  }
  const done = batch.messages.filter(({ message }) => !response.failed.has(message.messageId));
  const failed = batch.messages.filter(({ message }) => response.failed.has(message.messageId));
  countEvents(house, mapping, "FailedInvokeEventCount", failed.length);
  if (done.length > 0) await source.delete(handlesOf(done)); // D1
  countEvents(house, mapping, "DeletedEventCount", done.length);
  tell(delivery, done, "delivered");
  tell(delivery, failed, "retrying", "reported in batchItemFailures");
  return "done";
}

function handlesOf(messages: readonly BatchMessage[]): string[] {
  return messages.map(({ message }) => message.receiptHandle);
}

/** D3. */
export function tell(
  { house, mapping }: Pick<BatchDelivery, "house" | "mapping">,
  messages: readonly Pick<BatchMessage, "message">[],
  state: "delivered" | "retrying" | "filtered",
  reason?: string,
): void {
  const { bus, scope, clock } = house;
  if (messages.length === 0 || !bus.hasListeners("delivery")) return;
  const targetArn = toFunctionArn(scope, mapping);
  for (const { message } of messages) {
    bus.emit("delivery", {
      id: message.messageId,
      source: "sqs",
      sourceArn: mapping.eventSourceArn,
      targetArn,
      state,
      attempts: state === "filtered" ? 0 : message.receiveCount,
      acceptedAtMs: message.sentAtMs,
      updatedAtMs: clock.now(),
      ...(reason === undefined ? {} : { reason }),
    });
  }
}
