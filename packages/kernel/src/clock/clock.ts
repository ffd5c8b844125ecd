/** Ends what it was returned for. Calling it again does nothing. */
export type Cancel = () => void;

/**
 * The only source of time. All times are epoch milliseconds.
 * A timer whose due time has passed fires on the next opportunity, never inside the call to `at`.
 */
export interface Clock {
  /** `system`: wall time. `scaled`: wall time, sped up. `virtual`: moves only when told. */
  readonly mode: "system" | "scaled" | "virtual";
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `run` once at `dueMs` (epoch milliseconds); timers fire in (due, insertion) order. */
  at(dueMs: number, run: () => void): Cancel;
}

/** Runs `run` after `delayMs` on `clock`. */
export function after(clock: Clock, delayMs: number, run: () => void): Cancel {
  return clock.at(clock.now() + delayMs, run);
}

/** Resolves after `delayMs` on `clock`. For rare waits only: it cannot be cancelled. */
export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.at(clock.now() + delayMs, resolve);
  });
}
