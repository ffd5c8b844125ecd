/** What a schedule fired and its target has not taken yet: kept, so that a crash loses none. */
export interface PendingFiring {
  /** The id of its delivery. */
  id: string;
  /** Who fired it: `events`, `scheduler`. */
  source: string;
  /** When it is tried next, epoch milliseconds. */
  nextAttemptMs: number;
  /** Must survive `JSON.stringify`. */
  value: unknown;
}

/** Keeps pending firings. Durable when a promise resolves. */
export interface ScheduleStore {
  /** Adds firings; one of the same id is replaced. */
  put(firings: readonly PendingFiring[]): Promise<void>;
  /** Forgets firings; unknown ids are ignored. */
  delete(ids: readonly string[]): Promise<void>;
  /** Those of one source, ordered by (next attempt, id). */
  list(source: string): Promise<PendingFiring[]>;
}
