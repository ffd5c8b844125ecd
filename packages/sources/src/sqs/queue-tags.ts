/** Tags of queues. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html */
import { invalidParameterValue } from "./errors.ts";
import { tagsMax } from "./limits.ts";

/** Tags by key. */
export type QueueTags = Readonly<Record<string, string>>;

/** `before` with `given` added. Throws InvalidParameterValue where one is no tag, or there are too many. */
export function addTags(queueName: string, before: QueueTags, given: QueueTags): QueueTags {
  for (const [key, value] of Object.entries(given)) {
    if (key.length < 1 || key.length > 128) {
      throw invalidParameterValue("Tag keys must be between 1 and 128 characters in length.");
    }
    if (value.length > 256) throw invalidParameterValue("Tag values must be between 0 and 256 characters in length.");
    if (/^aws:/i.test(key)) throw invalidParameterValue(`Tag keys must not start with "aws:".`);
  }
  const tags = { ...before, ...given };
  if (Object.keys(tags).length > tagsMax) throw invalidParameterValue(`Too many tags added for queue ${queueName}.`);
  return tags;
}
