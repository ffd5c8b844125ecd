/** What the dispatcher polls for an event source mapping of a queue. Never polled by a sleeping loop: `onArrival` wakes it. */
import type { Cancel } from "../clock/clock.ts";

/** One received message. */
export interface QueueMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  /** Absent on standard queues (a fair-queue group does not order). */
  messageGroupId?: string;
  sentAtMs: number;
  receiveCount: number;
  /** The message as one element of a Lambda event's `Records`, in AWS's shape (`messageId`, `receiptHandle`, `body`, `attributes`, …). */
  toEventRecord(): Readonly<Record<string, unknown>>;
}

/** Options of {@link QueueSource.receive}. */
export interface ReceiveOptions {
  /** At most this many, 1 to 10,000. */
  max: number;
  /** How long the messages stay invisible, milliseconds. Default: the queue's own. */
  visibilityTimeoutMs?: number;
}

/** What the mapping must know of its queue. */
export interface QueueFacts {
  queueArn: string;
  isFifo: boolean;
  visibilityTimeoutMs: number;
}

/** A queue that can be polled by an event source mapping. */
export interface QueueSource {
  /** Throws a `ServiceError` where the queue does not exist (any more). */
  facts(): Promise<QueueFacts>;
  /** What is visible now, up to `max`; moves what was received too often to the dead-letter queue. An empty list when nothing is. */
  receive(options: ReceiveOptions): Promise<QueueMessage[]>;
  /** Deletes by receipt handle; a stale one is ignored. */
  delete(receiptHandles: readonly string[]): Promise<void>;
  /** Makes messages visible again `delayMs` from now (0: at once). */
  release(receiptHandles: readonly string[], delayMs: number): Promise<void>;
  /** When a message is sent, becomes visible again, or a delay ends. May be called more often than needed. */
  onArrival(wake: () => void): Cancel;
}

/** Finds the queue behind an ARN. */
export interface QueueSources {
  /** Undefined where there is no such queue. */
  find(queueArn: string): Promise<QueueSource | undefined>;
  /** Calls `run` after a queue was created: whoever waits for one looks again. Absent: nobody is told. */
  onCreated?(run: () => void): Cancel;
}
