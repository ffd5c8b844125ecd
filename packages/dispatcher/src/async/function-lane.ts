/**
 * The events of one function, taken in order, a bounded number at a time.
 *
 * L1. Events are read page by page, each once: what is before the position was read, and is in hand, done, or due later (and so after it).
 * L2. Nothing is polled: a new event, the end of one in hand, and a timer at the next due time wake the lane. The store is asked only
 *     where it may have an answer: after an arrival, at the timer, where a page was full, and for the timer where an event stays.
 * L3. No more events are in hand than the function's reserved concurrency, so that the queue does not throttle itself.
 * L4. After `stop` no event is begun; those in hand are waited for, and the others stay in the store.
 * Differs from AWS: Lambda may try more at once than the function can take, and has them come back.
 */
import type { AsyncEvent, AsyncEventPosition } from "@tripline/kernel";
import { ClockAlarm } from "../clock-alarm.ts";
import { ConcurrencyRamp, type RampBounds } from "../concurrency-ramp.ts";
import { type AsyncHouse, messageOf } from "./async-house.ts";
import { attemptEvent } from "./event-attempt.ts";
import { asyncPayloadBytesMax } from "./limits.ts";

const pageEventsMax = 100;
const pagePayloadBytesMax = 8 * 1_048_576;

/** See the module's header. */
export class FunctionLane {
  readonly #house: AsyncHouse;
  readonly #functionName: string;
  readonly #ramp: ConcurrencyRamp;
  readonly #inHand = new Set<Promise<void>>();
  #position: AsyncEventPosition = { dueMs: 0, sequence: 0 };
  #page: AsyncEvent[] = [];
  #isReading = false;
  #isWoken = false;
  #isStopped = false;
  /** The store may hold events that are due and were not read. */
  #mayHoldDue = true;
  /** The next due time may be another than the alarm's. */
  #isAlarmStale = true;
  readonly #alarm: ClockAlarm;

  constructor(house: AsyncHouse, functionName: string, bounds: RampBounds) {
    this.#house = house;
    this.#functionName = functionName;
    this.#ramp = new ConcurrencyRamp(bounds);
    this.#alarm = new ClockAlarm(house.clock, () => {
      this.wake();
    });
  }

  /** There may be something to do (L2). */
  wake(): void {
    this.#mayHoldDue = true;
    this.#isAlarmStale = true;
    this.#goOn();
  }

  #goOn(): void {
    if (this.#isStopped) return;
    this.#isWoken = true;
    if (!this.#isReading) void this.#run();
  }

  /** L4. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#page = [];
    this.#alarm.set(undefined);
    while (this.#inHand.size > 0) await Promise.all(this.#inHand);
  }

  async #run(): Promise<void> {
    this.#isReading = true;
    const end = this.#house.activity.begin(`asynchronous events of ${this.#functionName}`);
    try {
      while (this.#isWoken && !this.#isStopped) {
        this.#isWoken = false;
        await this.#fill();
      }
    } catch (error) {
      this.#warn(error);
    } finally {
      this.#isReading = false;
      end();
    }
  }

  /** Begins events until nothing more is due, or every place is taken. */
  async #fill(): Promise<void> {
    const { store, nowMs } = this.#house;
    for (;;) {
      while (this.#page.length > 0 && this.#inHand.size < this.#limit()) this.#begin();
      if (this.#isStopped) return;
      if (this.#inHand.size >= this.#limit()) {
        const growsAtMs = this.#ramp.saturated(nowMs());
        this.#alarm.set(this.#limit() < this.#ramp.limit(nowMs()) ? undefined : growsAtMs);
        this.#isAlarmStale = true;
        return;
      }
      if (!this.#mayHoldDue) break;
      this.#mayHoldDue = false; // an arrival while the store is read says so again
      const options = {
        after: this.#position,
        nowMs: nowMs(),
        max: pageEventsMax,
        payloadBytesMax: pagePayloadBytesMax,
      };
      const page = await store.due(this.#functionName, options);
      const last = page.at(-1);
      if (last === undefined) break;
      this.#mayHoldDue ||=
        page.length === pageEventsMax || payloadBytesOf(page) > pagePayloadBytesMax - asyncPayloadBytesMax;
      this.#position = { dueMs: last.dueMs, sequence: last.sequence }; // L1
      this.#page = page;
    }
    this.#ramp.restart();
    if (!this.#isAlarmStale) return;
    this.#isAlarmStale = false;
    const dueMs = await store.nextDueMs(this.#functionName, this.#position);
    if (!this.#isStopped) this.#alarm.set(dueMs);
  }

  #limit(): number {
    const reserved = this.#house.functions.find(this.#functionName)?.reservedConcurrency;
    const limit = this.#ramp.limit(this.#house.nowMs());
    return reserved === undefined ? limit : Math.min(limit, Math.max(1, reserved)); // L3
  }

  #begin(): void {
    const event = this.#page.shift();
    if (event === undefined) return;
    const end = this.#house.activity.begin(`asynchronous invocation of ${this.#functionName}`);
    const work = attemptEvent(this.#house, event)
      .then(
        (stays) => {
          this.#isAlarmStale ||= stays;
        },
        (error: unknown) => {
          this.#warn(error); // the event is still in the store: it goes on at the next start
        },
      )
      .finally(() => {
        this.#inHand.delete(work);
        this.#goOn();
        end();
      });
    this.#inHand.add(work);
  }

  #warn(error: unknown): void {
    this.#house.bus.emit("notice", {
      level: "warning",
      subject: this.#functionName,
      message: `its asynchronous events wait for the next start: ${messageOf(error)}`,
    });
  }
}

function payloadBytesOf(events: readonly AsyncEvent[]): number {
  return events.reduce((sum, event) => sum + event.payload.byteLength, 0);
}
