import type { Operation } from "@tripline/kernel";
import { invalidParameter } from "../errors.ts";
import type { LogsHouse } from "../house.ts";
import type { LogGroup } from "../log-group.ts";
import { takePage } from "./page.ts";

/** Input of DescribeLogGroups. */
export interface DescribeLogGroupsInput {
  logGroupNamePrefix?: string;
  logGroupNamePattern?: string;
  logGroupClass?: string;
  logGroupIdentifiers?: string[];
  includeLinkedAccounts?: boolean;
  limit?: number;
  nextToken?: string;
}

/** By name. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export function describeLogGroupsOperation({ groups, store }: LogsHouse): Operation<DescribeLogGroupsInput> {
  const describe = (group: LogGroup, storedBytes: number): object => ({
    logGroupName: group.name,
    creationTime: group.createdMs,
    ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${groups.toArn(group.name)}:*`,
    storedBytes,
    logGroupClass: group.logGroupClass,
    logGroupArn: groups.toArn(group.name),
    deletionProtectionEnabled: group.isDeletionProtected,
  });
  return {
    name: "DescribeLogGroups",
    honoured: [
      "logGroupNamePrefix",
      "logGroupNamePattern",
      "logGroupClass",
      "logGroupIdentifiers",
      "includeLinkedAccounts",
      "limit",
      "nextToken",
    ],
    refused: { accountIdentifiers: "there is one account" },
    async run(input) {
      const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers } = input;
      if (prefix !== undefined && pattern !== undefined) {
        throw invalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
      }
      const names = logGroupIdentifiers?.map((identifier) => groups.toName(identifier));
      const wanted = groups
        .list()
        .filter(
          ({ name, logGroupClass }) =>
            name.startsWith(prefix ?? "") &&
            name.includes(pattern ?? "") &&
            (input.logGroupClass ?? logGroupClass) === logGroupClass &&
            (names === undefined || names.includes(name)),
        );
      const { items, nextToken } = takePage(wanted, (group) => group.name, input);
      const bytes = await store.bytesByGroup();
      return {
        logGroups: items.map((group) =>
          pattern === undefined
            ? describe(group, bytes.get(group.name) ?? 0)
            : { logGroupName: group.name, creationTime: group.createdMs, arn: `${groups.toArn(group.name)}:*` },
        ),
        ...(nextToken === undefined ? {} : { nextToken }),
      };
    },
  };
}
