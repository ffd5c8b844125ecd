/**
 * How a stream in on-demand mode grows and shrinks: pure.
 * https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
 *
 * O1. Its capacity is that of its open shards; it begins with four. A shard's own limits are as ever, so one busy key is throttled
 *     however large the stream is.
 * O2. It takes double the greatest write throughput of the last 30 days. Throughput is the mean of a minute; by bytes or by records,
 *     whichever asks for more.
 * O3. Where that is more than it has, its shards double: once in a quarter of an hour. So writes that more than double within a quarter of
 *     an hour are throttled, as AWS says they can be.
 * O4. Where half of its shards would do for the peaks of 30 days, half of them go; never below four.
 * O5. It is looked at when a record comes after the end of a minute: a stream that nobody writes to wakes nobody, and keeps its shards.
 * How fast AWS reacts, and that it doubles and halves, is not documented.
 */
import { shardsOnDemandAtFirst, shardsOnDemandMax, writeBytesPerSecond, writeRecordsPerSecond } from "./limits.ts";

/** What was written into a stream in the minute that is under way. */
export interface WriteMeter {
  minute: number;
  bytes: number;
  records: number;
}

/** What a stream in on-demand mode remembers. */
export interface OnDemandHistory {
  /** The greatest throughput of each day of the last 30, in shards' worth of writes. Days since the epoch. */
  peaks: { day: number; shards: number }[];
  /** When its shards last doubled, epoch milliseconds. */
  doubledAtMs?: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const rememberedDays = 30;
const doublingIntervalMs = 15 * minuteMs;

/** Counts what was written. Returns the minute before, in shards' worth of writes, where this is the first write of another. */
export function measure(meter: WriteMeter, bytes: number, records: number, nowMs: number): number | undefined {
  const minute = Math.floor(nowMs / minuteMs);
  const isNext = minute !== meter.minute;
  const before = Math.max(meter.bytes / (60 * writeBytesPerSecond), meter.records / (60 * writeRecordsPerSecond));
  if (isNext) Object.assign(meter, { minute, bytes: 0, records: 0 });
  meter.bytes += bytes;
  meter.records += records;
  return isNext && before > 0 ? before : undefined;
}

/** The history with a minute's throughput added; the same one where that says nothing new. */
export function remember(history: OnDemandHistory, shards: number, nowMs: number): OnDemandHistory {
  const day = Math.floor(nowMs / dayMs);
  const today = history.peaks.find((one) => one.day === day);
  if (today !== undefined && today.shards >= shards) return history;
  const others = history.peaks.filter((one) => one.day !== day && one.day > day - rememberedDays);
  return { ...history, peaks: [...others, { day, shards }] };
}

/** How many shards the stream should have now. */
export function shardsWanted({ peaks, doubledAtMs = -Infinity }: OnDemandHistory, open: number, nowMs: number): number {
  const day = Math.floor(nowMs / dayMs);
  const recent = peaks.filter((one) => one.day > day - rememberedDays);
  const needed = 2 * Math.max(0, ...recent.map(({ shards }) => shards)); // O2
  if (needed > open && nowMs - doubledAtMs >= doublingIntervalMs) return Math.min(open * 2, shardsOnDemandMax); // O3
  const half = Math.max(shardsOnDemandAtFirst, Math.ceil(open / 2));
  return half < open && needed <= half ? half : open; // O4
}
