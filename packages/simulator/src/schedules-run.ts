/**
 * Runs rules and schedules ahead of time, on the virtual clock, with the real handlers.
 *
 * Every firing is reported in order, with what came of it: how its deliveries ended, or `dry-run`.
 */
import type { DeliveryRecord, DeliveryState } from "@tripline/kernel";
import type { ScheduleSummary } from "@tripline/sources";
import type { Simulator } from "./simulator.ts";

/** One firing of one schedule at one target. */
export interface ScheduleFiring {
  schedule: string;
  /** Name of the function, or of the queue. */
  function: string;
  /** Epoch milliseconds. */
  atMs: number;
}

/** A firing, and how it ended. `open`: it had not ended when the run did. */
export interface ScheduleResult extends ScheduleFiring {
  status: Exclude<DeliveryState, "accepted" | "retrying"> | "open";
  attempts: number;
  error?: string;
}

/** The firings of `schedules` after `fromMs` and up to `toMs`, in order of time, then of name. Disabled ones have none. */
export function* firingsBetween(
  schedules: readonly ScheduleSummary[],
  fromMs: number,
  toMs: number,
): Generator<ScheduleFiring> {
  const due = schedules
    .filter((schedule) => schedule.state === "ENABLED")
    .map((schedule) => ({ schedule, atMs: schedule.next(fromMs) }));
  for (;;) {
    let first: (typeof due)[number] | undefined;
    for (const candidate of due) {
      if (candidate.atMs === undefined || candidate.atMs > toMs) continue;
      if (first?.atMs === undefined || candidate.atMs < first.atMs) first = candidate;
    }
    if (first?.atMs === undefined) return;
    const { schedule, atMs } = first;
    for (const targetArn of schedule.targetArns)
      yield { schedule: schedule.name, function: toTargetName(targetArn), atMs };
    first.atMs = schedule.next(atMs);
  }
}

/** Moves virtual time of `simulator` to `toMs` and calls `onResult` for each firing as it ends; resolves when all have. */
export async function runSchedules(
  simulator: Simulator,
  toMs: number,
  onResult: (result: ScheduleResult) => void,
): Promise<void> {
  const { house, clock } = simulator;
  const schedules = new Map(simulator.schedules().map((schedule) => [schedule.arn, schedule.name]));
  const open = new Map<string, DeliveryRecord>();
  const cancel = house.bus.on("delivery", (record) => {
    const sourceArn = record.sourceArn ?? open.get(record.id)?.sourceArn;
    const schedule = sourceArn === undefined ? undefined : schedules.get(sourceArn);
    if (schedule === undefined) return;
    const known = { ...open.get(record.id), ...record };
    if (record.state === "accepted" || record.state === "retrying") {
      open.set(record.id, known);
      return;
    }
    open.delete(record.id);
    onResult(toResult(schedule, known, record.state));
  });
  try {
    await clock.advanceTo(toMs);
    await Promise.all([house.eventbridge.source.stop(), house.scheduler.source.stop()]); // nothing fires after the end of the run
    while (open.size > 0) {
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined) break;
      await clock.advanceTo(nextMs); // retries of the last firings fall due later
    }
    for (const record of open.values()) onResult(toResult(schedules.get(record.sourceArn ?? "") ?? "", record, "open"));
  } finally {
    cancel();
  }
}

function toResult(schedule: string, record: DeliveryRecord, status: ScheduleResult["status"]): ScheduleResult {
  return {
    schedule,
    function: toTargetName(record.targetArn),
    atMs: record.acceptedAtMs,
    status,
    attempts: record.attempts,
    ...(record.reason === undefined ? {} : { error: record.reason }),
  };
}

function toTargetName(targetArn: string): string {
  return targetArn.split(":").at(-1) ?? targetArn;
}
