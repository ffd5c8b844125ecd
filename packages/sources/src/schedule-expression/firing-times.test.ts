import { CronExpressionParser } from "cron-parser";
import { assert, constantFrom, integer, property, tuple, uniqueArray } from "fast-check";
import { expect, it } from "vitest";
import {
  createFiringTimes,
  type FiringTimesOptions,
  type NextFiring,
  nextFirings,
  parseScheduleExpression,
} from "./index.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

function firings(expression: string, options: Partial<FiringTimesOptions> = {}): NextFiring {
  const parsed = parseScheduleExpression(expression, "schedule");
  if (parsed === undefined) throw new Error(`${expression} is no expression.`);
  return createFiringTimes(parsed, { anchorMs: 0, ...options });
}

function times(expression: string, after: string, count: number, options: Partial<FiringTimesOptions> = {}): string[] {
  return nextFirings(firings(expression, options), Date.parse(after), count).map((ms) => new Date(ms).toISOString());
}

/** Wall-clock fields as the platform's own time zone data has them: nothing of this is shared with the code under test. */
interface Wall {
  minute: number;
  hour: number;
  dayOfMonth: number;
  month: number;
  year: number;
  /** 1 = Sunday. */
  dayOfWeek: number;
  lastDayOfMonth: number;
}

/** Local time of `ms`, as if it were UTC, by the platform's own formatter. */
function createWallClock(timezone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  return (ms) => {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = (format.format(ms).match(/\d+/g) ?? []).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute);
  };
}

function toWall(localMs: number): Wall {
  const date = new Date(localMs);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + 1;
  return {
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    dayOfMonth: date.getUTCDate(),
    month,
    year,
    dayOfWeek: date.getUTCDay() + 1,
    lastDayOfMonth: new Date(Date.UTC(year, month, 0)).getUTCDate(),
  };
}

/** Every minute of a span with its wall-clock time; of those that the clocks repeat, the first. Clocks change on quarter hours. */
function* walk(timezone: string, fromMs: number, toMs: number): Generator<{ ms: number; wall: Wall }> {
  const wallClock = createWallClock(timezone);
  const seen = new Set<number>();
  for (let quarterMs = fromMs; quarterMs < toMs; quarterMs += 15 * minuteMs) {
    const localMs = wallClock(quarterMs);
    for (let minute = 0; minute < 15; minute++) {
      const minuteLocalMs = localMs + minute * minuteMs;
      if (seen.has(minuteLocalMs)) continue;
      seen.add(minuteLocalMs);
      yield { ms: quarterMs + minute * minuteMs, wall: toWall(minuteLocalMs) };
    }
  }
}

/** Time zones that change their clocks by an hour, by half an hour, at midnight, twice around Ramadan, and never. */
const timezones = [
  "America/New_York",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Africa/Cairo",
  "Africa/Casablanca",
  "Asia/Kathmandu",
  "Pacific/Chatham",
];

const expressions: readonly [string, (wall: Wall) => boolean][] = [
  ["cron(30 2 * * ? *)", (w) => w.hour === 2 && w.minute === 30],
  ["cron(15 0 * * ? *)", (w) => w.hour === 0 && w.minute === 15],
  ["cron(0/15 1-3 * * ? *)", (w) => w.hour >= 1 && w.hour <= 3 && w.minute % 15 === 0],
  ["cron(*/7 * ? * MON-FRI *)", (w) => w.minute % 7 === 0 && w.dayOfWeek >= 2 && w.dayOfWeek <= 6],
  [
    "cron(45 23-1 L * ? *)",
    (w) => w.dayOfMonth === w.lastDayOfMonth && w.minute === 45 && (w.hour === 23 || w.hour < 2),
  ],
  [
    "cron(0 0,2 ? 3,4,9-11 1#1 *)",
    (w) =>
      w.dayOfWeek === 1 &&
      w.dayOfMonth <= 7 &&
      [3, 4, 9, 10, 11].includes(w.month) &&
      w.minute === 0 &&
      [0, 2].includes(w.hour),
  ],
  [
    "cron(5 2 ? * 1L *)",
    (w) => w.dayOfWeek === 1 && w.dayOfMonth + 7 > w.lastDayOfMonth && w.hour === 2 && w.minute === 5,
  ],
  ["cron(* * * * ? *)", () => true],
];

it.each(timezones)(
  "a year of schedules in %s, across its daylight-saving changes, equals a brute-force list",
  (timezone) => {
    const fromMs = Date.UTC(2026, 0, 1);
    const toMs = Date.UTC(2027, 0, 1);
    const found = expressions.map((): number[] => []);
    for (const { ms, wall } of walk(timezone, fromMs, toMs)) {
      for (const [at, [, matches]] of expressions.entries()) if (matches(wall)) found[at]?.push(ms);
    }
    for (const [at, [expression]] of expressions.entries()) {
      const next = firings(expression, { timezone, endMs: toMs - 1 });
      const walked = nextFirings(next, fromMs - 1, Number.POSITIVE_INFINITY);
      expect({ expression, count: walked.length }).toEqual({ expression, count: found[at]!.length });
      expect(walked.every((ms, index) => ms === found[at]![index])).toBe(true);
    }
  },
);

it("a local time that daylight saving skips is skipped, one that it repeats fires once, the first time", () => {
  const timezone = "Europe/Berlin";
  expect(times("cron(30 2 * * ? *)", "2026-03-28T12:00:00Z", 1, { timezone })).toEqual(["2026-03-30T00:30:00.000Z"]);
  expect(times("cron(30 2 * * ? *)", "2026-10-24T12:00:00Z", 2, { timezone })).toEqual([
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]);
  expect(times("at(2026-03-29T02:30:00)", "2026-01-01T00:00:00Z", 1, { timezone })).toEqual([]);
  expect(times("at(2026-10-25T02:30:00)", "2026-01-01T00:00:00Z", 1, { timezone })).toEqual([
    "2026-10-25T00:30:00.000Z",
  ]);
});

it("asked for from within the repeated hour, the next firing comes after it", () => {
  const timezone = "America/New_York";
  expect(times("cron(0/30 1 * * ? *)", "2026-11-01T06:10:00Z", 1, { timezone })).toEqual(["2026-11-02T06:00:00.000Z"]);
  expect(times("cron(0/30 * * * ? *)", "2026-11-01T05:40:00Z", 1, { timezone })).toEqual(["2026-11-01T07:00:00.000Z"]);
});

it("a day that a time zone left out fires nothing", () => {
  const timezone = "Pacific/Apia"; // went from 29 to 31 December 2011
  expect(times("cron(0 12 * 12 ? 2011)", "2011-12-29T00:00:00Z", 3, { timezone })).toEqual([
    "2011-12-29T22:00:00.000Z",
    "2011-12-30T22:00:00.000Z",
  ]);
});

it.each([
  ["cron(0 0 L * ? *)", ["2026-01-31", "2026-02-28", "2026-03-31"]],
  ["cron(0 0 LW * ? *)", ["2026-01-30", "2026-02-27", "2026-03-31"]],
  ["cron(0 0 1W * ? *)", ["2026-01-01", "2026-02-02", "2026-03-02"]],
  ["cron(0 0 15W * ? *)", ["2026-01-15", "2026-02-16", "2026-03-16"]],
  ["cron(0 0 31W * ? *)", ["2026-01-30", "2026-03-31", "2026-05-29"]],
  ["cron(0 0 ? * 6L *)", ["2026-01-30", "2026-02-27", "2026-03-27"]],
  ["cron(0 0 ? * L *)", ["2026-01-03", "2026-01-10", "2026-01-17"]],
  ["cron(0 0 ? * 3#2 *)", ["2026-01-13", "2026-02-10", "2026-03-10"]],
  ["cron(0 0 ? * MON#5 *)", ["2026-03-30", "2026-06-29", "2026-08-31"]],
  ["cron(0 0 29 2 ? *)", ["2028-02-29", "2032-02-29", "2036-02-29"]],
  ["cron(0 0 1 1 ? 2027,2030-2198/100)", ["2027-01-01", "2030-01-01", "2130-01-01"]],
  ["cron(0 0 30 2 ? *)", []],
  ["cron(0 0 ? * 6L 2002-2005)", []],
])("%s fires on the days that AWS means", (expression, days) => {
  expect(times(expression, "2025-12-31T12:00:00Z", 3)).toEqual(days.map((day) => `${day}T00:00:00.000Z`));
});

it("rate counts from its anchor, in hours of sixty minutes, and keeps to StartDate and EndDate", () => {
  const anchorMs = Date.parse("2026-01-01T00:00:10Z");
  expect(times("rate(1 day)", "2026-01-01T00:00:10Z", 2, { anchorMs })).toEqual([
    "2026-01-02T00:00:10.000Z",
    "2026-01-03T00:00:10.000Z",
  ]);
  expect(times("rate(1 day)", "2025-06-01T00:00:00Z", 1, { anchorMs })).toEqual(["2026-01-02T00:00:10.000Z"]);
  expect(times("rate(1 day)", "2025-06-01T00:00:00Z", 1, { anchorMs, firesAtAnchor: true })).toEqual([
    "2026-01-01T00:00:10.000Z",
  ]);
  const startMs = Date.parse("2026-01-05T00:00:10Z");
  expect(times("rate(1 day)", "2026-01-01T00:00:10Z", 9, { anchorMs, startMs, endMs: startMs + dayMs })).toEqual([
    "2026-01-05T00:00:10.000Z",
    "2026-01-06T00:00:10.000Z",
  ]);
});

it("an expression of plain lists fires when cron-parser says so", () => {
  const some = (min: number, max: number) => uniqueArray(integer({ min, max }), { minLength: 1, maxLength: 6 });
  const fields = tuple(
    some(0, 59),
    some(0, 23),
    some(1, 31),
    some(1, 12),
    some(1, 7),
    constantFrom("month", "week", "any"),
  );
  const start = integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
  assert(
    property(fields, start, ([minutes, hours, days, months, weekdays, dayKind], afterMs) => {
      const dayOfMonth = dayKind === "month" ? days.join(",") : dayKind === "week" ? "?" : "*";
      const dayOfWeek = dayKind === "week" ? weekdays.join(",") : "?";
      const ours = firings(
        `cron(${minutes.join(",")} ${hours.join(",")} ${dayOfMonth} ${months.join(",")} ${dayOfWeek} *)`,
      );
      const theirDayOfMonth = dayKind === "month" ? days.join(",") : "*";
      const theirDayOfWeek = dayKind === "week" ? weekdays.map((day) => day - 1).join(",") : "*";
      // A day that none of the months has never comes; cron-parser refuses such an expression.
      if (!months.some((month) => days.some((day) => day <= new Date(Date.UTC(2024, month, 0)).getUTCDate()))) return;
      const theirs = CronExpressionParser.parse(
        `${minutes.join(",")} ${hours.join(",")} ${theirDayOfMonth} ${months.join(",")} ${theirDayOfWeek}`,
        { tz: "UTC", currentDate: new Date(afterMs) },
      );
      expect(nextFirings(ours, afterMs, 5)).toEqual(theirs.take(5).map((date) => date.getTime()));
    }),
    { seed: 20260101, numRuns: 300 },
  );
});
