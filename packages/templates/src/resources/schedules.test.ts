import { describe, expect, it } from "vitest";
import { loadError, planOf } from "../testing/load-text.ts";

const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const prelude = `
Failed: { Type: AWS::SQS::Queue }
Topic: { Type: AWS::SNS::Topic }
F: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: x } } }
`;
const withEvent = (type: string, properties: string): string => `
Failed: { Type: AWS::SQS::Queue }
F:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: nodejs22.x
    Handler: index.handler
    InlineCode: x
    Events:
      Tick:
        Type: ${type}
        Properties:
          { ${properties} }
`;

describe("AWS::Events::Rule", () => {
  it("fires on a schedule at functions and queues", () => {
    const template = `${prelude}
Nightly:
  Type: AWS::Events::Rule
  Properties:
    Description: At night.
    ScheduleExpression: cron(0 2 * * ? *)
    State: DISABLED
    Tags: []
    Targets:
      - Id: one
        Arn: !GetAtt F.Arn
        Input: '{"a":1}'
        RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 }
        DeadLetterConfig: { Arn: !GetAtt Failed.Arn }
      - { Id: two, Arn: !GetAtt Failed.Arn, InputTransformer: { InputPathsMap: { t: $.time }, InputTemplate: '"<t>"' } }
      - { Id: three, Arn: !Ref Topic }
`;
    expect(planOf(template, "Nightly")).toEqual({
      found: [
        {
          logicalId: "Nightly",
          type: "AWS::Events::Rule",
          line: 7,
          physicalId: "Nightly",
          arn: arn("events", "rule/Nightly"),
          calls: [
            {
              service: "events",
              operation: "PutRule",
              input: {
                Name: "Nightly",
                Description: "At night.",
                ScheduleExpression: "cron(0 2 * * ? *)",
                State: "DISABLED",
              },
            },
            {
              service: "events",
              operation: "PutTargets",
              input: {
                Rule: "Nightly",
                Targets: [
                  {
                    Id: "one",
                    Arn: arn("lambda", "function:F"),
                    Input: '{"a":1}',
                    RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 },
                    DeadLetterConfig: { Arn: arn("sqs", "Failed") },
                  },
                  {
                    Id: "two",
                    Arn: arn("sqs", "Failed"),
                    InputTransformer: { InputPathsMap: { t: "$.time" }, InputTemplate: '"<t>"' },
                  },
                ],
              },
            },
          ],
          removal: [
            { service: "events", operation: "RemoveTargets", input: { Rule: "Nightly", Ids: ["one", "two"] } },
            { service: "events", operation: "DeleteRule", input: { Name: "Nightly" } },
          ],
        },
      ],
      unsupported: [
        { logicalId: "Topic", type: "AWS::SNS::Topic", line: 4, reason: "Resources of this type are not simulated." },
        {
          logicalId: "Nightly",
          type: "AWS::Events::Rule",
          property: "Targets[2]",
          line: 14,
          reason: "Only Lambda functions and SQS queues can be reached.",
        },
      ],
      withoutLocalEffect: [{ logicalId: "Nightly", property: "Tags", reason: "Tags change nothing here." }],
    });
  });

  it("that matches events, or is on another bus, is listed", () => {
    const template = `
Match: { Type: AWS::Events::Rule, Properties: { EventPattern: { source: [a] } } }
Other: { Type: AWS::Events::Rule, Properties: { EventBusName: mine, ScheduleExpression: rate(1 day) } }
`;
    expect(planOf(template, "Match")).toMatchObject({
      found: [],
      unsupported: [
        { logicalId: "Match", property: "EventPattern", line: 3 },
        { logicalId: "Other", property: "EventBusName", line: 4 },
      ],
    });
  });

  it("is what a Schedule event becomes", () => {
    const template = withEvent(
      "Schedule",
      `Schedule: rate(1 hour), Enabled: false, Description: d, Input: '{}', RetryPolicy: { MaximumRetryAttempts: 2 },
            DeadLetterConfig: { Arn: !GetAtt Failed.Arn }`,
    );
    expect(planOf(template, "FTick")).toEqual({
      found: [
        {
          logicalId: "FTick",
          type: "AWS::Events::Rule",
          line: 11,
          physicalId: "FTick",
          arn: arn("events", "rule/FTick"),
          calls: [
            {
              service: "events",
              operation: "PutRule",
              input: { Name: "FTick", ScheduleExpression: "rate(1 hour)", Description: "d", State: "DISABLED" },
            },
            {
              service: "events",
              operation: "PutTargets",
              input: {
                Rule: "FTick",
                Targets: [
                  {
                    Id: "FTickLambdaTarget",
                    Arn: arn("lambda", "function:F"),
                    Input: "{}",
                    RetryPolicy: { MaximumRetryAttempts: 2 },
                    DeadLetterConfig: { Arn: arn("sqs", "Failed") },
                  },
                ],
              },
            },
          ],
          removal: [
            { service: "events", operation: "RemoveTargets", input: { Rule: "FTick", Ids: ["FTickLambdaTarget"] } },
            { service: "events", operation: "DeleteRule", input: { Name: "FTick" } },
          ],
        },
      ],
      unsupported: [],
      withoutLocalEffect: [],
    });
  });
});

describe("AWS::Scheduler::Schedule", () => {
  const group = `
Group: { Type: AWS::Scheduler::ScheduleGroup, Properties: { Name: reports } }
`;
  const settings = `ScheduleExpression: cron(0 8 * * ? *), ScheduleExpressionTimezone: Europe/Paris, GroupName: reports, Name: morning,
            Description: d, StartDate: "2026-01-01T00:00:00Z", EndDate: 2027-01-01, State: ENABLED,
            FlexibleTimeWindow: { Mode: FLEXIBLE, MaximumWindowInMinutes: 15 }`;
  const expected = {
    Name: "morning",
    GroupName: "reports",
    ScheduleExpression: "cron(0 8 * * ? *)",
    ScheduleExpressionTimezone: "Europe/Paris",
    Description: "d",
    StartDate: "2026-01-01T00:00:00.000Z",
    EndDate: "2027-01-01T00:00:00.000Z",
    State: "ENABLED",
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
    Target: {
      Arn: arn("lambda", "function:F"),
      Input: "{}",
      RetryPolicy: { MaximumRetryAttempts: 2 },
      DeadLetterConfig: { Arn: arn("sqs", "Failed") },
    },
  };
  const found = (line: number, logicalId: string): object => ({
    logicalId,
    type: "AWS::Scheduler::Schedule",
    line,
    physicalId: "morning",
    arn: arn("scheduler", "schedule/reports/morning"),
    calls: [{ service: "scheduler", operation: "CreateSchedule", input: expected }],
    removal: [{ service: "scheduler", operation: "DeleteSchedule", input: { Name: "morning", GroupName: "reports" } }],
  });

  it("is created with times as dates", () => {
    const template = `${prelude}
Morning:
  Type: AWS::Scheduler::Schedule
  DependsOn: Group
  Properties:
          { ${settings}, Target: { Arn: !GetAtt F.Arn, RoleArn: x, Input: '{}', RetryPolicy: { MaximumRetryAttempts: 2 },
            DeadLetterConfig: { Arn: !GetAtt Failed.Arn }, EcsParameters: {} } }
${group}`;
    expect(planOf(template, "Morning")).toMatchObject({
      found: [found(7, "Morning")],
      unsupported: [{ logicalId: "Topic" }, { property: "Target.EcsParameters", line: 14 }],
      withoutLocalEffect: [{ property: "Target.RoleArn" }],
    });
    expect(planOf(template, "Group")).toMatchObject({
      found: [
        {
          physicalId: "reports",
          calls: [{ service: "scheduler", operation: "CreateScheduleGroup", input: { Name: "reports" } }],
          removal: [{ service: "scheduler", operation: "DeleteScheduleGroup", input: { Name: "reports" } }],
        },
      ],
    });
  });

  it("is what a ScheduleV2 event becomes", () => {
    const properties = `${settings}, Input: '{}', RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: !GetAtt Failed.Arn }`;
    expect(planOf(withEvent("ScheduleV2", properties), "FTick")).toEqual({
      found: [found(11, "FTick")],
      unsupported: [],
      withoutLocalEffect: [],
    });
  });

  it("made of an event has no window and its own name unless the template says so", () => {
    expect(planOf(withEvent("ScheduleV2", "ScheduleExpression: rate(1 day)"), "FTick")).toMatchObject({
      found: [
        {
          calls: [
            {
              input: {
                Name: "FTick",
                ScheduleExpression: "rate(1 day)",
                FlexibleTimeWindow: { Mode: "OFF" },
                Target: { Arn: arn("lambda", "function:F") },
              },
            },
          ],
          removal: [{ input: { Name: "FTick" } }],
        },
      ],
    });
  });

  it("refuses a time that is none", () => {
    const template = withEvent("ScheduleV2", "ScheduleExpression: rate(1 day), StartDate: tomorrow");
    expect(loadError(`Resources:${template.replaceAll("\n", "\n  ")}\n`)).toBe(
      'SIM_TEMPLATE_INVALID: Events.Tick.StartDate of F must be a time in ISO 8601, and is the text "tomorrow".\n  at template.yaml:13\n  Write a time in ISO 8601, such as 2026-01-31T08:00:00Z.',
    );
  });
});
