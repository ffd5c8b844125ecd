/** The adapter: fires schedules and hands their payloads to the host. */
import {
  type Activity,
  type Clock,
  type EventBus,
  type Rng,
  type ScheduleStore,
  type SourceAdapter,
} from "@tripline/kernel";
import {
  createAgenda,
  createTargetInvoker,
  type Firing,
  retryLimits,
  type TargetInvoker,
} from "../schedule-runner/index.ts";
import { fillAttempt } from "./context-attributes.ts";
import { toScheduleDeadLetterAttributes } from "./dead-letter-attributes.ts";
import { firingsOf, type Schedule, scheduleKey } from "./schedule.ts";
import type { ScheduleBook } from "./schedule-book.ts";
import { toTargetInput } from "./target-input.ts";

/** Options of {@link createScheduleSource}. */
export interface ScheduleSourceOptions {
  clock: Clock;
  rng: Rng;
  activity: Activity;
  bus: EventBus;
  store: ScheduleStore;
  schedules: ScheduleBook;
}

/** The source `scheduler`. */
export function createScheduleSource(options: ScheduleSourceOptions): SourceAdapter {
  const { schedules, rng, clock } = options;
  const invoker: TargetInvoker = createTargetInvoker({
    ...options,
    source: "scheduler",
    toBody: (firing, attempt) => fillAttempt(firing.body, String(attempt)),
    toDeadLetterAttributes: toScheduleDeadLetterAttributes,
    async onSettled({ key }) {
      if (schedules.get(key)?.actionAfterCompletion === "DELETE" && !invoker.isPending(key))
        await schedules.complete(key);
    },
  });
  const agenda = createAgenda({
    clock,
    fire(key, dueMs) {
      const schedule = schedules.get(key);
      if (schedule !== undefined) invoker.send(toFiring(schedule, schedules, rng, dueMs));
    },
  });
  return {
    service: "scheduler",
    async start(host) {
      await schedules.ready();
      await invoker.start(host);
      schedules.open(agenda);
      await completeWhatPassed(schedules, invoker);
    },
    async stop() {
      schedules.close();
      agenda.clear();
      await invoker.stop();
    },
  };
}

/** One-time and ended schedules whose last time came while the simulator was stopped. */
async function completeWhatPassed(schedules: ScheduleBook, invoker: TargetInvoker): Promise<void> {
  const nowMs = schedules.clock.now();
  for (const schedule of schedules.all()) {
    const key = scheduleKey(schedule.groupName, schedule.name);
    if (firingsOf(schedule)(nowMs - 1) === undefined && !invoker.isPending(key)) await schedules.complete(key);
  }
}

function toFiring(schedule: Schedule, schedules: ScheduleBook, rng: Rng, dueMs: number): Firing {
  const { target } = schedule;
  const sourceArn = schedules.toArn(schedule);
  const executionId = rng.hex(8);
  const nowMs = schedules.clock.now();
  const firedMs = Math.max(nowMs, dueMs + delayInWindow(schedule, rng, sourceArn, dueMs));
  const messageGroupId = target.SqsParameters?.MessageGroupId;
  const deadLetterArn = target.DeadLetterConfig?.Arn;
  return {
    id: rng.uuid(),
    key: scheduleKey(schedule.groupName, schedule.name),
    sourceArn,
    targetArn: target.Arn,
    body: toTargetInput(schedule, schedules.scope, { eventId: rng.uuid(), executionId, dueMs }),
    ...(messageGroupId === undefined ? {} : { messageGroupId }),
    dueMs,
    firedMs,
    nextAttemptMs: firedMs,
    attempts: 0,
    maximumRetryAttempts: target.RetryPolicy?.MaximumRetryAttempts ?? retryLimits.maximumRetryAttemptsMax,
    maximumEventAgeMs: (target.RetryPolicy?.MaximumEventAgeInSeconds ?? retryLimits.maximumEventAgeSecondsMax) * 1000,
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    executionId,
  };
}

/** Somewhere inside the flexible time window: the same seed, schedule and due time always give the same place. */
function delayInWindow({ flexibleTimeWindow }: Schedule, rng: Rng, scheduleArn: string, dueMs: number): number {
  if (flexibleTimeWindow.Mode === "OFF") return 0;
  return rng.fork(`${scheduleArn}@${dueMs}`).below(flexibleTimeWindow.MaximumWindowInMinutes * 60_000);
}
