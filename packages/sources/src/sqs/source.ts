/** What the dispatcher polls, and what starts and stops the queues. */
import type { QueueReceipt, QueueSource, QueueSources, SourceAdapter } from "@tripline/kernel";
import type { SqsHouse } from "./house.ts";
import { sourceReceiveMax } from "./limits.ts";
import { queueDoesNotExist } from "./errors.ts";
import type { Queue } from "./queue-definition.ts";
import { parseReceiptHandle } from "./receipt-handle.ts";
import { toQueueMessage } from "./received-message.ts";

/** Loads the queues at start, and goes on with move tasks; wakes and forgets whoever waits at stop. */
export function createSourceAdapter({ registry, arrivals, traffic, moveTasks }: SqsHouse): SourceAdapter {
  return {
    service: "sqs",
    async start() {
      await registry.load(traffic.nowMs());
      await moveTasks.load();
    },
    async stop() {
      moveTasks.stop();
      arrivals.stop();
    },
  };
}

/** Queues by ARN, for event source mappings. */
export function createQueueSources(house: SqsHouse): QueueSources {
  return {
    find: async (queueArn) => {
      const queue = house.registry.findByArn(queueArn);
      return queue === undefined ? undefined : createQueueSource(house, queue.name);
    },
    onCreated: (run) => house.registry.onCreated(run),
  };
}

function createQueueSource({ registry, traffic, arrivals, scope }: SqsHouse, name: string): QueueSource {
  /** The queue as it is now: its attributes may have changed, or it may be gone. */
  const current = (): Queue => {
    const queue = registry.get(name);
    if (queue === undefined) throw queueDoesNotExist();
    return queue;
  };
  const parse = (handles: readonly string[]): QueueReceipt[] =>
    handles.flatMap((handle) => parseReceiptHandle(name, handle) ?? []);
  return {
    async facts() {
      const { arn, isFifo, visibilityTimeoutMs } = current();
      return { queueArn: arn, isFifo, visibilityTimeoutMs };
    },
    async receive({ max, visibilityTimeoutMs }) {
      const queue = current();
      const { messages } = await traffic.receive(queue, {
        max: Math.min(max, sourceReceiveMax),
        visibilityTimeoutMs: visibilityTimeoutMs ?? queue.visibilityTimeoutMs,
      });
      return messages.map((message) => toQueueMessage(queue, message, scope.region, scope.accountId));
    },
    async delete(receiptHandles) {
      await traffic.delete(current(), parse(receiptHandles));
    },
    async release(receiptHandles, delayMs) {
      const changes = parse(receiptHandles).map((receipt) => ({ ...receipt, delayMs }));
      await traffic.changeVisibility(current(), changes);
    },
    onArrival: (wake) => arrivals.listen(current(), wake),
  };
}
