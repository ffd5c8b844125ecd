import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import { removePermission } from "../queue-permissions.ts";

/** Input of RemovePermission. */
export interface RemovePermissionInput {
  QueueUrl: string;
  Label: string;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_RemovePermission.html */
export function removePermissionOperation({ registry, traffic }: SqsHouse): Operation<RemovePermissionInput, object> {
  return {
    name: "RemovePermission",
    honoured: ["QueueUrl", "Label"],
    async run({ QueueUrl, Label }) {
      const queue = registry.resolve(QueueUrl);
      const { definition } = queue;
      const Policy = removePermission(queue, Label);
      const { Policy: _before, ...rest } = definition.attributes;
      const attributes = Policy === undefined ? rest : { ...rest, Policy };
      await registry.save({ ...definition, attributes, lastModifiedAtMs: traffic.nowMs() });
      return {};
    },
  };
}
