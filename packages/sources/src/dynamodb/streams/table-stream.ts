/**
 * The stream of a table, its shards, and the names of what is in it: pure.
 *
 * T1. One shard is open, until it is four hours old; then its child follows. A shard that is closed stays until its records are past
 *     their retention.
 * T2. Sequence numbers grow within a shard, and from parent to child: a child is made in a later second.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
import { hash } from "node:crypto";
import { shardMs, streamRetentionMs } from "../limits.ts";
import type { KeySchema } from "../table.ts";

export type StreamViewType = "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";

export interface StreamShardRecord {
  index: number;
  /** In the store. */
  log: number;
  parent?: number;
  /** In its sequence numbers (T2). */
  createdSeconds: number;
  openedAtMs: number;
  closedAtMs?: number;
}

export interface TableStream {
  arn: string;
  label: string;
  tableName: string;
  viewType: StreamViewType;
  key: KeySchema;
  createdAtMs: number;
  /** When it was switched off; it can be read for a day more. */
  disabledAtMs?: number;
  shards: StreamShardRecord[];
}

const positionDigits = 12;
const secondsDigits = 10;

/** The open shard. */
export function openShard({ shards }: TableStream): StreamShardRecord | undefined {
  const last = shards.at(-1);
  return last?.closedAtMs === undefined ? last : undefined;
}

export function isShardDue(stream: TableStream, nowMs: number): boolean {
  const shard = openShard(stream);
  return shard !== undefined && nowMs - shard.openedAtMs >= shardMs;
}

/** The shard that opens when `log` is given; the one before is closed (T1, T2). */
export function withNextShard(stream: TableStream, log: number, nowMs: number): TableStream {
  const parent = openShard(stream);
  const before = stream.shards.at(-1);
  const shard: StreamShardRecord = {
    index: (before?.index ?? -1) + 1,
    log,
    ...(parent === undefined ? {} : { parent: parent.index }),
    createdSeconds: Math.max(Math.floor(nowMs / 1_000), (before?.createdSeconds ?? -1) + 1),
    openedAtMs: nowMs,
  };
  return { ...stream, shards: [...closeShards(stream, nowMs), shard] };
}

export function closeShards({ shards }: TableStream, nowMs: number): StreamShardRecord[] {
  return shards.map((shard) => (shard.closedAtMs === undefined ? { ...shard, closedAtMs: nowMs } : shard));
}

/** Shards whose records are past their retention. */
export function isShardGone({ closedAtMs }: StreamShardRecord, nowMs: number): boolean {
  return closedAtMs !== undefined && closedAtMs < nowMs - streamRetentionMs;
}

export function isStreamGone({ disabledAtMs }: TableStream, nowMs: number): boolean {
  return disabledAtMs !== undefined && disabledAtMs < nowMs - streamRetentionMs;
}

/** `shardId-00000001545084650987-bd3b6a47` */
export function toShardId(stream: Pick<TableStream, "arn" | "createdAtMs">, index: number): string {
  const digits = String(stream.createdAtMs + index).padStart(20, "0");
  return `shardId-${digits}-${digest(`${stream.arn} ${index}`).slice(0, 8)}`;
}

export function findShard(stream: TableStream, shardId: string): StreamShardRecord | undefined {
  return stream.shards.find(({ index }) => toShardId(stream, index) === shardId);
}

/** `position`: of the record in its shard: 1, 2, 3, …; 0: before the first. */
export function toSequenceNumber({ createdSeconds }: StreamShardRecord, position: number): string {
  return `1${pad(createdSeconds, secondsDigits)}${pad(position, positionDigits)}`;
}

/** The position; undefined where the number is not of this shard. */
export function parseSequenceNumber(shard: StreamShardRecord, text: string): number | undefined {
  const position = Number(text.slice(-positionDigits));
  return /^\d+$/.test(text) && toSequenceNumber(shard, position) === text ? position : undefined;
}

/** 32 digits of hexadecimal. */
export function toEventId(arn: string, sequenceNumber: string): string {
  return digest(`${arn} ${sequenceNumber}`);
}

/** `2026-01-01T00:00:00.000` */
export function toStreamLabel(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "");
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

function digest(text: string): string {
  return hash("md5", text, "hex");
}
