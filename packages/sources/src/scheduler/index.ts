import {
  type Activity,
  type Clock,
  createService,
  type DocumentStore,
  type EventBus,
  type Rng,
  type ScheduleStore,
  type Scope,
  type Service,
  type SourceAdapter,
} from "@tripline/kernel";
import type { ScheduleSummary } from "../schedule-runner/index.ts";
import { firingsOf, type Schedule } from "./schedule.ts";
import { createScheduleBook, type ScheduleBook } from "./schedule-book.ts";
import { createScheduleSource } from "./source.ts";

/** Options of {@link createScheduler}. */
export interface SchedulerOptions {
  clock: Clock;
  rng: Rng;
  activity: Activity;
  bus: EventBus;
  scope: Scope;
  documents: DocumentStore;
  store: ScheduleStore;
}

/** EventBridge Scheduler: schedules and schedule groups. */
export interface Scheduler {
  /** Signing name `scheduler`. */
  readonly service: Service;
  readonly source: SourceAdapter;
  /** Every schedule, by group and name. What the data directory holds is seen once the source has started or an operation has run. */
  schedules(): ScheduleSummary[];
}

/** EventBridge Scheduler on the given ports. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { clock, scope, documents } = options;
  const schedules = createScheduleBook(clock, scope, documents);
  return {
    service: createService({
      id: "scheduler",
      activity: options.activity,
      operations: async () => (await import("./operations/index.ts")).createScheduleOperations(schedules),
    }),
    source: createScheduleSource({ ...options, rng: options.rng.fork("scheduler"), schedules }),
    schedules: () => schedules.all().map((schedule) => toSummary(schedule, schedules)),
  };
}

function toSummary(schedule: Schedule, schedules: ScheduleBook): ScheduleSummary {
  return {
    name: schedule.name,
    kind: "schedule",
    arn: schedules.toArn(schedule),
    expression: schedule.scheduleExpression,
    timezone: schedule.timezone,
    state: schedule.state,
    targetArns: [schedule.target.Arn],
    ...(schedule.startMs === undefined ? {} : { startMs: schedule.startMs }),
    ...(schedule.endMs === undefined ? {} : { endMs: schedule.endMs }),
    next: schedule.state === "ENABLED" ? firingsOf(schedule) : () => undefined,
  };
}
