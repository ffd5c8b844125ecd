/**
 * How many invocations run side by side: a few at first, more the longer there is more to do than they can take.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 *
 * R1. It starts at `start`, and grows by `perMinute` for each minute in which every place was taken, up to `max`.
 * R2. A pause, or a failure, begins it anew.
 */

/** The bounds of a {@link ConcurrencyRamp}. */
export interface RampBounds {
  start: number;
  perMinute: number;
  max: number;
}

/** See the module's header. */
export class ConcurrencyRamp {
  readonly #bounds: RampBounds;
  #busySinceMs: number | undefined;

  constructor(bounds: RampBounds) {
    this.#bounds = bounds;
  }

  /** How many may run at `nowMs`. */
  limit(nowMs: number): number {
    const { start, perMinute, max } = this.#bounds;
    const grown = this.#busySinceMs === undefined ? 0 : Math.floor(((nowMs - this.#busySinceMs) * perMinute) / 60_000);
    return Math.max(1, Math.min(max, start + Math.max(0, grown)));
  }

  /** Every place is taken. Returns when the limit grows next; undefined where it does not. */
  saturated(nowMs: number): number | undefined {
    const { start, perMinute, max } = this.#bounds;
    this.#busySinceMs ??= nowMs;
    const limit = this.limit(nowMs);
    if (limit >= max) return undefined;
    return Math.ceil(this.#busySinceMs + ((limit + 1 - start) * 60_000) / perMinute);
  }

  /** R2. */
  restart(): void {
    this.#busySinceMs = undefined;
  }
}
