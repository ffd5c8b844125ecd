/** Takes visible messages out of one queue and sends them to others as new ones; within one transaction. */
import type { QueueMove, QueueMoved, QueueMoveTarget } from "@tripline/kernel";
import type { QueueCounts } from "./queue-counts.ts";
import { dropExpired, remove, toHead } from "./queue-groups.ts";
import type { MessageRow, QueueStatements } from "./queue-statements.ts";

/** Moves messages between queues. `queue` is a key; `toKey` gives those of the targets. */
export type Move = (queue: string, options: QueueMove, toKey: (queue: string) => string) => QueueMoved;

/** See the module's header. */
export function createMove(sql: QueueStatements, counts: QueueCounts): Move {
  return (queue, options, toKey) => {
    const { ordered, nowMs, messageIds } = options;
    dropExpired(sql, counts, queue, options.expiredUpToMs);
    const moved: QueueMoved["moved"] = [];
    const next = (): MessageRow | undefined => (ordered ? sql.heads : sql.visible).get(queue, nowMs, 1);
    for (const messageId of messageIds) {
      const row = next();
      if (row === undefined) return { moved, goesOn: false };
      const target = toTarget(options, row.deadLetterSource);
      if (target === undefined) return { moved, goesOn: false, unplaced: row.deadLetterSource };
      const key = toKey(target.queue);
      sql.copyAsNew.run({
        queue: key,
        messageId,
        head: toHead(sql, key, row.groupId, ordered),
        nowMs,
        visibleAtMs: target.visibleAtMs,
        sequence: row.sequence,
      });
      counts.add(key, 1);
      remove(sql, counts, queue, row);
      moved.push({ messageId, formerMessageId: row.messageId, queue: target.queue, body: row.body });
    }
    return { moved, goesOn: next() !== undefined };
  };
}

function toTarget({ target, targetsBySource }: QueueMove, source: string | null): QueueMoveTarget | undefined {
  return target ?? (source === null ? undefined : targetsBySource?.[source]);
}
