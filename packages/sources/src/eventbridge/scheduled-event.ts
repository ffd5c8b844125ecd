import type { Scope } from "@tripline/kernel";
import { toRuleArn } from "./rule.ts";

/** The event that a rule with a schedule sends. `time` is the scheduled time, in seconds. */
export interface ScheduledEvent {
  version: "0";
  id: string;
  "detail-type": "Scheduled Event";
  source: "aws.events";
  account: string;
  time: string;
  region: string;
  resources: readonly string[];
  detail: Readonly<Record<string, never>>;
}

/** The event of the rule `name` due at `dueMs`. https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-schedule.html */
export function toScheduledEvent(scope: Scope, name: string, id: string, dueMs: number): ScheduledEvent {
  return {
    version: "0",
    id,
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: scope.accountId,
    time: `${new Date(dueMs).toISOString().slice(0, 19)}Z`,
    region: scope.region,
    resources: [toRuleArn(scope, name)],
    detail: {},
  };
}

/** The same event as JSON text: what nearly every target gets, so it is put together and not printed. Names and ids need no escapes. */
export function toScheduledEventText(scope: Scope, name: string, id: string, dueMs: number): string {
  const time = new Date(dueMs).toISOString().slice(0, 19);
  return `{"version":"0","id":"${id}","detail-type":"Scheduled Event","source":"aws.events","account":"${scope.accountId}","time":"${time}Z","region":"${scope.region}","resources":["${toRuleArn(scope, name)}"],"detail":{}}`;
}
