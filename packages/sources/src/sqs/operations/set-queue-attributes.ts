import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import { type QueueAttributes, setAttributes } from "../queue-attributes.ts";
import { checkRedrive } from "../redrive-policy.ts";

/** Input of SetQueueAttributes. */
export interface SetQueueAttributesInput {
  QueueUrl: string;
  Attributes?: QueueAttributes;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export function setQueueAttributesOperation({
  registry,
  traffic,
  scope,
}: SqsHouse): Operation<SetQueueAttributesInput, object> {
  return {
    name: "SetQueueAttributes",
    honoured: ["QueueUrl", "Attributes"],
    async run({ QueueUrl, Attributes: given = {} }) {
      const { name, isFifo, definition } = registry.resolve(QueueUrl);
      const attributes = setAttributes(definition.attributes, given, isFifo);
      if (given["RedrivePolicy"] !== undefined || given["RedriveAllowPolicy"] !== undefined) {
        checkRedrive(registry, name, scope, attributes);
      }
      await registry.save({ ...definition, attributes, lastModifiedAtMs: traffic.nowMs() });
      return {};
    },
  };
}
