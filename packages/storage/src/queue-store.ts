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
import { createQueueKeys } from "./queue-keys.ts";
import { createMove } from "./queue-move.ts";
import { createReceive } from "./queue-receive.ts";
import { prepareQueueStatements, type ReceiptRow } from "./queue-statements.ts";

const emptiedAtOnceMax = 1_000;

/** {@link QueueStore} on SQLite. */
export function createQueueStore(database: Database): QueueStore {
  const sql = prepareQueueStatements(database);
  const counts = new QueueCounts(sql);
  const keys = createQueueKeys(database);
  keys.sweep();
  const receive = createReceive(sql, counts);
  const move = createMove(sql, counts);

  /** A write that fails, now or at its commit, leaves what is remembered in doubt. */
  const forget = (): void => {
    keys.reload();
    counts.forget();
  };
  /** `work` is given the queue's key. */
  const write = <T>(queue: string, work: (key: string) => T): Promise<T> => {
    const written = database.write(() => {
      try {
        return work(keys.of(queue));
      } catch (error) {
        forget();
        throw error;
      }
    });
    written.catch(forget);
    return written;
  };

  /** Of few messages at once, of many in the background. */
  const empty = (queue: string, key: string): void => {
    if (counts.all(key) <= emptiedAtOnceMax) sql.deleteQueue.run(key);
    else keys.renew(queue);
    sql.deleteAttempts.run(key);
    counts.clear(keys.of(queue));
  };

  const findDuplicate = (queue: string, message: NewQueueMessage, nowMs: number): SentQueueMessage | undefined => {
    if (message.deduplication === undefined) return undefined;
    const { id, scope } = message.deduplication;
    const first = sql.findDeduplication.get(queue, id, scope, nowMs);
    return first === undefined ? undefined : { ...first, isDuplicate: true }; // Q4
  };

  const insert = (queue: string, key: string, message: NewQueueMessage, ordered: boolean): SentQueueMessage => {
    const groupId = message.groupId ?? null;
    const { lastInsertRowid } = sql.insert.run(
      key,
      message.messageId,
      message.body,
      message.bodyMd5,
      message.attributes ?? null,
      groupId,
      message.deduplicationId ?? null,
      ordered ? 1 : 0,
      toHead(sql, key, groupId, ordered),
      message.sentAtMs,
      message.sentAtMs,
      message.visibleAtMs,
    );
    counts.add(key, 1);
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
      write(queue, (key) => {
        if (ordered) sql.deleteOldDeduplications.run(nowMs);
        return messages.map((message) => findDuplicate(queue, message, nowMs) ?? insert(queue, key, message, ordered));
      }),

    receive: (queue, options) =>
      write(queue, (key) => {
        const { redrive } = options;
        if (redrive === undefined) return receive(key, options);
        return receive(key, { ...options, redrive: { ...redrive, queue: keys.of(redrive.queue) } });
      }),

    delete: (queue, receipts, { ordered, nowMs }) =>
      write(queue, (key) => {
        let unblocked = false;
        let landed = 0;
        const outcomes = receipts.map((receipt) => {
          const row = sql.findReceipt.get(receipt.sequence);
          const outcome = outcomeOf(key, receipt, row, ordered, nowMs);
          if (outcome !== "done" || row === undefined) return outcome;
          if (row.visibleAtMs > nowMs) landed++;
          if (remove(sql, counts, key, row)) unblocked = true;
          return outcome;
        });
        counts.addInFlight(key, -landed);
        return { outcomes, unblocked };
      }),

    changeVisibility: (queue, changes, { ordered, nowMs, heldMsMax = Infinity }) =>
      write(queue, (key) =>
        changes.map((change) => {
          const row = sql.findReceipt.get(change.sequence);
          const outcome = outcomeOf(key, change, row, ordered, nowMs);
          if (outcome !== "done" || row === undefined) return outcome;
          if (row.released === 1) return "released";
          if (row.receivedAtMs !== null && change.visibleAtMs > row.receivedAtMs + heldMsMax) return "beyond";
          const isReleased = change.visibleAtMs <= nowMs;
          sql.changeVisibility.run(change.visibleAtMs, isReleased ? 1 : 0, change.sequence);
          if (!isReleased && row.visibleAtMs <= nowMs) counts.addInFlight(key, 1);
          return outcome;
        }),
      ),

    move: (queue, options) => write(queue, (key) => move(key, options, keys.of)),

    count: (queue, { nowMs, expiredUpToMs }) =>
      write(queue, (key) => {
        dropExpired(sql, counts, key, expiredUpToMs);
        const inFlight = counts.inFlight(key, nowMs);
        const invisible = sql.countInvisible.get(key, nowMs)?.count ?? 0;
        return { visible: counts.all(key) - invisible, inFlight, delayed: invisible - inFlight };
      }),

    nextVisibleAtMs: (queue, { ordered, nowMs }) =>
      database.read(() => (ordered ? sql.nextHead : sql.nextVisible).get(keys.of(queue), nowMs)?.atMs ?? undefined),

    async purge(queue) {
      await write(queue, (key) => {
        empty(queue, key);
      });
      keys.sweep();
    },

    async drop(queue) {
      await write(queue, (key) => {
        empty(queue, key);
        sql.deleteDeduplications.run(queue);
      });
      keys.sweep();
    },
  };
}
