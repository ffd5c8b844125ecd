import type { Operation } from "@tripline/kernel";
import { invalidParameterValue, invalidValue, queueOfArnNotFound } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import { moveMessagesPerSecondMax } from "../limits.ts";
import { toTaskHandle } from "../move-task-handle.ts";

/** Input of StartMessageMoveTask. */
export interface StartMessageMoveTaskInput {
  SourceArn: string;
  /** Default: each message goes back to the queue that it came from. */
  DestinationArn?: string;
  MaxNumberOfMessagesPerSecond?: number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
export function startMessageMoveTaskOperation({
  registry,
  moveTasks,
}: SqsHouse): Operation<StartMessageMoveTaskInput, { TaskHandle: string }> {
  return {
    name: "StartMessageMoveTask",
    honoured: ["SourceArn", "DestinationArn", "MaxNumberOfMessagesPerSecond"],
    async run({ SourceArn: sourceArn, DestinationArn: destinationArn, MaxNumberOfMessagesPerSecond: rate }) {
      const source = registry.findByArn(sourceArn);
      if (source === undefined) throw queueOfArnNotFound("SourceArn");
      if (registry.deadLetterSources(source.arn).length === 0) {
        throw invalidParameterValue("Source queue must be configured as a Dead Letter Queue.");
      }
      const destination = destinationArn === undefined ? undefined : registry.findByArn(destinationArn);
      if (destinationArn !== undefined && destination === undefined) throw queueOfArnNotFound("DestinationArn");
      if (destination !== undefined && destination.isFifo !== source.isFifo) {
        throw invalidValue(
          destinationArn,
          "DestinationArn",
          "Destination queue must be same type of queue as the source.",
        );
      }
      if (rate !== undefined && !(Number.isInteger(rate) && rate >= 1 && rate <= moveMessagesPerSecondMax)) {
        throw invalidValue(
          rate,
          "MaxNumberOfMessagesPerSecond",
          `Must be between 1 and ${moveMessagesPerSecondMax}, if provided.`,
        );
      }
      return { TaskHandle: toTaskHandle(await moveTasks.start(source, destination, rate), source.arn) };
    },
  };
}
