/**
 * Sends notifications on. A notification is kept with the change that caused it, and forgotten once its target has it.
 *
 * N1. A target that is busy or broken (429, 5xx) is tried again: after 1 s, doubling to a minute, for a day.
 * N2. A target that is missing or refuses (4xx) ends it: the delivery's record says failed, and why.
 * N3. What an earlier run owed is sent at start.
 */
import { type Activity, after, type Cancel, type Delivery, isServiceError } from "@tripline/kernel";
import type { ObjectStore, OwedNotification, Scope, ServiceCaller, SourceHost } from "@tripline/kernel";
import { s3Limits } from "./limits.ts";

/** A notification as it is kept. */
export interface KeptNotification {
  targetArn: string;
  sourceArn: string;
  parentId?: string;
  body: string;
  atMs: number;
}

/** S3, as the policy of a target sees it. */
export function toNotifier(scope: Scope, bucketArn: string): ServiceCaller {
  return { service: "s3.amazonaws.com", sourceArn: bucketArn, sourceAccount: scope.accountId };
}

/** See the module's header. */
export interface Notifier {
  start(host: SourceHost): Promise<void>;
  /** Sends what was just kept; does not wait. */
  send(owed: readonly OwedNotification[]): void;
  /** Resolves when no delivery is under way. */
  stop(): Promise<void>;
}

/** See the module's header. */
export function createNotifier(options: { activity: Activity; objects: ObjectStore }): Notifier {
  const { activity, objects } = options;
  const encoder = new TextEncoder();
  const waiting = new Set<Cancel>();
  const underway = new Set<Promise<void>>();
  let host: SourceHost | undefined;

  const attempt = async ({ id, value }: OwedNotification, attempts: number): Promise<void> => {
    const at = host;
    if (at === undefined) return; // kept: the next start sends it
    const kept = value as KeptNotification;
    const delivery: Delivery = {
      id,
      ...(kept.parentId === undefined ? {} : { parentId: kept.parentId }),
      source: "s3",
      sourceArn: kept.sourceArn,
      caller: toNotifier(at.scope, kept.sourceArn),
      targetArn: kept.targetArn,
      body: encoder.encode(kept.body),
    };
    try {
      await at.deliver(delivery);
    } catch (error) {
      const isLate = at.clock.now() - kept.atMs >= s3Limits.notificationAgeMaxMs;
      if (isServiceError(error) && (error.status === 429 || error.status >= 500) && !isLate) {
        retryLater({ id, value }, attempts); // N1
        return;
      }
      const { caller: _caller, ...told } = delivery;
      at.bus.emit("delivery", {
        ...told,
        state: "failed",
        attempts,
        acceptedAtMs: kept.atMs,
        updatedAtMs: at.clock.now(),
        reason: error instanceof Error ? error.message : String(error),
      }); // N2
    }
    await objects.settle([id]);
  };
  const retryLater = (owed: OwedNotification, attempts: number): void => {
    if (host === undefined) return;
    const delayMs = Math.min(1000 * 2 ** (attempts - 1), s3Limits.notificationRetryMaxMs);
    const cancel = after(host.clock, delayMs, () => {
      waiting.delete(cancel);
      begin(owed, attempts + 1);
    });
    waiting.add(cancel);
  };
  const begin = (owed: OwedNotification, attempts: number): void => {
    const work = activity.track("s3 notification", () => attempt(owed, attempts)).finally(() => underway.delete(work));
    underway.add(work);
  };
  return {
    async start(given) {
      host = given;
      for (const owed of await objects.owed()) begin(owed, 1); // N3
    },
    send(owed) {
      for (const one of owed) begin(one, 1);
    },
    async stop() {
      host = undefined;
      for (const cancel of waiting) cancel();
      waiting.clear();
      await Promise.all(underway);
    },
  };
}
