import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import { addPermission } from "../queue-permissions.ts";

/** Input of AddPermission. */
export interface AddPermissionInput {
  QueueUrl: string;
  Label: string;
  AWSAccountIds: readonly string[];
  Actions: readonly string[];
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html */
export function addPermissionOperation({ registry, traffic }: SqsHouse): Operation<AddPermissionInput, object> {
  return {
    name: "AddPermission",
    honoured: ["QueueUrl", "Label", "AWSAccountIds", "Actions"],
    async run({ QueueUrl, Label: label, AWSAccountIds: accountIds, Actions: actions }) {
      const queue = registry.resolve(QueueUrl);
      const { definition } = queue;
      const attributes = { ...definition.attributes, Policy: addPermission(queue, { label, accountIds, actions }) };
      await registry.save({ ...definition, attributes, lastModifiedAtMs: traffic.nowMs() });
      return {};
    },
  };
}
