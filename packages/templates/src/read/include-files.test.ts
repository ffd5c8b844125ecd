import { describe, expect, it } from "vitest";
import { loadError, loadText } from "../testing/load-text.ts";

const include = (location: string): string =>
  `{ Fn::Transform: { Name: AWS::Include, Parameters: { Location: ${location} } } }`;
const api = (body: string): string => `Parameters: { Host: { Type: String, Default: a.example } }
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      DefinitionBody: ${body}
`;
const document = `openapi: 3.0.1
info: { title: Included, version: "1" }
paths:
  /a:
    get:
      x-amazon-apigateway-integration:
        type: http_proxy
        uri: { Fn::Sub: "https://\${Host}/\${AWS::Region}" }
`;
const bodyOf = (text: string, files: Record<string, string>): unknown => {
  const calls = loadText(text, { files }).resources.find((one) => one.logicalId === "Api")?.calls ?? [];
  const body = calls.find((call) => call.operation === "ReimportApi")?.input["Body"];
  return JSON.parse(typeof body === "string" ? body : "null");
};
const expected = {
  openapi: "3.0.1",
  info: { title: "Included", version: "1" },
  paths: {
    "/a": {
      get: { "x-amazon-apigateway-integration": { type: "http_proxy", uri: "https://a.example/us-east-1" } },
    },
  },
};

describe("AWS::Include", () => {
  it.each([
    ["a file in YAML", api(include("./api.yaml")), { "api.yaml": document }],
    [
      "the short tag",
      api("!Transform { Name: AWS::Include, Parameters: { Location: api.yaml } }"),
      { "api.yaml": document },
    ],
    ["a file in JSON", api(include("api.json")), { "api.json": JSON.stringify(expected) }],
    [
      "deep inside",
      api(`{ openapi: 3.0.1, info: { title: Included, version: "1" }, paths: ${include("paths.yaml")} }`),
      { "paths.yaml": JSON.stringify(expected.paths) },
    ],
    [
      "beside other keys, which outrank it",
      api(
        `{ openapi: 3.0.1, info: { title: Included, version: "1" }, Fn::Transform: { Name: AWS::Include, Parameters: { Location: rest.yaml } } }`,
      ),
      { "rest.yaml": JSON.stringify({ info: { title: "Other" }, paths: expected.paths }) },
    ],
  ])("puts the map of a file where the template names it: %s", (_what, text, files: Record<string, string>) => {
    expect(bodyOf(text, files)).toEqual(expected);
  });

  it("makes resources, too", () => {
    const files = { "queues.yaml": "Orders: { Type: AWS::SQS::Queue }\n" };
    const { resources } = loadText(
      `Resources:\n  Fn::Transform: { Name: AWS::Include, Parameters: { Location: queues.yaml } }\n`,
      { files },
    );
    expect(resources.map((one) => one.logicalId)).toEqual(["Orders"]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      include("s3://bucket/api.yaml"),
      {},
      "INVALID: AWS::Include of s3://bucket/api.yaml is not simulated: only files beside the template are included.\n  at template.yaml:6\n  Name a local file: `sam deploy` uploads it.",
    ],
    [
      include("none.yaml"),
      {},
      "INVALID: AWS::Include cannot read none.yaml, or it stands in a file that is included itself.\n  at template.yaml:6\n  Name a file beside the template, in the template.",
    ],
    [
      include("api.yaml"),
      { "api.yaml": include("api.yaml") },
      "INVALID: AWS::Include cannot read api.yaml, or it stands in a file that is included itself.\n  at template.yaml:6\n  Name a file beside the template, in the template.",
    ],
    [
      include("!Ref Host"),
      {},
      "INVALID: Fn::Transform is not simulated but for AWS::Include with a Location that is a text: macros run in AWS only.\n  at template.yaml:6\n  Write what the macro makes into the template.",
    ],
    [
      include("api.yaml"),
      { "api.yaml": "- 1\n" },
      "INVALID: A file of AWS::Include holds a map.\n  at api.yaml:1\n  Write keys and values.",
    ],
    [
      include("api.yaml"),
      { "api.yaml": "a: [\n" },
      expect.stringMatching(/^SYNTAX: The template is not valid YAML: .*\n {2}at api\.yaml:\d+:\d+\n/) as string,
    ],
    [
      include("api.yaml"),
      { "api.yaml": "paths: {}\ninfo:\n  title: { Ref: Hots }\n" },
      'REFERENCE: "Hots" is neither a resource nor a parameter of this template.\n  at api.yaml:3\n  Did you mean "Host"?',
    ],
  ])("refuses %s with %j", (body, files, error) => {
    expect(loadError(api(body), { files }).replace(/^SIM_TEMPLATE_/, "")).toEqual(error);
  });

  it("does no harm where its value is not needed", () => {
    const text = `Resources:\n  Flow: { Type: AWS::StepFunctions::StateMachine, Properties: ${include("s3://bucket/flow.json")} }\n`;
    expect(loadText(text).unsupported).toMatchObject([{ logicalId: "Flow" }]);
  });
});
