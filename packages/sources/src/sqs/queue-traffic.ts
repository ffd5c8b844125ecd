/**
 * Messages in and out of queues: what the operations, the delivery target and the mappings' source share.
 *
 * M1. Each call is one call of the store.
 * M2. Whoever waits is woken after the store has answered, never before.
 */
import type {
  Clock,
  EventBus,
  QueueMoved,
  QueueMoveTarget,
  QueueReceipt,
  QueueStore,
  ReceiptOutcome,
  SentQueueMessage,
  StoredQueueMessage,
} from "@tripline/kernel";
import { inFlightMessagesMax, receiveAttemptIntervalMs, visibilityTimeoutSecondsMax } from "./limits.ts";
import type { OutgoingMessage } from "./outgoing-message.ts";
import type { QueueArrivals } from "./queue-arrivals.ts";
import type { Queue } from "./queue-definition.ts";
import type { QueueRegistry } from "./queue-registry.ts";

/** See the module's header. */
export interface QueueTraffic {
  /** Whole epoch milliseconds. */
  nowMs(): number;
  send(queue: Queue, messages: readonly OutgoingMessage[], lineage?: SendLineage): Promise<SentQueueMessage[]>;
  /** `attemptId`: of FIFO queues, to repeat a receive. `isFull`: nothing came because too many messages are in flight. */
  receive(
    queue: Queue,
    options: { max: number; visibilityTimeoutMs: number; attemptId?: string | undefined },
  ): Promise<{ messages: StoredQueueMessage[]; isFull: boolean }>;
  delete(queue: Queue, receipts: readonly QueueReceipt[]): Promise<ReceiptOutcome[]>;
  changeVisibility(queue: Queue, changes: readonly (QueueReceipt & { delayMs: number })[]): Promise<ReceiptOutcome[]>;
  /** Takes up to `messageIds.length` visible messages of `queue` to `target`, or back to where each came from. */
  move(
    queue: Queue,
    options: { messageIds: readonly string[]; target?: Queue | undefined },
  ): Promise<Pick<QueueMoved, "goesOn" | "unplaced"> & { count: number }>;
  count(queue: Queue): Promise<{ visible: number; inFlight: number; delayed: number }>;
}

/** What caused a send. */
export interface SendLineage {
  parentId?: string | undefined;
  sourceArn?: string | undefined;
}

/** Builds it. */
export function createQueueTraffic(options: {
  clock: Clock;
  bus: EventBus;
  store: QueueStore;
  registry: QueueRegistry;
  arrivals: QueueArrivals;
}): QueueTraffic {
  const { clock, bus, store, registry, arrivals } = options;
  const nowMs = (): number => Math.floor(clock.now());

  const tellSent = (
    queue: Queue,
    messages: readonly OutgoingMessage[],
    sent: readonly SentQueueMessage[],
    lineage: SendLineage,
  ): void => {
    if (!bus.hasListeners("delivery")) return;
    for (const [index, { message }] of messages.entries()) {
      const result = sent[index];
      if (result === undefined || result.isDuplicate) continue;
      bus.emit("delivery", {
        id: message.messageId,
        ...(lineage.parentId === undefined ? {} : { parentId: lineage.parentId }),
        source: "sqs",
        ...(lineage.sourceArn === undefined ? {} : { sourceArn: lineage.sourceArn }),
        targetArn: queue.arn,
        state: "accepted",
        attempts: 0,
        acceptedAtMs: message.sentAtMs,
        updatedAtMs: message.sentAtMs,
        body: Buffer.from(message.body),
      });
    }
  };

  const tellMoved = (queue: Queue, moved: readonly StoredQueueMessage[], atMs: number): void => {
    if (!bus.hasListeners("delivery")) return;
    for (const message of moved) {
      bus.emit("delivery", {
        id: message.messageId,
        source: "sqs",
        targetArn: queue.arn,
        state: "dead-lettered",
        attempts: message.receiveCount,
        acceptedAtMs: message.sentAtMs,
        updatedAtMs: atMs,
        reason: `received ${message.receiveCount} times; moved to ${queue.redrive?.deadLetterTargetArn ?? "the dead-letter queue"}`,
        body: Buffer.from(message.body),
      });
    }
  };

  const tellRedriven = (queue: Queue, moved: QueueMoved["moved"], atMs: number): void => {
    if (!bus.hasListeners("delivery")) return;
    for (const { messageId, formerMessageId, queue: name, body } of moved) {
      bus.emit("delivery", {
        id: messageId,
        parentId: formerMessageId,
        source: "sqs",
        sourceArn: queue.arn,
        targetArn: registry.get(name)?.arn ?? name,
        state: "accepted",
        attempts: 0,
        acceptedAtMs: atMs,
        updatedAtMs: atMs,
        body: Buffer.from(body),
      });
    }
  };

  /** Where messages of a dead-letter queue may have come from: a queue whose policy has changed since is one, too. */
  const sourcesLike = (queue: Queue): Queue[] => registry.list().filter((one) => one.isFifo === queue.isFifo);

  return {
    nowMs,

    async send(queue, messages, lineage = {}) {
      const at = nowMs();
      const sent = await store.send(
        queue.name,
        messages.map(({ message }) => message),
        { ordered: queue.isFifo, nowMs: at },
      );
      tellSent(queue, messages, sent, lineage);
      let wakes = false;
      for (const { message } of messages) {
        if (message.visibleAtMs <= at) wakes = true;
        else arrivals.expect(queue.name, message.visibleAtMs);
      }
      if (wakes) arrivals.wake(queue.name); // M2
      return sent;
    },

    async receive(queue, { max, visibilityTimeoutMs, attemptId }) {
      const at = nowMs();
      const target = queue.redrive === undefined ? undefined : registry.get(queue.redrive.queueName);
      const visibleAtMs = at + visibilityTimeoutMs;
      const { messages, moved, isFull } = await store.receive(queue.name, {
        ordered: queue.isFifo,
        nowMs: at,
        max,
        visibleAtMs,
        expiredUpToMs: at - queue.retentionMs,
        inFlightMax: inFlightMessagesMax,
        ...(attemptId === undefined ? {} : { attempt: { id: attemptId, expiresAtMs: at + receiveAttemptIntervalMs } }),
        ...(queue.redrive === undefined || target === undefined
          ? {}
          : { redrive: { queue: target.name, receiveCountMax: queue.redrive.maxReceiveCount, source: queue.arn } }),
      });
      if (messages.length > 0 && visibilityTimeoutMs > 0) arrivals.expect(queue.name, visibleAtMs);
      if (moved.length > 0 && target !== undefined) {
        tellMoved(queue, moved, at);
        arrivals.wake(target.name);
      }
      return { messages, isFull };
    },

    async delete(queue, receipts) {
      const { outcomes, unblocked } = await store.delete(queue.name, receipts, {
        ordered: queue.isFifo,
        nowMs: nowMs(),
      });
      if (unblocked) arrivals.wake(queue.name);
      return outcomes;
    },

    async changeVisibility(queue, changes) {
      const at = nowMs();
      const outcomes = await store.changeVisibility(
        queue.name,
        changes.map(({ sequence, receiveCount, delayMs }) => ({ sequence, receiveCount, visibleAtMs: at + delayMs })),
        { ordered: queue.isFifo, nowMs: at, heldMsMax: visibilityTimeoutSecondsMax * 1000 },
      );
      let wakes = false;
      for (const { delayMs } of changes) {
        if (delayMs === 0) wakes = true;
        else arrivals.expect(queue.name, at + delayMs);
      }
      if (wakes) arrivals.wake(queue.name);
      return outcomes;
    },

    async move(queue, { messageIds, target }) {
      const at = nowMs();
      const toTarget = ({ name, delayMs }: Queue): QueueMoveTarget => ({ queue: name, visibleAtMs: at + delayMs });
      const { moved, goesOn, unplaced } = await store.move(queue.name, {
        ordered: queue.isFifo,
        nowMs: at,
        expiredUpToMs: at - queue.retentionMs,
        messageIds,
        ...(target === undefined
          ? { targetsBySource: Object.fromEntries(sourcesLike(queue).map((one) => [one.arn, toTarget(one)])) }
          : { target: toTarget(target) }),
      });
      tellRedriven(queue, moved, at);
      for (const name of new Set(moved.map((one) => one.queue))) {
        const { delayMs = 0 } = registry.get(name) ?? {};
        if (delayMs > 0) arrivals.expect(name, at + delayMs);
        else arrivals.wake(name);
      }
      return { count: moved.length, goesOn, ...(unplaced === undefined ? {} : { unplaced }) };
    },

    count(queue) {
      const at = nowMs();
      return store.count(queue.name, { nowMs: at, expiredUpToMs: at - queue.retentionMs });
    },
  };
}
