/** What a lane does next with what it has read: pure. */
import { type BatchRecord, fits } from "./stream-batch.ts";
import { type OpenWindow, windowStartMs } from "./tumbling-window.ts";

/** Sends the first `count` records (the last ones of their window where `isFinal`), ends with the shard, or waits. */
export type NextStep =
  | { act: "send"; count: number; isFinal: boolean }
  | { act: "end" }
  | { act: "wait"; dueMs: number | undefined };

/** Where a lane stands. */
export interface LaneState {
  ahead: readonly BatchRecord[];
  /** The shard is closed, and all of it read. */
  isEnd: boolean;
  nowMs: number;
  /** When the batch that is gathered began. */
  openedAtMs: number;
  window: OpenWindow | undefined;
}

export function nextStep(
  { ahead, isEnd, nowMs, openedAtMs, window }: LaneState,
  settings: { batchSize: number; batchingWindowMs: number; tumblingWindowMs: number },
): NextStep {
  if (window?.isOverfull === true) return { act: "send", count: 0, isFinal: true };
  const belongs = ({ record }: BatchRecord): boolean =>
    window === undefined || windowStartMs(record.arrivedAtMs, settings.tumblingWindowMs) <= window.startMs;

  let count = 0;
  let bytes = 0;
  for (const one of ahead) {
    if (!belongs(one) || !fits(count, bytes, one, settings.batchSize)) break;
    count++;
    bytes += one.bytes + 1;
  }
  const beyond = ahead[count];
  const endsMs = window === undefined ? undefined : window.startMs + settings.tumblingWindowMs;
  const isOver = endsMs !== undefined && (beyond === undefined ? isEnd || nowMs >= endsMs : !belongs(beyond));
  if (count === 0) {
    if (isOver) return { act: "send", count, isFinal: true };
    if (window === undefined && isEnd) return { act: "end" };
    return { act: "wait", dueMs: endsMs };
  }
  const dueMs = openedAtMs + settings.batchingWindowMs;
  if (beyond !== undefined || count >= settings.batchSize || isOver || isEnd || nowMs >= dueMs) {
    return { act: "send", count, isFinal: isOver };
  }
  return { act: "wait", dueMs: endsMs === undefined ? dueMs : Math.min(dueMs, endsMs) };
}
