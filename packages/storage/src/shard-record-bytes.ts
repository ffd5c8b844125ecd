/**
 * A record of a shard as bytes, in the log of appends and in segments alike: so it is encoded once.
 *
 * Lengths of key and data (4 bytes each), arrival in milliseconds (6), key (UTF-8), data. In the log of appends, shard (4) and position
 * (6) stand before it; shard 0 is none, for a record that was taken back. All big-endian.
 */
import { Buffer } from "node:buffer";
import type { NewShardRecord, ShardRecord } from "@tripline/kernel";

export const addressBytes = 10;
const headBytes = 14;

/** Of the record alone. */
export function recordBytes({ partitionKey, data }: NewShardRecord): number {
  return headBytes + Buffer.byteLength(partitionKey) + data.byteLength;
}

/** Writes address and record at `start`, which has room for both. */
export function writeRecord(
  target: Buffer,
  start: number,
  bytes: number,
  record: NewShardRecord,
  place: { position: number; arrivedAtMs: number },
): void {
  const { shard, partitionKey, data } = record;
  const keyBytes = bytes - headBytes - data.byteLength;
  target.writeUInt32BE(shard, start);
  write48(target, start + 4, place.position);
  const at = start + addressBytes;
  target.writeUInt32BE(keyBytes, at);
  target.writeUInt32BE(data.byteLength, at + 4);
  write48(target, at + 8, place.arrivedAtMs);
  target.write(partitionKey, at + headBytes, "utf8");
  target.set(data, at + headBytes + keyBytes);
}

/** Makes the record whose address stands at `start` that of no shard. */
export function takeBack(target: Buffer, start: number): void {
  target.writeUInt32BE(0, start);
}

export function readAddress(source: Buffer, start: number): { shard: number; position: number } {
  return { shard: source.readUInt32BE(start), position: read48(source, start + 4) };
}

/** Where the record that begins at `start` ends. */
export function recordEnd(source: Buffer, start: number): number {
  return start + headBytes + source.readUInt32BE(start) + source.readUInt32BE(start + 4);
}

export function readArrival(source: Buffer, start: number): number {
  return read48(source, start + 8);
}

export function dataBytesOf(source: Buffer, start: number): number {
  return source.readUInt32BE(start + 4);
}

/** Its data are a view of `source`. */
export function readRecord(source: Buffer, start: number, position: number): ShardRecord {
  const keyEnd = start + headBytes + source.readUInt32BE(start);
  return {
    position,
    partitionKey: source.toString("utf8", start + headBytes, keyEnd),
    data: source.subarray(keyEnd, keyEnd + source.readUInt32BE(start + 4)),
    arrivedAtMs: read48(source, start + 8),
  };
}

function write48(target: Buffer, at: number, value: number): void {
  target.writeUInt16BE(Math.floor(value / 2 ** 32), at);
  target.writeUInt32BE(value >>> 0, at + 2);
}

function read48(source: Buffer, at: number): number {
  return source.readUInt16BE(at) * 2 ** 32 + source.readUInt32BE(at + 2);
}
