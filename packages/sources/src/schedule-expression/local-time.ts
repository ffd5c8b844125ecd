/**
 * Wall-clock time of an IANA zone. A local time is written as epoch milliseconds "as if it were UTC".
 *
 * L1. A local time that daylight saving skips has no instant; one that it repeats has the first.
 * L2. Later local times have later instants: so a cron expression can be walked in local time.
 */
import { IANAZone } from "luxon";

/** Converts between instants (epoch milliseconds) and local times. */
export interface LocalTime {
  toLocal(instantMs: number): number;
  /** L1: undefined for a local time that does not exist. */
  toInstant(localMs: number): number | undefined;
}

const utc: LocalTime = { toLocal: (ms) => ms, toInstant: (ms) => ms };
const zones = new Map<string, LocalTime>([["UTC", utc]]);
const bucketMs = 6 * 3_600_000;
const dayMs = 86_400_000;

/** Whether the time zone database knows `timezone`. */
export function isTimezone(timezone: string): boolean {
  return timezone === "UTC" || IANAZone.isValidZone(timezone);
}

/** The wall clock of `timezone`, which must be one: see {@link isTimezone}. */
export function localTimeOf(timezone: string): LocalTime {
  let zone = zones.get(timezone);
  if (zone === undefined) {
    zone = createLocalTime(IANAZone.create(timezone));
    zones.set(timezone, zone);
  }
  return zone;
}

function createLocalTime(zone: IANAZone): LocalTime {
  const offsetMs = createOffsets((instantMs) => zone.offset(instantMs) * 60_000);
  return {
    toLocal: (instantMs) => instantMs + offsetMs(instantMs),
    toInstant(localMs) {
      // Any change of the offset that can matter lies between the two.
      const before = offsetMs(localMs - dayMs);
      const later = offsetMs(localMs + dayMs);
      const first = localMs - Math.max(before, later);
      if (offsetMs(first) === localMs - first) return first;
      const second = localMs - Math.min(before, later);
      return offsetMs(second) === localMs - second ? second : undefined;
    },
  };
}

/** Remembers the offset of spans of six hours that have one offset; asking the time zone database each time is slow. */
function createOffsets(ask: (instantMs: number) => number): (instantMs: number) => number {
  const known = new Map<number, number>();
  return (instantMs) => {
    const bucket = Math.floor(instantMs / bucketMs);
    const offset = known.get(bucket);
    if (offset !== undefined) return Number.isNaN(offset) ? ask(instantMs) : offset;
    const first = ask(bucket * bucketMs);
    const last = ask((bucket + 1) * bucketMs - 1);
    if (known.size > 10_000) known.clear();
    known.set(bucket, first === last ? first : Number.NaN);
    return first === last ? first : ask(instantMs);
  };
}
