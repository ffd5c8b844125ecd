import type { Operation } from "@tripline/kernel";
import { invalidParameter } from "../errors.ts";
import type { LogsHouse } from "../house.ts";

/** With all that it holds. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html */
export function deleteLogGroupOperation({ groups, store }: LogsHouse): Operation<{ logGroupName: string }, void> {
  return {
    name: "DeleteLogGroup",
    honoured: ["logGroupName"],
    async run({ logGroupName }) {
      const group = groups.find(logGroupName);
      if (group.isDeletionProtected) {
        throw invalidParameter(
          "The log group cannot be deleted because deletion protection is enabled. Disable deletion protection and try again.",
        );
      }
      await Promise.all([groups.delete(group.name), store.deleteGroup(group.name)]);
    },
  };
}
