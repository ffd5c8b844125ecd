import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";

/** Removes the queue and its messages at once (AWS may take 60 seconds). https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html */
export function deleteQueueOperation(house: SqsHouse): Operation<{ QueueUrl: string }, object> {
  const { registry, store, traffic, arrivals, moveTasks } = house;
  return {
    name: "DeleteQueue",
    honoured: ["QueueUrl"],
    async run({ QueueUrl }) {
      const { name, arn } = registry.resolve(QueueUrl);
      await Promise.all([registry.delete(name, traffic.nowMs()), store.drop(name), moveTasks.forget(arn)]);
      arrivals.wake(name); // long polls see that it is gone
      return {};
    },
  };
}
