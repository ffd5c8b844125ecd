import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";

/** What was moved stays where it is. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CancelMessageMoveTask.html */
export function cancelMessageMoveTaskOperation({
  moveTasks,
}: SqsHouse): Operation<{ TaskHandle: string }, { ApproximateNumberOfMessagesMoved: number }> {
  return {
    name: "CancelMessageMoveTask",
    honoured: ["TaskHandle"],
    run: async ({ TaskHandle }) => ({ ApproximateNumberOfMessagesMoved: await moveTasks.cancel(TaskHandle) }),
  };
}
