/**
 * The waits of a lane. While it waits it is outside of the activity, so that virtual time may move.
 */
import type { Activity, Clock } from "@tripline/kernel";
import { ClockAlarm } from "../clock-alarm.ts";

/** See the module's header. */
export class LanePause {
  isStopped = false;
  readonly #clock: Clock;
  readonly #begin: () => () => void;
  readonly #alarm: ClockAlarm;
  #isWoken = false;
  #end: () => void;
  #resume: (() => void) | undefined;
  #giveUpWait: (() => void) | undefined;

  /** In flight from now on, as `label`. */
  constructor({ clock, activity }: { clock: Clock; activity: Activity }, label: () => string) {
    this.#clock = clock;
    this.#begin = () => activity.begin(label());
    this.#alarm = new ClockAlarm(clock, () => this.#resume?.());
    this.#end = this.#begin();
  }

  /** Ends a {@link park}, this one or the next. */
  wake(): void {
    this.#isWoken = true;
    this.#resume?.();
  }

  /** What woke it before counts no more. */
  listenAnew(): void {
    this.#isWoken = false;
  }

  /** Ends every wait, now and from now on. */
  stop(): void {
    this.isStopped = true;
    this.#giveUpWait?.();
    this.#resume?.();
  }

  /** No longer in flight. */
  close(): void {
    this.#alarm.set(undefined);
    this.#end();
  }

  /** Until woken, or `dueMs`. */
  async park(dueMs: number | undefined): Promise<void> {
    if (this.#isWoken || this.isStopped) {
      this.#isWoken = false;
      return;
    }
    await new Promise<void>((resolve) => {
      this.#resume = () => {
        this.#resume = undefined;
        this.#alarm.set(undefined);
        this.#end = this.#begin();
        resolve();
      };
      this.#alarm.set(dueMs);
      this.#end();
    });
  }

  /** Until `dueMs` and no sooner, unless stopped. */
  async wait(dueMs: number): Promise<void> {
    if (this.isStopped || dueMs <= this.#clock.now()) return;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        this.#giveUpWait = undefined;
        this.#end = this.#begin();
        resolve();
      };
      const cancel = this.#clock.at(dueMs, finish);
      this.#giveUpWait = () => {
        cancel();
        finish();
      };
      this.#end();
    });
  }
}
