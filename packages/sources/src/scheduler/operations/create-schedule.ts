import type { Operation } from "@tripline/kernel";
import { scheduleExists } from "../errors.ts";
import { scheduleKey } from "../schedule.ts";
import { defaultGroupName, type ScheduleBook } from "../schedule-book.ts";
import { refusedScheduleMembers, type ScheduleInput, scheduleMembers, toSchedule } from "./schedule-input.ts";

/**
 * Creates a schedule; with the ClientToken that created it, answers as it did then. For a template (`upsert`), updates one of the
 * same name, and a target without RoleArn gets the role that SAM would have made.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export function createScheduleOperation(schedules: ScheduleBook): Operation<ScheduleInput, { ScheduleArn: string }> {
  return {
    name: "CreateSchedule",
    honoured: scheduleMembers,
    refused: refusedScheduleMembers,
    run: (input, context) =>
      schedules.exclusive(async () => {
        const isUpsert = context.upsert === true;
        const groupName = input.GroupName ?? defaultGroupName;
        const before = schedules.get(scheduleKey(groupName, input.Name));
        const target = isUpsert && input.Target !== undefined ? withRole(input.Target, schedules) : input.Target;
        const schedule = toSchedule({ ...input, Target: target }, before, schedules.clock.now());
        schedules.findGroup(groupName);
        if (before !== undefined && !isUpsert) {
          if (before.clientToken === undefined || before.clientToken !== input.ClientToken)
            throw scheduleExists(input.Name);
          return { ScheduleArn: schedules.toArn(before) };
        }
        await schedules.save(schedule);
        return { ScheduleArn: schedules.toArn(schedule) };
      }),
  };
}

function withRole(target: ScheduleInput["Target"], { scope }: ScheduleBook): ScheduleInput["Target"] {
  return { ...target, RoleArn: target.RoleArn ?? `arn:aws:iam::${scope.accountId}:role/tripline` };
}
