import type { Clock } from "@tripline/kernel";
import type { QueueArrivals } from "./queue-arrivals.ts";
import type { Queue } from "./queue-definition.ts";

/** Options of {@link longPoll}. */
export interface LongPollOptions {
  clock: Clock;
  arrivals: QueueArrivals;
  queue: Queue;
  waitMs: number;
  /** Ends the wait; what a look that is under way takes is still handed out. */
  signal: AbortSignal;
}

/** Looks now and after each arrival, until a look finds something, `waitMs` have passed, or the caller is gone. */
export async function longPoll<T>(
  { clock, arrivals, queue, waitMs, signal }: LongPollOptions,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  let isOver = signal.aborted;
  let hasArrived = false;
  let wake = (): void => undefined;
  const goesOn = (): boolean => !isOver && !arrivals.isStopped;
  const end = (): void => {
    isOver = true;
    wake();
  };
  // Before the first look: what arrives while that is under way must not be missed.
  const stopListening = arrivals.listen(queue, () => {
    hasArrived = true;
    wake();
  });
  const stopTimer = clock.at(clock.now() + waitMs, end);
  signal.addEventListener("abort", end);
  try {
    while (goesOn()) {
      hasArrived = false;
      const found = await look();
      if (found !== undefined) return found;
      if (hasArrived || !goesOn()) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return undefined;
  } finally {
    stopListening();
    stopTimer();
    signal.removeEventListener("abort", end);
  }
}
