import TinyQueue from "tinyqueue";
import type { Cancel } from "./clock.ts";

/** A timer waiting in a {@link TimerQueue}. */
export interface Timer {
  readonly dueMs: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/**
 * Timers in (due, insertion) order.
 *
 * T1. `takeDue` yields timers by due time, and those of the same due time in the order in which they were added.
 * T2. A cancelled timer is never yielded. It is dropped when it reaches the top, or when cancelled timers outnumber live ones.
 */
export class TimerQueue {
  #heap = new TinyQueue<Timer>([], compareTimers);
  #added = 0;
  #live = 0;

  get size(): number {
    return this.#live;
  }

  add(dueMs: number, run: () => void): Cancel {
    const timer: Timer = { dueMs, order: this.#added++, run };
    this.#heap.push(timer);
    this.#live++;
    return () => {
      if (timer.run === undefined) return;
      timer.run = undefined;
      this.#live--;
      if (this.#heap.length > 64 && this.#live * 2 < this.#heap.length) this.#compact();
    };
  }

  /** Due time of the first live timer. */
  nextDueMs(): number | undefined {
    return this.#first()?.dueMs;
  }

  /** Removes and returns the first live timer due at or before `nowMs`. */
  takeDue(nowMs: number): { dueMs: number; run: () => void } | undefined {
    const timer = this.#first();
    if (timer === undefined || timer.dueMs > nowMs) return undefined;
    this.#heap.pop();
    const run = timer.run;
    timer.run = undefined;
    this.#live--;
    return run === undefined ? undefined : { dueMs: timer.dueMs, run };
  }

  #first(): Timer | undefined {
    for (;;) {
      const timer = this.#heap.peek();
      if (timer === undefined || timer.run !== undefined) return timer; // T2
      this.#heap.pop();
    }
  }

  #compact(): void {
    const live: Timer[] = [];
    for (let timer = this.#heap.pop(); timer !== undefined; timer = this.#heap.pop()) {
      if (timer.run !== undefined) live.push(timer);
    }
    this.#heap = new TinyQueue(live, compareTimers);
  }
}

function compareTimers(a: Timer, b: Timer): number {
  return a.dueMs - b.dueMs || a.order - b.order; // T1
}
