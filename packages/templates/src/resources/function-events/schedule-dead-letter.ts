import { object } from "../../shapes/collections.ts";
import { text } from "../../shapes/scalars.ts";
import { optional, type Shape, unsupported } from "../../shapes/shape.ts";

const noQueueMade = "No queue is made for it: define one, and name it with Arn.";

/** SAM's DeadLetterConfig of schedules: the queue that `Arn` names. */
export const scheduleDeadLetterConfig: Shape<{ Arn?: string }> = object({
  Arn: optional(text("!GetAtt Failed.Arn")),
  Type: unsupported(noQueueMade),
  QueueLogicalId: unsupported(noQueueMade),
});

/** The member for a target. Empty where no queue is named. */
export function toDeadLetterConfig(given: { Arn?: string } | undefined): { DeadLetterConfig?: { Arn: string } } {
  return given?.Arn === undefined ? {} : { DeadLetterConfig: { Arn: given.Arn } };
}
