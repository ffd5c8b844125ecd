import type { Delivery, ServiceCaller } from "@tripline/kernel";

/** One firing on its way to one target. Plain data: it is kept while its target has not taken it. */
export interface Firing {
  /** The id of its delivery. */
  id: string;
  /** Name of the rule, or `group/name` of the schedule. */
  key: string;
  /** ARN of the rule or schedule. */
  sourceArn: string;
  /** Who calls the target, where no role does. */
  caller?: ServiceCaller;
  targetArn: string;
  /** What is sent, as text; the source may still fill in the number of the attempt. */
  body: string;
  messageGroupId?: string;
  /** The scheduled time, epoch milliseconds. */
  dueMs: number;
  /** When the first attempt is made: later than `dueMs` inside a flexible time window. */
  firedMs: number;
  nextAttemptMs: number;
  /** Attempts made so far. */
  attempts: number;
  maximumRetryAttempts: number;
  maximumEventAgeMs: number;
  deadLetterArn?: string;
  /** Scheduler: 16 hex digits. */
  executionId?: string;
}

/** The delivery that one attempt at `firing` makes. */
export function toDelivery(firing: Firing, source: string, body: Uint8Array): Delivery {
  return {
    id: firing.id,
    source,
    sourceArn: firing.sourceArn,
    ...(firing.caller === undefined ? {} : { caller: firing.caller }),
    targetArn: firing.targetArn,
    body,
    ...(firing.messageGroupId === undefined ? {} : { messageGroupId: firing.messageGroupId }),
  };
}
