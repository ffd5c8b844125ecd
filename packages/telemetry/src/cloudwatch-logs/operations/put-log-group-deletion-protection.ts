import type { Operation } from "@tripline/kernel";
import type { LogsHouse } from "../house.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html */
export function putLogGroupDeletionProtectionOperation({
  groups,
}: LogsHouse): Operation<{ logGroupIdentifier: string; deletionProtectionEnabled: boolean }, void> {
  return {
    name: "PutLogGroupDeletionProtection",
    honoured: ["logGroupIdentifier", "deletionProtectionEnabled"],
    async run({ logGroupIdentifier, deletionProtectionEnabled }) {
      await groups.save({ ...groups.find(logGroupIdentifier), isDeletionProtected: deletionProtectionEnabled });
    },
  };
}
