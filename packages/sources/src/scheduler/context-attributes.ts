/** What `<aws.scheduler.…>` in a schedule's Input stands for. */

/** The values of the context attributes. https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
export interface ContextAttributes {
  scheduleArn: string;
  scheduledTime: string;
  executionId: string;
  /** Absent: left as it is, to be filled in at each attempt. */
  attempt?: string;
}

/** Replaces `<aws.scheduler.…>` in `input`. */
export function fillContextAttributes(input: string, attributes: ContextAttributes): string {
  if (!input.includes("<aws.scheduler.")) return input;
  const filled = input
    .replaceAll("<aws.scheduler.schedule-arn>", attributes.scheduleArn)
    .replaceAll("<aws.scheduler.scheduled-time>", attributes.scheduledTime)
    .replaceAll("<aws.scheduler.execution-id>", attributes.executionId);
  return attributes.attempt === undefined ? filled : fillAttempt(filled, attributes.attempt);
}

/** Replaces the number of the attempt, 1 for the first. */
export function fillAttempt(input: string, attempt: string): string {
  return input.replaceAll("<aws.scheduler.attempt-number>", attempt);
}
