import type { AsyncEvent, AsyncEventStore, NewAsyncEvent } from "@tripline/kernel";
import type { Database } from "./database.ts";

const schema = {
  store: "async-events",
  steps: [
    `CREATE TABLE async_events (
       sequence INTEGER PRIMARY KEY AUTOINCREMENT,
       function_name TEXT NOT NULL,
       due_ms INTEGER NOT NULL,
       invoke_count INTEGER NOT NULL DEFAULT 0,
       backoff_count INTEGER NOT NULL DEFAULT 0,
       note TEXT,
       qualifier TEXT,
       request_id TEXT NOT NULL,
       delivery_id TEXT NOT NULL,
       parent_id TEXT,
       source TEXT NOT NULL,
       source_arn TEXT,
       trace_id TEXT,
       accepted_at_ms INTEGER NOT NULL,
       payload BLOB NOT NULL
     ) STRICT;
     CREATE INDEX async_events_due ON async_events (function_name, due_ms, sequence)`,
  ],
};

interface Row {
  sequence: number;
  functionName: string;
  dueMs: number;
  invokeCount: number;
  backoffCount: number;
  note: string | null;
  qualifier: string | null;
  requestId: string;
  deliveryId: string;
  parentId: string | null;
  source: string;
  sourceArn: string | null;
  traceId: string | null;
  acceptedAtMs: number;
  payload: Uint8Array;
}

const columns = `sequence, function_name AS functionName, due_ms AS dueMs, invoke_count AS invokeCount,
  backoff_count AS backoffCount, note, qualifier, request_id AS requestId, delivery_id AS deliveryId, parent_id AS parentId,
  source, source_arn AS sourceArn, trace_id AS traceId, accepted_at_ms AS acceptedAtMs, payload`;

/** {@link AsyncEventStore} on SQLite. Only `count` depends on how many events wait. */
export function createAsyncEventStore(database: Database): AsyncEventStore {
  database.migrate(schema);
  const { connection } = database;
  const insert = connection.prepare(
    `INSERT INTO async_events
       (function_name, due_ms, qualifier, request_id, delivery_id, parent_id, source, source_arn, trace_id, accepted_at_ms, payload)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const due = connection.prepare<[string, number, number, number, number], Row>(
    `SELECT ${columns} FROM async_events
     WHERE function_name = ? AND (due_ms, sequence) > (?, ?) AND due_ms <= ?
     ORDER BY due_ms, sequence LIMIT ?`,
  );
  const next = connection.prepare<[string, number, number], { dueMs: number }>(
    `SELECT due_ms AS dueMs FROM async_events WHERE function_name = ? AND (due_ms, sequence) > (?, ?)
     ORDER BY due_ms, sequence LIMIT 1`,
  );
  const reschedule = connection.prepare(
    "UPDATE async_events SET due_ms = ?, invoke_count = ?, backoff_count = ?, note = ? WHERE sequence = ?",
  );
  const remove = connection.prepare<[number]>("DELETE FROM async_events WHERE sequence = ?");
  const functionNames = connection
    .prepare<[], string>("SELECT DISTINCT function_name FROM async_events ORDER BY function_name")
    .pluck();
  const count = connection
    .prepare<[string], number>("SELECT count(*) FROM async_events WHERE function_name = ?")
    .pluck();

  const add = (event: NewAsyncEvent): void => {
    insert.run(
      event.functionName,
      event.dueMs,
      event.qualifier ?? null,
      event.requestId,
      event.deliveryId,
      event.parentId ?? null,
      event.source,
      event.sourceArn ?? null,
      event.traceId ?? null,
      event.acceptedAtMs,
      event.payload,
    );
  };

  return {
    add: (events) =>
      database.write(() => {
        for (const event of events) add(event);
      }),
    due: (functionName, { after, nowMs, max, payloadBytesMax }) =>
      database.read(() => {
        const events: AsyncEvent[] = [];
        let payloadBytes = 0;
        for (const row of due.iterate(functionName, after.dueMs, after.sequence, nowMs, max)) {
          payloadBytes += row.payload.byteLength;
          if (events.length > 0 && payloadBytes > payloadBytesMax) break;
          events.push(toEvent(row));
        }
        return events;
      }),
    nextDueMs: (functionName, after) => database.read(() => next.get(functionName, after.dueMs, after.sequence)?.dueMs),
    reschedule: (sequence, { dueMs, invokeCount, backoffCount, note }) =>
      database.write(() => {
        reschedule.run(dueMs, invokeCount, backoffCount, note ?? null, sequence);
      }),
    remove: (sequences) =>
      database.write(() => {
        for (const sequence of sequences) remove.run(sequence);
      }),
    functionNames: () => database.read(() => functionNames.all()),
    count: (functionName) => database.read(() => count.get(functionName) ?? 0),
  };
}

/** Leaves out what is null. */
function toEvent(row: Row): AsyncEvent {
  const { note, qualifier, parentId, sourceArn, traceId, ...event } = row;
  return {
    ...event,
    ...(note === null ? {} : { note }),
    ...(qualifier === null ? {} : { qualifier }),
    ...(parentId === null ? {} : { parentId }),
    ...(sourceArn === null ? {} : { sourceArn }),
    ...(traceId === null ? {} : { traceId }),
  };
}
