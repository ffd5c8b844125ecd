import type { Operation } from "@tripline/kernel";
import { purgeQueueInProgress } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import { purgeIntervalMs } from "../limits.ts";

/** Removes all messages at once (AWS may take 60 seconds). https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
export function purgeQueueOperation({ registry, store, traffic }: SqsHouse): Operation<{ QueueUrl: string }, object> {
  const purgedAtMs = new Map<string, number>();
  return {
    name: "PurgeQueue",
    honoured: ["QueueUrl"],
    async run({ QueueUrl }) {
      const { name, definition } = registry.resolve(QueueUrl);
      const nowMs = traffic.nowMs();
      const lastMs = purgedAtMs.get(name);
      const isOfThisQueue = lastMs !== undefined && lastMs >= definition.createdAtMs;
      if (isOfThisQueue && nowMs - lastMs < purgeIntervalMs) throw purgeQueueInProgress(name);
      purgedAtMs.set(name, nowMs);
      await store.purge(name);
      return {};
    },
  };
}
