import type { Operation } from "@tripline/kernel";
import { pageOf } from "../../schedule-runner/index.ts";
import { invalid } from "../errors.ts";
import { limits } from "../limits.ts";
import { scheduleKey } from "../schedule.ts";
import type { ScheduleBook } from "../schedule-book.ts";

/** Input of ListSchedules. `MaxResults` 1 to 100. */
export interface ListSchedulesInput {
  GroupName?: string;
  NamePrefix?: string;
  State?: string;
  NextToken?: string;
  MaxResults?: number;
}

/** One schedule in a list. */
export interface ScheduleListEntry {
  Arn: string;
  Name: string;
  GroupName: string;
  State: string;
  CreationDate: Date;
  LastModificationDate: Date;
  Target: { Arn: string };
}

/** Schedules by group and name. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html */
export function listSchedulesOperation(
  schedules: ScheduleBook,
): Operation<ListSchedulesInput, { Schedules: ScheduleListEntry[]; NextToken?: string }> {
  return {
    name: "ListSchedules",
    honoured: ["GroupName", "NamePrefix", "State", "NextToken", "MaxResults"],
    async run(input) {
      await schedules.ready();
      const { GroupName, NamePrefix = "", State } = input;
      if (GroupName !== undefined) schedules.findGroup(GroupName);
      const matching = schedules
        .all()
        .filter(
          ({ groupName, name, state }) =>
            (GroupName === undefined || groupName === GroupName) &&
            (State === undefined || state === State) &&
            name.startsWith(NamePrefix),
        );
      const keyOf = (one: (typeof matching)[number]): string => scheduleKey(one.groupName, one.name);
      const page = pageOf(matching, keyOf, input.NextToken, input.MaxResults, limits.pageSizeMax);
      if (page === undefined) throw invalid("NextToken or MaxResults is not valid.");
      return {
        Schedules: page.items.map((schedule) => ({
          Arn: schedules.toArn(schedule),
          Name: schedule.name,
          GroupName: schedule.groupName,
          State: schedule.state,
          CreationDate: new Date(schedule.createdMs),
          LastModificationDate: new Date(schedule.modifiedMs),
          Target: { Arn: schedule.target.Arn },
        })),
        ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
      };
    },
  };
}
