import type { Cancel, Clock } from "@tripline/kernel";

/** At most one timer on a clock, moved as needed. */
export class ClockAlarm {
  readonly #clock: Clock;
  readonly #run: () => void;
  #set: { dueMs: number; cancel: Cancel } | undefined;

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock;
    this.#run = run;
  }

  /** Goes off once at `dueMs`, and not at the time that was set before; undefined: not at all. */
  set(dueMs: number | undefined): void {
    if (this.#set?.dueMs === dueMs) return;
    this.#set?.cancel();
    this.#set = undefined;
    if (dueMs === undefined) return;
    const cancel = this.#clock.at(dueMs, () => {
      this.#set = undefined;
      this.#run();
    });
    this.#set = { dueMs, cancel };
  }
}
