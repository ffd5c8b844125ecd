/** One event's turn: what is left of its way is looked up, the function is invoked, and what follows is made durable. */
import { type AsyncEvent, type FunctionFacts, type InvokeResult, isServiceError } from "@tripline/kernel";
import { type AsyncHouse, isPermanent, messageOf } from "./async-house.ts";
import { maximumEventAgeSecondsMax, maximumRetryAttemptsMax } from "./event-invoke-config.ts";
import {
  type Attempt,
  decideAfter,
  decideBefore,
  type Decision,
  type LastResponse,
  type Outcome,
  type RetryPolicy,
} from "./retry-policy.ts";
import { settleEvent, type Settlement, tell, toSettlement } from "./settle-event.ts";

/** What an event's `note` holds from one turn to the next. */
interface EventNote {
  /** The function's latest answer. */
  last?: LastResponse;
  /** The function is done with it; who is to know is not. */
  settlement?: Settlement;
}

const decoder = new TextDecoder();

/** Gives `event` its turn; whether it stays in the store for another. Rejects only where the store does; the event is still there then. */
export async function attemptEvent(house: AsyncHouse, event: AsyncEvent): Promise<boolean> {
  const facts = house.functions.find(event.functionName, event.qualifier);
  if (facts === undefined) {
    await house.store.remove([event.sequence]);
    tell(house, event, undefined, "failed", event.invokeCount, "the function does not exist any more");
    return false;
  }
  const { last, settlement } = readNote(event);
  if (settlement !== undefined) return settleEvent(house, event, facts, settlement);

  const policy = policyOf(house, event);
  const { reservedConcurrency } = facts;
  const early = decideBefore(event, policy, { nowMs: house.nowMs(), reservedConcurrency, last });
  if (early !== undefined) return settle(house, event, facts, early);
  const decision = decideAfter(event, policy, await attempt(house, event), { nowMs: house.nowMs(), last });
  if (decision.next === "settle") return settle(house, event, facts, decision.outcome);
  await reschedule(house, event, facts, decision);
  return true;
}

function settle(house: AsyncHouse, event: AsyncEvent, facts: FunctionFacts, outcome: Outcome): Promise<boolean> {
  return settleEvent(house, { ...event, backoffCount: 0 }, facts, toSettlement(house, event, facts, outcome));
}

async function reschedule(
  house: AsyncHouse,
  event: AsyncEvent,
  facts: FunctionFacts,
  decision: Extract<Decision, { next: "retry" }>,
): Promise<void> {
  const { dueMs, invokeCount, backoffCount, reason, last } = decision;
  const note: EventNote | undefined = last === undefined ? undefined : { last };
  await house.store.reschedule(event.sequence, {
    dueMs,
    invokeCount,
    backoffCount,
    ...(note === undefined ? {} : { note: JSON.stringify(note) }),
  });
  tell(house, event, facts, "retrying", invokeCount, reason);
}

async function attempt(house: AsyncHouse, event: AsyncEvent): Promise<Attempt> {
  try {
    const result = await house.invoker.invoke({
      functionName: event.functionName,
      ...(event.qualifier === undefined ? {} : { qualifier: event.qualifier }),
      payload: event.payload,
      requestId: event.requestId,
      source: event.source,
      attempt: event.invokeCount + 1,
      deliveryIds: [event.deliveryId],
      ...(event.traceId === undefined ? {} : { traceId: event.traceId }),
    });
    return { kind: "answered", response: toLastResponse(result) };
  } catch (error) {
    const status = isServiceError(error) ? error.status : 500;
    return { kind: isPermanent(error) ? "refused" : "turned-away", status, message: messageOf(error) };
  }
}

function toLastResponse(result: InvokeResult): LastResponse {
  const response = { executedVersion: result.executedVersion, payload: decoder.decode(result.payload) };
  if (result.functionError === undefined) return { ...response, isError: false };
  const errorMessage = result.errorMessage ?? result.errorType ?? result.functionError;
  return { ...response, isError: true, errorMessage };
}

function policyOf(house: AsyncHouse, event: AsyncEvent): RetryPolicy {
  const config = house.configs.get(event.functionName, event.qualifier ?? "$LATEST");
  return {
    retriesMax: config?.maximumRetryAttempts ?? maximumRetryAttemptsMax,
    ageMsMax: (config?.maximumEventAgeSeconds ?? maximumEventAgeSecondsMax) * 1_000,
  };
}

function readNote(event: AsyncEvent): EventNote {
  return event.note === undefined ? {} : (JSON.parse(event.note) as EventNote);
}
