import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import type { QueueTags } from "../queue-tags.ts";

/** `Tags` is absent where there is none. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueueTags.html */
export function listQueueTagsOperation({ registry }: SqsHouse): Operation<{ QueueUrl: string }, { Tags?: QueueTags }> {
  return {
    name: "ListQueueTags",
    honoured: ["QueueUrl"],
    async run({ QueueUrl }) {
      const { tags = {} } = registry.resolve(QueueUrl).definition;
      return Object.keys(tags).length === 0 ? {} : { Tags: tags };
    },
  };
}
