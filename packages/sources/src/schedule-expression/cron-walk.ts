/**
 * Walks a cron expression in local time: first the day, then the minute of that day.
 *
 * W1. Days named by plain lists are looked up in the lists; `L`, `W` and `#` are left to cron-parser (see `special-days.ts`).
 * W2. The day found last is remembered, so that the minutes of one day cost one search for it.
 */
import type { CronFields } from "./cron-fields.ts";
import type { NextDay } from "./next-day.ts";
import { nextPlainDay } from "./plain-days.ts";
import { createSpecialDays } from "./special-days.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** The first matching local minute strictly after a local time; `undefined` when there is none any more. */
export type NextLocal = (afterLocalMs: number) => number | undefined;

/** A walk over `fields`. */
export function createCronWalk(fields: CronFields): NextLocal {
  const nextDay = remembering(isPlain(fields) ? (fromMs) => nextPlainDay(fields, fromMs) : createSpecialDays(fields));
  const firstMinute = nextMinuteOfDay(fields, 0) ?? 0;
  return (afterLocalMs) => {
    const fromMs = (Math.floor(afterLocalMs / minuteMs) + 1) * minuteMs;
    const today = Math.floor(fromMs / dayMs) * dayMs;
    const day = nextDay(today);
    if (day !== today) return day === undefined ? undefined : day + firstMinute * minuteMs;
    const minute = nextMinuteOfDay(fields, (fromMs - today) / minuteMs);
    if (minute !== undefined) return today + minute * minuteMs;
    const later = nextDay(today + dayMs);
    return later === undefined ? undefined : later + firstMinute * minuteMs;
  };
}

function isPlain({ day }: CronFields): boolean {
  return day.kind === "days-of-month" || day.kind === "days-of-week"; // W1
}

function remembering(nextDay: NextDay): NextDay {
  let asked = Number.POSITIVE_INFINITY;
  let found: number | undefined;
  return (fromMs) => {
    if (fromMs >= asked && (found === undefined || fromMs <= found)) return found; // W2
    found = nextDay(fromMs);
    asked = fromMs;
    return found;
  };
}

function nextMinuteOfDay(fields: CronFields, from: number): number | undefined {
  const fromHour = Math.floor(from / 60);
  for (const hour of fields.hours) {
    if (hour < fromHour) continue;
    const fromMinute = hour === fromHour ? from % 60 : 0;
    for (const minute of fields.minutes) if (minute >= fromMinute) return hour * 60 + minute;
  }
  return undefined;
}
