/** CreateLogStream, DeleteLogStream. */
import type { Operation } from "@tripline/kernel";
import { alreadyExists, streamNotFound } from "../errors.ts";
import type { LogsHouse } from "../house.ts";
import { checkStreamName } from "../log-group.ts";

/** Input of both. */
export interface LogStreamInput {
  logGroupName: string;
  logStreamName: string;
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html */
export function createLogStreamOperation({ clock, groups, store }: LogsHouse): Operation<LogStreamInput, void> {
  return {
    name: "CreateLogStream",
    honoured: ["logGroupName", "logStreamName"],
    async run({ logGroupName, logStreamName }) {
      checkStreamName(logStreamName);
      const group = groups.find(logGroupName);
      if (!(await store.createStream(group.name, logStreamName, clock.now()))) throw alreadyExists("stream");
    },
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html */
export function deleteLogStreamOperation({ groups, store }: LogsHouse): Operation<LogStreamInput, void> {
  return {
    name: "DeleteLogStream",
    honoured: ["logGroupName", "logStreamName"],
    async run({ logGroupName, logStreamName }) {
      const group = groups.find(logGroupName);
      if (!(await store.deleteStream(group.name, logStreamName))) throw streamNotFound();
    },
  };
}
