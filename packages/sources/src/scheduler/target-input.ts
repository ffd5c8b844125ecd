/** What a schedule sends: its Input with the context attributes filled in, or Scheduler's own event. */
import type { Scope } from "@tripline/kernel";
import { fillContextAttributes } from "./context-attributes.ts";
import { type Schedule, toScheduleArn, toSeconds } from "./schedule.ts";

/** The payload of one firing. `detail` of the default event is the string `{}`, not an object. */
export function toTargetInput(
  schedule: Schedule,
  scope: Scope,
  firing: { eventId: string; executionId: string; dueMs: number },
): string {
  const scheduleArn = toScheduleArn(scope, schedule.groupName, schedule.name);
  const scheduledTime = toSeconds(firing.dueMs);
  if (schedule.target.Input !== undefined) {
    return fillContextAttributes(schedule.target.Input, {
      scheduleArn,
      scheduledTime,
      executionId: firing.executionId,
    });
  }
  return JSON.stringify({
    version: "0",
    id: firing.eventId,
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account: scope.accountId,
    time: scheduledTime,
    region: scope.region,
    resources: [scheduleArn],
    detail: "{}",
  });
}
