/**
 * {@link LogStore} on SQLite. A chunk's events are one text of JSON arrays, each with a comma behind it, so that a small chunk grows by
 * appending to its text: a function that logs a line a second has one row for hundreds of lines, not one for each.
 */
import type {
  LogBatch,
  LogChunk,
  LogPosition,
  LogStore,
  LogStreamQuery,
  StoredLogEvent,
  StoredLogStream,
} from "@tripline/kernel";
import type { Database } from "./database.ts";

const schema = {
  store: "logs",
  steps: [
    `CREATE TABLE log_streams (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       group_name TEXT NOT NULL,
       name TEXT NOT NULL,
       created_ms INTEGER NOT NULL,
       first_event_ms INTEGER,
       last_event_ms INTEGER,
       last_ingestion_ms INTEGER,
       UNIQUE (group_name, name)
     ) STRICT;
     CREATE TABLE log_chunks (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       stream_id INTEGER NOT NULL,
       first_ms INTEGER NOT NULL,
       first_sequence INTEGER NOT NULL,
       last_ms INTEGER NOT NULL,
       last_sequence INTEGER NOT NULL,
       bytes INTEGER NOT NULL,
       events TEXT NOT NULL
     ) STRICT;
     CREATE INDEX log_chunks_stream ON log_chunks (stream_id, last_ms, last_sequence);
     CREATE TABLE log_sequence (id INTEGER PRIMARY KEY CHECK (id = 0), next INTEGER NOT NULL) STRICT;
     INSERT INTO log_sequence VALUES (0, 1)`,
  ],
};

/** A chunk takes more events while its text is shorter, characters. */
const growingChunkMax = 32_768;
/** A batch is split into chunks of about this many bytes. */
const chunkBytesMax = 262_144;
/** What CloudWatch counts for an event beside its message. */
const eventOverheadBytes = 26;

interface ChunkRow {
  stream: string;
  firstMs: number;
  firstSequence: number;
  lastMs: number;
  lastSequence: number;
  events: string;
}

interface StreamRow {
  stream: string;
  createdMs: number;
  firstEventMs: number | null;
  lastEventMs: number | null;
  lastIngestionMs: number | null;
}

/** Builds the store. */
export function createLogStore(database: Database): LogStore {
  database.migrate(schema);
  const { connection } = database;
  const sql = <Parameters extends unknown[], Row = unknown>(text: string) => connection.prepare<Parameters, Row>(text);

  const nextSequence = sql<[], number>("SELECT next FROM log_sequence").pluck();
  const keepSequence = sql<[number]>("UPDATE log_sequence SET next = max(next, ?)");
  const addStream = sql<[string, string, number]>(
    "INSERT OR IGNORE INTO log_streams (group_name, name, created_ms) VALUES (?, ?, ?)",
  );
  const streamId = sql<[string, string], number>(
    "SELECT id FROM log_streams WHERE group_name = ? AND name = ?",
  ).pluck();
  const touchStream = sql<[number, number, number, number]>(
    `UPDATE log_streams SET first_event_ms = min(ifnull(first_event_ms, 9007199254740991), ?),
       last_event_ms = max(ifnull(last_event_ms, 0), ?), last_ingestion_ms = ? WHERE id = ?`,
  );
  const lastChunk = sql<[number], { id: number; size: number; lastMs: number; lastSequence: number }>(
    `SELECT id, length(events) AS size, last_ms AS lastMs, last_sequence AS lastSequence FROM log_chunks
     WHERE stream_id = ? ORDER BY last_ms DESC, last_sequence DESC LIMIT 1`,
  );
  const growChunk = sql<[number, number, number, string, number]>(
    "UPDATE log_chunks SET last_ms = ?, last_sequence = ?, bytes = bytes + ?, events = events || ? WHERE id = ?",
  );
  const addChunk = sql<[number, number, number, number, number, number, string]>(
    `INSERT INTO log_chunks (stream_id, first_ms, first_sequence, last_ms, last_sequence, bytes, events)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const removeChunks = sql<[number]>("DELETE FROM log_chunks WHERE stream_id = ?");
  const removeStream = sql<[number]>("DELETE FROM log_streams WHERE id = ?");
  const groupStreams = sql<[string], number>("SELECT id FROM log_streams WHERE group_name = ?").pluck();
  const bytesByGroup = sql<[], { name: string; bytes: number }>(
    `SELECT group_name AS name, sum(bytes) AS bytes FROM log_chunks JOIN log_streams ON log_streams.id = stream_id
     GROUP BY group_name`,
  );
  const expire = sql<[string, number]>(
    "DELETE FROM log_chunks WHERE stream_id IN (SELECT id FROM log_streams WHERE group_name = ?) AND last_ms < ?",
  );
  const totalBytes = sql<[], number>("SELECT ifnull(sum(bytes), 0) FROM log_chunks").pluck();
  const oldestChunks = sql<[], { id: number; streamId: number; bytes: number }>(
    "SELECT id, stream_id AS streamId, bytes FROM log_chunks ORDER BY id LIMIT 100",
  );
  const removeChunk = sql<[number]>("DELETE FROM log_chunks WHERE id = ?");
  const hasChunk = sql<[number], number>("SELECT 1 FROM log_chunks WHERE stream_id = ? LIMIT 1").pluck();

  const addPiece = (id: number, events: readonly StoredLogEvent[]): void => {
    const first = events[0];
    const last = events.at(-1);
    if (first === undefined || last === undefined) return;
    let text = "";
    let bytes = 0;
    for (const { timestampMs, sequence, ingestionMs, message } of events) {
      text += `[${timestampMs},${sequence},${ingestionMs},${JSON.stringify(message)}],`;
      bytes += Buffer.byteLength(message) + eventOverheadBytes;
    }
    const tail = lastChunk.get(id);
    const follows =
      tail !== undefined &&
      (tail.lastMs < first.timestampMs || (tail.lastMs === first.timestampMs && tail.lastSequence < first.sequence));
    if (follows && tail.size < growingChunkMax) growChunk.run(last.timestampMs, last.sequence, bytes, text, tail.id);
    else addChunk.run(id, first.timestampMs, first.sequence, last.timestampMs, last.sequence, bytes, text);
  };

  const append = ({ group, stream, events }: LogBatch, nowMs: number): void => {
    addStream.run(group, stream, nowMs);
    const id = streamId.get(group, stream);
    const first = events[0];
    const last = events.at(-1);
    if (id === undefined || first === undefined || last === undefined) return;
    let start = 0;
    let bytes = 0;
    let highest = 0;
    for (const [index, { message, sequence }] of events.entries()) {
      bytes += message.length;
      if (sequence > highest) highest = sequence;
      if (bytes < chunkBytesMax) continue;
      addPiece(id, events.slice(start, index + 1));
      start = index + 1;
      bytes = 0;
    }
    addPiece(id, events.slice(start));
    touchStream.run(first.timestampMs, last.timestampMs, last.ingestionMs, id);
    keepSequence.run(highest + 1);
  };

  const forgetStream = (id: number): void => {
    removeChunks.run(id);
    removeStream.run(id);
  };

  return {
    nextSequence: () => database.read(() => nextSequence.get() ?? 1),
    append: (batches, nowMs) =>
      database.write(() => {
        for (const batch of batches) append(batch, nowMs);
      }),
    createStream: (group, stream, nowMs) => database.write(() => addStream.run(group, stream, nowMs).changes > 0),
    deleteStream: (group, stream) =>
      database.write(() => {
        const id = streamId.get(group, stream);
        if (id !== undefined) forgetStream(id);
        return id !== undefined;
      }),
    deleteGroup: (group) =>
      database.write(() => {
        for (const id of groupStreams.all(group)) forgetStream(id);
      }),
    hasStream: (group, stream) => database.read(() => streamId.get(group, stream) !== undefined),
    listStreams: (query) => database.read(() => listStreams(sql, query)),
    read: (query) =>
      database.read(() => {
        const forward = query.direction === "forward";
        const place = forward ? "first_ms, first_sequence" : "last_ms, last_sequence";
        const order = forward ? "first_ms, first_sequence" : "last_ms DESC, last_sequence DESC";
        const streams = query.streams ?? [];
        const conditions = ["group_name = ?", "last_ms >= ?", "first_ms <= ?"];
        const values: (string | number)[] = [query.group, query.fromMs, query.toMs];
        if (query.streams !== undefined) {
          conditions.push(`name IN (${streams.map(() => "?").join(", ")})`);
          values.push(...streams);
        }
        if (query.streamPrefix !== undefined) {
          conditions.push("substr(name, 1, ?) = ?");
          values.push(Array.from(query.streamPrefix).length, query.streamPrefix);
        }
        if (query.cursor !== undefined) {
          conditions.push(`(${place}) ${forward ? ">" : "<"} (?, ?)`);
          values.push(query.cursor.timestampMs, query.cursor.sequence);
        }
        // The texts are fetched once the chunks are chosen: they would be carried through the sort.
        const rows = sql<(string | number)[], ChunkRow>(
          `SELECT name AS stream, first_ms AS firstMs, first_sequence AS firstSequence, last_ms AS lastMs,
             last_sequence AS lastSequence, events FROM log_chunks JOIN log_streams ON stream_id = log_streams.id
           WHERE log_chunks.id IN (
             SELECT log_chunks.id FROM log_streams JOIN log_chunks ON stream_id = log_streams.id
             WHERE ${conditions.join(" AND ")} ORDER BY ${order} LIMIT ?
           ) ORDER BY ${order}`,
        ).all(...values, query.limit);
        const last = rows.at(-1);
        const chunks = rows.map(toChunk);
        if (last === undefined || rows.length < query.limit) return { chunks };
        const cursor: LogPosition = forward
          ? { timestampMs: last.firstMs, sequence: last.firstSequence }
          : { timestampMs: last.lastMs, sequence: last.lastSequence };
        return { chunks, cursor };
      }),
    bytesByGroup: () => database.read(() => new Map(bytesByGroup.all().map(({ name, bytes }) => [name, bytes]))),
    expire: (group, beforeMs) =>
      database.write(() => {
        expire.run(group, beforeMs);
      }),
    trim: (bytes) =>
      database.write(() => {
        const total = totalBytes.get() ?? 0;
        let left = total;
        const touched = new Set<number>();
        while (left > bytes) {
          const oldest = oldestChunks.all();
          if (oldest.length === 0) break;
          for (const chunk of oldest) {
            if (left <= bytes) break;
            removeChunk.run(chunk.id);
            touched.add(chunk.streamId);
            left -= chunk.bytes;
          }
        }
        for (const id of touched) if (hasChunk.get(id) === undefined) removeStream.run(id);
        return total - left;
      }),
  };
}

function toChunk({ stream, events }: ChunkRow): LogChunk {
  const rows = JSON.parse(`[${events.slice(0, -1)}]`) as [number, number, number, string][];
  return {
    stream,
    events: rows.map(([timestampMs, sequence, ingestionMs, message]) => ({
      timestampMs,
      sequence,
      ingestionMs,
      message,
    })),
  };
}

function listStreams(
  sql: <Parameters extends unknown[], Row>(text: string) => { all(...values: Parameters): Row[] },
  { group, prefix, byLastEvent, descending, offset, limit }: LogStreamQuery,
): StoredLogStream[] {
  const direction = descending ? "DESC" : "ASC";
  const order = byLastEvent ? `last_event_ms ${direction}, name ${direction}` : `name ${direction}`;
  const condition = prefix === undefined ? "" : "AND substr(name, 1, ?) = ?";
  const rows = sql<(string | number)[], StreamRow>(
    `SELECT name AS stream, created_ms AS createdMs, first_event_ms AS firstEventMs, last_event_ms AS lastEventMs,
       last_ingestion_ms AS lastIngestionMs
     FROM log_streams WHERE group_name = ? ${condition} ORDER BY ${order} LIMIT ? OFFSET ?`,
  ).all(group, ...(prefix === undefined ? [] : [Array.from(prefix).length, prefix]), limit, offset);
  return rows.map(({ stream, createdMs, firstEventMs, lastEventMs, lastIngestionMs }) => ({
    stream,
    createdMs,
    ...(firstEventMs === null ? {} : { firstEventMs }),
    ...(lastEventMs === null ? {} : { lastEventMs }),
    ...(lastIngestionMs === null ? {} : { lastIngestionMs }),
  }));
}
