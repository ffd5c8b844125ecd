import { expect, it } from "vitest";
import { planOf } from "../testing/load-text.ts";

it("AWS::Logs::LogGroup is created with its tags, and its retention is put, or taken away where the template has none", () => {
  const template = `
Shared:
  Type: AWS::Logs::LogGroup
  Properties:
    LogGroupName: /shop/shared
    RetentionInDays: 14
    LogGroupClass: STANDARD
    DeletionProtectionEnabled: false
    Tags: [{ Key: team, Value: shop }]
    KmsKeyId: k
    DataProtectionPolicy: {}
Bare: { Type: AWS::Logs::LogGroup }
`;
  expect(planOf(template, "Shared")).toEqual({
    found: [
      {
        logicalId: "Shared",
        type: "AWS::Logs::LogGroup",
        line: 3,
        physicalId: "/shop/shared",
        arn: "arn:aws:logs:us-east-1:000000000000:log-group:/shop/shared:*",
        calls: [
          {
            service: "logs",
            operation: "CreateLogGroup",
            input: {
              logGroupName: "/shop/shared",
              tags: { team: "shop" },
              logGroupClass: "STANDARD",
              deletionProtectionEnabled: false,
            },
          },
          {
            service: "logs",
            operation: "PutRetentionPolicy",
            input: { logGroupName: "/shop/shared", retentionInDays: 14 },
          },
        ],
        removal: [{ service: "logs", operation: "DeleteLogGroup", input: { logGroupName: "/shop/shared" } }],
      },
    ],
    unsupported: [
      {
        logicalId: "Shared",
        type: "AWS::Logs::LogGroup",
        property: "DataProtectionPolicy",
        line: 12,
        reason: "It is not simulated.",
      },
    ],
    withoutLocalEffect: [{ logicalId: "Shared", property: "KmsKeyId", reason: "Data at rest is not encrypted here." }],
  });
  expect(planOf(template, "Bare")).toMatchObject({
    found: [
      {
        calls: [
          { service: "logs", operation: "CreateLogGroup", input: { logGroupName: "Bare", tags: {} } },
          { service: "logs", operation: "DeleteRetentionPolicy", input: { logGroupName: "Bare" } },
        ],
      },
    ],
  });
});
