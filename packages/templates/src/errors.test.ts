import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultScope } from "@tripline/kernel";
import { loadTemplate } from "./index.ts";
import { loadError, loadText } from "./testing/load-text.ts";

const queue = "Resources:\n  Q: { Type: AWS::SQS::Queue }\n";

describe("a template that cannot be used is one error with its place", () => {
  it.each([
    [
      "Resources:\n  A: [1,\nB: 2\n",
      "SYNTAX: The template is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ].",
      "3:1",
      "Correct the text at this place.",
    ],
    [
      "Resources:\n  A: 1\n  A: 2\n",
      "SYNTAX: The template is not valid YAML: Map keys must be unique.",
      "3:3",
      "Correct the text at this place.",
    ],
    [
      "Resources:\n\tA: 1\n",
      "SYNTAX: The template is not valid YAML: Tabs are not allowed as indentation.",
      "2:1",
      "Correct the text at this place.",
    ],
    ["", "INVALID: The template holds no sections.", "1", "Write a map with a Resources section."],
    ["Resorces: {}\n", 'INVALID: "Resorces" is no section of a template.', "1", 'Did you mean "Resources"?'],
    [
      "Description: a\n",
      "INVALID: The template has no Resources section.",
      "1",
      "Add Resources with at least one resource.",
    ],
    ["Resources: []\n", "INVALID: Resources must be a map, and is a list.", "1", "Write it as keys with values."],
    [
      "Resources:\n  my-queue: { Type: AWS::SQS::Queue }\n",
      'INVALID: "my-queue" cannot be the name of a resource.',
      "2",
      "Use letters and digits only, such as OrdersQueue.",
    ],
    [
      "Resources:\n  Q: { Properties: {} }\n",
      "INVALID: Resource Q has no Type.",
      "2",
      "Write a type such as AWS::SQS::Queue.",
    ],
    [
      "Resources:\n  Q: { Type: Queue }\n",
      'INVALID: The Type of Q is the text "Queue".',
      "2",
      "Write a type such as AWS::SQS::Queue.",
    ],
    [
      "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Propertys: {}\n",
      "INVALID: Resource Q cannot have Propertys.",
      "4",
      "Did you mean Properties?",
    ],
    [
      "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n",
      "INVALID: Properties of Q must be a map, and is empty.",
      "4",
      "Write it as keys with values.",
    ],
    [
      "Resources:\n  Fn::ForEach::Topics: []\n",
      "INVALID: Fn::ForEach::Topics is not simulated in Resources.",
      "2",
      "Write the resources out that it makes.",
    ],
    [
      `${queue}  R: { Type: AWS::SQS::Queue, DependsOn: QQ }\n`,
      'REFERENCE: R depends on "QQ", which is no resource of this template.',
      "3",
      'Did you mean "Q"?',
    ],
    [
      `${queue}  R: { Type: AWS::SQS::Queue, Condition: IsProd }\n`,
      'REFERENCE: "IsProd" is no condition of this template.',
      "3",
      "Define it under Conditions, or correct the name.",
    ],
    [
      `${queue}  R: { Type: AWS::SQS::Queue, Properties: { QueueName: Q } }\n`,
      'INVALID: Q (line 2) and R are both "Q".',
      "3",
      "Give one of them another name.",
    ],
    [`Globals:\n  Functoin: {}\n${queue}`, "INVALID: Globals cannot have Functoin.", "2", "Did you mean Function?"],
    [`${queue}Outputs:\n  A: {}\n`, "INVALID: Output A has no Value.", "4", "Add Value."],
    [
      "Resources:\n  A: { Type: AWS::SQS::Queue, DependsOn: B }\n  B: { Type: AWS::SQS::Queue, DependsOn: [C] }\n  C: { Type: AWS::SQS::Queue, Properties: { KmsMasterKeyId: !GetAtt A.Arn } }\n",
      "CYCLE: These depend on each other in a ring: A -> B -> C -> A.",
      "2",
      "Take one of the references or DependsOn out of the ring; AWS refuses it as well.",
    ],
    [
      "Resources:\n  A: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub '${A.QueueName}-x' } }\n",
      "CYCLE: These depend on each other in a ring: A -> A.",
      "2",
      "Take one of the references or DependsOn out of the ring; AWS refuses it as well.",
    ],
    ["A: &a [*a]\nResources: {}\n", "INVALID: An anchor holds itself.", "1", "Remove the alias that leads back."],
  ])("%j", (text, what, line, next) => {
    expect(loadError(text)).toBe(`SIM_TEMPLATE_${what}\n  at template.yaml:${line}\n  ${next}`);
  });

  it("JSON has lines as well", () => {
    const text =
      '{\n\t"Resources": {\n\t\t"Q": {\n\t\t\t"Type": "AWS::SQS::Queue",\n\t\t\t"Properties": { "FifoQueue": 1 }\n\t\t}\n\t}\n}';
    expect(loadError(text, { name: "template.json" })).toBe(
      "SIM_TEMPLATE_INVALID: FifoQueue of Q must be true or false, and is 1.\n  at template.json:5\n  Write true or false.",
    );
    expect(loadError('{ "Resources": }', { name: "template.json" })).toContain("SIM_TEMPLATE_");
    expect(loadError('{ "Resources": {', { name: "template.json" })).toMatch(
      /^SIM_TEMPLATE_SYNTAX: The template is not valid JSON: .*\n  at template.json:1:\d+\n  Correct the text at this place.$/,
    );
  });
});

describe("Parameters", () => {
  const template = (parameter: string): string =>
    `Parameters:\n  Size: { ${parameter} }\n${queue}Outputs:\n  It: { Value: !Join ["|", !Split [",", !Sub "\${Size}"]] }\n`;

  it.each([
    ["Type: String, Default: a", {}, "a"],
    ["Type: String", { Size: "b" }, "b"],
    ["Type: String, Default: 007", {}, "007"],
    ["Type: Number, Default: 1, MinValue: 1, MaxValue: 3", { Size: "3" }, "3"],
    ["Type: String, AllowedValues: [a, b], AllowedPattern: '[a-z]+', MinLength: 1, MaxLength: 1", { Size: "b" }, "b"],
    ["Type: CommaDelimitedList, Default: 'a, b', AllowedValues: [a, b]", {}, "a|b"],
    ["Type: List<Number>", { Size: "1,2" }, "1|2"],
    ["Type: AWS::EC2::VPC::Id, Default: vpc-1", {}, "vpc-1"],
  ] as const)("%s", (parameter, parameters, expected) => {
    expect(loadText(template(parameter), { parameters }).outputs).toEqual([{ name: "It", value: expected }]);
  });

  it.each([
    [
      "Type: String",
      {},
      "PARAMETER: Size has no value and no Default.\n  at template.yaml:2\n  Start with --parameter Size=…, or add a Default.",
    ],
    [
      "Type: String, Default: a",
      { Szie: "1" },
      'PARAMETER: The template has no parameter "Szie".\n  Did you mean "Size"?',
    ],
    [
      "Type: Number",
      { Size: "x" },
      'PARAMETER: Size is "x", which is no number.\n  at template.yaml:2\n  Give another value: --parameter Size=….',
    ],
    [
      "Type: Number, MaxValue: 3",
      { Size: "4" },
      'PARAMETER: Size is "4", more than its MaxValue 3.\n  at template.yaml:2\n  Give another value: --parameter Size=….',
    ],
    [
      "Type: String, MinLength: 2",
      { Size: "4" },
      'PARAMETER: Size is "4", shorter than its MinLength 2.\n  at template.yaml:2\n  Give another value: --parameter Size=….',
    ],
    [
      "Type: String, AllowedValues: [a, b], ConstraintDescription: a or b.",
      { Size: "c" },
      'PARAMETER: Size is "c", which is none of a, b.\n  at template.yaml:2\n  a or b.',
    ],
    [
      "Type: String, AllowedPattern: '[a-z]*'",
      { Size: "A" },
      'PARAMETER: Size is "A", which does not match [a-z]*.\n  at template.yaml:2\n  Give another value: --parameter Size=….',
    ],
    [
      "Type: 'AWS::SSM::Parameter::Value<String>', Default: x",
      {},
      "PARAMETER: The value of Size is read from Systems Manager, which is not simulated.\n  at template.yaml:2\n  Make its Type String, and give the value with a Default or --parameter Size=….",
    ],
    [
      "Type: Strin",
      {},
      "INVALID: Parameter Size has the Type Strin, which there is not.\n  at template.yaml:2\n  Use String, Number, List<Number> or CommaDelimitedList.",
    ],
    [
      "Default: a",
      {},
      "INVALID: Parameter Size has no Type.\n  at template.yaml:2\n  Add Type: String, Number or CommaDelimitedList.",
    ],
    [
      "Type: String, Defualt: a",
      {},
      "INVALID: Parameter Size cannot have Defualt.\n  at template.yaml:2\n  Did you mean Default?",
    ],
  ])("refuses %s with %j", (parameter, parameters, message) => {
    expect(loadError(template(parameter), { parameters })).toBe(`SIM_TEMPLATE_${message}`);
  });
});

describe("loadTemplate", () => {
  it("looks for template.yaml, template.yml and template.json in a folder", () => {
    const folder = mkdtempSync(join(tmpdir(), "tripline-templates-"));
    const load = (path: string): string => loadTemplate({ path, scope: defaultScope }).file;
    try {
      const app = join(folder, "my app");
      mkdirSync(app);
      expect(() => load(app)).toThrow(
        `SIM_TEMPLATE_NOT_FOUND: The folder holds no template.\n  at ${app}\n  Name a template file, or put one of template.yaml, template.yml, template.json into the folder.`,
      );
      expect(() => load(join(app, "x.yaml"))).toThrow(/^SIM_TEMPLATE_NOT_FOUND: The template cannot be read: ENOENT/);
      for (const name of ["template.json", "template.yml", "template.yaml"]) {
        writeFileSync(join(app, name), '{ "Resources": {} }');
        expect(load(app)).toBe(join(app, name));
      }
      expect(load(join(app, "template.json"))).toBe(join(app, "template.json"));
      expect(loadTemplate({ path: app, scope: defaultScope }).stackName).toBe("my-app");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("takes an object, and names the path where there is no line", () => {
    const load = (Resources: Record<string, unknown>): ReturnType<typeof loadTemplate> =>
      loadTemplate({ path: "/tmp/1st_app/resources", document: { Resources }, scope: defaultScope });
    const plan = load({ Q: { Type: "AWS::SQS::Queue", Properties: { DelaySeconds: 1, QueueName: undefined } } });
    expect([plan.stackName, plan.resources]).toEqual([
      "stack-1st-app",
      [
        {
          logicalId: "Q",
          type: "AWS::SQS::Queue",
          line: 0,
          physicalId: "Q",
          arn: "arn:aws:sqs:us-east-1:000000000000:Q",
          calls: [
            { service: "sqs", operation: "CreateQueue", input: { QueueName: "Q", Attributes: { DelaySeconds: "1" } } },
          ],
          removal: [
            {
              service: "sqs",
              operation: "DeleteQueue",
              input: { QueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/Q" },
            },
          ],
        },
      ],
    ]);
    expect(() => load({ Q: { Type: "AWS::SQS::Queue", Properties: { DelaySeconds: "soon" } } })).toThrow(
      /at Resources\.Q\.Properties\.DelaySeconds/,
    );
  });
});
