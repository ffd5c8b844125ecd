import type { CronFields } from "./cron-fields.ts";

const dayMs = 86_400_000;

/** The first day at or after `fromMidnightMs` that plain lists of days name. Skips years and months that cannot match. */
export function nextPlainDay(fields: CronFields, fromMidnightMs: number): number | undefined {
  const lastYear = fields.years.at(-1) ?? 0;
  let ms = fromMidnightMs;
  for (;;) {
    const date = new Date(ms);
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth();
    if (!(year <= lastYear)) return undefined;
    if (!fields.years.includes(year)) {
      ms = Date.UTC(fields.years.find((later) => later > year) ?? lastYear + 1, 0, 1);
    } else if (!fields.months.includes(month + 1)) {
      ms = Date.UTC(year, month + 1, 1);
    } else if (isNamed(fields, date)) {
      return ms;
    } else {
      ms += dayMs;
    }
  }
}

function isNamed({ day }: CronFields, date: Date): boolean {
  if (day.kind === "days-of-month") return day.days.includes(date.getUTCDate());
  return day.kind === "days-of-week" && day.days.includes(date.getUTCDay());
}
