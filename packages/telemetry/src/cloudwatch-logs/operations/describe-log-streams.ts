import type { Operation } from "@tripline/kernel";
import { invalidParameter, invalidValue } from "../errors.ts";
import type { LogsHouse } from "../house.ts";
import { limits } from "../limits.ts";
import { checkLimit, oneIdentifier } from "./page.ts";

/** Input of DescribeLogStreams. */
export interface DescribeLogStreamsInput {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamNamePrefix?: string;
  orderBy?: string;
  descending?: boolean;
  limit?: number;
  nextToken?: string;
}

/**
 * A stream's `storedBytes` is 0, as on AWS since 2019.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
 */
export function describeLogStreamsOperation({ groups, store }: LogsHouse): Operation<DescribeLogStreamsInput> {
  return {
    name: "DescribeLogStreams",
    honoured: [
      "logGroupName",
      "logGroupIdentifier",
      "logStreamNamePrefix",
      "orderBy",
      "descending",
      "limit",
      "nextToken",
    ],
    async run(input) {
      const { orderBy = "LogStreamName", logStreamNamePrefix: prefix, descending = false, nextToken } = input;
      if (orderBy !== "LogStreamName" && orderBy !== "LastEventTime") {
        throw invalidValue(orderBy, "orderBy", "Member must satisfy enum value set: [LastEventTime, LogStreamName]");
      }
      if (orderBy === "LastEventTime" && prefix !== undefined) {
        throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
      }
      const limit = checkLimit(input.limit ?? limits.pageItemsMax, limits.pageItemsMax);
      const offset = nextToken === undefined ? 0 : parseOffset(nextToken);
      const identifier = oneIdentifier(input);
      const group = groups.find(identifier);
      const streams = await store.listStreams({
        group: group.name,
        ...(prefix === undefined ? {} : { prefix }),
        byLastEvent: orderBy === "LastEventTime",
        descending,
        offset,
        limit: limit + 1,
      });
      return {
        logStreams: streams.slice(0, limit).map((one) => ({
          logStreamName: one.stream,
          creationTime: one.createdMs,
          ...(one.firstEventMs === undefined ? {} : { firstEventTimestamp: one.firstEventMs }),
          ...(one.lastEventMs === undefined ? {} : { lastEventTimestamp: one.lastEventMs }),
          ...(one.lastIngestionMs === undefined ? {} : { lastIngestionTime: one.lastIngestionMs }),
          arn: `${groups.toArn(group.name)}:log-stream:${one.stream}`,
          storedBytes: 0,
        })),
        ...(streams.length > limit ? { nextToken: `streams-${offset + limit}` } : {}),
      };
    },
  };
}

function parseOffset(token: string): number {
  const match = /^streams-(\d+)$/.exec(token);
  if (match === null) throw invalidParameter("The specified nextToken is invalid.");
  return Number(match[1]);
}
