/** Lambda's control plane through the AWS SDK for JavaScript: functions, their code, versions, aliases and layers. */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";
import { toZip } from "./support/zip.ts";

const role = "arn:aws:iam::000000000000:role/app";
const arn = "arn:aws:lambda:us-east-1:000000000000:function";
const { folder: dataDir, remove } = temporaryFolder();
let simulator: Simulator;
let lambda: LambdaClient;
let s3: S3Client;

beforeAll(async () => {
  simulator = await createSimulator({
    dataDir,
    resources: { Deploy: { Type: "AWS::S3::Bucket", Properties: { BucketName: "deploy" } } },
  });
  const options = {
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  };
  lambda = new LambdaClient(options);
  s3 = new S3Client({ ...options, forcePathStyle: true });
});
afterAll(async () => {
  lambda.destroy();
  s3.destroy();
  await simulator.stop();
  remove();
});

const says = (text: string): string =>
  `exports.handler = async () => ({ says: ${JSON.stringify(text)}, version: process.env.AWS_LAMBDA_FUNCTION_VERSION });`;

async function create(name: string, archive: Buffer, more: object = {}): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Role: role,
      Code: { ZipFile: archive },
      ...more,
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName: name });
}

async function update(name: string, archive: Buffer): Promise<void> {
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: archive }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName: name });
}

async function invoke(name: string, qualifier?: string): Promise<unknown> {
  const output = await lambda.send(new InvokeCommand({ FunctionName: name, Qualifier: qualifier }));
  return JSON.parse(output.Payload?.transformToString() ?? "");
}

it("a zip archive is created as a function, invoked, downloaded, replaced and deleted", async () => {
  const archive = await toZip({ "index.js": says("one"), "lib/data.txt": "x" });
  const created = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "zipped",
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Role: role,
      Code: { ZipFile: archive },
      Tags: { team: "a" },
    }),
  );
  const sha256 = createHash("sha256").update(archive).digest("base64");
  expect([created.State, created.StateReasonCode, created.CodeSha256, created.CodeSize, created.Version]).toEqual([
    "Pending",
    "Creating",
    sha256,
    archive.length,
    "$LATEST",
  ]);
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName: "zipped" });
  expect(await invoke("zipped")).toEqual({ says: "one", version: "$LATEST" });

  const got = await lambda.send(new GetFunctionCommand({ FunctionName: "zipped" }));
  expect([got.Configuration?.State, got.Configuration?.LastUpdateStatus, got.Tags]).toEqual([
    "Active",
    "Successful",
    { team: "a" },
  ]);
  const download = await fetch(got.Code?.Location ?? "");
  expect(Buffer.from(await download.arrayBuffer()).equals(archive)).toBe(true);

  await update("zipped", await toZip({ "index.js": says("two") }));
  expect(await invoke("zipped")).toEqual({ says: "two", version: "$LATEST" });

  await lambda.send(new DeleteFunctionCommand({ FunctionName: "zipped" }));
  await expect(invoke("zipped")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

it("versions and aliases run the code and configuration that they were published with", async () => {
  await create("versioned", await toZip({ "index.js": says("old") }));
  const first = await lambda.send(new PublishVersionCommand({ FunctionName: "versioned", Description: "first" }));
  expect([first.Version, first.FunctionArn]).toEqual(["1", `${arn}:versioned:1`]);
  expect((await lambda.send(new PublishVersionCommand({ FunctionName: "versioned" }))).Version).toBe("1");
  await lambda.send(new CreateAliasCommand({ FunctionName: "versioned", Name: "live", FunctionVersion: "1" }));
  await update("versioned", await toZip({ "index.js": says("new") }));
  expect([await invoke("versioned"), await invoke("versioned", "1"), await invoke("versioned:live")]).toEqual([
    { says: "new", version: "$LATEST" },
    { says: "old", version: "1" },
    { says: "old", version: "1" },
  ]);
  const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName: "versioned" }));
  expect(Versions?.map((one) => one.FunctionArn)).toEqual([`${arn}:versioned:$LATEST`, `${arn}:versioned:1`]);
  await expect(
    lambda.send(new DeleteFunctionCommand({ FunctionName: "versioned", Qualifier: "1" })),
  ).rejects.toMatchObject({
    name: "ResourceConflictException",
    message: "Unable to delete version because the following aliases reference it: [live]",
  });
});

it("code comes from S3, and S3's refusals are told", async () => {
  const archive = await toZip({ "index.js": says("from S3") });
  await s3.send(new PutObjectCommand({ Bucket: "deploy", Key: "app.zip", Body: archive }));
  await create("stored", archive, { Code: { S3Bucket: "deploy", S3Key: "app.zip" } });
  expect(await invoke("stored")).toEqual({ says: "from S3", version: "$LATEST" });
  await expect(
    lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "stored", S3Bucket: "deploy", S3Key: "none.zip" })),
  ).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message:
      "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.",
  });
});

it("a configuration is changed, and what a revision id guards is not", async () => {
  await create("configured", await toZip({ "index.js": "exports.handler = async () => process.env.GREETING;" }));
  const before = await lambda.send(new GetFunctionCommand({ FunctionName: "configured" }));
  const change = new UpdateFunctionConfigurationCommand({
    FunctionName: "configured",
    Environment: { Variables: { GREETING: "hello" } },
    RevisionId: before.Configuration?.RevisionId,
  });
  const updated = await lambda.send(change);
  expect([updated.LastUpdateStatus, updated.LastUpdateStatusReasonCode]).toEqual(["InProgress", "Creating"]);
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName: "configured" });
  expect(await invoke("configured")).toBe("hello");
  await expect(lambda.send(change)).rejects.toMatchObject({
    name: "PreconditionFailedException",
    $metadata: { httpStatusCode: 412 },
  });
});

it("what is no archive is refused, and creates nothing", async () => {
  await expect(create("broken", Buffer.from("no archive"))).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: "Could not unzip uploaded file. Please check your file, then try to upload again.",
  });
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  expect(Functions?.map((one) => one.FunctionName)).not.toContain("broken");
});

it("a request that is larger than any archive may be is refused with Lambda's own text", async () => {
  const answer = await fetch(`${simulator.endpoint ?? ""}/2015-03-31/functions`, {
    method: "POST",
    body: Buffer.alloc(70_167_212, " "),
  });
  expect([answer.status, answer.headers.get("x-amzn-errortype"), await answer.json()]).toEqual([
    413,
    "RequestEntityTooLargeException",
    { Type: "User", message: "Request must be smaller than 70167211 bytes for the CreateFunction operation" },
  ]);
});

it("functions of archives are there after a restart, and archives that nothing uses are removed", async () => {
  await create("kept", await toZip({ "index.js": says("kept") }));
  await create("gone", await toZip({ "index.js": says("gone") }));
  await lambda.send(new DeleteFunctionCommand({ FunctionName: "gone" }));
  const used = (await lambda.send(new ListFunctionsCommand({ FunctionVersion: "ALL" }))).Functions ?? [];
  const hashes = new Set(used.map((one) => Buffer.from(one.CodeSha256 ?? "", "base64").toString("hex")));
  await simulator.stop();
  expect(readdirSync(join(dataDir, "code")).sort()).toEqual([...hashes].flatMap((one) => [one, `${one}.zip`]).sort());

  const again = await createSimulator({ dataDir, listen: false });
  expect(await again.invoke("kept")).toMatchObject({ payload: { says: "kept" } });
  expect(await again.invoke("versioned:live")).toMatchObject({ payload: { says: "old", version: "1" } });
  await again.stop();
});

const hasAwsCli = spawnSync("aws", ["--version"]).status === 0;
const hasBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;
const run = promisify(execFile);

describe(`other clients${hasAwsCli && hasBoto3 ? "" : " (skipped where aws or boto3 is not installed)"}`, () => {
  const { folder, remove: removeFolder } = temporaryFolder();
  const archive = join(folder, "app.zip");
  let other: Simulator;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    writeFileSync(archive, await toZip({ "index.js": says("a client") }));
    other = await createSimulator({ resources: {} });
    env = {
      ...process.env,
      AWS_ENDPOINT_URL: other.endpoint,
      AWS_ACCESS_KEY_ID: "any",
      AWS_SECRET_ACCESS_KEY: "thing",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_PAGER: "",
    };
  });
  afterAll(async () => {
    await other.stop();
    removeFolder();
  });

  it.runIf(hasAwsCli)(
    "the AWS CLI creates a function from a zip file, and publishes it",
    { timeout: 120_000 },
    async () => {
      const aws = async (...args: string[]): Promise<string> =>
        (await run("aws", ["--endpoint-url", other.endpoint ?? "", "lambda", ...args], { env })).stdout;
      const target = ["--function-name", "cli"];
      const settings = ["--runtime", "nodejs20.x", "--handler", "index.handler", "--role", role];
      expect(
        JSON.parse(await aws("create-function", ...target, ...settings, "--zip-file", `fileb://${archive}`)),
      ).toMatchObject({
        FunctionName: "cli",
        State: "Pending",
      });
      await aws("wait", "function-active", ...target);
      expect(JSON.parse(await aws("publish-version", ...target))).toMatchObject({ Version: "1" });
      expect(await other.invoke("cli:1")).toMatchObject({ payload: { says: "a client", version: "1" } });
    },
  );

  it.runIf(hasBoto3)("boto3 creates a function and an alias of its version", { timeout: 120_000 }, async () => {
    const script = `
import boto3, json
functions = boto3.client("lambda")
functions.create_function(FunctionName="boto", Runtime="nodejs20.x", Handler="index.handler", Role="${role}",
                          Code={"ZipFile": open("${archive}", "rb").read()}, Publish=True)
functions.get_waiter("function_active").wait(FunctionName="boto", WaiterConfig={"Delay": 1})
functions.create_alias(FunctionName="boto", Name="live", FunctionVersion="1")
print(json.load(functions.invoke(FunctionName="boto", Qualifier="live")["Payload"]))
`;
    expect((await run("python3", ["-c", script], { env })).stdout).toBe("{'says': 'a client', 'version': '1'}\n");
  });
});
