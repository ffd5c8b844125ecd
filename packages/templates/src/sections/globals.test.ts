import { expect, it } from "vitest";
import { loadText, withoutRoles } from "../testing/load-text.ts";

it("Globals merge maps, join lists and give way to a resource's own values; a function is one value", () => {
  const plan = loadText(`
Globals:
  Function:
    Runtime: nodejs22.x
    Handler: index.handler
    Timeout: 10
    InlineCode: x
    Architectures: [x86_64]
    Environment:
      Variables: { A: 1, B: { Ref: AWS::Region }, C: global }
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 20
      Architectures: [arm64]
      Environment:
        Variables: { B: own, C: !Sub "\${AWS::StackName}", D: 2 }
  Plain: { Type: AWS::Lambda::Function, Properties: { Runtime: python3.13, Handler: a.b, Code: { ZipFile: x } } }
`);
  expect(withoutRoles(plan).map((one) => one.calls[0]?.input)).toEqual([
    {
      FunctionName: "F",
      Role: "arn:aws:iam::000000000000:role/FRole",
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Timeout: 20,
      Architectures: ["x86_64", "arm64"],
      Environment: { Variables: { A: "1", B: "own", C: "app", D: "2" } },
      Code: { InlineSource: "x" },
    },
    { FunctionName: "Plain", Runtime: "python3.13", Handler: "a.b", Code: { InlineSource: "x" } },
  ]);
});

it("sections that are not evaluated are listed", () => {
  const plan = loadText(
    "Transform: [AWS::Serverless-2016-10-31, Mine]\nRules: {}\nResources: {}\nMetadata: { A: [1, yes] }\n",
  );
  expect([plan.unsupported, plan.metadata]).toEqual([
    [
      { logicalId: "Transform", type: "Mine", line: 1, reason: "Macros run in AWS only." },
      { logicalId: "Rules", type: "section", line: 2, reason: "The section is not evaluated." },
    ],
    { A: [1, true] },
  ]);
});

it("types that are not simulated are listed, with what was meant; those without local effect apart", () => {
  const plan = loadText(`
Resources:
  Table: { Type: AWS::KMS::Key }
  Typo: { Type: AWS::SQS::Queu }
  Mine: { Type: Custom::Thing }
  Sign: { Type: AWS::CloudWatch::Alarm, Properties: { Statement: { Condition: { A: b } } } }
`);
  expect([withoutRoles(plan), plan.unsupported, plan.withoutLocalEffect]).toEqual([
    [],
    [
      {
        logicalId: "Table",
        type: "AWS::KMS::Key",
        line: 3,
        reason: "Resources of this type are not simulated.",
      },
      { logicalId: "Typo", type: "AWS::SQS::Queu", line: 4, reason: "Did you mean AWS::SQS::Queue?" },
      { logicalId: "Mine", type: "Custom::Thing", line: 5, reason: "Resources of this type are not simulated." },
    ],
    [{ logicalId: "Sign", property: "Type", reason: "AWS::CloudWatch::Alarm: There are no CloudWatch metrics." }],
  ]);
});
