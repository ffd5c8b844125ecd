/** Days written with `L`, `W` or `#`: at most one a month. */
import type { CronFields, DayRule } from "./cron-fields.ts";
import type { NextDay } from "./next-day.ts";

/** A rule of that kind. */
export type SpecialDay = Exclude<DayRule, { kind: "days-of-month" | "days-of-week" }>;

/** Finds the days of `rule` in the months and years of `fields`. */
export function createSpecialDays(rule: SpecialDay, { months, years }: CronFields): NextDay {
  return (fromMidnightMs) => {
    for (const year of years) {
      if (Date.UTC(year + 1, 0, 1) <= fromMidnightMs) continue;
      for (const month of months) {
        const day = dayOf(rule, new Date(Date.UTC(year, month, 0)));
        if (day === undefined) continue;
        const ms = Date.UTC(year, month - 1, day);
        if (ms >= fromMidnightMs) return ms;
      }
    }
    return undefined;
  };
}

/** The day of the month whose last day is `end`; undefined where that month has none. */
function dayOf(rule: SpecialDay, end: Date): number | undefined {
  const last = end.getUTCDate();
  switch (rule.kind) {
    case "last-day":
      return last;
    case "last-weekday":
      return nearestWeekday(last, end);
    case "nearest-weekday":
      return nearestWeekday(rule.day, end);
    case "last-day-of-week":
      return last - ((end.getUTCDay() - rule.day + 7) % 7);
    case "nth-day-of-week": {
      const firstDayOfWeek = dayOfWeek(1, end);
      const day = 1 + ((rule.day - firstDayOfWeek + 7) % 7) + 7 * (rule.nth - 1);
      return day <= last ? day : undefined;
    }
  }
}

/** The weekday nearest to `day`, never in another month; undefined where the month has no such day. */
function nearestWeekday(day: number, end: Date): number | undefined {
  const last = end.getUTCDate();
  if (day > last) return undefined;
  const at = dayOfWeek(day, end);
  if (at === 6) return day === 1 ? 3 : day - 1;
  if (at === 0) return day === last ? day - 2 : day + 1;
  return day;
}

/** From 0 = Sunday. */
function dayOfWeek(day: number, end: Date): number {
  return (((end.getUTCDay() - (end.getUTCDate() - day)) % 7) + 7) % 7;
}
