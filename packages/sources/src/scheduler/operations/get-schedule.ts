import type { Operation } from "@tripline/kernel";
import type { Schedule } from "../schedule.ts";
import { defaultGroupName, type ScheduleBook } from "../schedule-book.ts";
import type { ScheduleTarget } from "../schedule-target.ts";

/** Input of GetSchedule. */
export interface GetScheduleInput {
  Name: string;
  GroupName?: string;
}

/** Output of GetSchedule. */
export interface ScheduleDescription {
  Arn: string;
  Name: string;
  GroupName: string;
  ScheduleExpression: string;
  ScheduleExpressionTimezone: string;
  StartDate?: Date;
  EndDate?: Date;
  FlexibleTimeWindow: Schedule["flexibleTimeWindow"];
  State: string;
  ActionAfterCompletion: string;
  Description?: string;
  Target: ScheduleTarget;
  CreationDate: Date;
  LastModificationDate: Date;
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html */
export function getScheduleOperation(schedules: ScheduleBook): Operation<GetScheduleInput, ScheduleDescription> {
  return {
    name: "GetSchedule",
    honoured: ["Name", "GroupName"],
    async run(input) {
      await schedules.ready();
      const schedule = schedules.find(input.GroupName ?? defaultGroupName, input.Name);
      return toDescription(schedule, schedules.toArn(schedule));
    },
  };
}

function toDescription(schedule: Schedule, arn: string): ScheduleDescription {
  const { startMs, endMs, description } = schedule;
  return {
    Arn: arn,
    Name: schedule.name,
    GroupName: schedule.groupName,
    ScheduleExpression: schedule.scheduleExpression,
    ScheduleExpressionTimezone: schedule.timezone,
    ...(startMs === undefined ? {} : { StartDate: new Date(startMs) }),
    ...(endMs === undefined ? {} : { EndDate: new Date(endMs) }),
    FlexibleTimeWindow: schedule.flexibleTimeWindow,
    State: schedule.state,
    ActionAfterCompletion: schedule.actionAfterCompletion,
    ...(description === undefined ? {} : { Description: description }),
    Target: withRetryPolicy(schedule.target),
    CreationDate: new Date(schedule.createdMs),
    LastModificationDate: new Date(schedule.modifiedMs),
  };
}

/** AWS shows the defaults of RetryPolicy. */
function withRetryPolicy(target: ScheduleTarget): ScheduleTarget {
  return {
    ...target,
    RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185, ...target.RetryPolicy },
  };
}
