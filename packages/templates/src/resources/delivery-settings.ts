/** What targets of rules and schedules share. */
import { object } from "../shapes/collections.ts";
import { integer, text } from "../shapes/scalars.ts";
import { optional, required, type Shape } from "../shapes/shape.ts";

/** How often and for how long a failed delivery is tried again. */
export const retryPolicy: Shape<{ MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number }> = object({
  MaximumRetryAttempts: optional(integer("3")),
  MaximumEventAgeInSeconds: optional(integer("3600")),
});

/** Where a delivery goes that failed for good. */
export const deadLetterConfig: Shape<{ Arn: string }> = object({ Arn: required(text("!GetAtt Failed.Arn")) });

/** The group of a FIFO queue that is a target. */
export const sqsParameters: Shape<{ MessageGroupId: string }> = object({ MessageGroupId: required(text("reports")) });
