/**
 * Wakes those who wait for messages, without ever polling.
 *
 * R1. A listener is woken after each send, and when a message becomes visible again or its delay ends; perhaps more often.
 * R2. A queue has at most one timer on the clock, at the next visible time, and only while someone listens.
 */
import type { Activity, Cancel, Clock, QueueStore } from "@tripline/kernel";
import type { Queue } from "./queue-definition.ts";

interface Waiting {
  readonly queue: Queue;
  readonly listeners: Set<() => void>;
  timer: { dueMs: number; cancel: Cancel } | undefined;
}

/** See the module's header. */
export class QueueArrivals {
  readonly #clock: Clock;
  readonly #activity: Activity;
  readonly #store: QueueStore;
  readonly #waiting = new Map<string, Waiting>();
  #isStopped = false;

  constructor(options: { clock: Clock; activity: Activity; store: QueueStore }) {
    this.#clock = options.clock;
    this.#activity = options.activity;
    this.#store = options.store;
  }

  /** Whether nobody is to wait any longer. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Calls `wake` as R1 says, until cancelled. */
  listen(queue: Queue, wake: () => void): Cancel {
    let waiting = this.#waiting.get(queue.name);
    if (waiting === undefined) {
      waiting = { queue, listeners: new Set(), timer: undefined };
      this.#waiting.set(queue.name, waiting);
      this.#findNext(waiting);
    }
    const own = waiting;
    const listener = (): void => {
      wake();
    };
    own.listeners.add(listener);
    return () => {
      if (!own.listeners.delete(listener) || own.listeners.size > 0) return;
      own.timer?.cancel();
      own.timer = undefined;
      if (this.#waiting.get(queue.name) === own) this.#waiting.delete(queue.name);
    };
  }

  /** Something may be receivable now. */
  wake(queueName: string): void {
    const waiting = this.#waiting.get(queueName);
    if (waiting === undefined) return;
    for (const listener of Array.from(waiting.listeners)) listener();
  }

  /** A message becomes visible at `dueMs`. */
  expect(queueName: string, dueMs: number): void {
    const waiting = this.#waiting.get(queueName);
    if (waiting !== undefined) this.#arm(waiting, dueMs);
  }

  /** Wakes everyone once more, and forgets them. */
  stop(): void {
    this.#isStopped = true;
    const all = Array.from(this.#waiting.values());
    this.#waiting.clear();
    for (const waiting of all) {
      waiting.timer?.cancel();
      for (const listener of Array.from(waiting.listeners)) listener();
    }
  }

  #arm(waiting: Waiting, dueMs: number): void {
    if (waiting.timer !== undefined) {
      if (waiting.timer.dueMs <= dueMs) return;
      waiting.timer.cancel();
    }
    const cancel = this.#clock.at(dueMs, () => {
      waiting.timer = undefined;
      this.#findNext(waiting);
      this.wake(waiting.queue.name);
    });
    waiting.timer = { dueMs, cancel }; // R2
  }

  #findNext(waiting: Waiting): void {
    const { queue } = waiting;
    void this.#activity.track(`next arrival in queue ${queue.name}`, async () => {
      const nowMs = Math.floor(this.#clock.now());
      const dueMs = await this.#store.nextVisibleAtMs(queue.name, { ordered: queue.isFifo, nowMs });
      if (dueMs !== undefined && this.#waiting.get(queue.name) === waiting) this.#arm(waiting, dueMs);
    });
  }
}
