/** Texts and states are those that AWS was seen to answer with. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestControlPlane, type TestControlPlane, zipOf } from "../testing/create-test-control-plane.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
let test: TestControlPlane;
let orders: object;

beforeEach(async () => {
  test = createTestControlPlane();
  orders = {
    FunctionName: "orders",
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    Role: "arn:aws:iam::000000000000:role/app",
    Code: { ZipFile: await zipOf("exports.handler = 1;") },
  };
});
afterEach(() => {
  test[Symbol.dispose]();
});

const create = (more: object = {}): Promise<Record<string, unknown>> =>
  test.call("CreateFunction", { ...orders, ...more });
const configure = (change: object): Promise<Record<string, unknown>> =>
  test.call("UpdateFunctionConfiguration", { FunctionName: "orders", ...change });
const get = (Qualifier?: string): Promise<Record<string, unknown>> =>
  test.call("GetFunctionConfiguration", { FunctionName: "orders", Qualifier });

describe("states", () => {
  it("a created function is Pending, then Active, each under a revision id of its own", async () => {
    const created = await test.call("CreateFunction", orders, { settle: false });
    expect(created).toMatchObject({
      State: "Pending",
      StateReason: "The function is being created.",
      StateReasonCode: "Creating",
    });
    expect(created).not.toHaveProperty("LastUpdateStatus");
    expect(created).not.toHaveProperty("Environment");
    expect(await test.refusal("UpdateFunctionConfiguration", { FunctionName: "orders", Timeout: 5 })).toEqual([
      "ResourceConflictException",
      409,
      "The operation cannot be performed at this time. The function is currently in the following state: Pending",
    ]);
    await test.clock.settle();
    const active = await get();
    expect(active).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
    expect(active["RevisionId"]).not.toBe(created["RevisionId"]);
  });

  it("an update is in progress until the clock runs; until then requests run what was there, and others are refused", async () => {
    await create();
    const updated = await test.call(
      "UpdateFunctionConfiguration",
      { FunctionName: "orders", Timeout: 9 },
      { settle: false },
    );
    expect(updated).toMatchObject({
      State: "Active",
      LastUpdateStatus: "InProgress",
      LastUpdateStatusReason: "The function is being created.",
      LastUpdateStatusReasonCode: "Creating",
      Timeout: 9,
    });
    const { registry } = test.plane;
    expect([registry.resolve("orders").timeoutSeconds, registry.describe("orders").timeoutSeconds]).toEqual([3, 9]);
    const conflict = `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`;
    for (const [name, more] of [
      ["UpdateFunctionCode", { ZipFile: await zipOf("2") }],
      ["UpdateFunctionConfiguration", { Timeout: 8 }],
      ["PublishVersion", {}],
    ] as const) {
      expect(await test.refusal(name, { FunctionName: "orders", ...more })).toEqual([
        "ResourceConflictException",
        409,
        conflict,
      ]);
    }
    await test.clock.settle();
    expect(registry.resolve("orders").timeoutSeconds).toBe(9);
  });

  it("what was in progress when the process was killed ends after the restart", async () => {
    await test.call("CreateFunction", orders, { settle: false });
    const again = await test.reopen();
    expect(again.registry.get("orders")?.state).toBe("Pending");
    await test.clock.settle();
    expect(again.registry.get("orders")).toMatchObject({ state: "Active", lastUpdateStatus: "Successful" });
  });
});

describe("versions", () => {
  it("Publish with CreateFunction and UpdateFunctionCode answers with the version, Pending", async () => {
    const created = await test.call("CreateFunction", { ...orders, Publish: true }, { settle: false });
    expect(created).toMatchObject({ Version: "1", FunctionArn: arn, State: "Pending" });
    await test.clock.settle();
    expect(await get("1")).toMatchObject({ Version: "1", FunctionArn: `${arn}:1`, State: "Active" });
    expect(await get("$LATEST")).toMatchObject({ FunctionArn: `${arn}:$LATEST` });
    const update = { FunctionName: "orders", ZipFile: await zipOf("2"), Publish: true };
    const published = await test.call("UpdateFunctionCode", update, { settle: false });
    expect(published).toMatchObject({ Version: "2", FunctionArn: `${arn}:2`, State: "Pending" });
    expect(published).not.toHaveProperty("LastUpdateStatus");
    await test.clock.settle();
    expect(await get("2")).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
  });

  it("PublishVersion answers with the last version where nothing changed; a description of $LATEST is a change", async () => {
    await create();
    const publish = (more: object = {}): Promise<Record<string, unknown>> =>
      test.call("PublishVersion", { FunctionName: "orders", ...more });
    const before = await get();
    const first = await publish({ Description: "first" });
    expect(first).toMatchObject({ Version: "1", Description: "first", State: "Active" });
    expect((await get())["RevisionId"]).not.toBe(before["RevisionId"]);
    expect(await publish({ Description: "other" })).toEqual(first);
    await configure({ Description: "changed" });
    expect(await publish()).toMatchObject({ Version: "2", Description: "changed" });
    expect(await get("1")).toMatchObject({ Description: "first" });
  });

  it("PublishVersion checks CodeSha256 and RevisionId", async () => {
    const { CodeSha256 } = await create();
    expect(await test.refusal("PublishVersion", { FunctionName: "orders", CodeSha256: "other" })).toEqual([
      "InvalidParameterValueException",
      400,
      `CodeSHA256 (other) is different from current CodeSHA256 in $LATEST (${String(CodeSha256)}). Please try again with the CodeSHA256 in $LATEST.`,
    ]);
    expect(await test.refusal("PublishVersion", { FunctionName: "orders", RevisionId: "other" })).toEqual([
      "PreconditionFailedException",
      412,
      "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    ]);
    expect(await test.call("PublishVersion", { FunctionName: "orders", CodeSha256 })).toMatchObject({ Version: "1" });
  });

  it("lists show neither state nor runtime version; with ALL every version is qualified", async () => {
    await create({ Publish: true });
    await test.call("CreateFunction", { ...orders, FunctionName: "payments" });
    const list = async (more: object): Promise<unknown> =>
      ((await test.call("ListFunctions", more))["Functions"] as { FunctionArn: string }[]).map(
        (one) => one.FunctionArn,
      );
    const payments = arn.replace("orders", "payments");
    expect(await list({})).toEqual([arn, payments]);
    expect(await list({ FunctionVersion: "ALL" })).toEqual([`${arn}:$LATEST`, `${arn}:1`, `${payments}:$LATEST`]);
    const { Functions, NextMarker } = await test.call("ListFunctions", { MaxItems: 1 });
    expect((Functions as object[])[0]).not.toHaveProperty("State");
    expect(await list({ Marker: NextMarker })).toEqual([payments]);
    expect(await test.refusal("ListFunctions", { FunctionVersion: "invalid" })).toEqual([
      "ValidationException",
      400,
      "1 validation error detected: Value 'invalid' at 'functionVersion' failed to satisfy constraint: Member must satisfy enum value set: [ALL]",
    ]);
  });

  it("DeleteFunction with a qualifier deletes that version alone, whether it is there or not", async () => {
    await create({ Publish: true });
    const remove = (Qualifier: string): Promise<unknown> =>
      test.refusal("DeleteFunction", { FunctionName: "orders", Qualifier });
    expect(await remove("$LATEST")).toEqual([
      "InvalidParameterValueException",
      400,
      "$LATEST version cannot be deleted without deleting the function.",
    ]);
    expect(await remove("live")).toEqual([
      "InvalidParameterValueException",
      400,
      "Deletion of aliases is not currently supported.",
    ]);
    expect([await remove("99"), await remove("1")]).toEqual(["no error", "no error"]);
    expect(test.plane.registry.versions("orders")).toEqual([]);
    expect(test.plane.registry.get("orders")?.version).toBe("$LATEST");
  });
});

describe("aliases", () => {
  beforeEach(async () => {
    await create({ Publish: true });
    await configure({ Timeout: 5 });
    await test.call("PublishVersion", { FunctionName: "orders" });
  });
  const alias = { FunctionName: "orders", Name: "live", FunctionVersion: "1" };
  const routed = (weights: object): object => ({ ...alias, RoutingConfig: { AdditionalVersionWeights: weights } });

  it("are created, shown, updated and deleted; an update without routing keeps it, an empty one ends it", async () => {
    const created = await test.call("CreateAlias", { ...routed({ "2": 0.2 }), Description: "d" });
    expect(created).toEqual({
      AliasArn: `${arn}:live`,
      Name: "live",
      FunctionVersion: "1",
      Description: "d",
      RevisionId: expect.any(String) as string,
      RoutingConfig: { AdditionalVersionWeights: { "2": 0.2 } },
    });
    expect(await test.call("GetAlias", alias)).toEqual(created);
    expect(await get("live")).toMatchObject({ FunctionArn: `${arn}:live`, Version: "1" });
    const update = (more: object): Promise<Record<string, unknown>> => test.call("UpdateAlias", { ...alias, ...more });
    expect(await update({ Description: "e" })).toMatchObject({ RoutingConfig: created["RoutingConfig"] });
    expect(await update({ RoutingConfig: { AdditionalVersionWeights: {} } })).not.toHaveProperty("RoutingConfig");
    expect(await test.call("ListAliases", { FunctionName: "orders", FunctionVersion: "2" })).toEqual({ Aliases: [] });
    await test.call("DeleteAlias", alias);
    await test.call("DeleteAlias", alias);
    expect(await test.refusal("GetAlias", alias)).toEqual([
      "ResourceNotFoundException",
      404,
      `Cannot find alias arn: ${arn}:live`,
    ]);
  });

  const map = "1 validation error detected: Value";
  it.each([
    [routed({ "2": 0.1, "3": 0.1 }), 400, "Number of items in AdditionalVersionWeights cannot be greater than 1"],
    [
      routed({ "2": 2 }),
      400,
      `${map} '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]`,
    ],
    [
      routed({ $LATEST: 0.5 }),
      400,
      `${map} '{$LATEST=0.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]`,
    ],
    [
      routed({ "1": 0.5 }),
      400,
      "Invalid function version 1. Function version 1 is already included in routing configuration.",
    ],
    [
      { ...routed({ "1": 0.5 }), FunctionVersion: "$LATEST" },
      400,
      "$LATEST is not supported for an alias pointing to more than 1 version",
    ],
    [{ ...alias, FunctionVersion: "10" }, 404, `Function not found: ${arn}:10`],
    [routed({ "10": 0.5 }), 404, `Function not found: ${arn}:10`],
    [{ ...alias, FunctionName: "orders-unknown" }, 404, `Function not found: ${arn}-unknown:1`],
    [
      { ...alias, Name: "2024" },
      400,
      `${map} '2024' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)`,
    ],
  ])("CreateAlias refuses %j", async (input, status, message) => {
    expect(await test.refusal("CreateAlias", input)).toEqual([expect.any(String), status, message]);
    expect(test.plane.registry.aliases("orders")).toEqual([]);
  });

  it("are refused twice, unknown, under another revision, and hold their versions", async () => {
    await test.call("CreateAlias", routed({ "2": 0.5 }));
    expect(await test.refusal("CreateAlias", alias)).toEqual([
      "ResourceConflictException",
      409,
      `Alias already exists: ${arn}:live`,
    ]);
    expect(await test.refusal("UpdateAlias", { ...alias, Name: "other" })).toEqual([
      "ResourceNotFoundException",
      404,
      `Alias not found: ${arn}:other`,
    ]);
    expect(await test.refusal("UpdateAlias", { ...alias, RevisionId: "other" })).toMatchObject({ 1: 412 });
    expect(await test.refusal("DeleteFunction", { FunctionName: "orders", Qualifier: "2" })).toEqual([
      "ResourceConflictException",
      409,
      "Unable to delete version because the following aliases reference it: [live]",
    ]);
  });
});

describe("tags", () => {
  const tagged = { Resource: arn };
  const tags = async (): Promise<unknown> => (await test.call("ListTags", tagged))["Tags"];

  it("are added, replaced and removed, under a new revision id", async () => {
    await create({ Tags: { a: "1" } });
    const before = await get();
    await test.call("TagResource", { ...tagged, Tags: { a: "2", b: "3" } });
    expect(await tags()).toEqual({ a: "2", b: "3" });
    expect((await get())["RevisionId"]).not.toBe(before["RevisionId"]);
    await test.call("UntagResource", { ...tagged, TagKeys: ["a", "none"] });
    expect(await tags()).toEqual({ b: "3" });
    expect((await test.call("GetFunction", { FunctionName: "orders" }))["Tags"]).toEqual({ b: "3" });
  });

  it("are refused on versions, on what is not there, in too great a number, and empty", async () => {
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, "v"]));
    const limit = ["InvalidParameterValueException", 400, "Number of tags exceeds resource tag limit."];
    expect(await test.refusal("CreateFunction", { ...orders, Tags: many })).toEqual(limit);
    expect(await test.refusal("ListTags", tagged)).toEqual([
      "ResourceNotFoundException",
      404,
      `Function not found: ${arn}`,
    ]);
    await create();
    expect(await test.refusal("TagResource", { ...tagged, Tags: many })).toEqual(limit);
    expect(await test.refusal("TagResource", { ...tagged, Tags: {} })).toMatchObject({
      2: "An error occurred and the request cannot be processed.",
    });
    expect(await test.refusal("TagResource", { Resource: `${arn}:1`, Tags: { a: "1" } })).toMatchObject({
      2: "Tags on function aliases and versions are not supported. Please specify a function ARN.",
    });
  });
});

describe("members", () => {
  it.each([
    [
      { Role: "r1" },
      "ValidationException",
      /Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy regular/,
    ],
    [{ Runtime: "java8" }, "InvalidParameterValueException", /^The runtime parameter of java8 is no longer supported/],
    [
      { Runtime: "PYTHON3.9" },
      "InvalidParameterValueException",
      /^Value PYTHON3.9 at 'runtime' failed .* or be a valid ARN$/,
    ],
    [{ Architectures: ["x86_64", "arm64"] }, "ValidationException", /Value '\[x86_64, arm64\]' at 'architectures'/],
    [{ Code: {} }, "InvalidParameterValueException", /^Please provide a source for function code\.$/],
    [{ PackageType: "Image" }, "NotImplemented", /container images are not simulated/],
    [{ SnapStart: { ApplyOn: "PublishedVersions" } }, "NotImplemented", /does not honour SnapStart/],
    [
      { FunctionName: "a".repeat(65) },
      "InvalidParameterValueException",
      /Member must have length less than or equal to 64$/,
    ],
  ])("CreateFunction refuses %j", async (change, code, message) => {
    expect(await test.refusal("CreateFunction", { ...orders, ...change })).toEqual([
      code,
      expect.any(Number),
      expect.stringMatching(message),
    ]);
    expect(test.plane.registry.list()).toEqual([]);
  });

  it("CreateFunction refuses an archive of more than 50 MB", async () => {
    expect(await test.refusal("CreateFunction", { ...orders, Code: { ZipFile: new Uint8Array(52_428_801) } })).toEqual([
      "RequestEntityTooLargeException",
      413,
      "Zipped size must be smaller than 52428800 bytes",
    ]);
  });

  it("are kept and shown: networks, keys, tracing, environment", async () => {
    const given = {
      KMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/k",
      TracingConfig: { Mode: "Active" },
      Environment: { Variables: {} },
    };
    const vpc = { SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-1"] };
    await create({ ...given, VpcConfig: vpc });
    expect(await get()).toMatchObject({ ...given, VpcConfig: { ...vpc, Ipv6AllowedForDualStack: false } });
    await configure({ VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } });
    expect(await get()).toMatchObject({ VpcConfig: { SubnetIds: [], SecurityGroupIds: [], VpcId: "" } });
  });

  it("LoggingConfig is changed in part: levels come and go with JSON, and the group stays", async () => {
    await create();
    await configure({ LoggingConfig: { LogGroup: "cool_lambda" } });
    await configure({ LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "DEBUG" } });
    expect((await get())["LoggingConfig"]).toEqual({
      LogFormat: "JSON",
      LogGroup: "cool_lambda",
      ApplicationLogLevel: "INFO",
      SystemLogLevel: "DEBUG",
    });
    await configure({ LoggingConfig: { LogFormat: "Text" } });
    expect((await get())["LoggingConfig"]).toEqual({ LogFormat: "Text", LogGroup: "cool_lambda" });
  });

  it("UpdateFunctionCode with DryRun shows what would be, and changes nothing", async () => {
    const before = await create();
    const dry = await test.call("UpdateFunctionCode", {
      FunctionName: "orders",
      ZipFile: await zipOf("2"),
      DryRun: true,
    });
    expect(dry["CodeSha256"]).not.toBe(before["CodeSha256"]);
    expect((await get())["CodeSha256"]).toBe(before["CodeSha256"]);
  });

  it("a function without reserved concurrency shows none; recursion is allowed, since loops are not stopped", async () => {
    await create();
    expect(await test.call("GetFunctionConcurrency", { FunctionName: "orders" })).toEqual({});
    expect(await test.refusal("GetFunctionConcurrency", { FunctionName: `${arn}:1` })).toMatchObject({
      2: expect.stringMatching(/^This operation is permitted on Lambda functions only\./) as string,
    });
    expect(await test.call("GetFunctionRecursionConfig", { FunctionName: "orders" })).toEqual({
      RecursiveLoop: "Allow",
    });
    expect(
      await test.refusal("PutFunctionRecursionConfig", { FunctionName: "orders", RecursiveLoop: "Terminate" }),
    ).toMatchObject({ 0: "NotImplemented", 1: 501 });
  });

  it("GetAccountSettings counts each version's code and each layer's", async () => {
    const { CodeSize } = await create({ Publish: true });
    const content = await zipOf("layer");
    await test.call("PublishLayerVersion", { LayerName: "l", Content: { ZipFile: content } });
    expect(await test.call("GetAccountSettings", {})).toEqual({
      AccountLimit: {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: 1000,
        UnreservedConcurrentExecutions: 1000,
      },
      AccountUsage: { TotalCodeSize: 2 * Number(CodeSize) + content.byteLength, FunctionCount: 1 },
    });
  });

  it("PutRuntimeManagementConfig is kept for each version", async () => {
    await create({ Publish: true });
    const put = { FunctionName: "orders", Qualifier: "1", UpdateRuntimeOn: "FunctionUpdate" };
    expect(await test.call("PutRuntimeManagementConfig", put)).toEqual({
      UpdateRuntimeOn: "FunctionUpdate",
      FunctionArn: `${arn}:1`,
    });
    expect(await test.call("GetRuntimeManagementConfig", { FunctionName: "orders" })).toMatchObject({
      UpdateRuntimeOn: "Auto",
    });
    expect(await test.call("GetRuntimeManagementConfig", put)).toMatchObject({ UpdateRuntimeOn: "FunctionUpdate" });
  });
});
