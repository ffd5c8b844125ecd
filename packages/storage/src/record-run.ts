/** Consecutive records of a shard, encoded, wherever their bytes are. */
import type { Buffer } from "node:buffer";
import { dataBytesOf, readArrival, readRecord, recordEnd } from "./shard-record-bytes.ts";
import type { ShardRecord } from "@tripline/kernel";

/** See the module's header. */
export class RecordRun {
  /** Position of the first. */
  first: number;
  readonly #buffers: Buffer[] = [];
  readonly #starts: number[] = [];

  constructor(first: number) {
    this.first = first;
  }

  /** `source` holds the records and nothing else. */
  static ofSegment(first: number, source: Buffer): RecordRun {
    const run = new RecordRun(first);
    for (let start = 0; start < source.byteLength; start = recordEnd(source, start)) run.push(source, start);
    return run;
  }

  get length(): number {
    return this.#starts.length;
  }

  /** Position of the last. */
  get last(): number {
    return this.first + this.length - 1;
  }

  push(buffer: Buffer, start: number): void {
    this.#buffers.push(buffer);
    this.#starts.push(start);
  }

  /** Takes the last one away, and gives where its bytes are. */
  pop(): { buffer: Buffer; start: number } | undefined {
    const buffer = this.#buffers.pop();
    const start = this.#starts.pop();
    return buffer === undefined || start === undefined ? undefined : { buffer, start };
  }

  clear(first: number): void {
    this.first = first;
    this.#buffers.length = 0;
    this.#starts.length = 0;
  }

  arrivalAt(position: number): number {
    return this.#at(position, readArrival);
  }

  dataBytesAt(position: number): number {
    return this.#at(position, dataBytesOf);
  }

  recordAt(position: number): ShardRecord {
    return this.#at(position, (buffer, start) => readRecord(buffer, start, position));
  }

  bytesAt(position: number): Buffer {
    return this.#at(position, (buffer, start) => buffer.subarray(start, recordEnd(buffer, start)));
  }

  /** The last position whose record arrived before a moment; the one before the first where none did. */
  lastBefore(beforeMs: number): number {
    let low = this.first - 1;
    let high = this.last;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.arrivalAt(middle) < beforeMs) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #at<T>(position: number, read: (buffer: Buffer, start: number) => T): T {
    const at = position - this.first;
    const buffer = this.#buffers[at];
    const start = this.#starts[at];
    if (buffer === undefined || start === undefined) throw new RangeError(`no record at position ${position}`);
    return read(buffer, start);
  }
}
