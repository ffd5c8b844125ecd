/**
 * What follows a failed attempt. Pure.
 *
 * R1. Only throttles (429) and server errors (5xx) are tried again; anything else is permanent.
 * R2. Waits double from one second to ten minutes, each drawn from its upper half. AWS says "exponential back-off and jitter"
 *     and no numbers; with these, the default 185 retries outlast the default 24 hours.
 * R3. A retry that would come after the maximum age is not waited for.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
import { isServiceError, type Rng } from "@tripline/kernel";
import type { Firing } from "./firing.ts";

/** Defaults and ranges of `RetryPolicy`, the same for rules and schedules. */
export const retryLimits = {
  maximumRetryAttemptsMax: 185,
  maximumEventAgeSecondsMin: 60,
  maximumEventAgeSecondsMax: 86_400,
} as const;

const firstWaitMs = 1_000;
const longestWaitMs = 600_000;

/** Why a firing is given up. `exhaustedRetryCondition` is absent for a permanent error. */
export interface Failure {
  error: Error;
  attempts: number;
  exhaustedRetryCondition?: "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";
}

/** When to try again, or why not. `firing.attempts` counts the attempt that failed. */
export function afterFailure(
  firing: Firing,
  error: Error,
  nowMs: number,
  rng: Rng,
): { retryAtMs: number } | { failure: Failure } {
  const { attempts } = firing;
  if (!isRetriable(error)) return { failure: { error, attempts } }; // R1
  if (attempts > firing.maximumRetryAttempts) {
    return { failure: { error, attempts, exhaustedRetryCondition: "MaximumRetryAttempts" } };
  }
  const waitMs = Math.min(firstWaitMs * 2 ** Math.min(attempts - 1, 20), longestWaitMs);
  const retryAtMs = nowMs + Math.round(waitMs / 2 + (rng.next() * waitMs) / 2); // R2
  if (retryAtMs > firing.firedMs + firing.maximumEventAgeMs) {
    return { failure: { error, attempts, exhaustedRetryCondition: "MaximumEventAgeInSeconds" } }; // R3
  }
  return { retryAtMs };
}

function isRetriable(error: Error): boolean {
  return isServiceError(error) && (error.status === 429 || error.status >= 500);
}
