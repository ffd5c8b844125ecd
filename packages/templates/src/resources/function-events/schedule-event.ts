import { readProperties } from "../../shapes/collections.ts";
import { boolean, choice, text } from "../../shapes/scalars.ts";
import { optional, type PropertyTable, required, withoutEffect } from "../../shapes/shape.ts";
import { retryPolicy } from "../delivery-settings.ts";
import { reasons } from "../reasons.ts";
import { planServicePermission } from "../permission.ts";
import { identifyRule, planRule, rule } from "../rule.ts";
import type { EventType } from "./event-type.ts";
import { scheduleDeadLetterConfig, toDeadLetterConfig } from "./schedule-dead-letter.ts";

const properties = {
  Schedule: required(text("rate(1 hour)")),
  Name: optional(text("nightly-report")),
  Description: optional(text()),
  Enabled: optional(boolean()),
  State: optional(choice("ENABLED", "DISABLED")),
  Input: optional(text(`'{"kind":"nightly"}'`)),
  RetryPolicy: optional(retryPolicy),
  DeadLetterConfig: optional(scheduleDeadLetterConfig),
  RoleArn: withoutEffect(reasons.iam),
} satisfies PropertyTable;

/** An EventBridge rule with the function as its target. */
export const scheduleEvent: EventType = {
  type: "Schedule",
  properties,
  plan(event, context) {
    const given = readProperties(event.properties, properties, event.path, context.read);
    const { physicalId, arn } = identifyRule(context.scope, given.Name ?? event.logicalId);
    const state = given.State ?? (given.Enabled === undefined ? undefined : given.Enabled ? "ENABLED" : "DISABLED");
    return [
      {
        logicalId: event.logicalId,
        type: rule.type,
        line: event.place.line,
        physicalId,
        ...(arn === undefined ? {} : { arn }),
        ...planRule(
          {
            Name: physicalId,
            ScheduleExpression: given.Schedule,
            ...(given.Description === undefined ? {} : { Description: given.Description }),
            ...(state === undefined ? {} : { State: state }),
          },
          [
            {
              Id: `${event.logicalId}LambdaTarget`,
              Arn: context.identity.arn,
              ...(given.Input === undefined ? {} : { Input: given.Input }),
              ...(given.RetryPolicy === undefined ? {} : { RetryPolicy: given.RetryPolicy }),
              ...toDeadLetterConfig(given.DeadLetterConfig),
            },
          ],
        ),
      },
      planServicePermission(context, `${event.logicalId}Permission`, event.place.line, {
        Principal: "events.amazonaws.com",
        ...(arn === undefined ? {} : { SourceArn: arn }),
      }),
    ];
  },
};
