import { toIamId } from "@tripline/kernel";
import { expect, it } from "vitest";
import { loadText } from "../testing/load-text.ts";

const account = "000000000000";
const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}';
const lambdaTrust =
  '{"Version":"2012-10-17","Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com"]}}]}';

/** Each resource by its name: the calls that make it, and those that delete it. */
const callsOf = (plan: ReturnType<typeof loadText>): unknown[] =>
  plan.resources.map(({ logicalId, calls, removal }) => [
    logicalId,
    calls.map(({ operation, input }) => [operation, input]),
    removal.map(({ operation, input }) => [operation, input]),
  ]);

it("roles and policies are made, each attachment and inline policy apart, after what they name", () => {
  const plan = loadText(`
Resources:
  Read:
    Type: AWS::IAM::ManagedPolicy
    Properties: { Path: /p/, PolicyDocument: ${document}, Roles: [!Ref Worker] }
  Worker:
    Type: AWS::IAM::Role
    Properties:
      RoleName: worker
      Path: /app/
      Description: works
      MaxSessionDuration: 7200
      AssumeRolePolicyDocument: ${trust}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
      Policies: [{ PolicyName: own, PolicyDocument: ${document} }]
      Tags: [{ Key: a, Value: b }]
  More:
    Type: AWS::IAM::Policy
    Properties: { PolicyName: more, PolicyDocument: ${document}, Roles: [!Ref Worker] }
Outputs:
  Arn: { Value: !GetAtt Worker.Arn }
  Id: { Value: !GetAtt Worker.RoleId }
  Policy: { Value: !Ref Read }
`);
  const RoleName = "worker";
  const roleArn = `arn:aws:iam::${account}:role/app/worker`;
  const PolicyArn = `arn:aws:iam::${account}:policy/p/Read`;
  const readOnly = { RoleName, PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" };
  const inline = (PolicyName: string): unknown[] => [
    [["PutRolePolicy", { RoleName, PolicyName, PolicyDocument: document }]],
    [["DeleteRolePolicy", { RoleName, PolicyName }]],
  ];
  const role = {
    RoleName,
    Path: "/app/",
    Description: "works",
    MaxSessionDuration: 7200,
    AssumeRolePolicyDocument: trust,
    Tags: [{ Key: "a", Value: "b" }],
  };
  expect(callsOf(plan)).toEqual([
    ["Worker", [["CreateRole", role]], [["DeleteRole", { RoleName }]]],
    ["Worker", [["AttachRolePolicy", readOnly]], [["DetachRolePolicy", readOnly]]],
    ["Worker", ...inline("own")],
    [
      "Read",
      [["CreatePolicy", { PolicyName: "Read", Path: "/p/", PolicyDocument: document }]],
      [["DeletePolicy", { PolicyArn }]],
    ],
    ["Read", [["AttachRolePolicy", { RoleName, PolicyArn }]], [["DetachRolePolicy", { RoleName, PolicyArn }]]],
    ["More", ...inline("more")],
  ]);
  expect(plan.outputs.map((one) => one.value)).toEqual([roleArn, toIamId("AROA", roleArn), PolicyArn]);
  expect([plan.unsupported, plan.withoutLocalEffect]).toEqual([[], []]);
});

it("users and groups are made, with who is in which", () => {
  const plan = loadText(`
Resources:
  Team: { Type: AWS::IAM::Group, Properties: { ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess] } }
  Ada: { Type: AWS::IAM::User, Properties: { UserName: ada, Groups: [!Ref Team], LoginProfile: { Password: x } } }
`);
  const membership = { GroupName: "Team", UserName: "ada" };
  const readOnly = { GroupName: "Team", PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" };
  expect(callsOf(plan)).toEqual([
    ["Team", [["CreateGroup", { GroupName: "Team" }]], [["DeleteGroup", { GroupName: "Team" }]]],
    ["Team", [["AttachGroupPolicy", readOnly]], [["DetachGroupPolicy", readOnly]]],
    ["Ada", [["CreateUser", { UserName: "ada" }]], [["DeleteUser", { UserName: "ada" }]]],
    ["Ada", [["AddUserToGroup", membership]], [["RemoveUserFromGroup", membership]]],
  ]);
  expect(plan.withoutLocalEffect).toEqual([
    { logicalId: "Ada", property: "LoginProfile", reason: "Nobody signs in here." },
  ]);
});

it("a function without a role has one made for it, with the policies that it asks for", () => {
  const plan = loadText(`
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      CodeUri: code
      RolePath: /made/
      Tracing: Active
      Policies:
        - AWSLambdaVPCAccessExecutionRole
        - arn:aws:iam::aws:policy/ReadOnlyAccess
        - ${document}
        - S3ReadPolicy: { BucketName: b }
Outputs:
  Arn: { Value: !GetAtt FRole.Arn }
`);
  const RoleName = "FRole";
  const roleArn = `arn:aws:iam::${account}:role/made/FRole`;
  const attached = [
    "service-role/AWSLambdaBasicExecutionRole",
    "AWSXrayWriteOnlyAccess",
    "service-role/AWSLambdaVPCAccessExecutionRole",
    "ReadOnlyAccess",
  ].map((name) => ({ RoleName, PolicyArn: `arn:aws:iam::aws:policy/${name}` }));
  const PolicyName = "FRolePolicy2";
  expect(callsOf(plan).slice(0, -1)).toEqual([
    [
      RoleName,
      [["CreateRole", { RoleName, Path: "/made/", AssumeRolePolicyDocument: lambdaTrust }]],
      [["DeleteRole", { RoleName }]],
    ],
    ...attached.map((one) => [RoleName, [["AttachRolePolicy", one]], [["DetachRolePolicy", one]]]),
    [
      RoleName,
      [["PutRolePolicy", { RoleName, PolicyName, PolicyDocument: document }]],
      [["DeleteRolePolicy", { RoleName, PolicyName }]],
    ],
  ]);
  expect(plan.resources.at(-1)?.calls[0]?.input["Role"]).toBe(roleArn);
  expect(plan.outputs.map((one) => one.value)).toEqual([roleArn]);
  expect(plan.withoutLocalEffect).toEqual([
    { logicalId: "F", property: "Tracing", reason: "Nothing is traced." },
    {
      logicalId: "F",
      property: "Policies[3]",
      reason: "SAM's policy template S3ReadPolicy is not expanded: IAM is not evaluated.",
    },
  ]);
});

it("what holds a function that is not simulated is left out of IAM, and said", () => {
  const plan = loadText(`
Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: ${trust}
      Policies: [{ PolicyName: own, PolicyDocument: { Statement: { Resource: !ImportValue table } } }]
`);
  expect(plan.resources.map((one) => one.calls[0]?.operation)).toEqual(["CreateRole"]);
  expect(plan.withoutLocalEffect).toEqual([
    {
      logicalId: "Worker",
      property: "Policies",
      reason: "It holds a function that is not simulated, and IAM is not evaluated: it is left out.",
    },
  ]);
});
