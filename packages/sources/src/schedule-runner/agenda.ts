/**
 * Which schedule fires next. Rules and schedules share it.
 *
 * A1. One timer on the clock, for the earliest due time of all.
 * A2. What is due at the same time fires in the order of its keys.
 * A3. A schedule is due again strictly after its last due time. Only on wall time, where a machine may have slept: a schedule that
 *     is more than a minute late fires once, and goes on from now.
 * A4. What is set or removed while others fire takes effect at once.
 */
import { type Cancel, type Clock, TimerQueue } from "@tripline/kernel";
import type { NextFiring } from "../schedule-expression/index.ts";

/** Fires by key. */
export interface Agenda {
  /** Puts `key` on the agenda, or anew: its first firing is the first one strictly after `afterMs`. Returns when that is. */
  set(key: string, next: NextFiring, afterMs: number): number | undefined;
  remove(key: string): void;
  /** Forgets everything. */
  clear(): void;
}

/** Options of {@link createAgenda}. */
export interface AgendaOptions {
  clock: Clock;
  /** `isLast`: there is no firing after this one. */
  fire(key: string, dueMs: number, isLast: boolean): void;
}

interface Entry {
  key: string;
  next: NextFiring;
  cancel: Cancel;
}

const lateLimitMs = 60_000;

/** An empty agenda. */
export function createAgenda({ clock, fire }: AgendaOptions): Agenda {
  const entries = new Map<string, Entry>();
  const queue = new TimerQueue();
  let due: Entry[] = [];
  let armed: { dueMs: number; cancel: Cancel } | undefined;

  const enqueue = (entry: Entry, dueMs: number): void => {
    entry.cancel = queue.add(dueMs, () => {
      due.push(entry);
    });
  };
  const arm = (): void => {
    const dueMs = queue.nextDueMs();
    if (armed?.dueMs === dueMs) return; // A1
    armed?.cancel();
    armed = dueMs === undefined ? undefined : { dueMs, cancel: clock.at(dueMs, run) };
  };
  const run = (): void => {
    armed = undefined;
    const nowMs = clock.now();
    for (let dueMs = queue.nextDueMs(); dueMs !== undefined && dueMs <= nowMs; dueMs = queue.nextDueMs()) {
      for (let timer = queue.takeDue(dueMs); timer !== undefined; timer = queue.takeDue(dueMs)) timer.run();
      const batch = due;
      due = [];
      if (batch.length > 1) batch.sort((a, b) => (a.key < b.key ? -1 : 1)); // A2
      const isLate = clock.mode === "system" && nowMs - dueMs > lateLimitMs;
      for (const entry of batch) {
        if (entries.get(entry.key) !== entry) continue; // A4
        const nextMs = entry.next(isLate ? nowMs : dueMs); // A3
        if (nextMs === undefined) entries.delete(entry.key);
        else enqueue(entry, nextMs);
        fire(entry.key, dueMs, nextMs === undefined);
      }
    }
    arm();
  };
  const remove = (key: string): void => {
    entries.get(key)?.cancel();
    entries.delete(key);
  };
  return {
    set(key, next, afterMs) {
      remove(key);
      const dueMs = next(afterMs);
      if (dueMs !== undefined) {
        const entry: Entry = { key, next, cancel: () => undefined };
        entries.set(key, entry);
        enqueue(entry, dueMs);
      }
      arm();
      return dueMs;
    },
    remove(key) {
      remove(key);
      arm();
    },
    clear() {
      for (const key of Array.from(entries.keys())) remove(key);
      arm();
    },
  };
}
