/**
 * Takes firings to their targets: attempts, retries, dead-letter queue. Rules and schedules share it.
 *
 * T1. A firing that waits (for a retry, or inside a flexible time window) is kept in the store until its target, or its
 *     dead-letter queue, has it. After a restart it goes on.
 * T2. On wall time a firing is kept from its first attempt on, in the same commit as what its target writes, so that a crash between
 *     the two loses none; it may then be delivered twice, as on AWS. A run on virtual time does not outlive its process, and saves
 *     that write.
 * T3. Each attempt is in flight (`activity`) until its outcome is durable.
 * T4. A firing goes on as it was fired, whatever becomes of its rule or schedule meanwhile.
 */
import {
  type Activity,
  type Cancel,
  type Clock,
  type DeliveryState,
  type EventBus,
  isServiceError,
  isSimulatorError,
  type Rng,
  type ScheduleStore,
  type SourceHost,
} from "@tripline/kernel";
import { type Firing, toDelivery } from "./firing.ts";
import { afterFailure, type Failure } from "./retry-policy.ts";

/** Options of {@link createTargetInvoker}. */
export interface TargetInvokerOptions {
  /** `events` or `scheduler`. */
  source: string;
  clock: Clock;
  rng: Rng;
  activity: Activity;
  bus: EventBus;
  store: ScheduleStore;
  /** The text sent at attempt number `attempt`. */
  toBody(firing: Firing, attempt: number): string;
  /** The attributes of the message in the dead-letter queue; all of type String. */
  toDeadLetterAttributes(firing: Firing, failure: Failure): Record<string, string>;
  /** The firing is delivered, dead-lettered or given up. */
  onSettled?(firing: Firing): Promise<void>;
}

/** See the module's header. */
export interface TargetInvoker {
  /** Begins with what the store still holds. */
  start(host: SourceHost): Promise<void>;
  /** Attempts at once, or at `firing.nextAttemptMs` when that is later. */
  send(firing: Firing): void;
  /** Whether a firing of `key` is on its way. */
  isPending(key: string): boolean;
  /** No more attempts; waits for those in flight. What waits stays in the store. */
  stop(): Promise<void>;
}

/** An invoker that has not started. */
export function createTargetInvoker(options: TargetInvokerOptions): TargetInvoker {
  const { source, clock, rng, activity, bus, store } = options;
  const isKeptFromStart = clock.mode !== "virtual"; // T2
  const waiting = new Map<string, Cancel>();
  const inFlight = new Set<Promise<void>>();
  const pendingByKey = new Map<string, number>();
  let host: SourceHost | undefined;

  const count = (key: string, change: number): void => {
    const pending = (pendingByKey.get(key) ?? 0) + change;
    if (pending === 0) pendingByKey.delete(key);
    else pendingByKey.set(key, pending);
  };
  const keep = (firing: Firing): Promise<void> =>
    store.put([{ id: firing.id, source, nextAttemptMs: firing.nextAttemptMs, value: firing }]);
  const tell = (firing: Firing, state: DeliveryState, body: Uint8Array, reason?: string): void => {
    if (!bus.hasListeners("delivery")) return;
    const { caller: _caller, ...delivery } = toDelivery(firing, source, body);
    bus.emit("delivery", {
      ...delivery,
      state,
      attempts: 0,
      acceptedAtMs: firing.firedMs,
      updatedAtMs: clock.now(),
      ...(reason === undefined ? {} : { reason }),
    });
  };

  const begin = (work: () => Promise<void>): void => {
    const running = activity.track(`${source} delivery`, work);
    inFlight.add(running);
    void running.finally(() => inFlight.delete(running));
  };
  const wait = (firing: Firing): void => {
    waiting.set(
      firing.id,
      clock.at(firing.nextAttemptMs, () => {
        waiting.delete(firing.id);
        begin(() => attempt(firing, true));
      }),
    );
  };

  const attempt = async (before: Firing, wasKept: boolean): Promise<void> => {
    const to = host;
    if (to === undefined) return; // stopped: the store has it
    const firing = { ...before, attempts: before.attempts + 1 };
    const body = Buffer.from(options.toBody(firing, firing.attempts));
    if (firing.attempts === 1) tell(firing, "accepted", body);
    const isKept = wasKept || isKeptFromStart;
    const delivered = deliver(to, firing, body);
    if (isKept && !wasKept) await keep(before); // T2: asked for in the turn of the delivery
    const outcome = await delivered;
    if (outcome === undefined) {
      if (!isForLambda(firing)) tell(firing, "delivered", body);
      return settle(firing, isKept);
    }
    const next = afterFailure(firing, outcome, clock.now(), rng);
    if ("retryAtMs" in next) {
      const later = { ...firing, nextAttemptMs: next.retryAtMs };
      await keep(later); // T1
      tell(later, "retrying", body, outcome.message);
      if (host !== undefined) wait(later);
      return;
    }
    await giveUp(to, firing, body, next.failure);
    await settle(firing, isKept);
  };

  const giveUp = async (to: SourceHost, firing: Firing, body: Uint8Array, failure: Failure): Promise<void> => {
    const reason = failure.error.message;
    if (firing.deadLetterArn === undefined) return tell(firing, "failed", body, reason);
    const attributes = Object.entries(options.toDeadLetterAttributes(firing, failure));
    const refusal = await refusalOf(
      to.deliver({
        id: rng.uuid(),
        parentId: firing.id,
        source,
        sourceArn: firing.sourceArn,
        targetArn: firing.deadLetterArn,
        body,
        messageAttributes: Object.fromEntries(
          attributes.map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
        ),
      }),
    );
    if (refusal === undefined) return tell(firing, "dead-lettered", body, reason);
    const message = `A failed event could not be sent to the dead-letter queue ${firing.deadLetterArn}: ${refusal.message}`;
    bus.emit("notice", { level: "warning", subject: firing.sourceArn, message });
    tell(firing, "failed", body, message);
  };

  const settle = async (firing: Firing, isKept: boolean): Promise<void> => {
    if (isKept) await store.delete([firing.id]);
    count(firing.key, -1);
    await options.onSettled?.(firing);
  };
  const deliver = (to: SourceHost, firing: Firing, body: Uint8Array): Promise<Error | undefined> =>
    refusalOf(to.deliver(toDelivery(firing, source, body)));

  return {
    async start(newHost) {
      const kept = await store.list(source);
      host = newHost;
      for (const { value } of kept) {
        const firing = value as Firing;
        count(firing.key, 1);
        wait(firing);
      }
    },
    send(firing) {
      count(firing.key, 1);
      if (firing.nextAttemptMs <= clock.now()) return begin(() => attempt(firing, false));
      begin(async () => {
        await keep(firing); // T1
        if (host !== undefined) wait(firing);
      });
    },
    isPending: (key) => pendingByKey.has(key),
    async stop() {
      host = undefined;
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
      await Promise.allSettled(inFlight);
      pendingByKey.clear();
    },
  };
}

/** A function's delivery is told on by whoever invokes it. */
function isForLambda({ targetArn }: Firing): boolean {
  return targetArn.startsWith("arn:aws:lambda:");
}

/** The error that AWS or the user's setup would explain; a bug of our own is thrown on. */
async function refusalOf(delivery: Promise<void>): Promise<Error | undefined> {
  try {
    await delivery;
    return undefined;
  } catch (error) {
    if (isServiceError(error) || isSimulatorError(error)) return error;
    throw error;
  }
}
