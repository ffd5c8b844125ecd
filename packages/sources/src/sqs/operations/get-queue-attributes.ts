import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import { readableAttributes, readAttributes, unknownAttribute } from "../queue-attributes.ts";
import type { Queue } from "../queue-definition.ts";

/** Input of GetQueueAttributes. */
export interface GetQueueAttributesInput {
  QueueUrl: string;
  AttributeNames?: readonly string[];
}

/** Exact counts, unlike AWS's approximate ones. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
export function getQueueAttributesOperation({
  registry,
  traffic,
}: SqsHouse): Operation<GetQueueAttributesInput, { Attributes?: Record<string, string> }> {
  return {
    name: "GetQueueAttributes",
    honoured: ["QueueUrl", "AttributeNames"],
    async run({ QueueUrl, AttributeNames: names = [] }) {
      const queue = registry.resolve(QueueUrl);
      for (const name of names) {
        if (name !== "All" && !readableAttributes.includes(name)) throw unknownAttribute(name);
      }
      const all: Record<string, string> = {
        ...describe(queue),
        ...readAttributes(queue.definition.attributes, queue.isFifo),
      };
      const wanted = names.includes("All") ? readableAttributes : names;
      if (wanted.some((name) => name.startsWith("ApproximateNumberOf"))) {
        const { visible, inFlight, delayed } = await traffic.count(queue);
        all["ApproximateNumberOfMessages"] = String(visible);
        all["ApproximateNumberOfMessagesNotVisible"] = String(inFlight);
        all["ApproximateNumberOfMessagesDelayed"] = String(delayed);
      }
      const entries = Object.entries(all).filter(([name]) => wanted.includes(name));
      return entries.length === 0 ? {} : { Attributes: Object.fromEntries(entries) };
    },
  };
}

function describe({ arn, definition }: Queue): Record<string, string> {
  return {
    QueueArn: arn,
    CreatedTimestamp: String(Math.floor(definition.createdAtMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(definition.lastModifiedAtMs / 1000)),
  };
}
