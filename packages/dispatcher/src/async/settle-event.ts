/**
 * The end of an event's way: whoever is to know of it is told, then the event leaves the store.
 *
 * S1. An event leaves the store only after its outcome is durable where it goes: a crash repeats it, and loses nothing.
 * S2. A destination or dead-letter queue that cannot take it now is asked again, with the back-off of throttles, for as long as the
 *     oldest event may be. One that refuses it for good is told to the user as a notice.
 * S3. Each state is told on the bus, after it is durable.
 */
import { type AsyncEvent, type Delivery, type FunctionFacts, parseArn } from "@tripline/kernel";
import { toFailureKey } from "../failure-key.ts";
import { type AsyncHouse, isPermanent, messageOf } from "./async-house.ts";
import { toDeadLetterAttributes, toDestinationRecord } from "./destination-record.ts";
import { maximumEventAgeSecondsMax } from "./event-invoke-config.ts";
import { toEventRecord } from "./event-record.ts";
import { backoffMs, type Outcome } from "./retry-policy.ts";

/** An outcome, and who is still to be told. */
export interface Settlement {
  outcome: Outcome;
  decidedAtMs: number;
  targets: readonly OutcomeTarget[];
  /** Whether another target has it already. */
  isTold: boolean;
}

/** A destination, or a dead-letter queue. */
export interface OutcomeTarget {
  arn: string;
  isDeadLetterQueue: boolean;
}

/** A settlement of what was decided just now. A dead-letter queue and an on-failure destination are both told. */
export function toSettlement(house: AsyncHouse, event: AsyncEvent, facts: FunctionFacts, outcome: Outcome): Settlement {
  const config = house.configs.get(event.functionName, event.qualifier ?? "$LATEST");
  const isSuccess = outcome.condition === "Success";
  const destination = isSuccess ? config?.onSuccess : config?.onFailure;
  const targets: OutcomeTarget[] = [];
  if (!isSuccess && facts.deadLetterTargetArn !== undefined) {
    targets.push({ arn: facts.deadLetterTargetArn, isDeadLetterQueue: true });
  }
  if (destination !== undefined) targets.push({ arn: destination, isDeadLetterQueue: false });
  return { outcome, decidedAtMs: house.nowMs(), targets, isTold: false };
}

/** Tells the targets of `settlement`, and ends the event, or keeps it for another try: whether it stays. Rejects only where the store does. */
export async function settleEvent(
  house: AsyncHouse,
  event: AsyncEvent,
  facts: FunctionFacts,
  settlement: Settlement,
): Promise<boolean> {
  const { outcome, targets } = settlement;
  if (targets.length === 0) {
    await house.store.remove([event.sequence]); // S1
    tellEnd(house, event, facts, outcome, false, []);
    return false;
  }
  const results = await Promise.allSettled(
    targets.map((target) => house.deliver(toDelivery(house, event, facts, outcome, target))),
  );
  const troubles: string[] = [];
  const later: OutcomeTarget[] = [];
  let { isTold } = settlement;
  for (const [index, target] of targets.entries()) {
    const result = results[index];
    if (result?.status !== "rejected") {
      isTold = true;
      continue;
    }
    const trouble = `${target.arn} did not take the outcome: ${messageOf(result.reason)}`;
    troubles.push(trouble);
    if (isPermanent(result.reason)) warn(house, event, trouble);
    else later.push(target);
  }
  if (later.length > 0) {
    if (await tryLater(house, event, facts, { ...settlement, targets: later, isTold }, troubles.join("; ")))
      return true;
    warn(house, event, `${troubles.join("; ")}; given up`);
  }
  await house.store.remove([event.sequence]); // S1
  tellEnd(house, event, facts, outcome, isTold, troubles);
  return false;
}

/** S2. */
async function tryLater(
  house: AsyncHouse,
  event: AsyncEvent,
  facts: FunctionFacts,
  settlement: Settlement,
  reason: string,
): Promise<boolean> {
  const { invokeCount } = settlement.outcome;
  const dueMs = house.nowMs() + backoffMs(event.backoffCount);
  if (dueMs - settlement.decidedAtMs > maximumEventAgeSecondsMax * 1_000) return false;
  const note = JSON.stringify({ settlement });
  await house.store.reschedule(event.sequence, { dueMs, invokeCount, backoffCount: event.backoffCount + 1, note });
  tell(house, event, facts, "retrying", invokeCount, reason);
  return true;
}

function tellEnd(
  house: AsyncHouse,
  event: AsyncEvent,
  facts: FunctionFacts,
  outcome: Outcome,
  isTold: boolean,
  troubles: readonly string[],
): void {
  const state = outcome.condition === "Success" ? "delivered" : isTold ? "dead-lettered" : "failed";
  const cause = outcome.condition === "Success" ? [] : [`${outcome.condition}: ${outcome.errorMessage}`];
  tell(house, event, facts, state, outcome.invokeCount, [...cause, ...troubles].join("; "));
}

/** S3. */
export function tell(
  house: AsyncHouse,
  event: AsyncEvent,
  facts: FunctionFacts | undefined,
  state: "retrying" | "delivered" | "dead-lettered" | "failed",
  attempts: number,
  reason: string,
): void {
  if (!house.bus.hasListeners("delivery")) return;
  const targetArn = facts?.functionArn ?? event.functionName;
  house.bus.emit("delivery", toEventRecord(event, state, { targetArn, attempts, nowMs: house.nowMs(), reason }));
}

function warn(house: AsyncHouse, event: AsyncEvent, message: string): void {
  house.bus.emit("notice", {
    level: "warning",
    subject: event.functionName,
    message: `asynchronous event ${event.requestId}: ${message}`,
  });
}

function toDelivery(
  house: AsyncHouse,
  event: AsyncEvent,
  facts: FunctionFacts,
  outcome: Outcome,
  target: OutcomeTarget,
): Delivery {
  const delivery = {
    id: house.rng.uuid(),
    parentId: event.deliveryId,
    source: "lambda",
    sourceArn: facts.functionArn,
    targetArn: target.arn,
  };
  if (target.isDeadLetterQueue) {
    return { ...delivery, body: event.payload, messageAttributes: toDeadLetterAttributes(event.requestId, outcome) };
  }
  const functionArn = `${facts.functionArn}:${event.qualifier ?? "$LATEST"}`;
  const nowMs = house.nowMs();
  const body = toDestinationRecord(event, functionArn, outcome, nowMs);
  if (parseArn(target.arn)?.service !== "s3") return { ...delivery, body };
  return { ...delivery, body, objectKey: toFailureKey(`aws/lambda/async/${event.functionName}`, nowMs, delivery.id) };
}
