/** PutRetentionPolicy, DeleteRetentionPolicy. What has expired is not seen any more at once; AWS may take up to 72 hours. */
import type { Operation } from "@tripline/kernel";
import { invalidParameter } from "../errors.ts";
import type { LogsHouse } from "../house.ts";
import { retentionDays } from "../limits.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export function putRetentionPolicyOperation({
  groups,
}: LogsHouse): Operation<{ logGroupName: string; retentionInDays: number }, void> {
  return {
    name: "PutRetentionPolicy",
    honoured: ["logGroupName", "retentionInDays"],
    async run({ logGroupName, retentionInDays }) {
      const group = groups.find(logGroupName);
      if (!retentionDays.includes(retentionInDays)) {
        throw invalidParameter(
          `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${retentionDays.join(", ")}]`,
        );
      }
      await groups.save({ ...group, retentionDays: retentionInDays });
    },
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html */
export function deleteRetentionPolicyOperation({ groups }: LogsHouse): Operation<{ logGroupName: string }, void> {
  return {
    name: "DeleteRetentionPolicy",
    honoured: ["logGroupName"],
    async run({ logGroupName }) {
      const { retentionDays: _days, ...group } = groups.find(logGroupName);
      await groups.save(group);
    },
  };
}
