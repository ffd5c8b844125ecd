import { expect, it } from "vitest";
import { parseScheduleExpression, type ScheduleKind } from "./index.ts";

/** What AWS answered, as recorded from it; `rules` and Scheduler differ in `at()` only. */
const accepted: readonly [ScheduleKind, string][] = [
  ["rule", "rate(1 minute)"],
  ["rule", "cron(0 2 ? * SAT *)"],
  ["rule", "cron(0 12 * * ? *)"],
  ["rule", "cron(5,35 14 * * ? *)"],
  ["rule", "cron(15 10 ? * 6L 2002-2005)"],
  ["rule", "cron(0 2 ? * SAT#3 *)"],
  ["rule", "cron(* * ? * SAT#3 *)"],
  ["rule", "cron(0/5 5 ? JAN 1-5 2022)"],
  ["rule", "cron(0 10 * * ? *)"],
  ["rule", "cron(15 12 * * ? *)"],
  ["rule", "cron(0 18 ? * MON-FRI *)"],
  ["rule", "cron(0 8 1 * ? *)"],
  ["rule", "cron(0/15 * * * ? *)"],
  ["rule", "cron(0/10 * ? * MON-FRI *)"],
  ["rule", "cron(0/5 8-17 ? * MON-FRI *)"],
  ["rule", "cron(0/30 20-23 ? * MON-FRI *)"],
  ["rule", "cron(0/30 0-2 ? * MON-FRI *)"],
  ["schedule", "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)"],
  ["schedule", "cron(30-30 13-13 ? * 2,4,6 *)"],
  ["schedule", "cron(1-31/30 1-1 ? * 1,7 *)"],
  ["schedule", "cron(0 18 ? * MON-FRI *)"],
  ["schedule", "cron(*/15 * * * ? *)"],
  ["schedule", "cron(0-59/10 0-23/2 ? * * *)"],
  ["schedule", "rate(10 minutes)"],
  ["schedule", "at(2021-12-31T23:59:59)"],
];

const refused: readonly [ScheduleKind, string][] = [
  ["rule", "rate(10 seconds)"],
  ["rule", "rate(10 years)"],
  ["rule", "rate(1 minutes)"],
  ["rule", "rate(1 hours)"],
  ["rule", "rate(1 days)"],
  ["rule", "rate(10 minute)"],
  ["rule", "rate(10 hour)"],
  ["rule", "rate(10 day)"],
  ["rule", "rate()"],
  ["rule", "rate(10)"],
  ["rule", "rate(10 minutess)"],
  ["rule", "rate(foo minutes)"],
  ["rule", "rate(0 minutes)"],
  ["rule", "rate(-10 minutes)"],
  ["rule", "rate(10 MINUTES)"],
  ["rule", "rate( 10 minutes )"],
  ["rule", " rate(10 minutes)"],
  ["rule", "cron(0 1 * * * *)"],
  ["rule", "cron(7 20 * * NOT *)"],
  ["rule", "cron(INVALID)"],
  ["rule", "cron(0 dummy ? * MON-FRI *)"],
  ["rule", "cron(71 8 1 * ? *)"],
  ["schedule", "cron(0 1 * * * *)"],
  ["schedule", "cron(7 20 * * NOT *)"],
  ["schedule", "cron(INVALID)"],
  ["schedule", "cron(0 dummy ? * MON-FRI *)"],
  ["schedule", "cron(71 8 1 * ? *)"],
  ["schedule", "cron()"],
  ["schedule", "rate(10 seconds)"],
  ["schedule", "rate(10 years)"],
  ["schedule", "rate()"],
  ["schedule", "rate(10)"],
  ["schedule", "rate(10 minutess)"],
  ["schedule", "rate(foo minutes)"],
  ["schedule", "rate(-10 minutes)"],
  ["schedule", "rate( 10 minutes )"],
  ["schedule", " rate(10 minutes)"],
  ["schedule", "at(2021-12-31T23:59:59Z)"],
  ["schedule", "at(2021-12-31)"],
];

/** Beyond what was recorded: from AWS's grammar. */
const alsoAccepted = [
  "cron(0 0 L * ? *)",
  "cron(0 0 LW * ? *)",
  "cron(0 0 15W * ? *)",
  "cron(0 0 ? * L *)",
  "cron(0 0 ? * FRIL *)",
  "cron(0 0 ? * 3#2 *)",
  "cron(0 22-2 ? NOV-FEB FRI-MON *)",
  "cron(0 0 1 1 ? 2026/2)",
  "cron(0 0 ? jan mon *)",
];
const alsoRefused = [
  "cron(0 0 ? * ? *)",
  "cron(0 0 1 * MON *)",
  "cron(0 0 * * ?)",
  "cron(0 0 * * ? * *)",
  "cron( 0 0 * * ? *)",
  "cron(0 24 * * ? *)",
  "cron(0 0 0 * ? *)",
  "cron(0 0 32 * ? *)",
  "cron(0 0 * 13 ? *)",
  "cron(0 0 ? * 0 *)",
  "cron(0 0 ? * 8 *)",
  "cron(0 0 ? * 3#6 *)",
  "cron(0 0 ? * 3#1,4#1 *)",
  "cron(0 0 ? * MON/2 *)",
  "cron(0 0 1,L * ? *)",
  "cron(0 0 1,15W * ? *)",
  "cron(0 0 * * ? 1969)",
  "cron(0 0 * * ? 2200)",
  "cron(0 0 * * ? 2030-2026)",
  "cron(0/0 0 * * ? *)",
  "cron(0/61 0 * * ? *)",
  "cron(1,,2 0 * * ? *)",
  "cron(? 0 * * ? *)",
  "cron(0 0 JAN * ? *)",
  "@daily",
  "",
  "rate(1.5 hours)",
  "rate(1 week)",
  "RATE(1 minute)",
];

it.each(accepted)("%s %s is accepted, as AWS does", (kind, text) => {
  expect(parseScheduleExpression(text, kind)).toBeDefined();
});

it.each(refused)("%s %s is refused, as AWS does", (kind, text) => {
  expect(parseScheduleExpression(text, kind)).toBeUndefined();
});

it.each(alsoAccepted)("%s is accepted", (text) => {
  expect(parseScheduleExpression(text, "rule")).toBeDefined();
});

it.each(alsoRefused)("%s is refused", (text) => {
  expect(parseScheduleExpression(text, "rule")).toBeUndefined();
  expect(parseScheduleExpression(text, "schedule")).toBeUndefined();
});

it.each(["at(2026-02-29T00:00:00)", "at(2026-01-01T24:00:00)", "at(2026-1-1T00:00:00)", "at()"])(
  "%s is no time",
  (text) => {
    expect(parseScheduleExpression(text, "schedule")).toBeUndefined();
  },
);

it("at() is Scheduler's alone", () => {
  expect(parseScheduleExpression("at(2026-01-01T00:00:00)", "rule")).toBeUndefined();
});

it("parseScheduleExpression reads days of the week from 1 = Sunday and wraps ranges around", () => {
  expect(parseScheduleExpression("cron(58-1 22-2/2 ? NOV-FEB FRI-MON 2026-2027)", "rule")).toEqual({
    kind: "cron",
    fields: {
      minutes: [0, 1, 58, 59],
      hours: [0, 2, 22],
      day: { kind: "days-of-week", days: [0, 1, 5, 6] },
      months: [1, 2, 11, 12],
      years: [2026, 2027],
    },
  });
  expect(parseScheduleExpression("cron(0 0 ? * 6L 2026)", "rule")).toEqual({
    kind: "cron",
    fields: {
      minutes: [0],
      hours: [0],
      day: { kind: "last-day-of-week", day: 5 },
      months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      years: [2026],
    },
  });
});
