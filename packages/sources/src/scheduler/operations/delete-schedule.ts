import type { Operation } from "@tripline/kernel";
import { defaultGroupName, type ScheduleBook } from "../schedule-book.ts";

/** Input of DeleteSchedule. */
export interface DeleteScheduleInput {
  Name: string;
  GroupName?: string;
  ClientToken?: string;
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteSchedule.html */
export function deleteScheduleOperation(
  schedules: ScheduleBook,
): Operation<DeleteScheduleInput, Record<string, never>> {
  return {
    name: "DeleteSchedule",
    honoured: ["Name", "GroupName", "ClientToken"],
    run: (input) =>
      schedules.exclusive(async () => {
        await schedules.delete(schedules.find(input.GroupName ?? defaultGroupName, input.Name));
        return {};
      }),
  };
}
