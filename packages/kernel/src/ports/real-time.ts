import type { Cancel } from "../clock/clock.ts";

/** The machine's own time. Core code never holds it: it builds clocks, and guards real processes. */
export interface RealTime {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start, with fractions; never goes backwards. */
  monotonicMs(): number;
  /** Runs `run` once after `delayMs` of real time. Does not keep the process alive when `background`. */
  after(delayMs: number, run: () => void, options?: { background?: boolean }): Cancel;
  /** Resolves after one full turn of the event loop: every promise callback that was ready has run, and input was looked at. */
  turn(): Promise<void>;
}
