import type { Operation } from "@tripline/kernel";
import { invalidParameterValue } from "../errors.ts";
import type { SqsHouse } from "../house.ts";

/** Input of UntagQueue. */
export interface UntagQueueInput {
  QueueUrl: string;
  TagKeys: readonly string[];
}

/** Keys that are not there change nothing. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_UntagQueue.html */
export function untagQueueOperation({ registry }: SqsHouse): Operation<UntagQueueInput, object> {
  return {
    name: "UntagQueue",
    honoured: ["QueueUrl", "TagKeys"],
    async run({ QueueUrl, TagKeys }) {
      const { definition } = registry.resolve(QueueUrl);
      if (TagKeys.length === 0) {
        throw invalidParameterValue("Tag keys must be between 1 and 128 characters in length.");
      }
      const kept = Object.entries(definition.tags ?? {}).filter(([key]) => !TagKeys.includes(key));
      await registry.save({ ...definition, tags: Object.fromEntries(kept) });
      return {};
    },
  };
}
