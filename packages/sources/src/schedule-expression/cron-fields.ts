/**
 * The six fields of AWS's `cron(minutes hours day-of-month month day-of-week year)`, strictly as AWS accepts them.
 *
 * C1. Exactly one of day-of-month and day-of-week is `?`.
 * C2. Day-of-week is 1-7 = SUN-SAT; names of days and months in any case.
 * C3. A range whose end is before its start wraps around (`FRI-MON`, `22-2`), except in years.
 * C4. `L`, `LW` and `nW` (day-of-month), `L`, `nL` and `n#k` (day-of-week) stand alone in their field.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */

/** Which days a cron expression means. Days of the week count from 0 = Sunday. */
export type DayRule =
  /** Each day of the month in `days`. */
  | { kind: "days-of-month"; days: readonly number[] }
  /** Each such day of the week. */
  | { kind: "days-of-week"; days: readonly number[] }
  /** `L`: the last day of the month. */
  | { kind: "last-day" }
  /** `LW`: the last weekday (Monday to Friday) of the month. */
  | { kind: "last-weekday" }
  /** `nW`: the weekday nearest to day `day`, inside the month. */
  | { kind: "nearest-weekday"; day: number }
  /** `nL`: the last such day of the week in the month. */
  | { kind: "last-day-of-week"; day: number }
  /** `n#k`: the k-th such day of the week in the month. */
  | { kind: "nth-day-of-week"; day: number; nth: number };

/** A parsed cron expression. Lists are sorted and without duplicates. */
export interface CronFields {
  minutes: readonly number[];
  hours: readonly number[];
  day: DayRule;
  /** 1-12. */
  months: readonly number[];
  /** 1970-2199. */
  years: readonly number[];
}

interface Field {
  min: number;
  max: number;
  names?: readonly string[];
  hasSteps: boolean;
  wraps: boolean;
}

const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const minuteField: Field = { min: 0, max: 59, hasSteps: true, wraps: true };
const hourField: Field = { min: 0, max: 23, hasSteps: true, wraps: true };
const dayOfMonthField: Field = { min: 1, max: 31, hasSteps: true, wraps: true };
const monthField: Field = { min: 1, max: 12, names: monthNames, hasSteps: true, wraps: true };
const dayOfWeekField: Field = { min: 1, max: 7, names: dayNames, hasSteps: false, wraps: true };
const yearField: Field = { min: 1970, max: 2199, hasSteps: true, wraps: false };

/** Parses what stands between the parentheses of `cron(...)`; `undefined` where AWS would refuse it. */
export function parseCronFields(text: string): CronFields | undefined {
  if (text !== text.trim()) return undefined;
  const parts = text.toUpperCase().split(/[ \t]+/);
  if (parts.length !== 6) return undefined;
  const [minuteText = "", hourText = "", domText = "", monthText = "", dowText = "", yearText = ""] = parts;
  const minutes = parseList(minuteText, minuteField);
  const hours = parseList(hourText, hourField);
  const months = parseList(monthText, monthField);
  const years = parseList(yearText, yearField);
  const day = parseDayRule(domText, dowText);
  if (minutes === undefined || hours === undefined || months === undefined || years === undefined) return undefined;
  return day === undefined ? undefined : { minutes, hours, day, months, years };
}

function parseDayRule(domText: string, dowText: string): DayRule | undefined {
  if ((domText === "?") === (dowText === "?")) return undefined; // C1
  return dowText === "?" ? parseDayOfMonth(domText) : parseDayOfWeek(dowText);
}

function parseDayOfMonth(text: string): DayRule | undefined {
  if (text === "L") return { kind: "last-day" };
  if (text === "LW") return { kind: "last-weekday" };
  if (text.endsWith("W")) {
    const day = parseValue(text.slice(0, -1), dayOfMonthField);
    return day === undefined ? undefined : { kind: "nearest-weekday", day };
  }
  const days = parseList(text, dayOfMonthField);
  return days === undefined ? undefined : { kind: "days-of-month", days };
}

function parseDayOfWeek(text: string): DayRule | undefined {
  if (text === "L") return { kind: "days-of-week", days: [6] };
  if (text.endsWith("L")) {
    const day = parseValue(text.slice(0, -1), dayOfWeekField);
    return day === undefined ? undefined : { kind: "last-day-of-week", day: day - 1 };
  }
  const hash = text.indexOf("#");
  if (hash >= 0) {
    const day = parseValue(text.slice(0, hash), dayOfWeekField);
    const nth = /^[1-5]$/.test(text.slice(hash + 1)) ? Number(text.slice(hash + 1)) : undefined;
    return day === undefined || nth === undefined ? undefined : { kind: "nth-day-of-week", day: day - 1, nth };
  }
  const days = parseList(text, dayOfWeekField);
  return days === undefined ? undefined : { kind: "days-of-week", days: days.map((day) => day - 1) }; // C2
}

function parseList(text: string, field: Field): number[] | undefined {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const found = parseItem(item, field);
    if (found === undefined) return undefined;
    for (const value of found) values.add(value);
  }
  return Array.from(values).sort((a, b) => a - b);
}

/** `*`, `v`, `a-b`, each with an optional `/step`; `v/step` runs from `v` to the field's end. */
function parseItem(item: string, field: Field): number[] | undefined {
  const [base = "", stepText, ...rest] = item.split("/");
  if (rest.length > 0) return undefined;
  const step = stepText === undefined ? 1 : parseStep(stepText, field);
  const range = parseRange(base, stepText !== undefined, field);
  if (step === undefined || range === undefined) return undefined;
  const size = field.max - field.min + 1;
  const span = (range.to - range.from + size) % size; // C3
  const values: number[] = [];
  for (let offset = 0; offset <= span; offset += step) {
    values.push(field.min + ((range.from - field.min + offset) % size));
  }
  return values;
}

function parseRange(base: string, hasStep: boolean, field: Field): { from: number; to: number } | undefined {
  if (base === "*") return { from: field.min, to: field.max };
  const [fromText = "", toText, ...rest] = base.split("-");
  const from = parseValue(fromText, field);
  if (from === undefined || rest.length > 0) return undefined;
  if (toText === undefined) return { from, to: hasStep ? field.max : from };
  const to = parseValue(toText, field);
  if (to === undefined || (to < from && !field.wraps)) return undefined;
  return { from, to };
}

function parseStep(text: string, field: Field): number | undefined {
  if (!field.hasSteps || !/^\d{1,3}$/.test(text)) return undefined;
  const step = Number(text);
  return step >= 1 && step <= field.max - field.min + 1 ? step : undefined;
}

function parseValue(text: string, field: Field): number | undefined {
  const named = field.names?.indexOf(text) ?? -1;
  if (named >= 0) return named + field.min;
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= field.min && value <= field.max ? value : undefined;
}
