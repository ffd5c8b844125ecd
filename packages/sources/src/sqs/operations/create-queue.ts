import type { Operation } from "@tripline/kernel";
import { invalidParameterValue, queueDeletedRecently, queueNameExists } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import { recreateIntervalMs } from "../limits.ts";
import {
  normaliseAttributes,
  type QueueAttributes,
  readAttributes,
  setAttributes,
  unknownAttribute,
} from "../queue-attributes.ts";
import { toQueueUrl } from "../queue-url.ts";
import { addTags, type QueueTags } from "../queue-tags.ts";
import { checkRedrive } from "../redrive-policy.ts";

/** Input of CreateQueue. */
export interface CreateQueueInput {
  QueueName: string;
  Attributes?: QueueAttributes;
  /** Not compared with those of a queue that is there already. */
  tags?: QueueTags;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html; with `upsert`, an existing queue takes the attributes given. */
export function createQueueOperation(house: SqsHouse): Operation<CreateQueueInput, { QueueUrl: string }> {
  const { registry, traffic, scope } = house;
  return {
    name: "CreateQueue",
    honoured: ["QueueName", "Attributes", "tags"],
    async run(input, context) {
      const { QueueName: name } = input;
      const given = normaliseAttributes(input.Attributes ?? {});
      const isFifo = checkName(name, given);
      const attributes = setAttributes({}, given, isFifo);
      const tags = addTags(name, {}, input.tags ?? {});
      const url = { QueueUrl: toQueueUrl(context.endpoint, scope, name) };
      const nowMs = traffic.nowMs();
      const existing = registry.get(name);
      if (existing === undefined) {
        const deletedAtMs = registry.deletedAtMs(name);
        const isBarred = deletedAtMs !== undefined && nowMs - deletedAtMs < recreateIntervalMs;
        if (isBarred && context.upsert !== true) throw queueDeletedRecently();
      } else if (context.upsert !== true) {
        const different = findDifference(existing.definition.attributes, given, isFifo);
        if (different !== undefined) throw queueNameExists(different);
        return url;
      }
      checkRedrive(registry, name, scope, attributes);
      const before = existing?.definition;
      if (before !== undefined && isSame(before.attributes, attributes) && isSame(before.tags ?? {}, tags)) return url;
      await registry.save({
        ...before,
        name,
        createdAtMs: before?.createdAtMs ?? nowMs,
        lastModifiedAtMs: nowMs,
        attributes,
        tags,
      });
      return url;
    },
  };
}

/** Whether it is FIFO. Throws where name and type do not go together. */
function checkName(name: string, given: QueueAttributes): boolean {
  const isFifo = name.endsWith(".fifo");
  if (!isFifo && given["FifoQueue"] === "true") {
    throw invalidParameterValue(
      "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.",
    );
  }
  if (!isFifo && given["FifoQueue"] !== undefined) throw unknownAttribute("FifoQueue");
  const stem = isFifo && given["FifoQueue"] === "true" ? name.slice(0, -".fifo".length) : name;
  if (name.length > 80 || !/^[A-Za-z0-9_-]+$/.test(stem)) {
    throw invalidParameterValue("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
  }
  return isFifo;
}

/** The first attribute that was given and is different. */
function findDifference(existing: QueueAttributes, given: QueueAttributes, isFifo: boolean): string | undefined {
  const before = readAttributes(existing, isFifo);
  const after = readAttributes(setAttributes({}, given, isFifo), isFifo);
  return Object.keys(given).find((name) => before[name] !== after[name]);
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
