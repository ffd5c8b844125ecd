import { isServiceError } from "@tripline/kernel";
import type { Failure, Firing } from "../schedule-runner/index.ts";

/**
 * The attributes of a rule's message in its dead-letter queue.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function toRuleDeadLetterAttributes(firing: Firing, failure: Failure): Record<string, string> {
  return {
    RULE_ARN: firing.sourceArn,
    TARGET_ARN: firing.targetArn,
    ERROR_CODE: toErrorCode(failure.error),
    ERROR_MESSAGE: failure.error.message,
    ...(failure.exhaustedRetryCondition === undefined
      ? {}
      : { EXHAUSTED_RETRY_CONDITION: failure.exhaustedRetryCondition }),
    RETRY_ATTEMPTS: String(failure.attempts - 1),
  };
}

function toErrorCode(error: Error): string {
  if (!isServiceError(error)) return "SDK_CLIENT_ERROR";
  if (error.status === 403) return "NO_PERMISSIONS";
  if (error.status === 404 || /NonExistentQueue|QueueDoesNotExist/.test(error.code)) return "NO_RESOURCE";
  if (error.status === 429) return "THROTTLING";
  return error.status >= 500 ? "INTERNAL_ERROR" : "INVALID_PARAMETER";
}
