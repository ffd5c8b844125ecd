import type { Operation } from "@tripline/kernel";
import type { LogsHouse } from "../house.ts";
import { createLogGroupOperation } from "./create-log-group.ts";
import { deleteLogGroupOperation } from "./delete-log-group.ts";
import { describeLogGroupsOperation } from "./describe-log-groups.ts";
import { describeLogStreamsOperation } from "./describe-log-streams.ts";
import { filterLogEventsOperation } from "./filter-log-events.ts";
import { getLogEventsOperation } from "./get-log-events.ts";
import { listLogGroupsOperation } from "./list-log-groups.ts";
import { createLogStreamOperation, deleteLogStreamOperation } from "./log-streams.ts";
import { putLogEventsOperation } from "./put-log-events.ts";
import { putLogGroupDeletionProtectionOperation } from "./put-log-group-deletion-protection.ts";
import { deleteRetentionPolicyOperation, putRetentionPolicyOperation } from "./retention-policy.ts";
import { startLiveTailOperation } from "./start-live-tail.ts";
import { tagOperations } from "./tags.ts";

/** Every operation of CloudWatch Logs that is simulated. Each sees what was logged before it was called. */
export function createLogsOperations(house: LogsHouse): readonly Operation[] {
  const operations: readonly Operation[] = [
    createLogGroupOperation(house),
    deleteLogGroupOperation(house),
    describeLogGroupsOperation(house),
    listLogGroupsOperation(house),
    createLogStreamOperation(house),
    deleteLogStreamOperation(house),
    describeLogStreamsOperation(house),
    putLogEventsOperation(house),
    getLogEventsOperation(house),
    filterLogEventsOperation(house),
    putRetentionPolicyOperation(house),
    deleteRetentionPolicyOperation(house),
    putLogGroupDeletionProtectionOperation(house),
    startLiveTailOperation(house),
    ...tagOperations(house),
  ];
  return operations.map((operation) => ({
    ...operation,
    async run(input, context) {
      await house.keeper.flush();
      return operation.run(input, context);
    },
  }));
}
