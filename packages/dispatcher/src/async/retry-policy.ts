/**
 * What follows an attempt at an asynchronous event: pure decisions.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 *
 * P1. A function error is retried after one minute, then after two, at most `retriesMax` times.
 * P2. Throttles and system errors are no attempts: the event comes back after 1 s, doubling up to 5 minutes.
 * P3. What would be tried after its age limit is given up at once.
 * P4. Zero reserved concurrency gives up before any attempt.
 */
import type { AsyncEvent, AsyncEventProgress } from "@tripline/kernel";

/** Limits of one function's asynchronous events. */
export interface RetryPolicy {
  /** 0 to 2. */
  retriesMax: number;
  ageMsMax: number;
}

/** The function's last answer, as records repeat it. */
export interface LastResponse {
  executedVersion: string;
  /** JSON text. */
  payload: string;
  isError: boolean;
  errorMessage?: string;
}

/** Why an event's way has ended: AWS's own words. */
export type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";

/** The end of an event's way. */
export interface Outcome {
  condition: Condition;
  invokeCount: number;
  response?: LastResponse;
  /** For a dead-letter queue: the HTTP status of the last answer, and what it said. */
  errorCode: number;
  errorMessage: string;
}

/** What came of one attempt. */
export type Attempt =
  | { kind: "answered"; response: LastResponse }
  /** Throttled, or a system error: the function did not run. */
  | { kind: "turned-away"; status: number; message: string }
  /** It will never run. */
  | { kind: "refused"; status: number; message: string };

/** What is to be done with the event now. */
export type Decision =
  | { next: "retry"; dueMs: number; invokeCount: number; backoffCount: number; reason: string; last?: LastResponse }
  | { next: "settle"; outcome: Outcome };

const retryDelaysMs = [60_000, 120_000];
const backoffMsMax = 300_000;

/** P2: how long whoever was turned away `backoffCount` times before waits. */
export function backoffMs(backoffCount: number): number {
  return Math.min(backoffMsMax, 1_000 * 2 ** Math.min(backoffCount, 20));
}

/** Whether the event is given up before it is tried (P3, P4). `last`: the answer to its latest attempt, if it had one. */
export function decideBefore(
  event: Pick<AsyncEvent, "acceptedAtMs" | "invokeCount">,
  policy: RetryPolicy,
  facts: { nowMs: number; reservedConcurrency?: number | undefined; last?: LastResponse | undefined },
): Outcome | undefined {
  if (facts.reservedConcurrency === 0) {
    return { condition: "ZeroReservedConcurrency", invokeCount: 0, errorCode: 429, errorMessage: "Rate Exceeded." };
  }
  if (facts.nowMs - event.acceptedAtMs <= policy.ageMsMax) return undefined;
  return ageExceeded(event.invokeCount, facts.last, { status: 429, message: "Rate Exceeded." });
}

/** What follows `attempt`. */
export function decideAfter(
  event: Pick<AsyncEvent, "acceptedAtMs"> & Omit<AsyncEventProgress, "dueMs">,
  policy: RetryPolicy,
  attempt: Attempt,
  facts: { nowMs: number; last?: LastResponse | undefined },
): Decision {
  const { nowMs, last } = facts;
  const isTooOld = (dueMs: number): boolean => dueMs - event.acceptedAtMs > policy.ageMsMax;
  if (attempt.kind === "answered") {
    const { response } = attempt;
    const invokeCount = event.invokeCount + 1;
    const errorMessage = response.errorMessage ?? "";
    if (!response.isError) {
      return { next: "settle", outcome: { condition: "Success", invokeCount, response, errorCode: 200, errorMessage } };
    }
    if (invokeCount > policy.retriesMax) {
      const condition = "RetriesExhausted";
      return { next: "settle", outcome: { condition, invokeCount, response, errorCode: 200, errorMessage } };
    }
    const dueMs = nowMs + (retryDelaysMs[invokeCount - 1] ?? backoffMsMax); // P1
    if (isTooOld(dueMs)) return { next: "settle", outcome: ageExceeded(invokeCount, response) }; // P3
    return { next: "retry", dueMs, invokeCount, backoffCount: 0, reason: errorMessage, last: response };
  }
  const { status, message } = attempt;
  const { invokeCount, backoffCount } = event;
  if (attempt.kind === "refused") {
    const outcome: Outcome = { condition: "RetriesExhausted", invokeCount, errorCode: status, errorMessage: message };
    return { next: "settle", outcome: last === undefined ? outcome : { ...outcome, response: last } };
  }
  const dueMs = nowMs + backoffMs(backoffCount); // P2
  if (isTooOld(dueMs)) return { next: "settle", outcome: ageExceeded(invokeCount, last, attempt) };
  const retry = { next: "retry", dueMs, invokeCount, backoffCount: backoffCount + 1, reason: message } as const;
  return last === undefined ? retry : { ...retry, last };
}

function ageExceeded(
  invokeCount: number,
  last: LastResponse | undefined,
  without?: { status: number; message: string },
): Outcome {
  const condition = "EventAgeExceeded";
  if (last === undefined) {
    return { condition, invokeCount, errorCode: without?.status ?? 200, errorMessage: without?.message ?? "" };
  }
  return { condition, invokeCount, response: last, errorCode: 200, errorMessage: last.errorMessage ?? "" };
}
