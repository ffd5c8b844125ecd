/**
 * {@link QueueStore} on SQLite. The port states the rules (Q1 to Q6); here is how they are kept without scanning a queue.
 *
 * - An ordered queue marks the first message of each group as its head. A group is open exactly when its head is visible (Q2).
 * - `queue_visible` serves receives of plain queues, `queue_heads` receives of ordered ones, `queue_groups` the run of messages
 *   behind a head, `queue_retained` the retention, `queue_in_flight` the counts; {@link QueueCounts} remembers the rest.
 */
import type { NewQueueMessage, QueueReceipt, QueueStore, ReceiptOutcome, SentQueueMessage } from "@tripline/kernel";
import type { Database } from "./database.ts";
import { QueueCounts } from "./queue-counts.ts";
import { dropExpired, remove, toHead } from "./queue-groups.ts";
import { createMove } from "./queue-move.ts";
import { createReceive } from "./queue-receive.ts";
import { prepareQueueStatements, type ReceiptRow } from "./queue-statements.ts";

/** {@link QueueStore} on SQLite. */
export function createQueueStore(database: Database): QueueStore {
  const sql = prepareQueueStatements(database);
  const counts = new QueueCounts(sql);
  const receive = createReceive(sql, counts);
  const move = createMove(sql, counts);

  /** A write that fails, now or at its commit, leaves the counts of its queues in doubt. */
  const write = <T>(queues: readonly string[], work: () => T): Promise<T> => {
    const written = database.write(() => {
      try {
        return work();
      } catch (error) {
        counts.forget(queues);
        throw error;
      }
    });
    written.catch(() => {
      counts.forget(queues);
    });
    return written;
  };

  const findDuplicate = (queue: string, message: NewQueueMessage, nowMs: number): SentQueueMessage | undefined => {
    if (message.deduplication === undefined) return undefined;
    const { id, scope } = message.deduplication;
    const first = sql.findDeduplication.get(queue, id, scope, nowMs);
    return first === undefined ? undefined : { ...first, isDuplicate: true }; // Q4
  };

  const insert = (queue: string, message: NewQueueMessage, ordered: boolean): SentQueueMessage => {
    const groupId = message.groupId ?? null;
    const { lastInsertRowid } = sql.insert.run(
      queue,
      message.messageId,
      message.body,
      message.bodyMd5,
      message.attributes ?? null,
      groupId,
      message.deduplicationId ?? null,
      ordered ? 1 : 0,
      toHead(sql, queue, groupId, ordered),
      message.sentAtMs,
      message.sentAtMs,
      message.visibleAtMs,
    );
    counts.add(queue, 1);
    const sequence = Number(lastInsertRowid);
    if (message.deduplication !== undefined) {
      const { id, scope, expiresAtMs } = message.deduplication;
      sql.insertDeduplication.run(queue, scope, id, message.messageId, sequence, expiresAtMs);
    }
    return { messageId: message.messageId, sequence, isDuplicate: false };
  };

  const outcomeOf = (
    queue: string,
    receipt: QueueReceipt,
    row: ReceiptRow | undefined,
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
      write([queue], () => {
        if (ordered) sql.deleteOldDeduplications.run(nowMs);
        return messages.map((message) => findDuplicate(queue, message, nowMs) ?? insert(queue, message, ordered));
      }),

    receive: (queue, options) =>
      write(options.redrive === undefined ? [queue] : [queue, options.redrive.queue], () => receive(queue, options)),

    delete: (queue, receipts, { ordered, nowMs }) =>
      write([queue], () => {
        let unblocked = false;
        let landed = 0;
        const outcomes = receipts.map((receipt) => {
          const row = sql.findReceipt.get(receipt.sequence);
          const outcome = outcomeOf(queue, receipt, row, ordered, nowMs);
          if (outcome !== "done" || row === undefined) return outcome;
          if (row.visibleAtMs > nowMs) landed++;
          if (remove(sql, counts, queue, row)) unblocked = true;
          return outcome;
        });
        counts.addInFlight(queue, -landed);
        return { outcomes, unblocked };
      }),

    changeVisibility: (queue, changes, { ordered, nowMs, heldMsMax = Infinity }) =>
      write([queue], () =>
        changes.map((change) => {
          const row = sql.findReceipt.get(change.sequence);
          const outcome = outcomeOf(queue, change, row, ordered, nowMs);
          if (outcome !== "done" || row === undefined) return outcome;
          if (row.released === 1) return "released";
          if (row.receivedAtMs !== null && change.visibleAtMs > row.receivedAtMs + heldMsMax) return "beyond";
          const isReleased = change.visibleAtMs <= nowMs;
          sql.changeVisibility.run(change.visibleAtMs, isReleased ? 1 : 0, change.sequence);
          if (!isReleased && row.visibleAtMs <= nowMs) counts.addInFlight(queue, 1);
          return outcome;
        }),
      ),

    move: (queue, options) => {
      const targets = options.target === undefined ? Object.values(options.targetsBySource ?? {}) : [options.target];
      return write([queue, ...targets.map((target) => target.queue)], () => move(queue, options));
    },

    count: (queue, { nowMs, expiredUpToMs }) =>
      write([queue], () => {
        dropExpired(sql, counts, queue, expiredUpToMs);
        const inFlight = counts.inFlight(queue, nowMs);
        const invisible = sql.countInvisible.get(queue, nowMs)?.count ?? 0;
        return { visible: counts.all(queue) - invisible, inFlight, delayed: invisible - inFlight };
      }),

    nextVisibleAtMs: (queue, { ordered, nowMs }) =>
      database.read(() => (ordered ? sql.nextHead : sql.nextVisible).get(queue, nowMs)?.atMs ?? undefined),

    purge: (queue) =>
      write([queue], () => {
        sql.deleteQueue.run(queue);
        sql.deleteAttempts.run(queue);
        counts.clear(queue);
      }),

    drop: (queue) =>
      write([queue], () => {
        sql.deleteQueue.run(queue);
        sql.deleteDeduplications.run(queue);
        sql.deleteAttempts.run(queue);
        counts.forget([queue]);
      }),
  };
}
