/** What one receive hands out, and what it moves to the dead-letter queue; within one transaction. */
import type { QueueReceive, QueueReceived, StoredQueueMessage } from "@tripline/kernel";
import type { QueueCounts } from "./queue-counts.ts";
import { dropExpired, remove, toHead } from "./queue-groups.ts";
import type { MessageRow, QueueStatements } from "./queue-statements.ts";

/** Receives from queues. */
export type Receive = (queue: string, options: QueueReceive) => QueueReceived;

/** See the module's header. */
export function createReceive(sql: QueueStatements, counts: QueueCounts): Receive {
  const moveToDeadLetterQueue = (queue: string, row: MessageRow, options: QueueReceive): void => {
    const { ordered, nowMs, redrive } = options;
    if (redrive === undefined) return;
    // An ordered queue counts retention anew, and its messages are known by their own id from then on.
    sql.copyToDeadLetterQueue.run({
      queue: redrive.queue,
      source: redrive.source,
      ordered: ordered ? 1 : 0,
      head: toHead(sql, redrive.queue, row.groupId, ordered),
      nowMs,
      sequence: row.sequence,
    });
    counts.add(redrive.queue, 1);
    remove(sql, counts, queue, row);
  };

  return (queue, options) => {
    const { ordered, nowMs, visibleAtMs, redrive, attempt } = options;
    dropExpired(sql, counts, queue, options.expiredUpToMs);
    const repeated = attempt === undefined ? undefined : repeat(sql, queue, attempt.id, options);
    if (repeated !== undefined) return { messages: repeated, moved: [], isFull: false };
    const slots = counts.openSlots(queue, { nowMs, inFlightMax: options.inFlightMax, wanted: options.max });
    if (slots === 0) return { messages: [], moved: [], isFull: true };
    const max = Math.min(options.max, slots);
    const messages: StoredQueueMessage[] = [];
    const moved: StoredQueueMessage[] = [];
    const taken = new Set<number>();

    const take = (row: MessageRow): void => {
      if (redrive !== undefined && row.receivesHere >= redrive.receiveCountMax) {
        moveToDeadLetterQueue(queue, row, options);
        moved.push(toStored(row));
        return;
      }
      sql.take.run(visibleAtMs, nowMs, nowMs, row.sequence);
      taken.add(row.sequence);
      const { receiveCount, firstReceivedAtMs } = row;
      messages.push({
        ...toStored(row),
        receiveCount: receiveCount + 1,
        firstReceivedAtMs: firstReceivedAtMs ?? nowMs,
      });
    };
    const takeRun = (first: MessageRow): void => {
      let { head } = first;
      for (const row of sql.group.all(queue, first.groupId, first.sequence, max - messages.length)) {
        if (row.visibleAtMs > nowMs || taken.has(row.sequence)) return; // Q2
        take({ ...row, head });
        if (taken.has(row.sequence)) head = 0; // else it was moved, and the next one is the head
      }
    };

    // A second round only where moved messages left room.
    for (let before = -1; messages.length < max && before !== moved.length;) {
      before = moved.length;
      const rows = (ordered ? sql.heads : sql.visible).all(queue, nowMs, max - messages.length);
      for (const row of rows) {
        if (taken.has(row.sequence)) continue;
        if (!ordered) take(row);
        else if (messages.length < max) takeRun(row);
      }
    }
    if (visibleAtMs > nowMs) counts.addInFlight(queue, messages.length);
    if (attempt !== undefined && messages.length > 0) {
      const receipts = messages.map(({ sequence, receiveCount }) => [sequence, receiveCount]);
      sql.insertAttempt.run(queue, attempt.id, visibleAtMs, attempt.expiresAtMs, JSON.stringify(receipts));
    }
    return { messages, moved, isFull: false };
  };
}

/** Q6: the messages of an earlier receive of that id; undefined where there was none, or one of them was touched since. */
function repeat(
  sql: QueueStatements,
  queue: string,
  id: string,
  { nowMs, visibleAtMs }: QueueReceive,
): StoredQueueMessage[] | undefined {
  sql.deleteOldAttempts.run(nowMs);
  const before = sql.findAttempt.get(queue, id, nowMs);
  if (before === undefined || before.visibleAtMs <= nowMs) return undefined;
  const rows: MessageRow[] = [];
  for (const [sequence, receiveCount] of JSON.parse(before.receipts) as [number, number][]) {
    const row = sql.one.get(sequence);
    if (row === undefined || row.receiveCount !== receiveCount || row.visibleAtMs !== before.visibleAtMs)
      return undefined;
    rows.push(row);
  }
  for (const { sequence } of rows) sql.changeVisibility.run(visibleAtMs, 0, sequence);
  sql.prolongAttempt.run(visibleAtMs, queue, id);
  return rows.map(toStored);
}

function toStored(row: MessageRow): StoredQueueMessage {
  return {
    sequence: row.sequence,
    messageId: row.messageId,
    body: row.body,
    bodyMd5: row.bodyMd5,
    attributes: row.attributes,
    groupId: row.groupId,
    deduplicationId: row.deduplicationId,
    deadLetterSource: row.deadLetterSource,
    sentAtMs: row.sentAtMs,
    receiveCount: row.receiveCount,
    firstReceivedAtMs: row.firstReceivedAtMs ?? 0,
  };
}
