/**
 * When a schedule fires. Pure.
 *
 * F1. `cron` and `at` are read in the time zone's wall-clock time: a time that daylight saving skips is skipped, a repeated one
 *     fires once, the first time. Days of `rate` are 24 hours.
 * F2. `rate` counts from `anchorMs`: its first firing is at the anchor for Scheduler, one period later for a rule.
 * F3. Nothing fires before `startMs` or after `endMs` (both inclusive). `at` knows neither.
 */
import { createCronWalk } from "./cron-walk.ts";
import { localTimeOf } from "./local-time.ts";
import type { ScheduleExpression } from "./schedule-expression.ts";

/** What decides when an expression fires. Epoch milliseconds. */
export interface FiringTimesOptions {
  /** IANA name. Default `UTC`. */
  timezone?: string;
  /** From when `rate` counts. */
  anchorMs: number;
  /** Whether `rate` fires at the anchor itself. Default false. */
  firesAtAnchor?: boolean;
  startMs?: number;
  endMs?: number;
}

/** The first firing strictly after an instant; `undefined` when there is none any more. */
export type NextFiring = (afterMs: number) => number | undefined;

const lastInstantMs = Date.UTC(2200, 0, 1);

/** The firings of `expression`. */
export function createFiringTimes(expression: ScheduleExpression, options: FiringTimesOptions): NextFiring {
  if (expression.kind === "at") {
    const instantMs = localTimeOf(options.timezone ?? "UTC").toInstant(expression.localMs);
    return (afterMs) => (instantMs !== undefined && instantMs > afterMs ? instantMs : undefined);
  }
  const next =
    expression.kind === "rate" ? rateFirings(expression.periodMs, options) : cronFirings(expression, options);
  const { startMs = Number.NEGATIVE_INFINITY, endMs = lastInstantMs } = options;
  return (afterMs) => {
    const dueMs = next(Math.max(afterMs, startMs - 1)); // F3
    return dueMs === undefined || dueMs > endMs ? undefined : dueMs;
  };
}

/** The next `count` firings strictly after `afterMs`. */
export function nextFirings(next: NextFiring, afterMs: number, count: number): number[] {
  const firings: number[] = [];
  for (let dueMs = next(afterMs); dueMs !== undefined && firings.length < count; dueMs = next(dueMs))
    firings.push(dueMs);
  return firings;
}

function rateFirings(periodMs: number, { anchorMs, firesAtAnchor = false }: FiringTimesOptions): NextFiring {
  const first = firesAtAnchor ? 0 : 1; // F2
  return (afterMs) => anchorMs + Math.max(first, Math.floor((afterMs - anchorMs) / periodMs) + 1) * periodMs;
}

function cronFirings(
  { fields }: Extract<ScheduleExpression, { kind: "cron" }>,
  { timezone = "UTC" }: FiringTimesOptions,
): NextFiring {
  const nextLocal = createCronWalk(fields);
  const zone = localTimeOf(timezone);
  return (afterMs) => {
    let localMs = nextLocal(zone.toLocal(afterMs));
    while (localMs !== undefined) {
      const instantMs = zone.toInstant(localMs);
      if (instantMs !== undefined && instantMs > afterMs) return instantMs; // F1
      localMs = nextLocal(localMs);
    }
    return undefined;
  };
}
