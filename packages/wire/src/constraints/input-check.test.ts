/** The texts are AWS's own answers. */
import { expect, test } from "vitest";
import { loadModel } from "../model/models.ts";
import { createInputCheck } from "./input-check.ts";

const violations = async (
  service: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<string[]> => {
  const model = await loadModel(service);
  const operation = model?.operations.get(name);
  if (model === undefined || operation === undefined) throw new Error(`No ${name} in ${service}.`);
  return createInputCheck(model, operation)(input);
};

const role = "arn:aws:iam::111111111111:role/r";
const create = { FunctionName: "f", Role: role, Code: {} };

test.each([
  [
    "CreateFunction",
    { ...create, Role: "r1" },
    "Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
  ],
  [
    "CreateFunction",
    { ...create, Architectures: ["x86_64", "arm64"] },
    "Value '[x86_64, arm64]' at 'architectures' failed to satisfy constraint: Member must have length less than or equal to 1",
  ],
  [
    "CreateFunction",
    { ...create, Architectures: ["X86_64"] },
    "Value '[X86_64]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
  ],
  [
    "CreateFunction",
    { ...create, SnapStart: { ApplyOn: "invalidOption" } },
    "Value 'invalidOption' at 'snapStart.applyOn' failed to satisfy constraint: Member must satisfy enum value set: [PublishedVersions, None]",
  ],
  [
    "CreateAlias",
    { FunctionName: "f", Name: "a", FunctionVersion: "1", RoutingConfig: { AdditionalVersionWeights: { 2: 2 } } },
    "Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]",
  ],
  [
    "CreateAlias",
    {
      FunctionName: "f",
      Name: "a",
      FunctionVersion: "1",
      RoutingConfig: { AdditionalVersionWeights: { $LATEST: 0.5 } },
    },
    "Value '{$LATEST=0.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]",
  ],
  [
    "CreateAlias",
    { FunctionName: "f", Name: "2024", FunctionVersion: "1" },
    "Value '2024' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
  ],
  [
    "PutProvisionedConcurrencyConfig",
    { FunctionName: "f", Qualifier: "1", ProvisionedConcurrentExecutions: 0 },
    "Value '0' at 'provisionedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    "AddPermission",
    { FunctionName: "f", StatementId: "example.com", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" },
    "Value 'example.com' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
  ],
  [
    "PutFunctionRecursionConfig",
    { FunctionName: "f", RecursiveLoop: "InvalidValue" },
    "Value 'InvalidValue' at 'recursiveLoop' failed to satisfy constraint: Member must satisfy enum value set: [Terminate, Allow]",
  ],
  [
    "CreateEventSourceMapping",
    { FunctionName: "f", StartingPosition: "invalid" },
    "Value 'invalid' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
  ],
  [
    "UntagResource",
    { Resource: "arn:aws:lambda:us-east-1:111111111111:function:f" },
    "Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
  ],
])("Lambda's %s of %j is told as AWS tells it", async (operation, input, text) => {
  expect(await violations("lambda", operation, input)).toEqual([text]);
});

test("API Gateway names members of the body by the operation, and tells them first", async () => {
  const wrong = { op: "wrong_op", path: "/x", value: "y" };
  const input = { restApiId: "r", resourceId: "i", httpMethod: "GET", statusCode: "wrong", patchOperations: [wrong] };
  expect(await violations("apigateway", "UpdateMethodResponse", input)).toEqual([
    "Value 'wrong_op' at 'updateMethodResponseInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]",
    "Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d",
  ]);
  const endpoints = { types: ["wrong"], ipAddressType: "wrong" };
  expect(await violations("apigateway", "CreateRestApi", { name: "n", endpointConfiguration: endpoints })).toEqual([
    "Value '[wrong]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]",
    "Value 'wrong' at 'createRestApiInput.endpointConfiguration.ipAddressType' failed to satisfy constraint: Member must satisfy enum value set: [ipv4, dualstack]",
  ]);
});

test("one text may break several rules, and several members are told in the model's order", async () => {
  expect(
    await violations("kinesis", "PutRecord", { StreamName: "", Data: new Uint8Array(3), PartitionKey: "" }),
  ).toEqual([
    "Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    "Value '' at 'partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ]);
});

test("IAM says in plain words, by its operations, what a name may hold; its length is told as everybody's", async () => {
  const policy = { AssumeRolePolicyDocument: "{}" };
  expect(await violations("iam", "CreateRole", { RoleName: "a b", ...policy })).toEqual([]);
  expect(await violations("iam", "CreateRole", { RoleName: "", ...policy })).toEqual([
    "Value '' at 'roleName' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ]);
});

test("input that keeps to the model is no violation, and patterns of every model compile", async () => {
  expect(await violations("lambda", "CreateFunction", { ...create, Timeout: 3, Architectures: ["arm64"] })).toEqual([]);
  for (const service of ["apigateway", "dynamodb", "events", "iam", "kinesis", "lambda", "logs", "scheduler", "sts"]) {
    const model = await loadModel(service);
    for (const { pattern } of Object.values(model?.constraints?.shapes ?? {})) {
      if (pattern !== undefined) expect(() => toRegExp(pattern)).not.toThrow();
    }
  }
});

function toRegExp(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    return new RegExp(`^(?:${pattern})$`);
  }
}
