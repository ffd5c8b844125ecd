/**
 * What is remembered of queues' depths, so that nothing is counted twice.
 *
 * C1. The number of messages is exact where it is known. It is counted once, and kept in step from then on.
 * C2. The number in flight is an upper bound (visibility ends by itself): it is counted again only where the bound is too high.
 * C3. After a write that failed nothing is known.
 */
import type { QueueStatements } from "./queue-statements.ts";

/** See the module's header. */
export class QueueCounts {
  readonly #sql: QueueStatements;
  readonly #all = new Map<string, number>();
  readonly #inFlightAtMost = new Map<string, number>();

  constructor(sql: QueueStatements) {
    this.#sql = sql;
  }

  /** All messages of a queue. */
  all(queue: string): number {
    const known = this.#all.get(queue);
    if (known !== undefined) return known;
    const counted = this.#sql.countAll.get(queue)?.count ?? 0;
    this.#all.set(queue, counted);
    return counted;
  }

  /** `by` messages have come, or gone. */
  add(queue: string, by: number): void {
    const known = this.#all.get(queue);
    if (known !== undefined) this.#all.set(queue, known + by);
  }

  addInFlight(queue: string, by: number): void {
    const bound = this.#inFlightAtMost.get(queue);
    if (bound !== undefined) this.#inFlightAtMost.set(queue, bound + by);
  }

  /** How many more may be in flight, if `wanted` are asked for (C2). */
  openSlots(
    queue: string,
    { nowMs, inFlightMax, wanted }: { nowMs: number; inFlightMax: number; wanted: number },
  ): number {
    let inFlight = this.#inFlightAtMost.get(queue);
    if (inFlight === undefined || inFlight + wanted > inFlightMax) {
      inFlight = this.inFlight(queue, nowMs);
      this.#inFlightAtMost.set(queue, inFlight);
    }
    return Math.max(0, inFlightMax - inFlight);
  }

  /** Exactly. */
  inFlight(queue: string, nowMs: number): number {
    return this.#sql.countInFlight.get(queue, nowMs)?.count ?? 0;
  }

  /** Nothing is left in the queue. */
  clear(queue: string): void {
    this.#all.set(queue, 0);
    this.#inFlightAtMost.set(queue, 0);
  }

  /** C3 */
  forget(): void {
    this.#all.clear();
    this.#inFlightAtMost.clear();
  }
}
