/**
 * Wall time, as it is (`createSystemClock`) or sped up (`createScaledClock`).
 * Both keep their timers in one queue and one real timer, so that timers fire in (due, insertion) order here too.
 */
import type { RealTime } from "../ports/real-time.ts";
import type { Cancel, Clock } from "./clock.ts";
import { TimerQueue } from "./timer-queue.ts";

/** A clock on wall time. `stop` cancels every timer. */
export interface WallClock extends Clock {
  stop(): void;
}

/** One second is one second. */
export function createSystemClock(realTime: RealTime): WallClock {
  return createWallClock(realTime, 1);
}

/** One real second is `factor` (> 0) simulated seconds, counted from the moment of creation. */
export function createScaledClock(realTime: RealTime, factor: number): WallClock {
  return createWallClock(realTime, factor);
}

function createWallClock(realTime: RealTime, factor: number): WallClock {
  const timers = new TimerQueue();
  const originMs = realTime.nowMs();
  let armed: { dueMs: number; cancel: Cancel } | undefined;

  const now = (): number => {
    const realMs = realTime.nowMs();
    return factor === 1 ? realMs : originMs + (realMs - originMs) * factor;
  };
  const arm = (): void => {
    const dueMs = timers.nextDueMs();
    if (armed !== undefined && dueMs === armed.dueMs) return;
    armed?.cancel();
    armed =
      dueMs === undefined ? undefined : { dueMs, cancel: realTime.after(Math.ceil((dueMs - now()) / factor), fire) };
  };
  const fire = (): void => {
    armed = undefined;
    const untilMs = now();
    try {
      for (let timer = timers.takeDue(untilMs); timer !== undefined; timer = timers.takeDue(untilMs)) timer.run();
    } finally {
      arm();
    }
  };
  return {
    mode: factor === 1 ? "system" : "scaled",
    now,
    at(dueMs, run) {
      const cancel = timers.add(dueMs, run);
      arm();
      return () => {
        cancel();
        arm();
      };
    },
    stop() {
      while (timers.takeDue(Number.POSITIVE_INFINITY) !== undefined);
      arm();
    },
  };
}
