import type { Statement } from "better-sqlite3";
import type { Database, Schema } from "./database.ts";

const schema: Schema = {
  store: "queues",
  steps: [
    `CREATE TABLE queue_messages (
       sequence INTEGER PRIMARY KEY AUTOINCREMENT,
       queue TEXT NOT NULL,
       message_id TEXT NOT NULL,
       ordered INTEGER NOT NULL,
       head INTEGER NOT NULL,
       sent_at_ms INTEGER NOT NULL,
       retained_from_ms INTEGER NOT NULL,
       visible_at_ms INTEGER NOT NULL,
       receive_count INTEGER NOT NULL DEFAULT 0,
       received_elsewhere INTEGER NOT NULL DEFAULT 0,
       first_received_at_ms INTEGER,
       released INTEGER NOT NULL DEFAULT 0,
       group_id TEXT,
       deduplication_id TEXT,
       dead_letter_source TEXT,
       body_md5 TEXT NOT NULL,
       attributes TEXT,
       body TEXT NOT NULL
     ) STRICT;
     CREATE INDEX queue_visible ON queue_messages (queue, visible_at_ms);
     CREATE INDEX queue_retained ON queue_messages (queue, retained_from_ms);
     CREATE INDEX queue_heads ON queue_messages (queue, visible_at_ms) WHERE head = 1;
     CREATE INDEX queue_groups ON queue_messages (queue, group_id, sequence) WHERE ordered = 1;
     CREATE TABLE queue_deduplications (
       queue TEXT NOT NULL,
       id TEXT NOT NULL,
       scope TEXT NOT NULL,
       message_id TEXT NOT NULL,
       sequence INTEGER NOT NULL,
       expires_at_ms INTEGER NOT NULL,
       PRIMARY KEY (queue, id, scope)
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX queue_deduplication_expiry ON queue_deduplications (expires_at_ms);`,
    `ALTER TABLE queue_messages ADD COLUMN received_at_ms INTEGER;
     CREATE INDEX queue_in_flight ON queue_messages (queue, visible_at_ms) WHERE receive_count > 0;
     CREATE TABLE queue_receive_attempts (
       queue TEXT NOT NULL,
       id TEXT NOT NULL,
       visible_at_ms INTEGER NOT NULL,
       expires_at_ms INTEGER NOT NULL,
       receipts TEXT NOT NULL,
       PRIMARY KEY (queue, id)
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX queue_receive_attempt_expiry ON queue_receive_attempts (expires_at_ms);`,
  ],
};

/** A message as it is read for a receive. */
export interface MessageRow {
  sequence: number;
  messageId: string;
  body: string;
  bodyMd5: string;
  attributes: string | null;
  groupId: string | null;
  deduplicationId: string | null;
  deadLetterSource: string | null;
  head: number;
  sentAtMs: number;
  visibleAtMs: number;
  receiveCount: number;
  /** How often it was received from this queue. */
  receivesHere: number;
  firstReceivedAtMs: number | null;
}

/** What a receipt is checked against. */
export interface ReceiptRow {
  sequence: number;
  queue: string;
  groupId: string | null;
  head: number;
  released: number;
  receiveCount: number;
  visibleAtMs: number;
  /** Of its last receive. */
  receivedAtMs: number | null;
}

interface Count {
  count: number;
}

/** The statements of the queue store, prepared once. */
export interface QueueStatements {
  insert: Statement<
    [
      string,
      string,
      string,
      string,
      string | null,
      string | null,
      string | null,
      number,
      number,
      number,
      number,
      number,
    ]
  >;
  hasGroup: Statement<[string, string | null]>;
  promote: Statement<[string, string | null]>;
  visible: Statement<[string, number, number], MessageRow>;
  heads: Statement<[string, number, number], MessageRow>;
  group: Statement<[string, string | null, number, number], MessageRow>;
  take: Statement<[number, number, number, number]>;
  one: Statement<[number], MessageRow>;
  copyToDeadLetterQueue: Statement<
    [{ queue: string; source: string; ordered: number; head: number; nowMs: number; sequence: number }]
  >;
  copyAsNew: Statement<
    [{ queue: string; messageId: string; head: number; nowMs: number; visibleAtMs: number; sequence: number }]
  >;
  findReceipt: Statement<[number], ReceiptRow>;
  deleteOne: Statement<[number]>;
  changeVisibility: Statement<[number, number, number]>;
  hasExpired: Statement<[string, number]>;
  expiredHeads: Statement<[string, number], { groupId: string | null }>;
  deleteExpired: Statement<[string, number]>;
  countAll: Statement<[string], Count>;
  countInvisible: Statement<[string, number], Count>;
  countInFlight: Statement<[string, number], Count>;
  nextVisible: Statement<[string, number], { atMs: number | null }>;
  nextHead: Statement<[string, number], { atMs: number | null }>;
  deleteQueue: Statement<[string]>;
  findDeduplication: Statement<[string, string, string, number], { messageId: string; sequence: number }>;
  insertDeduplication: Statement<[string, string, string, string, number, number]>;
  deleteOldDeduplications: Statement<[number]>;
  deleteDeduplications: Statement<[string]>;
  findAttempt: Statement<[string, string, number], { visibleAtMs: number; receipts: string }>;
  insertAttempt: Statement<[string, string, number, number, string]>;
  prolongAttempt: Statement<[number, string, string]>;
  deleteOldAttempts: Statement<[number]>;
  deleteAttempts: Statement<[string]>;
}

const columns = `sequence, message_id AS messageId, body, body_md5 AS bodyMd5, attributes, group_id AS groupId,
  deduplication_id AS deduplicationId, dead_letter_source AS deadLetterSource, head, sent_at_ms AS sentAtMs,
  visible_at_ms AS visibleAtMs, receive_count AS receiveCount, receive_count - received_elsewhere AS receivesHere,
  first_received_at_ms AS firstReceivedAtMs`;

/** Creates the tables where they are missing, and prepares the statements. */
export function prepareQueueStatements(database: Database): QueueStatements {
  database.migrate(schema);
  const { connection } = database;
  return {
    insert: connection.prepare(
      `INSERT INTO queue_messages (queue, message_id, body, body_md5, attributes, group_id, deduplication_id,
         ordered, head, sent_at_ms, retained_from_ms, visible_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    hasGroup: connection.prepare(
      "SELECT 1 FROM queue_messages WHERE queue = ? AND group_id = ? AND ordered = 1 LIMIT 1",
    ),
    promote: connection.prepare(
      `UPDATE queue_messages SET head = 1 WHERE sequence =
         (SELECT sequence FROM queue_messages WHERE queue = ? AND group_id = ? AND ordered = 1 ORDER BY sequence LIMIT 1)`,
    ),
    visible: connection.prepare(
      `SELECT ${columns} FROM queue_messages INDEXED BY queue_visible
       WHERE queue = ? AND visible_at_ms <= ? ORDER BY visible_at_ms, sequence LIMIT ?`,
    ),
    heads: connection.prepare(
      `SELECT ${columns} FROM queue_messages INDEXED BY queue_heads
       WHERE queue = ? AND visible_at_ms <= ? AND head = 1 ORDER BY visible_at_ms, sequence LIMIT ?`,
    ),
    group: connection.prepare(
      `SELECT ${columns} FROM queue_messages INDEXED BY queue_groups
       WHERE queue = ? AND group_id = ? AND ordered = 1 AND sequence >= ? ORDER BY sequence LIMIT ?`,
    ),
    take: connection.prepare(
      `UPDATE queue_messages SET visible_at_ms = ?, receive_count = receive_count + 1, released = 0, received_at_ms = ?,
         first_received_at_ms = coalesce(first_received_at_ms, ?) WHERE sequence = ?`,
    ),
    one: connection.prepare(`SELECT ${columns} FROM queue_messages WHERE sequence = ?`),
    copyAsNew: connection.prepare(
      `INSERT INTO queue_messages (queue, message_id, body, body_md5, attributes, group_id, deduplication_id, ordered, head,
         sent_at_ms, retained_from_ms, visible_at_ms)
       SELECT @queue, @messageId, body, body_md5, attributes, group_id, deduplication_id, ordered, @head,
         @nowMs, @nowMs, @visibleAtMs FROM queue_messages WHERE sequence = @sequence`,
    ),
    copyToDeadLetterQueue: connection.prepare(
      `INSERT INTO queue_messages (queue, message_id, body, body_md5, attributes, group_id, deduplication_id, dead_letter_source,
         ordered, head, sent_at_ms, retained_from_ms, visible_at_ms, receive_count, received_elsewhere, first_received_at_ms)
       SELECT @queue, message_id, body, body_md5, attributes, group_id, iif(@ordered = 1, message_id, deduplication_id), @source,
         @ordered, @head, sent_at_ms, iif(@ordered = 1, @nowMs, retained_from_ms), @nowMs, receive_count, receive_count,
         first_received_at_ms FROM queue_messages WHERE sequence = @sequence`,
    ),
    findReceipt: connection.prepare(
      `SELECT sequence, queue, group_id AS groupId, head, released, receive_count AS receiveCount, visible_at_ms AS visibleAtMs,
         received_at_ms AS receivedAtMs FROM queue_messages WHERE sequence = ?`,
    ),
    deleteOne: connection.prepare("DELETE FROM queue_messages WHERE sequence = ?"),
    changeVisibility: connection.prepare(
      "UPDATE queue_messages SET visible_at_ms = ?, released = ? WHERE sequence = ?",
    ),
    hasExpired: connection.prepare("SELECT 1 FROM queue_messages WHERE queue = ? AND retained_from_ms <= ? LIMIT 1"),
    expiredHeads: connection.prepare(
      "SELECT group_id AS groupId FROM queue_messages WHERE queue = ? AND retained_from_ms <= ? AND head = 1",
    ),
    deleteExpired: connection.prepare("DELETE FROM queue_messages WHERE queue = ? AND retained_from_ms <= ?"),
    countAll: connection.prepare("SELECT count(*) AS count FROM queue_messages WHERE queue = ?"),
    countInvisible: connection.prepare(
      "SELECT count(*) AS count FROM queue_messages INDEXED BY queue_visible WHERE queue = ? AND visible_at_ms > ?",
    ),
    countInFlight: connection.prepare(
      `SELECT count(*) AS count FROM queue_messages INDEXED BY queue_in_flight
       WHERE queue = ? AND visible_at_ms > ? AND receive_count > 0`,
    ),
    nextVisible: connection.prepare(
      "SELECT min(visible_at_ms) AS atMs FROM queue_messages INDEXED BY queue_visible WHERE queue = ? AND visible_at_ms > ?",
    ),
    nextHead: connection.prepare(
      `SELECT min(visible_at_ms) AS atMs FROM queue_messages INDEXED BY queue_heads
       WHERE queue = ? AND visible_at_ms > ? AND head = 1`,
    ),
    deleteQueue: connection.prepare("DELETE FROM queue_messages WHERE queue = ?"),
    findDeduplication: connection.prepare(
      `SELECT message_id AS messageId, sequence FROM queue_deduplications
       WHERE queue = ? AND id = ? AND scope IN ('', ?) AND expires_at_ms > ? LIMIT 1`,
    ),
    insertDeduplication: connection.prepare(
      `INSERT OR REPLACE INTO queue_deduplications (queue, scope, id, message_id, sequence, expires_at_ms)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    deleteOldDeduplications: connection.prepare("DELETE FROM queue_deduplications WHERE expires_at_ms <= ?"),
    deleteDeduplications: connection.prepare("DELETE FROM queue_deduplications WHERE queue = ?"),
    findAttempt: connection.prepare(
      `SELECT visible_at_ms AS visibleAtMs, receipts FROM queue_receive_attempts
       WHERE queue = ? AND id = ? AND expires_at_ms > ?`,
    ),
    insertAttempt: connection.prepare(
      `INSERT OR REPLACE INTO queue_receive_attempts (queue, id, visible_at_ms, expires_at_ms, receipts)
       VALUES (?, ?, ?, ?, ?)`,
    ),
    prolongAttempt: connection.prepare(
      "UPDATE queue_receive_attempts SET visible_at_ms = ? WHERE queue = ? AND id = ?",
    ),
    deleteOldAttempts: connection.prepare("DELETE FROM queue_receive_attempts WHERE expires_at_ms <= ?"),
    deleteAttempts: connection.prepare("DELETE FROM queue_receive_attempts WHERE queue = ?"),
  };
}
