/**
 * A clock that moves only when told.
 *
 * V1. Timers fire in (due, insertion) order, and `now` equals a timer's due time while it runs.
 * V2. Before the clock moves, and after every timer, it waits until the simulator is idle.
 * V3. A wait for idleness that outlasts `stallLimitMs` of real time fails with `SIM_NOT_IDLE`, naming what is pending.
 * V4. A run that fires more than `maxTimers` timers fails with `SIM_RUNAWAY_CLOCK`.
 * V5. Time never moves backwards.
 */
import { SimulatorError } from "../errors.ts";
import type { Activity } from "../activity.ts";
import type { Cancel, Clock } from "./clock.ts";
import type { RealTime } from "../ports/real-time.ts";
import { TimerQueue } from "./timer-queue.ts";

/** Options of {@link VirtualClock}. */
export interface VirtualClockOptions {
  /** Where time starts, epoch milliseconds. Default 2026-01-01T00:00:00Z. */
  startMs?: number;
  activity: Activity;
  realTime: RealTime;
  /** How long (real milliseconds) one wait for idleness may last. Default 60,000. */
  stallLimitMs?: number;
  /** How many timers one `advance` may fire. Default 50,000,000. */
  maxTimers?: number;
}

const defaultStartMs = Date.UTC(2026, 0, 1);

/** Virtual time: see the module's header. */
export class VirtualClock implements Clock {
  readonly mode = "virtual";
  readonly #timers = new TimerQueue();
  readonly #options: Required<VirtualClockOptions>;
  #nowMs: number;
  #running: Promise<void> = Promise.resolve();

  constructor(options: VirtualClockOptions) {
    this.#options = { startMs: defaultStartMs, stallLimitMs: 60_000, maxTimers: 50_000_000, ...options };
    this.#nowMs = this.#options.startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  at(dueMs: number, run: () => void): Cancel {
    return this.#timers.add(Math.max(dueMs, this.#nowMs), run); // V5
  }

  /** Due time of the next timer, epoch milliseconds. */
  nextDueMs(): number | undefined {
    return this.#timers.nextDueMs();
  }

  /** Moves time forward by `durationMs`, firing everything that falls due. */
  advance(durationMs: number): Promise<void> {
    return this.#exclusive(() => this.#runTo(this.#nowMs + durationMs));
  }

  /** Moves time forward to `untilMs` (epoch milliseconds); an earlier time only waits for idleness. */
  advanceTo(untilMs: number): Promise<void> {
    return this.#exclusive(() => this.#runTo(untilMs));
  }

  /** Fires timers until none is left that is due at or before `limitMs` (default: no limit), without moving past the last. */
  runAll(limitMs: number = Number.MAX_SAFE_INTEGER): Promise<void> {
    return this.#exclusive(async () => {
      await this.#fireUpTo(limitMs);
    });
  }

  /** Waits until nothing is in flight, without moving time. Timers due now fire. */
  settle(): Promise<void> {
    return this.#exclusive(() => this.#fireUpTo(this.#nowMs));
  }

  /** Two callers never move the clock at once: the second waits for the first. */
  #exclusive(move: () => Promise<void>): Promise<void> {
    const turn = this.#running.then(move);
    this.#running = turn.catch(() => undefined);
    return turn;
  }

  async #runTo(untilMs: number): Promise<void> {
    await this.#fireUpTo(untilMs);
    if (untilMs > this.#nowMs) this.#nowMs = untilMs;
  }

  async #fireUpTo(untilMs: number): Promise<void> {
    let fired = 0;
    await this.#whenIdle();
    for (;;) {
      const timer = this.#timers.takeDue(untilMs);
      if (timer === undefined) return;
      if (++fired > this.#options.maxTimers) throw runaway(this.#options.maxTimers, untilMs); // V4
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs); // V1, V5
      timer.run();
      await this.#whenIdle(); // V2
    }
  }

  async #whenIdle(): Promise<void> {
    const { activity, realTime, stallLimitMs } = this.#options;
    await realTime.turn();
    if (activity.isIdle()) return;
    await new Promise<void>((resolve, reject) => {
      const stop = realTime.after(stallLimitMs, () => {
        reject(notIdle(activity, stallLimitMs)); // V3
      });
      const look = (): void => {
        activity.onIdle(() => {
          // What just ended may have queued more work: look again after a full turn.
          void realTime.turn().then(() => {
            if (!activity.isIdle()) return look();
            stop();
            resolve();
          });
        });
      };
      look();
    });
  }
}

function notIdle(activity: Activity, limitMs: number): SimulatorError {
  return new SimulatorError("SIM_NOT_IDLE", {
    what: `The simulator was still busy after ${limitMs} ms of real time, so virtual time cannot move.`,
    where: activity.pending().join("; "),
    next: "Find why the work above does not end: a handler that never answers, or a timeout longer than the limit.",
  });
}

function runaway(maxTimers: number, untilMs: number): SimulatorError {
  return new SimulatorError("SIM_RUNAWAY_CLOCK", {
    what: `More than ${maxTimers} timers fired before ${new Date(untilMs).toISOString()}.`,
    next: "Look for work that schedules itself again without end, or advance in smaller steps.",
  });
}
