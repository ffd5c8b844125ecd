/**
 * Records that go to the function together, and the pieces that a batch falls into when it fails: pure.
 *
 * B1. A batch holds at most `sizeMax` records, and its event at most `batchBytesMax` bytes as it is encoded. A record that is too large by
 *     itself makes a batch by itself.
 * B2. A piece is worked on until it is done or given up; only then comes the next.
 */
import type { StreamRecord } from "@tripline/kernel";

/** A record, and its text in the event. */
export interface BatchRecord {
  record: StreamRecord;
  text: string;
  /** Of `text`, UTF-8. */
  bytes: number;
}

/** Records that are tried together. */
export interface Piece {
  records: BatchRecord[];
  /** Failed tries that count against MaximumRetryAttempts. */
  attempts: number;
  /** Tries in all, those of the batch that it was split from included. */
  invokes: number;
}

/** Of a synchronous event, less what stands around the records. */
export const batchBytesMax: number = 6_291_456 - 1_024;

/** Whether `next` still fits into a batch of `count` records and `bytes` bytes (B1). */
export function fits(count: number, bytes: number, next: BatchRecord, sizeMax: number): boolean {
  return count === 0 || (count < sizeMax && bytes + next.bytes + 1 <= batchBytesMax);
}

/** A try that failed: what of the piece is not done. */
export interface Failure {
  /** Index of the first record that is not done; 0 where all failed. */
  from: number;
  /** The function named it, under ReportBatchItemFailures. */
  isReported: boolean;
}

/** What is to be done with a piece that failed. */
export interface AfterFailure {
  /** Those before `failure.from`. */
  done: BatchRecord[];
  /** Next, in this order; empty where the rest is given up. */
  pieces: Piece[];
  /** Out of attempts. */
  givenUp: Piece | undefined;
}

/**
 * Decides. With bisecting, a piece is split without using up an attempt: at the record that the function named, else in halves; so a
 * single record is what runs out of attempts. https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function afterFailure(
  piece: Piece,
  failure: Failure,
  settings: { bisectsBatchOnError: boolean; maximumRetryAttempts: number },
): AfterFailure {
  const done = piece.records.slice(0, failure.from);
  const records = piece.records.slice(failure.from);
  const invokes = piece.invokes + 1;
  const attempts = piece.attempts + 1;
  if (settings.bisectsBatchOnError && records.length > 1) {
    if (failure.isReported && done.length > 0) {
      return { done, pieces: [{ records, attempts: piece.attempts, invokes }], givenUp: undefined };
    }
    const half = Math.ceil(records.length / 2);
    const pieces = [records.slice(0, half), records.slice(half)].map((part) => ({
      records: part,
      attempts: piece.attempts,
      invokes,
    }));
    return { done, pieces, givenUp: undefined };
  }
  const rest = { records, attempts, invokes };
  const isOut = settings.maximumRetryAttempts !== -1 && attempts > settings.maximumRetryAttempts;
  return isOut ? { done, pieces: [], givenUp: rest } : { done, pieces: [rest], givenUp: undefined };
}

const backoffMsMin = 1_000;
/** With it, eight tries fit into a minute, which is what AWS was seen to do. */
const backoffMsMax = 15_000;

/** How long to wait before the next try of a piece that failed `attempts` times. */
export function backoffMs(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(backoffMsMax, backoffMsMin * 2 ** Math.min(attempts - 1, 10));
}
