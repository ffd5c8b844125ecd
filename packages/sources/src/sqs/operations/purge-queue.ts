import type { Operation } from "@tripline/kernel";
import { purgeQueueInProgress } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import { purgeIntervalMs } from "../limits.ts";

/** Removes all messages at once (AWS may take 60 seconds). https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
export function purgeQueueOperation({ registry, store, traffic }: SqsHouse): Operation<{ QueueUrl: string }, object> {
  return {
    name: "PurgeQueue",
    honoured: ["QueueUrl"],
    async run({ QueueUrl }) {
      const { name, definition } = registry.resolve(QueueUrl);
      const nowMs = traffic.nowMs();
      const { purgedAtMs } = definition;
      if (purgedAtMs !== undefined && nowMs - purgedAtMs < purgeIntervalMs) throw purgeQueueInProgress(name);
      await Promise.all([registry.save({ ...definition, purgedAtMs: nowMs }), store.purge(name)]);
      return {};
    },
  };
}
