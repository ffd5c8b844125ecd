import { describe, expect, it } from "vitest";
import { loadError, loadText, planOf } from "../testing/load-text.ts";

const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const self = (name: string, type: string, line: number): object => ({
  logicalId: name,
  type,
  line,
  physicalId: name,
  arn: arn("lambda", `function:${name}`),
  removal: [{ service: "lambda", operation: "DeleteFunction", input: { FunctionName: name } }],
});

const everything = `
Failed: { Type: AWS::SQS::Queue }
Topic: { Type: AWS::SNS::Topic }
Import:
  Type: AWS::Serverless::Function
  Metadata: { BuildMethod: esbuild }
  DeletionPolicy: Retain
  Properties:
    CodeUri: code/
    Handler: index.handler
    Runtime: nodejs22.x
    Description: Imports.
    Timeout: "30"
    MemorySize: 512
    Environment: { Variables: { PORT: 3000, DEBUG: true, ID: 012345678901, QUEUE: !Ref Failed } }
    EphemeralStorage: { Size: 1024 }
    Architectures: [arm64]
    LoggingConfig: { LogFormat: JSON, ApplicationLogLevel: INFO }
    ReservedConcurrentExecutions: 5
    DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt Failed.Arn }
    EventInvokeConfig:
      MaximumRetryAttempts: 1
      MaximumEventAgeInSeconds: 60
      DestinationConfig:
        OnSuccess: { Type: SNS, Destination: !Ref Topic }
        OnFailure: { Destination: !GetAtt Failed.Arn }
    Role: !ImportValue role
    Policies: [AmazonS3ReadOnlyAccess]
    VpcConfig: {}
    Layers: [a]
    Memory: 3
    Events:
      Topic: { Type: SNS, Properties: { Topic: !Ref Topic } }
      Clock: { Type: Shedule, Properties: { Schedule: rate(1 day) } }
`;

describe("AWS::Serverless::Function", () => {
  it("is created with what it honours, and says what it does not", () => {
    expect(planOf(everything, "Import")).toEqual({
      found: [
        {
          ...self("Import", "AWS::Serverless::Function", 5),
          calls: [
            {
              service: "lambda",
              operation: "CreateFunction",
              input: {
                FunctionName: "Import",
                Handler: "index.handler",
                Runtime: "nodejs22.x",
                Description: "Imports.",
                Timeout: 30,
                MemorySize: 512,
                Environment: {
                  Variables: {
                    PORT: "3000",
                    DEBUG: "true",
                    ID: "012345678901",
                    QUEUE: "https://sqs.us-east-1.amazonaws.com/000000000000/Failed",
                  },
                },
                EphemeralStorage: { Size: 1024 },
                Architectures: ["arm64"],
                LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "INFO" },
                Role: "arn:aws:iam::000000000000:role/ImportRole",
                Code: { LocalFolder: "/app/code" },
                DeadLetterConfig: { TargetArn: arn("sqs", "Failed") },
              },
            },
          ],
        },
      ],
      unsupported: [
        { logicalId: "Topic", type: "AWS::SNS::Topic", line: 4, reason: "Resources of this type are not simulated." },
        {
          logicalId: "Import",
          type: "AWS::Serverless::Function",
          property: "EventInvokeConfig.DestinationConfig.OnSuccess",
          line: 22,
          reason: "Only Lambda functions and SQS queues can be reached.",
        },
        {
          logicalId: "Import",
          type: "AWS::Serverless::Function",
          property: "Layers",
          line: 31,
          reason: "a is no layer of this account: put what it holds beside the function's code.",
        },
        {
          logicalId: "Import",
          type: "AWS::Serverless::Function",
          property: "Memory",
          line: 32,
          reason: "This property is not known.",
        },
        {
          logicalId: "Import",
          type: "AWS::Serverless::Function",
          property: "Events.Topic",
          line: 34,
          reason:
            "Events of type SNS are not simulated. Simulated are HttpApi, Api, S3, SQS, Kinesis, DynamoDB, Schedule, ScheduleV2.",
        },
        {
          logicalId: "Import",
          type: "AWS::Serverless::Function",
          property: "Events.Clock",
          line: 35,
          reason: "Events of type Shedule are not simulated. Did you mean Schedule?",
        },
      ],
      withoutLocalEffect: [
        { logicalId: "Import", property: "DeletionPolicy", reason: "What leaves the template is deleted." },
        { logicalId: "Import", property: "Metadata.BuildMethod", reason: "TypeScript is bundled as it is." },
        {
          logicalId: "Import",
          property: "Role",
          reason: "It holds a function that is not simulated, and IAM is not evaluated: it is left out.",
        },
        { logicalId: "Import", property: "VpcConfig", reason: "There is no VPC on one machine." },
      ],
    });
    expect(planOf(everything, "ImportReservedConcurrency")).toMatchObject({
      found: [
        {
          type: "AWS::Lambda::ReservedConcurrency",
          line: 5,
          physicalId: "Import",
          calls: [
            {
              service: "lambda",
              operation: "PutFunctionConcurrency",
              input: { FunctionName: "Import", ReservedConcurrentExecutions: 5 },
            },
          ],
          removal: [{ service: "lambda", operation: "DeleteFunctionConcurrency", input: { FunctionName: "Import" } }],
        },
      ],
    });
    expect(planOf(everything, "ImportEventInvokeConfig")).toMatchObject({
      found: [
        {
          type: "AWS::Lambda::EventInvokeConfig",
          line: 22,
          physicalId: "Import:$LATEST",
          calls: [
            {
              service: "lambda",
              operation: "PutFunctionEventInvokeConfig",
              input: {
                FunctionName: "Import",
                MaximumRetryAttempts: 1,
                MaximumEventAgeInSeconds: 60,
                DestinationConfig: { OnFailure: { Destination: arn("sqs", "Failed") } },
              },
            },
          ],
          removal: [
            { service: "lambda", operation: "DeleteFunctionEventInvokeConfig", input: { FunctionName: "Import" } },
          ],
        },
      ],
    });
  });

  it("takes inline code, and without CodeUri the template's folder", () => {
    const calls = (properties: string): unknown =>
      loadText(
        `Resources:\n  F: { Type: AWS::Serverless::Function, Properties: { Runtime: provided.al2023, ${properties} } }\n`,
      ).resources.at(-1)?.calls[0]?.input["Code"];
    expect(calls('InlineCode: "exports.handler = 1"')).toEqual({ InlineSource: "exports.handler = 1" });
    expect(calls("Timeout: 3")).toEqual({ LocalFolder: expect.stringMatching(/tripline-templates-\w+$/) as string });
  });

  it("is listed and not planned where its code is an image, with all that names it", () => {
    const text = `Resources:
  Image: { Type: AWS::Serverless::Function, Properties: { PackageType: Image, ImageUri: x, Events: { A: { Type: Api } } } }
  Queue: { Type: AWS::SQS::Queue }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Image }
`;
    const plan = loadText(text);
    expect(plan.resources.map((one) => one.logicalId)).toEqual(["Queue", "ServerlessRestApi"]);
    expect(plan.unsupported.map((one) => [one.logicalId, one.property, one.line, one.reason])).toEqual([
      ["Image", "ImageUri", 2, "Container images are not simulated."],
      ["Image", "PackageType", 2, "Container images are not simulated."],
      ["Mapping", "FunctionName", 6, "The function Image is not simulated."],
    ]);
  });

  it.each([
    [
      "CodeUri: code, Handler: a.b",
      2,
      "F (AWS::Serverless::Function) has no Runtime.",
      "Add Runtime: a text, such as nodejs22.x.",
    ],
    [
      "CodeUri: code, Runtime: nodejs22.x",
      2,
      "F (AWS::Serverless::Function) has no Handler.",
      "Add Handler: a text, such as index.handler.",
    ],
    ["Timeout: [1]", 2, "Timeout of F must be a whole number, and is a list.", "Write a whole number, such as 30."],
    [
      "Environment: { Variables: [a] }",
      2,
      "Environment.Variables of F must be a map, and is a list.",
      "Write a map, such as { Name: a text }.",
    ],
    [
      "Environment: { Variables: { A: { b: c } } }",
      2,
      "Environment.Variables.A of F must be a text, and is a map.",
      "Write a text.",
    ],
    [
      "Architectures: [x86]",
      2,
      'Architectures[0] of F must be one of x86_64, arm64, and is the text "x86".',
      "Write one of x86_64, arm64.",
    ],
    [
      "DeadLetterQueue: { Type: SQS }",
      2,
      "F (AWS::Serverless::Function) has no DeadLetterQueue.TargetArn.",
      "Add DeadLetterQueue.TargetArn: a text, such as !GetAtt Failed.Arn.",
    ],
    [
      "Events: { A: { Properties: {} } }",
      2,
      "F (AWS::Serverless::Function) has no Events.A.Type.",
      "Add Events.A.Type: a text, such as HttpApi.",
    ],
  ])("refuses %s", (properties, line, what, next) => {
    const text = `Resources:\n  F: { Type: AWS::Serverless::Function, Properties: { ${properties} } }\n`;
    expect(loadError(text)).toBe(`SIM_TEMPLATE_INVALID: ${what}\n  at template.yaml:${line}\n  ${next}`);
  });

  it("refuses a code folder that is not there", () => {
    const text = `Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: cod\n      Runtime: nodejs22.x\n      Handler: a.b\n`;
    expect(loadError(text)).toBe(
      "SIM_TEMPLATE_INVALID: CodeUri of F names no folder that exists: cod.\n  at template.yaml:5\n  Name the folder, or the zip archive, with the function's code, relative to the template.",
    );
  });
});

describe("AWS::Lambda::Function", () => {
  it("is created from a folder", () => {
    const template = `
Failed: { Type: AWS::SQS::Queue }
F:
  Type: AWS::Lambda::Function
  Properties:
    FunctionName: f
    Code: code
    Handler: index.handler
    Runtime: python3.13
    Role: arn:aws:iam::000000000000:role/r
    DeadLetterConfig: { TargetArn: !GetAtt Failed.Arn }
    TracingConfig: { Mode: Active }
`;
    expect(planOf(template, "F")).toEqual({
      found: [
        {
          logicalId: "F",
          type: "AWS::Lambda::Function",
          line: 4,
          physicalId: "f",
          arn: arn("lambda", "function:f"),
          calls: [
            {
              service: "lambda",
              operation: "CreateFunction",
              input: {
                FunctionName: "f",
                Handler: "index.handler",
                Runtime: "python3.13",
                Role: "arn:aws:iam::000000000000:role/r",
                Code: { LocalFolder: "/app/code" },
                DeadLetterConfig: { TargetArn: arn("sqs", "Failed") },
              },
            },
          ],
          removal: [{ service: "lambda", operation: "DeleteFunction", input: { FunctionName: "f" } }],
        },
      ],
      unsupported: [],
      withoutLocalEffect: [{ logicalId: "F", property: "TracingConfig", reason: "Nothing is traced." }],
    });
  });

  it("takes the source itself as ZipFile, code in S3, and tags as a list", () => {
    const load = (code: string): ReturnType<typeof loadText> =>
      loadText(
        `Resources:\n  F: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Code: ${code} } }\n`,
      );
    expect(load('{ ZipFile: "x" }').resources[0]?.calls[0]?.input["Code"]).toEqual({ InlineSource: "x" });
    expect(
      load("{ S3Bucket: b, S3Key: k }, Tags: [{ Key: team, Value: a }]").resources[0]?.calls[0]?.input,
    ).toMatchObject({
      Code: { S3Bucket: "b", S3Key: "k" },
      Tags: { team: "a" },
    });
  });
});

describe("AWS::Lambda::EventSourceMapping", () => {
  const prelude = `
Orders: { Type: AWS::SQS::Queue }
Fulfil: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: x } } }
`;
  const settings = `BatchSize: 5, MaximumBatchingWindowInSeconds: 1, FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] },
      FunctionResponseTypes: [ReportBatchItemFailures], ScalingConfig: { MaximumConcurrency: 2 }, Enabled: false`;
  const input = {
    BatchSize: 5,
    MaximumBatchingWindowInSeconds: 1,
    FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] },
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    ScalingConfig: { MaximumConcurrency: 2 },
    Enabled: false,
  };
  const ids = { EventSourceArn: arn("sqs", "Orders"), FunctionName: "Fulfil" };

  it("joins a queue and a function, after both", () => {
    const template = `${prelude}
Mapping:
  Type: AWS::Lambda::EventSourceMapping
  Properties:
    { EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Fulfil,
      ${settings} }
`;
    expect(planOf(template, "Mapping")).toMatchObject({
      found: [
        {
          type: "AWS::Lambda::EventSourceMapping",
          line: 6,
          physicalId: expect.stringMatching(
            /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
          ) as string,
          calls: [{ service: "lambda", operation: "CreateEventSourceMapping", input: { ...ids, ...input } }],
          removal: [{ service: "lambda", operation: "DeleteEventSourceMapping", input: ids }],
        },
      ],
      unsupported: [],
    });
  });

  it("is what a SQS event becomes", () => {
    const template = `
Orders: { Type: AWS::SQS::Queue }
Fulfil:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: nodejs22.x
    Handler: index.handler
    InlineCode: x
    Events:
      Work:
        Type: SQS
        Properties:
          { Queue: !GetAtt Orders.Arn, ${settings.replace("\n", "\n        ")} }
`;
    expect(planOf(template, "FulfilWork")).toMatchObject({
      found: [
        {
          type: "AWS::Lambda::EventSourceMapping",
          line: 11,
          calls: [{ service: "lambda", operation: "CreateEventSourceMapping", input: { ...ids, ...input } }],
          removal: [{ service: "lambda", operation: "DeleteEventSourceMapping", input: ids }],
        },
      ],
    });
  });

  it("of what is not simulated as an event source is listed", () => {
    const template = `${prelude}
Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !Ref Table, FunctionName: !Ref Fulfil } }
Table: { Type: AWS::SNS::Topic }
`;
    expect(planOf(template, "Mapping")).toMatchObject({
      found: [],
      unsupported: [
        {
          logicalId: "Mapping",
          line: 6,
          reason: "Only SQS queues, Kinesis streams and DynamoDB streams are simulated as event sources.",
        },
        { logicalId: "Table", line: 7 },
      ],
    });
  });
});

describe("AWS::Lambda::EventInvokeConfig", () => {
  it("sets retries and destinations", () => {
    const template = `
Done: { Type: AWS::SQS::Queue }
F: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: x } } }
Config:
  Type: AWS::Lambda::EventInvokeConfig
  Properties:
    FunctionName: !Ref F
    Qualifier: $LATEST
    MaximumRetryAttempts: 0
    DestinationConfig: { OnSuccess: { Destination: !GetAtt Done.Arn } }
`;
    expect(planOf(template, "Config")).toEqual({
      found: [
        {
          logicalId: "Config",
          type: "AWS::Lambda::EventInvokeConfig",
          line: 5,
          physicalId: "F:$LATEST",
          calls: [
            {
              service: "lambda",
              operation: "PutFunctionEventInvokeConfig",
              input: {
                FunctionName: "F",
                MaximumRetryAttempts: 0,
                DestinationConfig: { OnSuccess: { Destination: arn("sqs", "Done") } },
              },
            },
          ],
          removal: [{ service: "lambda", operation: "DeleteFunctionEventInvokeConfig", input: { FunctionName: "F" } }],
        },
      ],
      unsupported: [],
      withoutLocalEffect: [],
    });
  });
});
