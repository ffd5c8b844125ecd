/**
 * What EventBridge rules and EventBridge Scheduler write as `ScheduleExpression`: `rate()`, `cron()`, and for Scheduler `at()`.
 * Accepted and refused exactly as AWS does: no spaces around, units in lower case, singular for 1 only.
 *
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { type CronFields, parseCronFields } from "./cron-fields.ts";

/** A parsed expression. `localMs` is a wall-clock time written as if it were UTC. */
export type ScheduleExpression =
  | { kind: "rate"; periodMs: number }
  | { kind: "cron"; fields: CronFields }
  | { kind: "at"; localMs: number };

/** Who reads the expression: rules have no `at()`. */
export type ScheduleKind = "rule" | "schedule";

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Parses an expression; `undefined` where AWS would refuse it. */
export function parseScheduleExpression(text: string, kind: ScheduleKind): ScheduleExpression | undefined {
  const match = /^(rate|cron|at)\((.*)\)$/.exec(text);
  if (match === null) return undefined;
  const [, form, inner = ""] = match;
  if (form === "rate") return parseRate(inner);
  if (form === "at") return kind === "schedule" ? parseAt(inner) : undefined;
  const fields = parseCronFields(inner);
  return fields === undefined ? undefined : { kind: "cron", fields };
}

function parseRate(text: string): ScheduleExpression | undefined {
  const match = /^([1-9]\d{0,8}) (minute|hour|day)(s?)$/.exec(text);
  if (match === null) return undefined;
  const [, count, unit = "", plural] = match;
  if ((count === "1") !== (plural === "")) return undefined;
  return { kind: "rate", periodMs: Number(count) * (unitMs[unit] ?? 0) };
}

function parseAt(text: string): ScheduleExpression | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined;
  const localMs = Date.parse(`${text}Z`);
  if (Number.isNaN(localMs) || new Date(localMs).toISOString() !== `${text}.000Z`) return undefined;
  return { kind: "at", localMs };
}
