import type { Operation } from "@tripline/kernel";
import { defaultGroupName, type ScheduleBook } from "../schedule-book.ts";
import { refusedScheduleMembers, type ScheduleInput, scheduleMembers, toSchedule } from "./schedule-input.ts";

/**
 * Replaces a schedule: what is left out has its default again. What it fired before goes on as it was fired.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
 */
export function updateScheduleOperation(schedules: ScheduleBook): Operation<ScheduleInput, { ScheduleArn: string }> {
  return {
    name: "UpdateSchedule",
    honoured: scheduleMembers,
    refused: refusedScheduleMembers,
    run: (input) =>
      schedules.exclusive(async () => {
        const before = schedules.find(input.GroupName ?? defaultGroupName, input.Name);
        const schedule = toSchedule(input, before, schedules.clock.now());
        await schedules.save(schedule);
        return { ScheduleArn: schedules.toArn(schedule) };
      }),
  };
}
