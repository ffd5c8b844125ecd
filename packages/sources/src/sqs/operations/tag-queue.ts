import type { Operation } from "@tripline/kernel";
import { missingParameter } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import { addTags, type QueueTags } from "../queue-tags.ts";

/** Input of TagQueue. */
export interface TagQueueInput {
  QueueUrl: string;
  Tags: QueueTags;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html */
export function tagQueueOperation({ registry }: SqsHouse): Operation<TagQueueInput, object> {
  return {
    name: "TagQueue",
    honoured: ["QueueUrl", "Tags"],
    async run({ QueueUrl, Tags }) {
      const { name, definition } = registry.resolve(QueueUrl);
      if (Object.keys(Tags).length === 0) throw missingParameter("Tags");
      await registry.save({ ...definition, tags: addTags(name, definition.tags ?? {}, Tags) });
      return {};
    },
  };
}
