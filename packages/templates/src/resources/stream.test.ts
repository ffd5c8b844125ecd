import { expect, it } from "vitest";
import { planOf } from "../testing/load-text.ts";

const arn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks";

it("AWS::Kinesis::Stream is created with its settings, and a consumer with an ARN that the template can name", () => {
  const template = `
Clicks:
  Type: AWS::Kinesis::Stream
  Properties:
    Name: clicks
    ShardCount: 2
    RetentionPeriodHours: 48
    MaxRecordSizeInKiB: 2048
    Tags: [{ Key: a, Value: b }]
    DesiredShardLevelMetrics: [ALL]
Reader: { Type: AWS::Kinesis::StreamConsumer, Properties: { ConsumerName: reader, StreamARN: !GetAtt Clicks.Arn } }
Demand: { Type: AWS::Kinesis::Stream, Properties: { StreamModeDetails: { StreamMode: ON_DEMAND } } }
`;
  expect(planOf(template, "Clicks")).toEqual({
    found: [
      {
        logicalId: "Clicks",
        type: "AWS::Kinesis::Stream",
        line: 3,
        physicalId: "clicks",
        arn,
        calls: [
          {
            service: "kinesis",
            operation: "CreateStream",
            input: {
              StreamName: "clicks",
              ShardCount: 2,
              RetentionPeriodHours: 48,
              MaxRecordSizeInKiB: 2048,
              Tags: { a: "b" },
            },
          },
        ],
        removal: [
          {
            service: "kinesis",
            operation: "DeleteStream",
            input: { StreamName: "clicks", EnforceConsumerDeletion: true },
          },
        ],
      },
    ],
    unsupported: [
      {
        logicalId: "Clicks",
        type: "AWS::Kinesis::Stream",
        property: "DesiredShardLevelMetrics",
        line: 11,
        reason: "There are no CloudWatch metrics.",
      },
    ],
    withoutLocalEffect: [],
  });
  expect(planOf(template, "Reader")).toMatchObject({
    found: [
      {
        arn: `${arn}/consumer/reader:0`,
        calls: [
          {
            operation: "RegisterStreamConsumer",
            input: { StreamARN: arn, ConsumerName: "reader", CreatedAtSeconds: 0 },
          },
        ],
      },
    ],
  });
  expect(planOf(template, "Demand")).toMatchObject({
    found: [{ calls: [{ input: { StreamName: "Demand", StreamModeDetails: { StreamMode: "ON_DEMAND" } } }] }],
  });
});

it.each([
  ["Mapping", "EventSourceArn", "G"],
  ["FCome", "Stream", "F"],
])("%s of a stream takes every setting", (logicalId, member, FunctionName) => {
  const settings = `
        ${member}: !GetAtt Clicks.Arn
        StartingPosition: AT_TIMESTAMP
        StartingPositionTimestamp: 1767225600
        BatchSize: 5
        ParallelizationFactor: 2
        MaximumRetryAttempts: 3
        MaximumRecordAgeInSeconds: 60
        BisectBatchOnFunctionError: true
        TumblingWindowInSeconds: 30
        DestinationConfig: { OnFailure: { Destination: !GetAtt Failed.Arn } }`;
  const template = `
Clicks: { Type: AWS::Kinesis::Stream, Properties: { Name: clicks } }
Failed: { Type: AWS::SQS::Queue }
Mapping:
  Type: AWS::Lambda::EventSourceMapping
  Properties:
        FunctionName: !Ref G
${settings.replace(member, "EventSourceArn")}
G: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: x } } }
F:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: nodejs22.x
    Handler: index.handler
    InlineCode: x
    Events:
      Come:
        Type: Kinesis
        Properties:${settings.replace(member, "Stream").replaceAll("\n  ", "\n    ")}
`;
  expect(planOf(template, logicalId)).toMatchObject({
    found: [
      {
        type: "AWS::Lambda::EventSourceMapping",
        calls: [
          {
            service: "lambda",
            operation: "CreateEventSourceMapping",
            input: {
              EventSourceArn: arn,
              FunctionName,
              StartingPosition: "AT_TIMESTAMP",
              StartingPositionTimestamp: "2026-01-01T00:00:00.000Z",
              BatchSize: 5,
              ParallelizationFactor: 2,
              MaximumRetryAttempts: 3,
              MaximumRecordAgeInSeconds: 60,
              BisectBatchOnFunctionError: true,
              TumblingWindowInSeconds: 30,
              DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:Failed" } },
            },
          },
        ],
      },
    ],
    unsupported: [],
  });
});
