/**
 * Reads one slice of one shard ahead of its function.
 *
 * A1. Records of other slices, records that a filter does not let pass, and records that a former slice had done are passed over.
 * A2. What is held is bounded: a little more than one batch.
 */
import type { StreamRecord, StreamSource } from "@tripline/kernel";
import type { LaneCheckpoint } from "./lane-checkpoint.ts";
import { compareSequence } from "./sequence-order.ts";
import { sliceOf } from "./slice-of.ts";
import { type BatchRecord, batchBytesMax } from "./stream-batch.ts";

const readMax = 10_000;
const readMin = 1_000;

/** What a reader needs; `accepts` and `roleArn` are asked anew for each record, since both may change. */
export interface LaneReaderOptions {
  source: StreamSource;
  shardId: string;
  slice: number;
  slices: number;
  former?: LaneCheckpoint["former"];
  accepts: (record: StreamRecord) => boolean;
  roleArn: () => string;
  /** After each read: how many records were of this slice and not done, and which of them no filter lets pass. */
  onRead: (count: number, filtered: readonly StreamRecord[]) => void;
}

/** See the module's header. */
export class LaneReader {
  /** Read, and in no batch yet, in order. */
  ahead: BatchRecord[] = [];
  /** The shard is closed, and all of it read. */
  isEnd = false;
  /** The last record that was looked at. */
  readAfter: string | undefined;
  readonly #options: LaneReaderOptions;
  #bytes = 0;

  constructor(options: LaneReaderOptions, after: string | undefined) {
    this.#options = options;
    this.readAfter = after;
  }

  /** Reads until more than `count` records are ahead, their bytes exceed a batch, or nothing is left. Rejects where the stream is gone. */
  async fill(count: number): Promise<void> {
    const { source, shardId } = this.#options;
    while (!this.isEnd && this.ahead.length <= count && this.#bytes <= batchBytesMax) {
      const max = Math.min(readMax, Math.max(readMin, count));
      const { records, isEnd } = await source.read(shardId, this.readAfter, max);
      this.isEnd = isEnd;
      if (records.length === 0) return;
      this.#take(records);
    }
  }

  /** Takes the first `count` records. */
  shift(count: number): BatchRecord[] {
    const taken = this.ahead.splice(0, count);
    for (const { bytes } of taken) this.#bytes -= bytes;
    return taken;
  }

  #take(records: readonly StreamRecord[]): void {
    const { slice, slices, accepts, roleArn, onRead } = this.#options;
    const filtered: StreamRecord[] = [];
    const role = roleArn();
    let count = 0;
    for (const record of records) {
      if (sliceOf(record.partitionKey, slices) !== slice || this.#wasDone(record)) continue;
      count++;
      if (!accepts(record)) {
        filtered.push(record);
        continue;
      }
      const text = record.toEventText(role);
      const bytes = Buffer.byteLength(text);
      this.ahead.push({ record, text, bytes });
      this.#bytes += bytes;
    }
    this.readAfter = records.at(-1)?.sequenceNumber;
    onRead(count, filtered);
  }

  #wasDone({ partitionKey, sequenceNumber }: StreamRecord): boolean {
    const { former } = this.#options;
    if (former === undefined) return false;
    const place = former[sliceOf(partitionKey, former.length)];
    return typeof place === "string" && compareSequence(sequenceNumber, place) <= 0;
  }
}
