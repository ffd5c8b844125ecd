import { readProperties } from "../../shapes/collections.ts";
import { text } from "../../shapes/scalars.ts";
import { optional, type PropertyTable, required, unsupported, withoutEffect } from "../../shapes/shape.ts";
import { retryPolicy } from "../delivery-settings.ts";
import { reasons } from "../reasons.ts";
import { flexibleTimeWindow, identifySchedule, planSchedule, schedule, scheduleSettings } from "../schedule.ts";
import type { EventType } from "./event-type.ts";
import { scheduleDeadLetterConfig, toDeadLetterConfig } from "./schedule-dead-letter.ts";

const properties = {
  ScheduleExpression: required(text("rate(1 hour)")),
  ...scheduleSettings,
  FlexibleTimeWindow: optional(flexibleTimeWindow),
  Input: optional(text(`'{"kind":"nightly"}'`)),
  RetryPolicy: optional(retryPolicy),
  DeadLetterConfig: optional(scheduleDeadLetterConfig),
  KmsKeyArn: withoutEffect(reasons.encryption),
  OmitName: unsupported("Names are predictable: a schedule without a name has its logical id."),
  RoleArn: withoutEffect(reasons.iam),
  PermissionsBoundary: withoutEffect(reasons.iam),
} satisfies PropertyTable;

/** A schedule of EventBridge Scheduler with the function as its target. */
export const scheduleV2Event: EventType = {
  type: "ScheduleV2",
  properties,
  plan(event, context) {
    const given = readProperties(event.properties, properties, event.path, context.read);
    const { Input, RetryPolicy, DeadLetterConfig, FlexibleTimeWindow, Name, ...members } = given;
    const { physicalId, arn } = identifySchedule(context.scope, given.GroupName, Name ?? event.logicalId);
    return [
      {
        logicalId: event.logicalId,
        type: schedule.type,
        line: event.place.line,
        physicalId,
        ...(arn === undefined ? {} : { arn }),
        ...planSchedule({
          Name: physicalId,
          ...members,
          FlexibleTimeWindow: FlexibleTimeWindow ?? { Mode: "OFF" },
          Target: {
            Arn: context.identity.arn ?? "",
            ...(Input === undefined ? {} : { Input }),
            ...(RetryPolicy === undefined ? {} : { RetryPolicy }),
            ...toDeadLetterConfig(DeadLetterConfig),
          },
        }),
      },
    ];
  },
};
