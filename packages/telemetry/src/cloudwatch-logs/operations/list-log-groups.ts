import type { Operation } from "@tripline/kernel";
import { invalidParameter } from "../errors.ts";
import type { LogsHouse } from "../house.ts";
import { takePage } from "./page.ts";

/** Input of ListLogGroups. */
export interface ListLogGroupsInput {
  /** `^/aws/lambda|discovery`: substrings, or prefixes behind `^`. */
  logGroupNamePattern?: string;
  logGroupClass?: string;
  includeLinkedAccounts?: boolean;
  limit?: number;
  nextToken?: string;
}

/** By name. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListLogGroups.html */
export function listLogGroupsOperation({ groups }: LogsHouse): Operation<ListLogGroupsInput> {
  return {
    name: "ListLogGroups",
    honoured: ["logGroupNamePattern", "logGroupClass", "includeLinkedAccounts", "limit", "nextToken"],
    refused: {
      accountIdentifiers: "there is one account",
      dataSources: "log groups have no data sources here",
      fieldIndexNames: "fields are not indexed here",
      logGroupTags: "groups are not selected by tags here",
    },
    async run(input) {
      const matches = toNameTest(input.logGroupNamePattern);
      const wanted = groups
        .list()
        .filter((group) => matches(group.name) && (input.logGroupClass ?? group.logGroupClass) === group.logGroupClass);
      const { items, nextToken } = takePage(wanted, (group) => group.name, input, 1000);
      return {
        logGroups: items.map(({ name, logGroupClass }) => ({
          logGroupName: name,
          logGroupArn: groups.toArn(name),
          logGroupClass,
        })),
        ...(nextToken === undefined ? {} : { nextToken }),
      };
    },
  };
}

function toNameTest(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const parts = pattern.split("|");
  if (parts.length > 5 || parts.some((part) => !/^\^?[.\-_/#A-Za-z0-9]{3,24}$/.test(part))) {
    throw invalidParameter(`Invalid logGroupNamePattern: ${pattern}`);
  }
  return (name) => parts.some((part) => (part.startsWith("^") ? name.startsWith(part.slice(1)) : name.includes(part)));
}
