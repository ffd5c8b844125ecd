import type { Scope } from "@tripline/kernel";
import { toArn } from "@tripline/kernel";
import { createFiringTimes, type NextFiring, parseScheduleExpression } from "../schedule-expression/index.ts";
import type { ScheduleTarget } from "./schedule-target.ts";

/** A schedule as it is kept. */
export interface Schedule {
  name: string;
  groupName: string;
  scheduleExpression: string;
  /** IANA name. */
  timezone: string;
  startMs?: number;
  endMs?: number;
  flexibleTimeWindow: { Mode: "OFF" } | { Mode: "FLEXIBLE"; MaximumWindowInMinutes: number };
  state: "ENABLED" | "DISABLED";
  actionAfterCompletion: "NONE" | "DELETE";
  description?: string;
  clientToken?: string;
  target: ScheduleTarget;
  /** From when `rate()` counts: the start date, else when the expression was set, in whole seconds. */
  anchorMs: number;
  createdMs: number;
  modifiedMs: number;
}

/** The key of a schedule: `group/name`. */
export function scheduleKey(groupName: string, name: string): string {
  return `${groupName}/${name}`;
}

/** `arn:aws:scheduler:…:schedule/group/name` */
export function toScheduleArn(scope: Scope, groupName: string, name: string): string {
  return toArn(scope, "scheduler", `schedule/${scheduleKey(groupName, name)}`);
}

/** When `schedule` fires, whether it is enabled or not. Without its flexible time window. */
export function firingsOf(
  schedule: Pick<Schedule, "scheduleExpression" | "timezone" | "anchorMs" | "startMs" | "endMs">,
): NextFiring {
  const expression = parseScheduleExpression(schedule.scheduleExpression, "schedule");
  if (expression === undefined) return () => undefined;
  return createFiringTimes(expression, {
    timezone: schedule.timezone,
    anchorMs: schedule.anchorMs,
    firesAtAnchor: true,
    ...(schedule.startMs === undefined ? {} : { startMs: schedule.startMs }),
    ...(schedule.endMs === undefined ? {} : { endMs: schedule.endMs }),
  });
}

/** `2026-01-01T00:00:00Z` */
export function toSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
