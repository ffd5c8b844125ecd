import type { Operation } from "@tripline/kernel";
import { invalidValue, queueOfArnNotFound } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import { moveTasksListedMax } from "../limits.ts";
import type { MessageMoveTask } from "../message-move-tasks.ts";
import { toTaskHandle } from "../move-task-handle.ts";

/** Input of ListMessageMoveTasks. `MaxResults`: 1 to 10, default 1. */
export interface ListMessageMoveTasksInput {
  SourceArn: string;
  MaxResults?: number;
}

/** One task; its handle only while it runs. */
export interface MessageMoveTaskEntry {
  TaskHandle?: string;
  Status: MessageMoveTask["status"];
  SourceArn: string;
  DestinationArn?: string;
  MaxNumberOfMessagesPerSecond?: number;
  ApproximateNumberOfMessagesMoved: number;
  ApproximateNumberOfMessagesToMove: number;
  FailureReason?: string;
  /** Epoch milliseconds. */
  StartedTimestamp: number;
}

/** The newest first. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html */
export function listMessageMoveTasksOperation({
  registry,
  moveTasks,
}: SqsHouse): Operation<ListMessageMoveTasksInput, { Results: MessageMoveTaskEntry[] }> {
  return {
    name: "ListMessageMoveTasks",
    honoured: ["SourceArn", "MaxResults"],
    async run({ SourceArn, MaxResults: max = 1 }) {
      if (registry.findByArn(SourceArn) === undefined) throw queueOfArnNotFound("SourceArn");
      if (!(Number.isInteger(max) && max >= 1 && max <= moveTasksListedMax)) {
        throw invalidValue(max, "MaxResults", `Must be between 1 and ${moveTasksListedMax}, if provided.`);
      }
      return { Results: moveTasks.list(SourceArn).slice(0, max).map(toEntry) };
    },
  };
}

function toEntry(task: MessageMoveTask): MessageMoveTaskEntry {
  return {
    ...(task.status === "RUNNING" ? { TaskHandle: toTaskHandle(task.id, task.sourceArn) } : {}),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(task.destinationArn === undefined ? {} : { DestinationArn: task.destinationArn }),
    ...(task.messagesPerSecondMax === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.messagesPerSecondMax }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failureReason === undefined ? {} : { FailureReason: task.failureReason }),
    StartedTimestamp: task.startedAtMs,
  };
}
