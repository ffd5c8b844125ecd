import { describe, expect, it } from "vitest";
import { loadText } from "../testing/load-text.ts";

const lambda = "arn:aws:lambda:us-east-1:000000000000";

/** Each planned resource, roles left out: its id, its calls, what it makes. */
function calls(text: string): unknown[] {
  const { resources } = loadText(`Resources:\n${text}`);
  const own = resources.filter((one) => !one.logicalId.endsWith("Role"));
  return own.map((one) => [
    one.logicalId,
    ...one.calls.map((call) => [call.operation, call.input]),
    ...(one.makes === undefined ? [] : [one.makes]),
  ]);
}

describe("AWS::Lambda::Version and AWS::Lambda::Alias", () => {
  it("are published and named, the number filled in when it is known", () => {
    const planned = calls(`
  F: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: x } } }
  V1: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref F, Description: first } }
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref F
      Name: live
      FunctionVersion: !GetAtt V1.Version
      RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: "1", FunctionWeight: 0.25 }] }
  Work: { Type: AWS::SQS::Queue }
  Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Work.Arn, FunctionName: !Ref Live } }
`);
    expect(planned.slice(1, 3)).toEqual([
      ["V1", ["PublishVersion", { FunctionName: "F", Description: "first" }], { "<made.V1.Version>": "Version" }],
      [
        "Live",
        [
          "CreateAlias",
          {
            FunctionName: "F",
            Name: "live",
            FunctionVersion: "<made.V1.Version>",
            RoutingConfig: { AdditionalVersionWeights: { "1": 0.25 } },
          },
        ],
      ],
    ]);
    expect(planned.at(-1)).toEqual([
      "Mapping",
      ["CreateEventSourceMapping", expect.objectContaining({ FunctionName: `${lambda}:function:F:live` })],
    ]);
  });

  it("have settings of asynchronous invocation of their own", () => {
    const planned = calls(`
  F: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: x } } }
  V1: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref F } }
  Retry:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: { FunctionName: !Ref F, Qualifier: !GetAtt V1.Version, MaximumRetryAttempts: 0 }
`);
    expect(planned.at(-1)).toEqual([
      "Retry",
      ["PutFunctionEventInvokeConfig", { FunctionName: "F", Qualifier: "<made.V1.Version>", MaximumRetryAttempts: 0 }],
    ]);
  });

  it("AutoPublishAlias publishes a version and an alias, which events call", () => {
    const planned = calls(`
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      CodeUri: code/
      AutoPublishAlias: live
      VersionDescription: new
      Events:
        Work: { Type: SQS, Properties: { Queue: !GetAtt Work.Arn } }
  Work: { Type: AWS::SQS::Queue }
`);
    expect(planned.slice(-4)).toMatchObject([
      ["F", ["CreateFunction", { FunctionName: "F" }]],
      [
        "FVersion",
        ["PublishVersion", { FunctionName: "F", Description: "new" }],
        { "<made.F.Version.Version>": "Version" },
      ],
      ["FAliaslive", ["CreateAlias", { FunctionName: "F", Name: "live", FunctionVersion: "<made.F.Version.Version>" }]],
      ["FWork", ["CreateEventSourceMapping", { FunctionName: "F:live" }]],
    ]);
  });
});

it("ProvisionedConcurrencyConfig of an alias, or of a function that publishes to one, comes after the alias", () => {
  const planned = (
    calls(`
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      CodeUri: code/
      AutoPublishAlias: live
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 }
  G: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, CodeUri: code/ } }
  V: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref G } }
  A:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref G
      FunctionVersion: !GetAtt V.Version
      Name: beta
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 }
`) as [string, unknown][]
  ).filter(([name]) => !name.endsWith("Role"));
  expect(planned.map(([name]) => name)).toEqual([
    "F",
    "FVersion",
    "FAliaslive",
    "FProvisionedConcurrency",
    "G",
    "V",
    "A",
    "AProvisionedConcurrency",
  ]);
  expect(planned.filter(([name]) => name.endsWith("Concurrency")).map(([, call]) => call)).toEqual([
    ["PutProvisionedConcurrencyConfig", { FunctionName: "F", Qualifier: "live", ProvisionedConcurrentExecutions: 2 }],
    ["PutProvisionedConcurrencyConfig", { FunctionName: "G", Qualifier: "beta", ProvisionedConcurrentExecutions: 1 }],
  ]);
});

describe("layer versions", () => {
  it("are published from a folder or from S3, used by their ARN, and let others in", () => {
    const planned = calls(`
  Shared: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: code/, CompatibleRuntimes: [nodejs22.x] } }
  Stored: { Type: AWS::Lambda::LayerVersion, Properties: { LayerName: stored, Content: { S3Bucket: b, S3Key: k.zip } } }
  All: { Type: AWS::Lambda::LayerVersionPermission, Properties: { LayerVersionArn: !Ref Shared, Action: lambda:GetLayerVersion, Principal: "*" } }
  F:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs22.x, Handler: index.handler, InlineCode: x, Layers: [!Ref Shared, !Ref Stored] }
`);
    expect(planned).toEqual([
      [
        "Shared",
        [
          "PublishLayerVersion",
          {
            LayerName: "Shared",
            CompatibleRuntimes: ["nodejs22.x"],
            Content: { LocalFolder: expect.stringMatching(/\/code$/) as string },
          },
        ],
        { "<made.Shared.Version>": "Version" },
      ],
      [
        "Stored",
        ["PublishLayerVersion", { LayerName: "stored", Content: { S3Bucket: "b", S3Key: "k.zip" } }],
        { "<made.Stored.Version>": "Version" },
      ],
      [
        "All",
        [
          "AddLayerVersionPermission",
          {
            LayerName: `${lambda}:layer:Shared`,
            VersionNumber: "<made.Shared.Version>",
            StatementId: "All",
            Action: "lambda:GetLayerVersion",
            Principal: "*",
          },
        ],
      ],
      [
        "F",
        [
          "CreateFunction",
          expect.objectContaining({
            Layers: [`${lambda}:layer:Shared:<made.Shared.Version>`, `${lambda}:layer:stored:<made.Stored.Version>`],
          }),
        ],
      ],
    ]);
  });

  it("of another account are listed, and left out", () => {
    const plan = loadText(`Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs22.x, Handler: index.handler, InlineCode: x, Layers: ["${lambda.replace(/0{12}/, "123456789012")}:layer:tools:7"] }
`);
    expect(plan.resources.find((one) => one.logicalId === "F")?.calls[0]?.input).not.toHaveProperty("Layers");
    expect(plan.unsupported.map((one) => [one.property, one.reason])).toEqual([
      [
        "Layers",
        "arn:aws:lambda:us-east-1:123456789012:layer:tools:7 is no layer of this account: put what it holds beside the function's code.",
      ],
    ]);
  });
});
