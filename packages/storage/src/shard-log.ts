/**
 * The records of shards, for stores that append in a transaction of their own (a table and its stream).
 *
 * R1. An append is written to a log that all shards share: one row a commit, however many shards and records it has. So what a commit
 *     costs is its bytes.
 * R2. What is in that log is in memory too, as each shard's tail. When it has grown to `tailBytesMax`, every tail becomes rows of its
 *     shard (segments), and the log is emptied, in the commit that would have added to it. A start reads the log again.
 * R3. The key of a segment is shard and first position in one integer, so that a shard's records lie together and in order, and a read
 *     is one walk. Segments are not changed: records that are trimmed are below the shard's floor.
 * R4. Memory is in step with the tables: what a write has appended is taken back with it (see CommitMember).
 */
import { Buffer } from "node:buffer";
import { invariant, type NewShardRecord, type ShardPlace, type ShardRecord } from "@tripline/kernel";
import type { CommitMember, Database, Schema } from "./database.ts";
import { RecordRun } from "./record-run.ts";
import { AppendBuffer } from "./append-buffer.ts";
import { addressBytes, readAddress, recordEnd, takeBack } from "./shard-record-bytes.ts";

const schema: Schema = {
  store: "shard-log",
  steps: [
    `CREATE TABLE shards (
       shard INTEGER PRIMARY KEY AUTOINCREMENT,
       position INTEGER NOT NULL,
       arrived_at_ms INTEGER NOT NULL
     ) STRICT;
     CREATE TABLE shard_records (
       id INTEGER PRIMARY KEY,
       arrived_at_ms INTEGER NOT NULL,
       partition_key TEXT NOT NULL,
       data BLOB NOT NULL
     ) STRICT`,
    // A row a record becomes a segment of one record. Position and arrival of a shard are those of its last segment now.
    `CREATE TABLE shard_segments (
       id INTEGER PRIMARY KEY,
       records INTEGER NOT NULL,
       arrived_at_ms INTEGER NOT NULL,
       data BLOB NOT NULL
     ) STRICT;
     CREATE TABLE shard_appends (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
     ALTER TABLE shards ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
     INSERT INTO shard_segments SELECT id, 1, arrived_at_ms, CAST(
       unhex(printf('%08x%08x%012x', length(CAST(partition_key AS BLOB)), length(data), arrived_at_ms))
       || CAST(partition_key AS BLOB) || data AS BLOB) FROM shard_records;
     UPDATE shards SET floor = coalesce(
       (SELECT id - 68719476736 * shard - 1 FROM shard_segments
        WHERE id > 68719476736 * shard AND id < 68719476736 * (shard + 1) ORDER BY id LIMIT 1), position);
     DROP TABLE shard_records`,
  ],
};

/** Positions of a shard, and so shards: together they stay within what a number holds exactly. */
const positionsPerShard = 2 ** 36;
const shardsMax = 2 ** 17;
/** R2: of all tails together. */
const tailBytesMax = 4 * 1_024 * 1_024;
/** What a read takes from the disk at once, about. */
const segmentBytesMax = 256 * 1_024;
/** Segments that were read last are kept: the next read begins in the same one. */
const segmentsKept = 16;

/** To be called inside of a write or a read of the database. */
export interface ShardLog {
  allocate(): number;
  append(record: NewShardRecord): ShardPlace;
  read(shard: number, after: number, options: { max: number; bytesMax: number; arrivedFromMs: number }): ShardRecord[];
  last(shard: number): ShardPlace;
  lastBefore(shard: number, beforeMs: number): number;
  trim(shard: number, beforeMs: number, max: number): number;
  /** Up to `max` records of a shard that is given up; how many it removed. */
  clear(shard: number, max: number): number;
  forget(shard: number): void;
}

interface Head {
  shard: number;
  /** Of the last record. */
  position: number;
  arrivedAtMs: number;
  /** The position before the first record that is kept. */
  floor: number;
  /** Records that are in no segment yet; it ends at `position`. */
  tail: RecordRun;
  /** Of the last record that is in a segment. */
  storedAtMs: number;
}

interface HeadRow extends ShardPlace {
  floor: number;
}

interface Segment {
  id: number;
  records: number;
  arrivedAtMs: number;
}

const known = new WeakMap<Database, ShardLog>();

/** The shard log of a database: one, whoever asks, since it remembers (R4). Makes its tables. */
export function shardLogOf(database: Database): ShardLog {
  const log = known.get(database) ?? createShardLog(database);
  known.set(database, log);
  return log;
}

function createShardLog(database: Database): ShardLog {
  database.migrate(schema);
  const { connection } = database;
  const insertShard = connection.prepare("INSERT INTO shards (position, arrived_at_ms) VALUES (0, 0)");
  const selectHead = connection.prepare<[number], HeadRow>(
    "SELECT position, arrived_at_ms AS arrivedAtMs, floor FROM shards WHERE shard = ?",
  );
  const setHead = connection.prepare("UPDATE shards SET position = ?, arrived_at_ms = ? WHERE shard = ?");
  const setFloor = connection.prepare("UPDATE shards SET floor = ? WHERE shard = ?");
  const removeShard = connection.prepare("DELETE FROM shards WHERE shard = ?");
  const insertAppends = connection.prepare("INSERT INTO shard_appends (data) VALUES (?)");
  const clearAppends = connection.prepare("DELETE FROM shard_appends");
  const insertSegment = connection.prepare(
    "INSERT INTO shard_segments (id, records, arrived_at_ms, data) VALUES (?, ?, ?, ?)",
  );
  /** The segment that holds a position, or the last one before it. */
  const segmentAt = connection.prepare<[number, number], Segment>(
    "SELECT id, records, arrived_at_ms AS arrivedAtMs FROM shard_segments WHERE id <= ? AND id > ? ORDER BY id DESC LIMIT 1",
  );
  const dataOf = connection.prepare<[number], Buffer>("SELECT data FROM shard_segments WHERE id = ?").pluck();
  const removeSegments = connection.prepare(
    "DELETE FROM shard_segments WHERE id > ? AND id <= ? AND id + records - 1 <= ?",
  );

  const heads = new Map<number, Head>();
  /** Those whose tails hold something. */
  const withTail = new Set<Head>();
  let tailBytes = 0;
  /** What the turn did: a shard for each append, and how to undo the rest (R4). */
  let turn: (Head | (() => void))[] = [];
  const appends = new AppendBuffer();
  let isStoring = false;
  const segments = new Map<number, RecordRun>();

  const baseOf = (shard: number): number => shard * positionsPerShard;
  const headOf = (shard: number): Head => {
    const found = heads.get(shard);
    if (found !== undefined) return found;
    const { position, arrivedAtMs, floor } = selectHead.get(shard) ?? { position: 0, arrivedAtMs: 0, floor: 0 };
    const head = { shard, position, arrivedAtMs, floor, tail: new RecordRun(position + 1), storedAtMs: arrivedAtMs };
    heads.set(shard, head);
    return head;
  };
  const add = (head: Head, buffer: Buffer, start: number, place: ShardPlace): void => {
    head.tail.push(buffer, start);
    head.position = place.position;
    head.arrivedAtMs = place.arrivedAtMs;
    if (head.tail.length === 1) withTail.add(head);
  };
  const remove = (head: Head): void => {
    const { tail } = head;
    const bytes = tail.pop();
    invariant(bytes !== undefined, "R4: nothing to take back");
    takeBack(bytes.buffer, bytes.start - addressBytes);
    head.position--;
    head.arrivedAtMs = tail.length === 0 ? head.storedAtMs : tail.arrivalAt(tail.last);
    if (tail.length === 0) withTail.delete(head);
  };

  const segmentOf = ({ shard }: Head, position: number): Segment | undefined =>
    segmentAt.get(baseOf(shard) + position, baseOf(shard));
  const runOf = (head: Head, { id }: Segment): RecordRun => {
    const kept = segments.get(id);
    if (kept !== undefined) return kept;
    const run = RecordRun.ofSegment(id - baseOf(head.shard), dataOf.get(id) ?? Buffer.alloc(0));
    for (const oldest of segments.keys()) if (segments.size >= segmentsKept) segments.delete(oldest);
    segments.set(id, run);
    return run;
  };
  /** The run that holds a position, which is kept. */
  const runAt = (head: Head, position: number): RecordRun => {
    if (position >= head.tail.first) return head.tail;
    const segment = segmentOf(head, position);
    invariant(segment !== undefined, "R3: a position has no segment");
    return runOf(head, segment);
  };

  const lastBefore = (shard: number, beforeMs: number): number => {
    const head = headOf(shard);
    const { tail, floor } = head;
    if (tail.length > 0 && tail.arrivalAt(tail.first) < beforeMs) return Math.max(floor, tail.lastBefore(beforeMs));
    let found: Segment | undefined;
    let low = floor;
    let high = tail.first - 1;
    while (low < high) {
      const segment = segmentOf(head, low + Math.ceil((high - low) / 2));
      if (segment === undefined) break;
      const first = segment.id - baseOf(shard);
      if (segment.arrivedAtMs < beforeMs) {
        found = segment;
        low = first + segment.records - 1;
      } else high = first - 1;
    }
    return found === undefined ? floor : Math.max(floor, runOf(head, found).lastBefore(beforeMs));
  };
  const removeUpTo = (head: Head, position: number, max: number): number => {
    const { shard, floor } = head;
    const to = Math.min(position, floor + max);
    if (to <= floor) return 0;
    const base = baseOf(shard);
    removeSegments.run(base, base + to, base + to);
    setFloor.run(to, shard);
    head.floor = to;
    turn.push(() => {
      head.floor = floor;
    });
    return to - floor;
  };

  /** R2 */
  const store = (head: Head): void => {
    const { tail, shard, position, arrivedAtMs, floor } = head;
    if (setHead.run(position, arrivedAtMs, shard).changes === 0) return; // the shard is gone
    let first = Math.max(tail.first, floor + 1);
    let pieces: Buffer[] = [];
    let bytes = 0;
    for (let at = first; at <= position; at++) {
      const one = tail.bytesAt(at);
      pieces.push(one);
      bytes += one.byteLength;
      if (bytes < segmentBytesMax && at < position) continue;
      insertSegment.run(baseOf(shard) + first, pieces.length, tail.arrivalAt(first), Buffer.concat(pieces, bytes));
      first = at + 1;
      pieces = [];
      bytes = 0;
    }
  };
  const member: CommitMember = {
    mark: () => turn.length,
    backTo(mark) {
      while (turn.length > mark) {
        const done = turn.pop();
        if (typeof done === "function") done();
        else if (done !== undefined) remove(done);
      }
    },
    beforeCommit() {
      const written = appends.written();
      const bytes = written.reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (bytes === 0) return;
      isStoring = tailBytes + bytes > tailBytesMax;
      if (!isStoring) {
        for (const one of written) insertAppends.run(one);
        tailBytes += bytes;
        return;
      }
      for (const head of withTail) store(head);
      clearAppends.run();
    },
    ended(isKept) {
      if (!isKept) member.backTo(0);
      turn = [];
      appends.endTurn();
      if (isKept && isStoring) emptyTails();
      isStoring = false;
    },
  };
  const emptyTails = (): void => {
    tailBytes = 0;
    for (const head of withTail) {
      head.storedAtMs = head.arrivedAtMs;
      head.tail.clear(head.position + 1);
    }
    withTail.clear();
  };
  database.join(member);

  for (const data of connection.prepare<[], Buffer>("SELECT data FROM shard_appends ORDER BY id").pluck().all()) {
    tailBytes += data.byteLength;
    for (let at = 0; at < data.byteLength;) {
      const start = at + addressBytes;
      const { shard, position } = readAddress(data, at);
      const head = shard === 0 ? undefined : headOf(shard);
      if (head !== undefined && position === head.position + 1) {
        add(head, data, start, { position, arrivedAtMs: 0 });
        head.arrivedAtMs = head.tail.arrivalAt(position);
      }
      at = recordEnd(data, start);
    }
  }

  return {
    allocate() {
      const shard = Number(insertShard.run().lastInsertRowid);
      if (shard >= shardsMax) throw new Error(`there is no room for more than ${shardsMax} shards`);
      return shard;
    },
    append(record) {
      const head = headOf(record.shard);
      const place = {
        position: head.position + 1,
        arrivedAtMs: Math.max(head.arrivedAtMs, Math.floor(record.arrivedAtMs)),
      };
      const { buffer, start } = appends.write(record, place);
      add(head, buffer, start, place);
      turn.push(head);
      return place;
    },
    read(shard, after, { max, bytesMax, arrivedFromMs }) {
      const records: ShardRecord[] = [];
      const head = headOf(shard);
      let at = Math.max(after, head.floor);
      if (at >= head.position) return records;
      if (runAt(head, at + 1).arrivalAt(at + 1) < arrivedFromMs) at = Math.max(at, lastBefore(shard, arrivedFromMs));
      let bytes = 0;
      while (at < head.position) {
        const run = runAt(head, at + 1);
        for (const { last } = run; at < last; at++) {
          bytes += run.dataBytesAt(at + 1);
          if (records.length >= max || (records.length > 0 && bytes > bytesMax)) return records;
          records.push(run.recordAt(at + 1));
        }
      }
      return records;
    },
    last(shard) {
      const { position, arrivedAtMs } = headOf(shard);
      return { position, arrivedAtMs };
    },
    lastBefore,
    trim: (shard, beforeMs, max) => removeUpTo(headOf(shard), lastBefore(shard, beforeMs), max),
    clear(shard, max) {
      const head = headOf(shard);
      return removeUpTo(head, head.position, max);
    },
    forget(shard) {
      const head = headOf(shard);
      removeShard.run(shard);
      heads.delete(shard);
      withTail.delete(head);
      turn.push(() => {
        heads.set(shard, head);
        if (head.tail.length > 0) withTail.add(head);
      });
    },
  };
}
