/** What one seed runs: a source, a mapping, faults, and how much of each. */
import type { Rng } from "@tripline/kernel";

/** A run, drawn from a seed. */
export interface Plan {
  source: "stream" | "queue" | "fifo";
  shards: number;
  keys: number;
  /** How many steps of the world: sends, waits, reshards, crashes, changes of the mapping. */
  steps: number;
  /** Input of CreateEventSourceMapping, beside source and function. */
  settings: {
    BatchSize: number;
    MaximumBatchingWindowInSeconds: number;
    ParallelizationFactor: number;
    MaximumRetryAttempts: number;
    MaximumRecordAgeInSeconds: number;
    BisectBatchOnFunctionError: boolean;
    TumblingWindowInSeconds: number;
    reportsFailures: boolean;
    isFiltered: boolean;
    maximumConcurrency: number | undefined;
  };
  /** Chances, 0 to 1. */
  faults: Record<
    "error" | "throttle" | "system" | "report" | "crash" | "poison" | "timeout" | "coldStart" | "duplicate",
    number
  >;
}

export function drawPlan(rng: Rng): Plan {
  const pick = <T>(...choices: T[]): T => choices[rng.below(choices.length)] as T;
  const source = pick<Plan["source"]>("stream", "stream", "stream", "queue", "fifo");
  const isWindowed = source === "stream" && rng.next() < 0.25;
  const hasPoison = !isWindowed && rng.next() < 0.5;
  const retries = isWindowed ? -1 : pick(0, 1, 2, 4, hasPoison ? 3 : -1);
  const BatchSize = pick(1, 2, 3, 5, 10);
  return {
    source,
    shards: pick(1, 2, 3),
    keys: pick(1, 3, 8),
    steps: 10 + rng.below(20),
    settings: {
      BatchSize,
      MaximumBatchingWindowInSeconds: source === "fifo" ? 0 : pick(0, 0, 1, 5),
      ParallelizationFactor: isWindowed ? 1 : pick(1, 1, 2, 5),
      MaximumRetryAttempts: retries,
      MaximumRecordAgeInSeconds: isWindowed ? -1 : pick(-1, -1, 60, 300),
      BisectBatchOnFunctionError: rng.next() < 0.5,
      TumblingWindowInSeconds: isWindowed ? pick(10, 60) : 0,
      reportsFailures: rng.next() < 0.5,
      isFiltered: rng.next() < 0.3,
      maximumConcurrency: source === "stream" ? undefined : pick(undefined, 2, 3),
    },
    faults: {
      error: pick(0, 0.1, 0.4),
      throttle: pick(0, 0, 0.3),
      system: pick(0, 0, 0.1),
      report: pick(0, 0.3),
      crash: pick(0, 0, 0.05, 0.2),
      poison: hasPoison ? pick(0.05, 0.2) : 0,
      timeout: pick(0, 0, 0.1),
      coldStart: pick(0, 0.1, 0.3),
      duplicate: source === "queue" ? pick(0, 0.1) : 0,
    },
  };
}
