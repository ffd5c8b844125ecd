/**
 * Days written with `L`, `W` or `#`, found by cron-parser in UTC. What differs from AWS is adapted here:
 * cron-parser knows neither years nor `W`, and counts days of the week from 0.
 */
import { CronExpressionParser } from "cron-parser";
import type { CronFields, DayRule } from "./cron-fields.ts";
import type { NextDay } from "./next-day.ts";

/** Finds the days of `fields`. */
export function createSpecialDays(fields: CronFields): NextDay {
  const [dayOfMonth, dayOfWeek] = toCronParserDays(fields.day);
  const expression = `0 0 ${dayOfMonth} ${fields.months.join(",")} ${dayOfWeek}`;
  return (fromMidnightMs) => {
    for (const year of fields.years) {
      const yearStartMs = Date.UTC(year, 0, 1);
      const yearEndMs = Date.UTC(year + 1, 0, 1) - 1;
      if (yearEndMs < fromMidnightMs) continue;
      const days = CronExpressionParser.parse(expression, {
        tz: "UTC",
        currentDate: new Date(Math.max(fromMidnightMs, yearStartMs) - 1),
        endDate: new Date(yearEndMs),
      });
      while (days.hasNext()) {
        const date = days.next().toDate();
        if (isKept(fields.day, date)) return date.getTime();
      }
    }
    return undefined;
  };
}

/** Day-of-month and day-of-week as cron-parser writes them; where it has no word, days that {@link isKept} sifts. */
function toCronParserDays(day: DayRule): [dayOfMonth: string, dayOfWeek: string] {
  switch (day.kind) {
    case "days-of-month":
      return [day.days.join(","), "*"];
    case "days-of-week":
      return ["*", day.days.join(",")];
    case "last-day":
      return ["L", "*"];
    case "last-weekday":
      return ["26-31", "*"];
    case "nearest-weekday":
      return [`${Math.max(1, day.day - 2)}-${Math.min(31, day.day + 2)}`, "*"];
    case "last-day-of-week":
      return ["*", `${day.day}L`];
    case "nth-day-of-week":
      return ["*", `${day.day}#${day.nth}`];
  }
}

function isKept(day: DayRule, date: Date): boolean {
  if (day.kind === "last-weekday") return date.getUTCDate() === nearestWeekday(date, lastDayOfMonth(date));
  if (day.kind === "nearest-weekday") return date.getUTCDate() === nearestWeekday(date, day.day);
  return true;
}

/** The weekday nearest to `day` in the month of `date`, never in another month; undefined where the month has no such day. */
function nearestWeekday(date: Date, day: number): number | undefined {
  const last = lastDayOfMonth(date);
  if (day > last) return undefined;
  const dayOfWeek = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (dayOfWeek === 6) return day === 1 ? 3 : day - 1;
  if (dayOfWeek === 0) return day === last ? day - 2 : day + 1;
  return day;
}

function lastDayOfMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
