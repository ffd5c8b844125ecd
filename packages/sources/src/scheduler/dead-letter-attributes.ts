import { isServiceError } from "@tripline/kernel";
import type { Failure, Firing } from "../schedule-runner/index.ts";
import { toSeconds } from "./schedule.ts";

/**
 * The attributes of a schedule's message in its dead-letter queue.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export function toScheduleDeadLetterAttributes(firing: Firing, failure: Failure): Record<string, string> {
  const { error } = failure;
  return {
    ERROR_CODE: isServiceError(error) ? (error.queryCode ?? error.code) : "SdkClientException",
    ERROR_MESSAGE: error.message,
    EXECUTION_ID: firing.executionId ?? "",
    ...(failure.exhaustedRetryCondition === undefined
      ? {}
      : { EXHAUSTED_RETRY_CONDITION: failure.exhaustedRetryCondition }),
    IS_PAYLOAD_TRUNCATED: "false",
    RETRY_ATTEMPTS: String(failure.attempts - 1),
    SCHEDULED_TIME: toSeconds(firing.dueMs),
    SCHEDULE_ARN: firing.sourceArn,
    TARGET_ARN: firing.targetArn,
  };
}
