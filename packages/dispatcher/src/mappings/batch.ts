/**
 * How messages become batches: pure.
 *
 * B1. A batch holds at most `sizeMax` messages, and its event at most `bytesMax` bytes as it is encoded.
 * B2. Messages keep their order, within a batch and from one to the next.
 * B3. A message that is too large by itself makes a batch by itself.
 */
import type { QueueMessage } from "@tripline/kernel";

/** A message, and its record in the event. */
export interface BatchMessage {
  message: QueueMessage;
  /** JSON text. */
  record: string;
  /** Of `record`, UTF-8. */
  bytes: number;
}

/** Messages that go to the function together. */
export interface Batch {
  messages: BatchMessage[];
  /** Of the event, UTF-8. */
  bytes: number;
  /** When its first message was received. */
  openedAtMs: number;
  /** When the first of its messages becomes visible again. */
  visibleAtMs: number;
}

/** Of a synchronous event. */
export const batchBytesMax = 6_291_456;
const head = '{"Records":[';
const tail = "]}";

/** Adds `messages`, in order, to `open`: batches that took all they can are `closed`, the one that can take more is `open`. */
export function fillBatches(
  open: Batch | undefined,
  messages: readonly BatchMessage[],
  limits: { sizeMax: number; bytesMax: number; nowMs: number; visibleAtMs: number },
): { closed: Batch[]; open: Batch | undefined } {
  const closed: Batch[] = [];
  let current = open;
  for (const message of messages) {
    const bytes = message.bytes + 1; // and a comma
    if (current !== undefined && current.bytes + bytes > limits.bytesMax) {
      closed.push(current);
      current = undefined;
    }
    current ??= {
      messages: [],
      bytes: head.length + tail.length,
      openedAtMs: limits.nowMs,
      visibleAtMs: limits.visibleAtMs,
    };
    current.messages.push(message);
    current.bytes += bytes;
    if (current.messages.length < limits.sizeMax) continue;
    closed.push(current);
    current = undefined;
  }
  return { closed, open: current };
}

/** The event of a batch. */
export function toEventPayload(batch: Batch): Uint8Array {
  return Buffer.from(`${head}${batch.messages.map(({ record }) => record).join(",")}${tail}`);
}
