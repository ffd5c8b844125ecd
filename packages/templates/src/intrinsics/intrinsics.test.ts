import { describe, expect, it } from "vitest";
import { loadError, loadText, withoutRoles } from "../testing/load-text.ts";

const prelude = `
Parameters:
  Stage: { Type: String, Default: dev }
  Count: { Type: Number, Default: 3 }
  Names: { Type: CommaDelimitedList, Default: "a, b ,c" }
Mappings:
  ByRegion:
    us-east-1: { Size: small, Zones: [x, y] }
    eu-west-1: { Size: big }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Condition IsDev]
  Either: !Or [!Condition IsProd, !Equals ["3", !Ref Count]]
  Alias: !Condition Either
Resources:
  Orders: { Type: AWS::SQS::Queue }
  Fifo: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }
  Uploads: { Type: AWS::S3::Bucket }
  Table:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: !Sub "\${Stage}-orders", KeySchema: [{ AttributeName: id, KeyType: HASH }] }
  Topic: { Type: AWS::SNS::Topic }
  Role: { Type: AWS::IAM::Role }
  Gone: { Type: AWS::SQS::Queue, Condition: IsProd }
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: live } }
  Http: { Type: AWS::Serverless::HttpApi }
  Rule: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 day) } }
  Later:
    Type: AWS::Scheduler::Schedule
    Properties:
      { GroupName: g, ScheduleExpression: rate(1 day), FlexibleTimeWindow: { Mode: "OFF" }, Target: { Arn: !GetAtt Orders.Arn } }
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: "0"
      Events:
        Get: { Type: Api, Properties: { Path: /, Method: get } }
`;
const account = "000000000000";

function valueOf(expression: string, parameters: Record<string, string> = {}): string | undefined {
  const plan = loadText(`${prelude}Outputs:\n  It:\n    Value: ${expression}\n`, { parameters });
  return plan.outputs[0]?.value;
}

describe("intrinsic functions", () => {
  const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:${account}:${resource}`;
  it.each([
    // Ref
    ["!Ref Stage", "dev"],
    ["{ Ref: Count }", "3"],
    ["!Ref Names", "a,b,c"],
    ["!Ref AWS::Region", "us-east-1"],
    ["!Ref AWS::AccountId", account],
    ["!Ref AWS::Partition", "aws"],
    ["!Ref AWS::StackName", "app"],
    ["!Ref AWS::URLSuffix", "amazonaws.com"],
    ["!Ref AWS::NotificationARNs", ""],
    ["!Ref AWS::NoValue", undefined],
    ["!Ref Orders", `https://sqs.us-east-1.amazonaws.com/${account}/Orders`],
    ["!Ref Fifo", `https://sqs.us-east-1.amazonaws.com/${account}/Fifo.fifo`],
    ["!Ref Uploads", "app-uploads"],
    ["!Ref Table", "dev-orders"],
    ["!Ref Topic", arn("sns", "Topic")],
    ["!Ref Role", "Role"],
    ["!Ref Hello", "Hello"],
    ["!Ref Rule", "Rule"],
    ["!Ref Later", "Later"],
    ["!Ref Api.Stage", "live"],
    ["!Ref ServerlessRestApi.Stage", "Prod"],
    ["!Ref ServerlessRestApiProdStage", "Prod"],
    ["!Ref Http.Stage", "$default"],
    // Fn::GetAtt
    ["!GetAtt Orders.Arn", arn("sqs", "Orders")],
    ["!GetAtt Orders.QueueName", "Orders"],
    ["!GetAtt [Fifo, QueueName]", "Fifo.fifo"],
    ["!GetAtt Uploads.Arn", "arn:aws:s3:::app-uploads"],
    ["!GetAtt Uploads.DomainName", "app-uploads.s3.amazonaws.com"],
    ["!GetAtt Uploads.RegionalDomainName", "app-uploads.s3.us-east-1.amazonaws.com"],
    ["!GetAtt Table.Arn", arn("dynamodb", "table/dev-orders")],
    ["!GetAtt Table.StreamArn", `${arn("dynamodb", "table/dev-orders")}/stream/1970-01-01T00:00:00.000`],
    ["!GetAtt Role.Arn", `arn:aws:iam::${account}:role/Role`],
    ["!GetAtt Hello.Arn", arn("lambda", "function:Hello")],
    ["!GetAtt HelloRole.Arn", `arn:aws:iam::${account}:role/HelloRole`],
    ["!GetAtt Rule.Arn", arn("events", "rule/Rule")],
    ["!GetAtt Later.Arn", arn("scheduler", "schedule/g/Later")],
    // Fn::Sub
    ['!Sub "${Stage}-${AWS::Region}-${Orders.QueueName}-${!Literal}"', "dev-us-east-1-Orders-${Literal}"],
    ['!Sub ["${A}/${Stage}", { A: !Select [1, !Ref Names] }]', "b/dev"],
    ['!Sub "${Names}"', "a,b,c"],
    ['{ "Fn::Sub": "plain" }', "plain"],
    // texts and lists
    ['!Join ["-", [a, !Ref Stage, !Ref AWS::NoValue]]', "a-dev"],
    ['!Join ["", !Split ["-", "a-b-c"]]', "abc"],
    ['!Join ["|", !Ref Names]', "a|b|c"],
    ['!Select [2, !Split [",", "a,b,c"]]', "c"],
    ['!Select ["0", !GetAZs ""]', "us-east-1a"],
    ["!Select [1, !GetAZs eu-west-1]", "eu-west-1b"],
    ["!Base64 AWS", "QVdT"],
    ['!Select [1, !Cidr ["10.0.0.0/16", 2, 8]]', "10.0.1.0/24"],
    ['!Join [",", !Cidr ["192.168.0.0/24", 4, 6]]', "192.168.0.0/26,192.168.0.64/26,192.168.0.128/26,192.168.0.192/26"],
    ["!FindInMap [ByRegion, !Ref AWS::Region, Size]", "small"],
    ["!Select [1, !FindInMap [ByRegion, us-east-1, Zones]]", "y"],
    ["!FindInMap [ByRegion, mars, Size, { DefaultValue: none }]", "none"],
    ["!ToJsonString { A: [1, !Ref Stage] }", '{"A":[1,"dev"]}'],
    ["!Length [a, b]", "2"],
    // conditions
    ["!If [IsProd, a, b]", "b"],
    ["!If [Alias, a, b]", "a"],
    ["!If [Both, a, !If [Either, c, d]]", "c"],
    ["!If [IsProd, a, !Ref AWS::NoValue]", undefined],
    ["{ 'Fn::If': [IsDev, !Sub '${Stage}!', b] }", "dev!"],
  ] as const)("%s gives %s", (expression, expected) => {
    expect(valueOf(expression)).toBe(expected);
  });

  it("conditions follow parameters", () => {
    expect(valueOf("!If [IsProd, a, b]", { Stage: "prod" })).toBe("a");
    expect(valueOf("!Ref Gone", { Stage: "prod" })).toBe(`https://sqs.us-east-1.amazonaws.com/${account}/Gone`);
  });

  it("ids of APIs are ten letters and digits, the same at each start", () => {
    expect(valueOf("!Ref Api")).toMatch(/^[a-z][a-z0-9]{9}$/);
    expect(valueOf("!Ref ServerlessRestApi")).toMatch(/^[a-z][a-z0-9]{9}$/);
    expect(valueOf("!Ref Api")).toBe(valueOf("!Ref Api"));
    expect(valueOf("!GetAtt Api.RootResourceId")).toBe(`${valueOf("!Ref Api")}0`);
    expect(valueOf("!GetAtt Http.ApiEndpoint")).toBe(
      `https://${valueOf("!Ref Http")}.execute-api.us-east-1.amazonaws.com`,
    );
  });
});

describe("wrong uses of intrinsic functions", () => {
  const at = `template.yaml:${prelude.split("\n").length + 2}`;
  it.each([
    [
      "!ImportValue x",
      "INVALID: Fn::ImportValue is not simulated: one stack is simulated, so there is none to import from.",
      "Make the value a parameter, and give it with --parameter.",
    ],
    [
      "!Transform { Name: x }",
      "INVALID: Fn::Transform is not simulated but for AWS::Include with a Location that is a text: macros run in AWS only.",
      "Write what the macro makes into the template.",
    ],
    ["!Reff x", "INVALID: !Reff is no tag of CloudFormation.", "Did you mean !Ref?"],
    [
      '{ "Fn::Foo": x }',
      "INVALID: There is no function Fn::Foo.",
      expect.stringContaining("Use one of Ref, Fn::GetAtt"),
    ],
    ["!Ref [a]", "INVALID: Ref takes a name.", "Write it like !Ref Orders."],
    ["!Ref Stag", 'REFERENCE: "Stag" is neither a resource nor a parameter of this template.', 'Did you mean "Stage"?'],
    [
      "!Ref AWS::Regoin",
      'REFERENCE: "AWS::Regoin" is neither a resource nor a parameter of this template.',
      'Did you mean "AWS::Region"?',
    ],
    [
      "!Ref Gone",
      'REFERENCE: "Gone" is not made, because its condition does not hold.',
      "Put the reference into an Fn::If with the same condition.",
    ],
    ["!GetAtt Ordres.Arn", 'REFERENCE: "Ordres" is no resource of this template.', 'Did you mean "Orders"?'],
    ["!GetAtt Orders.Anr", 'REFERENCE: Orders (AWS::SQS::Queue) has no attribute "Anr".', 'Did you mean "Arn"?'],
    [
      "!GetAtt Orders",
      "INVALID: Fn::GetAtt takes a resource and an attribute.",
      "Write it like !GetAtt Orders.Arn, or [Orders, Arn].",
    ],
    [
      '!Sub "${Stagee}"',
      'REFERENCE: "Stagee" is neither a resource nor a parameter of this template.',
      'Did you mean "Stage"?',
    ],
    ['!Sub "${Ordes.Arn}"', 'REFERENCE: "Ordes" is no resource of this template.', 'Did you mean "Orders"?'],
    [
      "!Sub [a]",
      "INVALID: Fn::Sub takes a text, or a list of a text and a map.",
      'Write it like !Sub "${AWS::StackName}-orders", or [text, { Name: value }].',
    ],
    ["!Join [a]", "INVALID: Fn::Join takes a list of 2 items.", 'Write it like !Join ["-", [a, b]].'],
    ["!Select [3, [a]]", "INVALID: Fn::Select cannot pick index 3 of a list of 1.", "Use an index from 0 to 0."],
    [
      "!FindInMap [ByRegoin, a, b]",
      'REFERENCE: "ByRegoin" is no mapping of this template.',
      'Did you mean "ByRegion"?',
    ],
    [
      "!FindInMap [ByRegion, mars, Size]",
      'REFERENCE: The mapping ByRegion has no "mars" with "Size".',
      "Add these keys to the mapping, or correct the names.",
    ],
    ["!If [IsPord, a, b]", 'REFERENCE: "IsPord" is no condition of this template.', 'Did you mean "IsProd"?'],
    [
      "!If [IsProd, a]",
      "INVALID: Fn::If takes a list of 3 items.",
      "Write it like !If [Condition, valueIfTrue, valueIfFalse].",
    ],
    [
      '!Cidr ["10.0.0.0/30", 9, 8]',
      "INVALID: Fn::Cidr cannot make 9 blocks of 8 bits out of 10.0.0.0/30.",
      "Ask for fewer or smaller ones.",
    ],
    ['{ "Fn::Sub": a, b: c }', "INVALID: Fn::Sub stands beside other keys.", "A function is the only key of its map."],
    ["{ a: b }", "INVALID: Output It must be a text.", "Write a text, or a function that gives one."],
  ])("%s is refused with its line", (expression, what, next) => {
    const [first, where, last] = loadError(`${prelude}Outputs:\n  It:\n    Value: ${expression}\n`).split("\n  ");
    expect([first, where, last]).toEqual([`SIM_TEMPLATE_${what}`, `at ${at}`, next]);
  });

  it("a condition that names a resource is refused", () => {
    expect(loadError("Conditions:\n  A: !Equals [!Ref Q, x]\nResources:\n  Q: { Type: AWS::SQS::Queue }\n")).toBe(
      'SIM_TEMPLATE_REFERENCE: "Q" is no parameter of this template, and a condition can name nothing else.\n  at template.yaml:2\n  Define it under Parameters, or correct the name.',
    );
  });

  it("conditions in a ring are refused", () => {
    expect(
      loadError(
        "Conditions:\n  A: !Not [!Condition B]\n  B: !Condition A\nResources:\n  Q: { Type: AWS::SQS::Queue }\n",
      ),
    ).toBe(
      "SIM_TEMPLATE_CYCLE: These depend on each other in a ring: A -> B -> A.\n  at template.yaml:2\n  Take one of the references or DependsOn out of the ring; AWS refuses it as well.",
    );
  });

  it("a function that is refused does no harm in a property without effect", () => {
    const text =
      "Resources:\n  F: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs20.x, Handler: a.b, InlineCode: x, VpcConfig: { SecurityGroupIds: [!ImportValue x] } } }\n";
    expect(withoutRoles(loadText(text))).toHaveLength(1);
  });
});
