import type { Operation } from "@tripline/kernel";
import type { ScheduleBook } from "../schedule-book.ts";
import { createScheduleOperation } from "./create-schedule.ts";
import { deleteScheduleOperation } from "./delete-schedule.ts";
import { getScheduleOperation } from "./get-schedule.ts";
import { listSchedulesOperation } from "./list-schedules.ts";
import {
  createScheduleGroupOperation,
  deleteScheduleGroupOperation,
  getScheduleGroupOperation,
  listScheduleGroupsOperation,
} from "./schedule-groups.ts";
import { updateScheduleOperation } from "./update-schedule.ts";

/** Every operation of EventBridge Scheduler that there is. */
export function createScheduleOperations(schedules: ScheduleBook): Operation[] {
  return [
    createScheduleOperation(schedules),
    updateScheduleOperation(schedules),
    deleteScheduleOperation(schedules),
    getScheduleOperation(schedules),
    listSchedulesOperation(schedules),
    createScheduleGroupOperation(schedules),
    deleteScheduleGroupOperation(schedules),
    getScheduleGroupOperation(schedules),
    listScheduleGroupsOperation(schedules),
  ];
}
