/**
 * Where the messages of queues live: one atomic call per API call, each durable when it resolves.
 *
 * The store knows nothing of AWS's limits and texts; it keeps these rules:
 * Q1. A message is handed out only when it is visible, and never twice for the same visibility.
 * Q2. In an ordered queue a message is handed out only when every earlier message of its group is gone, or handed out with it.
 * Q3. A receipt names a message and its receive count; one of an earlier receive changes nothing.
 * Q4. Of messages with one deduplication id, the first is kept and the others answer with its id, until that id expires.
 * Q5. What a call takes does not depend on how many messages wait.
 * Q6. A receive that is repeated under one attempt id gets the same messages under the same receipts, invisible anew, while none of
 *     them was touched.
 */

/** A message to be sent. Times are epoch milliseconds, whole ones. */
export interface NewQueueMessage {
  messageId: string;
  body: string;
  /** Hex. */
  bodyMd5: string;
  /** Whatever else the sender wants back, as text. */
  attributes?: string;
  groupId?: string;
  /** What its queue calls its deduplication id. */
  deduplicationId?: string;
  sentAtMs: number;
  visibleAtMs: number;
  /** For ordered queues (Q4): `scope` is empty for the whole queue, else the group. An id of the whole queue counts in every scope. */
  deduplication?: { id: string; scope: string; expiresAtMs: number };
}

/** What became of a sent message. */
export interface SentQueueMessage {
  /** Of the message that was kept: for a duplicate, the first one's. */
  messageId: string;
  /** Increases with each message of the store; never reused. */
  sequence: number;
  isDuplicate: boolean;
}

/** A message as the store has it. */
export interface StoredQueueMessage {
  sequence: number;
  messageId: string;
  body: string;
  bodyMd5: string;
  attributes: string | null;
  groupId: string | null;
  deduplicationId: string | null;
  /** The dead-letter queue's source, for a message that was moved. */
  deadLetterSource: string | null;
  sentAtMs: number;
  /** Including this receive, and those in the queue that it was moved from. */
  receiveCount: number;
  firstReceivedAtMs: number;
}

/** Names one receive of one message (Q3). */
export interface QueueReceipt {
  sequence: number;
  receiveCount: number;
}

/** Options of {@link QueueStore.receive}. */
export interface QueueReceive {
  ordered: boolean;
  nowMs: number;
  max: number;
  /** When what is handed out becomes visible again. */
  visibleAtMs: number;
  /** Messages enqueued at or before this moment are past their retention: they are dropped. */
  expiredUpToMs: number;
  /** At most this many messages may be in flight at once. */
  inFlightMax: number;
  /** Where messages go that were received `receiveCountMax` times already. */
  redrive?: { queue: string; receiveCountMax: number; source: string };
  /** For ordered queues: a receive that is repeated under its id gets what it got before (Q6), until `expiresAtMs`. */
  attempt?: { id: string; expiresAtMs: number };
}

/** Where a message goes that {@link QueueStore.move} takes out. */
export interface QueueMoveTarget {
  queue: string;
  /** When it becomes visible there. */
  visibleAtMs: number;
}

/** Options of {@link QueueStore.move}. */
export interface QueueMove {
  /** Of both queues. */
  ordered: boolean;
  nowMs: number;
  /** Messages enqueued at or before this moment are past their retention: they are dropped. */
  expiredUpToMs: number;
  /** An id for each message that may be moved: at most so many are. */
  messageIds: readonly string[];
  /** Where every message goes; without it each goes where `targetsBySource` sends those of its dead-letter source. */
  target?: QueueMoveTarget;
  targetsBySource?: Readonly<Record<string, QueueMoveTarget>>;
}

/** What {@link QueueStore.move} did. */
export interface QueueMoved {
  /** In the order they were moved. */
  moved: { messageId: string; formerMessageId: string; queue: string; body: string }[];
  /** There is more to be moved now. */
  goesOn: boolean;
  /** Set where a message stopped the move because nothing says where it goes: its dead-letter source, or null where it has none. */
  unplaced?: string | null;
}

/** What {@link QueueStore.receive} did. */
export interface QueueReceived {
  messages: StoredQueueMessage[];
  /** Moved to the dead-letter queue. */
  moved: StoredQueueMessage[];
  /** Nothing was handed out because `inFlightMax` are in flight. */
  isFull: boolean;
}

/**
 * What became of a receipt: `done`; `gone` (no such message any more), `stale` (received again since),
 * `expired` (visible again, in an ordered queue), `released` (made visible by its receiver), `beyond` (held for too long).
 */
export type ReceiptOutcome = "done" | "gone" | "stale" | "expired" | "released" | "beyond";

/** Storage of messages; `queue` is any name. See the module's header for its rules. */
export interface QueueStore {
  /** `ordered`: groups are kept in order (Q2). Results in the order of `messages`. */
  send(
    queue: string,
    messages: readonly NewQueueMessage[],
    options: { ordered: boolean; nowMs: number },
  ): Promise<SentQueueMessage[]>;
  receive(queue: string, options: QueueReceive): Promise<QueueReceived>;
  /** `unblocked`: a message may have become receivable because an earlier one of its group is gone. */
  delete(
    queue: string,
    receipts: readonly QueueReceipt[],
    options: { ordered: boolean; nowMs: number },
  ): Promise<{ outcomes: ReceiptOutcome[]; unblocked: boolean }>;
  /** Sets when messages become visible: at most `heldMsMax` after their receive. */
  changeVisibility(
    queue: string,
    changes: readonly (QueueReceipt & { visibleAtMs: number })[],
    options: { ordered: boolean; nowMs: number; heldMsMax?: number },
  ): Promise<ReceiptOutcome[]>;
  /** Takes visible messages out, oldest first, and sends them to other queues as new messages. */
  move(queue: string, options: QueueMove): Promise<QueueMoved>;
  /** Drops what is past its retention, and counts the rest. */
  count(
    queue: string,
    options: { nowMs: number; expiredUpToMs: number },
  ): Promise<{ visible: number; inFlight: number; delayed: number }>;
  /** When the next message becomes visible, after `nowMs`; undefined where none will. */
  nextVisibleAtMs(queue: string, options: { ordered: boolean; nowMs: number }): Promise<number | undefined>;
  /** Removes all messages; deduplication ids stay. */
  purge(queue: string): Promise<void>;
  /** Removes everything of a queue. */
  drop(queue: string): Promise<void>;
}
