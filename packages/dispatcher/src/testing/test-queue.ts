import { createHash } from "node:crypto";
import {
  type Clock,
  type QueueMessage,
  type QueueReceipt,
  type QueueSource,
  type QueueSources,
  type QueueStore,
  type Rng,
  ServiceError,
  type StoredQueueMessage,
} from "@tripline/kernel";

/** A queue of the tests. */
export interface TestQueueDefinition {
  name: string;
  visibilityTimeoutMs: number;
  redrive?: { queue: string; receiveCountMax: number };
}

/** Queues over the real store, as small as a mapping allows. */
export interface TestQueues extends QueueSources {
  create(definition: TestQueueDefinition): string;
  remove(name: string): void;
  send(name: string, bodies: readonly string[], options?: { groupId?: string; delayMs?: number }): Promise<string[]>;
  /** Bodies of what is in the queue, whether visible or not. */
  count(name: string): Promise<{ visible: number; inFlight: number; delayed: number }>;
  /** How often each mapping's receive was called. */
  receives: number;
  /** What `delete` was called with, as message ids. */
  deleted: string[];
  /** Ids of messages that went to a dead-letter queue. */
  deadLettered: Set<string>;
}

/** `scope`: account and region of the ARNs. */
export function createTestQueues(options: { clock: Clock; rng: Rng; store: QueueStore }): TestQueues {
  const { clock, rng, store } = options;
  const definitions = new Map<string, TestQueueDefinition>();
  const listeners = new Map<string, Set<() => void>>();
  const created = new Set<() => void>();
  const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const isFifo = (name: string): boolean => name.endsWith(".fifo");
  const wake = (name: string): void => {
    for (const listener of Array.from(listeners.get(name) ?? [])) listener();
  };
  const wakeAt = (name: string, dueMs: number): void => {
    clock.at(dueMs, () => {
      wake(name);
    });
  };

  const sourceOf = (name: string): QueueSource => {
    const current = (): TestQueueDefinition => {
      const definition = definitions.get(name);
      if (definition === undefined) {
        throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
      }
      return definition;
    };
    const toMessage = (stored: StoredQueueMessage): QueueMessage => ({
      messageId: stored.messageId,
      receiptHandle: JSON.stringify({ sequence: stored.sequence, receiveCount: stored.receiveCount }),
      body: stored.body,
      ...(isFifo(name) && stored.groupId !== null ? { messageGroupId: stored.groupId } : {}),
      sentAtMs: stored.sentAtMs,
      receiveCount: stored.receiveCount,
      toEventRecord: () => ({
        messageId: stored.messageId,
        body: stored.body,
        attributes: { ApproximateReceiveCount: String(stored.receiveCount) },
        messageAttributes: {},
        eventSource: "aws:sqs",
        eventSourceARN: arnOf(name),
        awsRegion: "us-east-1",
      }),
    });
    const parse = (handles: readonly string[]): QueueReceipt[] =>
      handles.map((handle) => JSON.parse(handle) as QueueReceipt);
    return {
      async facts() {
        const { visibilityTimeoutMs } = current();
        return { queueArn: arnOf(name), isFifo: isFifo(name), visibilityTimeoutMs };
      },
      async receive({ max, visibilityTimeoutMs }) {
        const definition = current();
        queues.receives++;
        const nowMs = clock.now();
        const visibleAtMs = nowMs + (visibilityTimeoutMs ?? definition.visibilityTimeoutMs);
        const { messages, moved } = await store.receive(name, {
          ordered: isFifo(name),
          nowMs,
          max,
          visibleAtMs,
          expiredUpToMs: 0,
          inFlightMax: 120_000,
          ...(definition.redrive === undefined ? {} : { redrive: { ...definition.redrive, source: arnOf(name) } }),
        });
        for (const { messageId } of moved) queues.deadLettered.add(messageId);
        if (messages.length > 0) wakeAt(name, visibleAtMs);
        return messages.map(toMessage);
      },
      async delete(handles) {
        current();
        const { unblocked } = await store.delete(name, parse(handles), { ordered: isFifo(name), nowMs: clock.now() });
        queues.deleted.push(...handles);
        if (unblocked) wake(name);
      },
      async release(handles, delayMs) {
        const visibleAtMs = clock.now() + delayMs;
        const changes = parse(handles).map((receipt) => ({ ...receipt, visibleAtMs }));
        await store.changeVisibility(name, changes, { ordered: isFifo(name), nowMs: clock.now() });
        if (delayMs === 0) wake(name);
        else wakeAt(name, visibleAtMs);
      },
      onArrival(listener) {
        current();
        const own = (): void => {
          listener();
        };
        const all = listeners.get(name) ?? new Set();
        listeners.set(name, all.add(own));
        return () => {
          all.delete(own);
        };
      },
    };
  };

  const queues: TestQueues = {
    receives: 0,
    deleted: [],
    deadLettered: new Set(),
    create(definition) {
      definitions.set(definition.name, definition);
      for (const run of Array.from(created)) run();
      return arnOf(definition.name);
    },
    remove: (name) => {
      definitions.delete(name);
    },
    async send(name, bodies, { groupId, delayMs = 0 } = {}) {
      const nowMs = clock.now();
      const messages = bodies.map((body) => ({
        messageId: rng.uuid(),
        body,
        bodyMd5: createHash("md5").update(body).digest("hex"),
        sentAtMs: nowMs,
        visibleAtMs: nowMs + delayMs,
        ...(groupId === undefined ? {} : { groupId }),
      }));
      await store.send(name, messages, { ordered: isFifo(name), nowMs });
      if (delayMs === 0) wake(name);
      else wakeAt(name, nowMs + delayMs);
      return messages.map(({ messageId }) => messageId);
    },
    count: (name) => store.count(name, { nowMs: clock.now(), expiredUpToMs: 0 }),
    async find(queueArn) {
      const name = queueArn.split(":").at(-1) ?? "";
      return definitions.has(name) ? sourceOf(name) : undefined;
    },
    onCreated(run) {
      created.add(run);
      return () => {
        created.delete(run);
      };
    },
  };
  return queues;
}
