/**
 * {@link QueueStore} on SQLite. The port states the rules (Q1 to Q5); here is how they are kept without scanning a queue.
 *
 * - An ordered queue marks the first message of each group as its head. A group is open exactly when its head is visible (Q2).
 *   Whoever removes a head makes the group's next message the head.
 * - `queue_visible` serves receives of plain queues and all counts, `queue_heads` receives of ordered ones, `queue_groups` the run
 *   of messages behind a head, `queue_retained` the retention.
 * - The number in flight is remembered as an upper bound, and counted exactly only when the bound reaches the limit.
 */
import type {
  NewQueueMessage,
  QueueReceipt,
  QueueReceive,
  QueueReceived,
  QueueStore,
  ReceiptOutcome,
  SentQueueMessage,
  StoredQueueMessage,
} from "@tripline/kernel";
import type { Database } from "./database.ts";
import { type MessageRow, prepareQueueStatements } from "./queue-statements.ts";

/** {@link QueueStore} on SQLite. */
export function createQueueStore(database: Database): QueueStore {
  const sql = prepareQueueStatements(database);
  const inFlightAtMost = new Map<string, number>();

  /** A write that fails leaves its counts in doubt: forget the bound, so that the next receive counts. */
  const write = <T>(queue: string, work: () => T): Promise<T> =>
    database.write(() => {
      try {
        return work();
      } catch (error) {
        inFlightAtMost.delete(queue);
        throw error;
      }
    });

  const raiseInFlight = (queue: string, by: number): void => {
    const bound = inFlightAtMost.get(queue);
    if (bound !== undefined) inFlightAtMost.set(queue, bound + by);
  };

  const openSlots = (queue: string, { nowMs, inFlightMax, max }: QueueReceive): number => {
    let inFlight = inFlightAtMost.get(queue);
    if (inFlight === undefined || inFlight + max > inFlightMax) {
      inFlight = sql.countInFlight.get(queue, nowMs)?.count ?? 0;
      inFlightAtMost.set(queue, inFlight);
    }
    return Math.max(0, inFlightMax - inFlight);
  };

  const isDuplicate = (queue: string, message: NewQueueMessage, nowMs: number): SentQueueMessage | undefined => {
    if (message.deduplication === undefined) return undefined;
    const { id, scope } = message.deduplication;
    const first = sql.findDeduplication.get(queue, id, scope, nowMs);
    return first === undefined ? undefined : { ...first, isDuplicate: true }; // Q4
  };

  const insert = (queue: string, message: NewQueueMessage, ordered: boolean): SentQueueMessage => {
    const groupId = message.groupId ?? null;
    const head = ordered && sql.hasGroup.get(queue, groupId) === undefined ? 1 : 0;
    const { lastInsertRowid } = sql.insert.run(
      queue,
      message.messageId,
      message.body,
      message.bodyMd5,
      message.attributes ?? null,
      groupId,
      message.deduplicationId ?? null,
      ordered ? 1 : 0,
      head,
      message.sentAtMs,
      message.sentAtMs,
      message.visibleAtMs,
    );
    const sequence = Number(lastInsertRowid);
    if (message.deduplication !== undefined) {
      const { id, scope, expiresAtMs } = message.deduplication;
      sql.insertDeduplication.run(queue, scope, id, message.messageId, sequence, expiresAtMs);
    }
    return { messageId: message.messageId, sequence, isDuplicate: false };
  };

  /** After a head has gone: whether its group goes on. */
  const promote = (queue: string, groupId: string | null): boolean => sql.promote.run(queue, groupId).changes > 0;

  const dropExpired = (queue: string, expiredUpToMs: number): void => {
    if (sql.hasExpired.get(queue, expiredUpToMs) === undefined) return;
    const groups = sql.expiredHeads.all(queue, expiredUpToMs);
    sql.deleteExpired.run(queue, expiredUpToMs);
    for (const { groupId } of groups) promote(queue, groupId);
  };

  const move = (queue: string, row: MessageRow, options: QueueReceive): void => {
    const { ordered, nowMs, redrive } = options;
    if (redrive === undefined) return;
    const head = ordered && sql.hasGroup.get(redrive.queue, row.groupId) === undefined ? 1 : 0;
    // An ordered queue counts retention anew, and its messages are known by their own id from then on.
    sql.copyToDeadLetterQueue.run({
      queue: redrive.queue,
      source: redrive.source,
      ordered: ordered ? 1 : 0,
      head,
      nowMs,
      sequence: row.sequence,
    });
    sql.deleteOne.run(row.sequence);
    if (row.head === 1) promote(queue, row.groupId);
  };

  const receive = (queue: string, options: QueueReceive): QueueReceived => {
    const { ordered, nowMs, visibleAtMs, redrive } = options;
    dropExpired(queue, options.expiredUpToMs);
    const slots = openSlots(queue, options);
    if (slots === 0) return { messages: [], moved: [], isFull: true };
    const max = Math.min(options.max, slots);
    const messages: StoredQueueMessage[] = [];
    const moved: StoredQueueMessage[] = [];
    const taken = new Set<number>();

    const take = (row: MessageRow): void => {
      if (redrive !== undefined && row.receivesHere >= redrive.receiveCountMax) {
        move(queue, row, options);
        moved.push(toStored(row));
        return;
      }
      sql.take.run(visibleAtMs, nowMs, row.sequence);
      taken.add(row.sequence);
      const { receiveCount, firstReceivedAtMs } = row;
      messages.push({
        ...toStored(row),
        receiveCount: receiveCount + 1,
        firstReceivedAtMs: firstReceivedAtMs ?? nowMs,
      });
    };
    const takeRun = (head: MessageRow): void => {
      for (const row of sql.group.all(queue, head.groupId, head.sequence, max - messages.length)) {
        if (row.visibleAtMs > nowMs || taken.has(row.sequence)) return; // Q2
        take(row);
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
    if (visibleAtMs > nowMs) raiseInFlight(queue, messages.length);
    return { messages, moved, isFull: false };
  };

  const outcomeOf = (
    queue: string,
    receipt: QueueReceipt,
    row: ReceiptRowLike | undefined,
    ordered: boolean,
    nowMs: number,
  ): ReceiptOutcome => {
    if (row === undefined || row.queue !== queue) return "gone";
    if (row.receiveCount !== receipt.receiveCount) return ordered ? "expired" : "stale"; // Q3
    if (ordered && row.visibleAtMs <= nowMs) return "expired";
    return "done";
  };

  return {
    send: (queue, messages, { ordered, nowMs }) =>
      write(queue, () => {
        if (ordered) sql.deleteOldDeduplications.run(nowMs);
        return messages.map((message) => isDuplicate(queue, message, nowMs) ?? insert(queue, message, ordered));
      }),

    receive: (queue, options) => write(queue, () => receive(queue, options)),

    delete: (queue, receipts, { ordered, nowMs }) =>
      write(queue, () => {
        let unblocked = false;
        let landed = 0;
        const outcomes = receipts.map((receipt) => {
          const row = sql.findReceipt.get(receipt.sequence);
          const outcome = outcomeOf(queue, receipt, row, ordered, nowMs);
          if (outcome !== "done" || row === undefined) return outcome;
          sql.deleteOne.run(receipt.sequence);
          if (row.visibleAtMs > nowMs) landed++;
          if (row.head === 1 && promote(queue, row.groupId)) unblocked = true;
          return outcome;
        });
        raiseInFlight(queue, -landed);
        return { outcomes, unblocked };
      }),

    changeVisibility: (queue, changes, { ordered, nowMs }) =>
      write(queue, () =>
        changes.map((change) => {
          const row = sql.findReceipt.get(change.sequence);
          const outcome = outcomeOf(queue, change, row, ordered, nowMs);
          if (outcome !== "done" || row === undefined) return outcome;
          if (row.released === 1) return "released";
          const isReleased = change.visibleAtMs <= nowMs;
          sql.changeVisibility.run(change.visibleAtMs, isReleased ? 1 : 0, change.sequence);
          if (!isReleased && row.visibleAtMs <= nowMs) raiseInFlight(queue, 1);
          return outcome;
        }),
      ),

    count: (queue, { nowMs, expiredUpToMs }) =>
      write(queue, () => {
        dropExpired(queue, expiredUpToMs);
        const inFlight = sql.countInFlight.get(queue, nowMs)?.count ?? 0;
        const invisible = sql.countInvisible.get(queue, nowMs)?.count ?? 0;
        const all = sql.countAll.get(queue)?.count ?? 0;
        return { visible: all - invisible, inFlight, delayed: invisible - inFlight };
      }),

    nextVisibleAtMs: (queue, { ordered, nowMs }) =>
      database.read(() => (ordered ? sql.nextHead : sql.nextVisible).get(queue, nowMs)?.atMs ?? undefined),

    purge: (queue) =>
      write(queue, () => {
        sql.deleteQueue.run(queue);
        inFlightAtMost.delete(queue);
      }),

    drop: (queue) =>
      write(queue, () => {
        sql.deleteQueue.run(queue);
        sql.deleteDeduplications.run(queue);
        inFlightAtMost.delete(queue);
      }),
  };
}

interface ReceiptRowLike {
  queue: string;
  receiveCount: number;
  visibleAtMs: number;
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
