/** IAM and STS as clients meet them: the AWS SDK for JavaScript, and the AWS CLI and boto3 where they are installed. */
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesCommand,
  paginateListRoles,
  PutRolePolicyCommand,
  TagRoleCommand,
} from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const account = "000000000000";
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const document = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::photos/*" }],
});
// The caller's identity as a signed request without an SDK, so that the function needs no packages.
const source = `exports.handler = async () => {
  const env = process.env;
  const answer = await fetch(env.AWS_ENDPOINT_URL, { method: "POST", body: "Action=GetCallerIdentity&Version=2011-06-15", headers: {
    "content-type": "application/x-www-form-urlencoded",
    authorization: "AWS4-HMAC-SHA256 Credential=" + env.AWS_ACCESS_KEY_ID + "/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0",
    "x-amz-security-token": env.AWS_SESSION_TOKEN } });
  return /<Arn>(.*)<\\/Arn>/.exec(await answer.text())[1];
};`;

let simulator: Simulator;
let options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
let iam: IAMClient;
let sts: STSClient;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  simulator = await createSimulator({
    resources: {
      Read: { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument: JSON.parse(document) as object } },
      Own: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: "own-role",
          AssumeRolePolicyDocument: JSON.parse(trust) as object,
          ManagedPolicyArns: [{ Ref: "Read" }],
          Policies: [{ PolicyName: "inline", PolicyDocument: JSON.parse(document) as object }],
        },
      },
      Other: {
        Type: "AWS::Serverless::Function",
        Properties: {
          Runtime: "nodejs20.x",
          Handler: "index.handler",
          InlineCode: source,
          Role: { "Fn::GetAtt": ["Own", "Arn"] },
        },
      },
      Who: {
        Type: "AWS::Serverless::Function",
        Properties: { Runtime: "nodejs20.x", Handler: "index.handler", InlineCode: source },
      },
    },
  });
  const endpoint = simulator.endpoint ?? "";
  options = { endpoint, region: "us-east-1", credentials: { accessKeyId: "any", secretAccessKey: "thing" } };
  iam = new IAMClient(options);
  sts = new STSClient(options);
  environment = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "thing",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_PAGER: "",
  };
});
afterAll(async () => {
  iam.destroy();
  sts.destroy();
  await simulator.stop();
});

describe("the AWS SDK for JavaScript", () => {
  it("a role is made, shown, listed, given policies and deleted", async () => {
    const RoleName = "sdk-role";
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: trust,
        Path: "/sdk/",
        Tags: [{ Key: "a", Value: "b" }],
      }),
    );
    expect([Role?.Arn, Role?.CreateDate, decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")]).toEqual([
      `arn:aws:iam::${account}:role/sdk/sdk-role`,
      expect.any(Date),
      trust,
    ]);
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: "c", Value: "é" }] }));
    await expect(iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))).rejects.toMatchObject({
      name: "EntityAlreadyExistsException",
      message: `Role with name ${RoleName} already exists.`,
    });
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "sdk-policy", PolicyDocument: document }));
    const PolicyArn = Policy?.Arn;
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "inline", PolicyDocument: document }));
    expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies).toEqual([
      { PolicyName: "sdk-policy", PolicyArn },
    ]);
    const inline = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: "inline" }));
    expect(decodeURIComponent(inline.PolicyDocument ?? "")).toBe(document);
    expect((await iam.send(new GetRoleCommand({ RoleName }))).Role?.Tags).toEqual([
      { Key: "a", Value: "b" },
      { Key: "c", Value: "é" },
    ]);
    await expect(iam.send(new DeleteRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: "DeleteConflictException",
      message: "Cannot delete entity, must detach all policies first.",
    });
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await expect(iam.send(new GetRoleCommand({ RoleName: "nobody" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: "The role with name nobody cannot be found.",
    });
    const names: (string | undefined)[] = [];
    for await (const page of paginateListRoles({ client: iam, pageSize: 1 }, { PathPrefix: "/sdk/" }))
      names.push(...(page.Roles?.map((one) => one.RoleName) ?? []));
    expect(names).toEqual([RoleName]);
    await expect(iam.send(new ListInstanceProfilesCommand({}))).rejects.toMatchObject({ name: "NotImplemented" });
  });

  it("any credentials are the root user's; a role's session is its own", async () => {
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      UserId: account,
      Account: account,
      Arn: `arn:aws:iam::${account}:root`,
    });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "assumed", AssumeRolePolicyDocument: trust }));
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "session" }));
    const as = new STSClient({
      ...options,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      },
    });
    expect(await as.send(new GetCallerIdentityCommand({}))).toMatchObject({
      UserId: `${Role?.RoleId}:session`,
      Arn: `arn:aws:sts::${account}:assumed-role/assumed/session`,
    });
    await expect(as.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
    as.destroy();
    const info = await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: Credentials?.AccessKeyId }));
    expect(info.Account).toBe(account);
    await expect(
      sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/none`, RoleSessionName: "session" })),
    ).rejects.toMatchObject({
      name: "AccessDenied",
      message: `User: arn:aws:iam::${account}:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${account}:role/none`,
    });
    await expect(
      sts.send(
        new AssumeRoleWithWebIdentityCommand({ RoleArn: Role?.Arn, RoleSessionName: "s", WebIdentityToken: "token" }),
      ),
    ).rejects.toMatchObject({ name: "NotImplemented" });
  });

  it("a function's own credentials are the session of its role", async () => {
    const lambda = new LambdaClient(options);
    for (const [FunctionName, role] of [
      ["Who", "WhoRole"],
      ["Other", "own-role"],
    ]) {
      const { Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
      const arn = `arn:aws:sts::${account}:assumed-role/${role}/${FunctionName}`;
      expect(JSON.parse(Payload?.transformToString() ?? "")).toBe(arn);
    }
    lambda.destroy();
  });

  it("the template's roles are there, with their policies; and the one that SAM makes for a function", async () => {
    const attached = async (RoleName: string): Promise<unknown[] | undefined> =>
      (await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies?.map((one) => one.PolicyArn);
    expect(await attached("own-role")).toEqual([`arn:aws:iam::${account}:policy/Read`]);
    expect(await attached("WhoRole")).toEqual(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]);
    const inline = await iam.send(new GetRolePolicyCommand({ RoleName: "own-role", PolicyName: "inline" }));
    expect(decodeURIComponent(inline.PolicyDocument ?? "")).toBe(document);
  });
});

const hasAwsCli = spawnSync("aws", ["--version"]).status === 0;
describe(`the AWS CLI${hasAwsCli ? "" : " (skipped: aws is not installed)"}`, () => {
  it.runIf(hasAwsCli)("says who is calling, and makes a role", { timeout: 60_000 }, async () => {
    const aws = async (...args: string[]): Promise<string> =>
      (await run("aws", ["--endpoint-url", options.endpoint, ...args], { env: environment })).stdout;
    expect(JSON.parse(await aws("sts", "get-caller-identity"))).toEqual({
      UserId: account,
      Account: account,
      Arn: `arn:aws:iam::${account}:root`,
    });
    await aws("iam", "create-role", "--role-name", "cli-role", "--assume-role-policy-document", trust);
    const { Role } = JSON.parse(await aws("iam", "get-role", "--role-name", "cli-role")) as { Role: object };
    expect(Role).toMatchObject({ RoleName: "cli-role", AssumeRolePolicyDocument: JSON.parse(trust) as object });
  });
});

const hasBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;
describe(`boto3${hasBoto3 ? "" : " (skipped: boto3 is not installed)"}`, () => {
  it.runIf(hasBoto3)("assumes a role and uses its credentials", { timeout: 60_000 }, async () => {
    const script = `
import boto3, json
iam, sts = boto3.client("iam"), boto3.client("sts")
arn = iam.create_role(RoleName="boto-role", AssumeRolePolicyDocument='${trust}')["Role"]["Arn"]
c = sts.assume_role(RoleArn=arn, RoleSessionName="boto")["Credentials"]
own = boto3.client("sts", aws_access_key_id=c["AccessKeyId"], aws_secret_access_key=c["SecretAccessKey"], aws_session_token=c["SessionToken"])
print(own.get_caller_identity()["Arn"])
try:
    iam.get_user(UserName="nobody")
except iam.exceptions.NoSuchEntityException as error:
    print(error.response["Error"]["Message"])
`;
    expect((await run("python3", ["-c", script], { env: environment })).stdout).toBe(
      `arn:aws:sts::${account}:assumed-role/boto-role/boto\nThe user with name nobody cannot be found.\n`,
    );
  });
});
