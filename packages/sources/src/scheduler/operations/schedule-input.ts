/** The input that CreateSchedule and UpdateSchedule share, checked and turned into a schedule. */
import { isTimezone, parseScheduleExpression } from "../../schedule-expression/index.ts";
import { constraint, invalid, notSimulated } from "../errors.ts";
import { limits } from "../limits.ts";
import type { Schedule } from "../schedule.ts";
import { defaultGroupName, hasSameRhythm } from "../schedule-book.ts";
import { checkTarget, type ScheduleTarget } from "../schedule-target.ts";

/** Input of CreateSchedule and UpdateSchedule: the second replaces every member, so that one left out has its default again. */
export interface ScheduleInput {
  Name: string;
  GroupName?: string;
  ScheduleExpression: string;
  ScheduleExpressionTimezone?: string;
  StartDate?: Date;
  EndDate?: Date;
  FlexibleTimeWindow: { Mode: string; MaximumWindowInMinutes?: number };
  State?: string;
  ActionAfterCompletion?: string;
  Description?: string;
  ClientToken?: string;
  KmsKeyArn?: string;
  Target: ScheduleTarget;
}

/** Every honoured member. */
export const scheduleMembers: readonly string[] = [
  "Name",
  "GroupName",
  "ScheduleExpression",
  "ScheduleExpressionTimezone",
  "StartDate",
  "EndDate",
  "FlexibleTimeWindow",
  "State",
  "ActionAfterCompletion",
  "Description",
  "ClientToken",
  "Target",
];

/** Every refused member. */
export const refusedScheduleMembers: Readonly<Record<string, string>> = { KmsKeyArn: "there is no KMS." };

/** Throws `ValidationException`. `before` is the schedule that it replaces. */
export function toSchedule(input: ScheduleInput, before: Schedule | undefined, nowMs: number): Schedule {
  if (input.KmsKeyArn !== undefined) throw notSimulated("KmsKeyArn", "there is no KMS.");
  checkName(input.Name, "name");
  const timezone = input.ScheduleExpressionTimezone ?? "UTC";
  if (!isTimezone(timezone)) throw invalid(`Invalid ScheduleExpressionTimezone ${timezone}.`);
  const startMs = toMs(input.StartDate, "StartDate");
  const endMs = toMs(input.EndDate, "EndDate");
  if (startMs !== undefined && endMs !== undefined && endMs <= startMs) {
    throw invalid("The EndDate you specify must come after the StartDate.");
  }
  checkDescription(input.Description);
  checkTarget(input.Target);
  const draft = {
    name: input.Name,
    groupName: input.GroupName ?? defaultGroupName,
    scheduleExpression: toExpression(input.ScheduleExpression),
    timezone,
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
    flexibleTimeWindow: toWindow(input.FlexibleTimeWindow),
    state: oneOf(input.State ?? "ENABLED", "state", ["ENABLED", "DISABLED"]),
    actionAfterCompletion: oneOf(input.ActionAfterCompletion ?? "NONE", "actionAfterCompletion", ["NONE", "DELETE"]),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.ClientToken === undefined ? {} : { clientToken: input.ClientToken }),
    target: input.Target,
    createdMs: before?.createdMs ?? nowMs,
    modifiedMs: nowMs,
  };
  const isSame = before !== undefined && hasSameRhythm(before, draft);
  return { ...draft, anchorMs: isSame ? before.anchorMs : (startMs ?? Math.ceil(nowMs / 1000) * 1000) };
}

/** Throws where `value` is no name of a schedule or a group. */
export function checkName(value: string, member: string): void {
  if (typeof value !== "string" || !/^[0-9a-zA-Z\-_.]{1,64}$/.test(value)) {
    throw constraint(value, member, "Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+");
  }
}

function toExpression(text: string): string {
  if (text === undefined) throw constraint(text, "scheduleExpression", "Member must not be null");
  if (text.length > limits.scheduleExpressionCharactersMax || parseScheduleExpression(text, "schedule") === undefined) {
    throw invalid(`Invalid Schedule Expression ${text}.`);
  }
  return text;
}

function toWindow(window: ScheduleInput["FlexibleTimeWindow"]): Schedule["flexibleTimeWindow"] {
  if (window === undefined) throw constraint(window, "flexibleTimeWindow", "Member must not be null");
  const mode = oneOf(window.Mode, "flexibleTimeWindow.mode", ["OFF", "FLEXIBLE"]);
  const minutes = window.MaximumWindowInMinutes;
  if (mode === "OFF") {
    if (minutes !== undefined) throw invalid("MaximumWindowInMinutes must not be set when FlexibleTimeWindow is OFF.");
    return { Mode: "OFF" };
  }
  if (minutes === undefined) throw invalid("MaximumWindowInMinutes must be set when FlexibleTimeWindow is FLEXIBLE.");
  const { maximumWindowMinutesMin: min, maximumWindowMinutesMax: max } = limits;
  if (!Number.isInteger(minutes) || minutes < min || minutes > max) {
    const bound = minutes < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
    throw constraint(minutes, "flexibleTimeWindow.maximumWindowInMinutes", `Member must have value ${bound}`);
  }
  return { Mode: "FLEXIBLE", MaximumWindowInMinutes: minutes };
}

function toMs(date: Date | undefined, member: string): number | undefined {
  if (date === undefined) return undefined;
  const ms = new Date(date).getTime();
  if (Number.isNaN(ms)) throw invalid(`Invalid ${member} ${String(date)}.`);
  return ms;
}

function checkDescription(text: string | undefined): void {
  if (text !== undefined && text.length > limits.descriptionCharactersMax) {
    const rule = `Member must have length less than or equal to ${limits.descriptionCharactersMax}`;
    throw constraint(text, "description", rule);
  }
}

function oneOf<const T extends string>(value: string, member: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) {
    throw constraint(value, member, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
  }
  return found;
}
