/** The four operations on schedule groups. The group `default` always is. */
import { type Operation, toArn } from "@tripline/kernel";
import { pageOf } from "../../schedule-runner/index.ts";
import { invalid, scheduleGroupExists } from "../errors.ts";
import { limits } from "../limits.ts";
import { defaultGroupName, type ScheduleBook, type ScheduleGroup } from "../schedule-book.ts";
import { checkName } from "./schedule-input.ts";

/** A group as AWS shows it. */
export interface ScheduleGroupDescription {
  Arn: string;
  Name: string;
  State: "ACTIVE";
  CreationDate: Date;
  LastModificationDate: Date;
}

/** Input of ListScheduleGroups. `MaxResults` 1 to 100. */
export interface ListScheduleGroupsInput {
  NamePrefix?: string;
  NextToken?: string;
  MaxResults?: number;
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html */
export function createScheduleGroupOperation(
  schedules: ScheduleBook,
): Operation<{ Name: string; ClientToken?: string }, { ScheduleGroupArn: string }> {
  return {
    name: "CreateScheduleGroup",
    honoured: ["Name", "ClientToken"],
    refused: { Tags: "tags of schedule groups are not simulated." },
    run: ({ Name, ClientToken }, context) =>
      schedules.exclusive(async () => {
        checkName(Name, "name");
        if (schedules.hasGroup(Name)) {
          const { clientToken } = schedules.findGroup(Name);
          const isRepeated = clientToken !== undefined && clientToken === ClientToken;
          if (!isRepeated && context.upsert !== true) throw scheduleGroupExists(Name);
          return { ScheduleGroupArn: toGroupArn(schedules, Name) };
        }
        await schedules.saveGroup({
          name: Name,
          createdMs: schedules.clock.now(),
          ...(ClientToken === undefined ? {} : { clientToken: ClientToken }),
        });
        return { ScheduleGroupArn: toGroupArn(schedules, Name) };
      }),
  };
}

/** Deletes a group with its schedules. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html */
export function deleteScheduleGroupOperation(
  schedules: ScheduleBook,
): Operation<{ Name: string; ClientToken?: string }, Record<string, never>> {
  return {
    name: "DeleteScheduleGroup",
    honoured: ["Name", "ClientToken"],
    run: ({ Name }) =>
      schedules.exclusive(async () => {
        if (Name === defaultGroupName) throw invalid("The default schedule group cannot be deleted.");
        schedules.findGroup(Name);
        await schedules.deleteGroup(Name);
        return {};
      }),
  };
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetScheduleGroup.html */
export function getScheduleGroupOperation(
  schedules: ScheduleBook,
): Operation<{ Name: string }, ScheduleGroupDescription> {
  return {
    name: "GetScheduleGroup",
    honoured: ["Name"],
    async run({ Name }) {
      await schedules.ready();
      return toDescription(schedules, schedules.findGroup(Name));
    },
  };
}

/** Groups by name. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListScheduleGroups.html */
export function listScheduleGroupsOperation(
  schedules: ScheduleBook,
): Operation<ListScheduleGroupsInput, { ScheduleGroups: ScheduleGroupDescription[]; NextToken?: string }> {
  return {
    name: "ListScheduleGroups",
    honoured: ["NamePrefix", "NextToken", "MaxResults"],
    async run({ NamePrefix = "", NextToken, MaxResults }) {
      await schedules.ready();
      const matching = schedules.groups().filter((group) => group.name.startsWith(NamePrefix));
      const page = pageOf(matching, (group) => group.name, NextToken, MaxResults, limits.pageSizeMax);
      if (page === undefined) throw invalid("NextToken or MaxResults is not valid.");
      return {
        ScheduleGroups: page.items.map((group) => toDescription(schedules, group)),
        ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
      };
    },
  };
}

function toGroupArn({ scope }: ScheduleBook, name: string): string {
  return toArn(scope, "scheduler", `schedule-group/${name}`);
}

function toDescription(schedules: ScheduleBook, group: ScheduleGroup): ScheduleGroupDescription {
  return {
    Arn: toGroupArn(schedules, group.name),
    Name: group.name,
    State: "ACTIVE",
    CreationDate: new Date(group.createdMs),
    LastModificationDate: new Date(group.createdMs),
  };
}
