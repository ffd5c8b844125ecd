/**
 * Heads of ordered queues: the first message of each group is its head, and a group is open exactly when its head is visible.
 * Whoever removes a head makes the group's next message the head.
 */
import type { QueueCounts } from "./queue-counts.ts";
import type { QueueStatements } from "./queue-statements.ts";

/** 1 where a message that arrives now is the first of its group in an ordered queue. */
export function toHead(sql: QueueStatements, queue: string, groupId: string | null, ordered: boolean): 0 | 1 {
  return ordered && sql.hasGroup.get(queue, groupId) === undefined ? 1 : 0;
}

/** After a head has gone: whether its group goes on. */
export function promote(sql: QueueStatements, queue: string, groupId: string | null): boolean {
  return sql.promote.run(queue, groupId).changes > 0;
}

/** Removes one message. Whether its group goes on behind it. */
export function remove(
  sql: QueueStatements,
  counts: QueueCounts,
  queue: string,
  row: { sequence: number; head: number; groupId: string | null },
): boolean {
  sql.deleteOne.run(row.sequence);
  counts.add(queue, -1);
  return row.head === 1 && promote(sql, queue, row.groupId);
}

/** Drops what was enqueued at or before `expiredUpToMs`. */
export function dropExpired(sql: QueueStatements, counts: QueueCounts, queue: string, expiredUpToMs: number): void {
  if (sql.hasExpired.get(queue, expiredUpToMs) === undefined) return;
  const groups = sql.expiredHeads.all(queue, expiredUpToMs);
  counts.add(queue, -sql.deleteExpired.run(queue, expiredUpToMs).changes);
  for (const { groupId } of groups) promote(sql, queue, groupId);
}
