/** Texts are those that AWS was seen to answer with. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTestControlPlane, type TestControlPlane, zipOf } from "../testing/create-test-control-plane.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:layer:shared";
let test: TestControlPlane;

beforeEach(() => {
  test = createTestControlPlane();
});
afterEach(() => {
  test[Symbol.dispose]();
});

async function publish(more: object = {}, upsert = false): Promise<Record<string, unknown>> {
  const input = { LayerName: "shared", Content: { ZipFile: await zipOf("layer") }, ...more };
  return test.call("PublishLayerVersion", input, { upsert });
}

async function withLayers(Layers: string[]): Promise<unknown> {
  return test.refusal("CreateFunction", {
    FunctionName: "f",
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    Code: { ZipFile: await zipOf("1") },
    Layers,
  });
}

it("PublishLayerVersion shows what was given, and nothing that was not", async () => {
  const bare = await publish();
  expect(bare).toMatchObject({ LayerArn: arn, LayerVersionArn: `${arn}:1`, Version: 1, Description: "" });
  expect(bare).not.toHaveProperty("CompatibleRuntimes");
  const given = {
    Description: "d",
    LicenseInfo: "MIT",
    CompatibleRuntimes: ["python3.12", "nodejs12.x"],
    CompatibleArchitectures: ["arm64", "x86_64"],
  };
  expect(await publish(given)).toMatchObject({ ...given, Version: 2 });
  expect(await publish({ CompatibleRuntimes: [] })).toMatchObject({ CompatibleRuntimes: [], Version: 3 });
});

it("a template that is applied again publishes a layer only where it has changed", async () => {
  expect([(await publish({}, true))["Version"], (await publish({}, true))["Version"]]).toEqual([1, 1]);
  expect((await publish({ Description: "new" }, true))["Version"]).toBe(2);
});

it("PublishLayerVersion refuses runtimes and architectures that are none, all at once", async () => {
  const input = { LayerName: "l", Content: {}, CompatibleRuntimes: ["invalidruntime"], CompatibleArchitectures: ["a"] };
  expect(await test.refusal("PublishLayerVersion", input)).toEqual([
    "ValidationException",
    400,
    expect.stringMatching(
      /^2 validation errors detected: Value '\[invalidruntime\]' at 'compatibleRuntimes' .*; Value '\[a\]' at 'compatibleArchitectures' /,
    ),
  ]);
});

it("layer versions that are not there", async () => {
  await publish();
  const read = (VersionNumber: number): Promise<unknown> =>
    test.refusal("GetLayerVersion", { LayerName: "shared", VersionNumber });
  expect(await read(2)).toEqual(["ResourceNotFoundException", 404, "The resource you requested does not exist."]);
  expect(await read(0)).toEqual(["InvalidParameterValueException", 400, "Layer Version Cannot be less than 1"]);
  expect(await test.refusal("GetLayerVersionByArn", { Arn: arn })).toMatchObject({ 0: "ValidationException" });
  expect(await test.refusal("DeleteLayerVersion", { LayerName: "none", VersionNumber: 1 })).toBe("no error");
  expect(await test.call("ListLayerVersions", { LayerName: "none" })).toEqual({ LayerVersions: [] });
  expect(await test.refusal("ListLayers", { CompatibleArchitecture: "arch" })).toEqual([
    "ValidationException",
    400,
    "1 validation error detected: Value 'arch' at 'compatibleArchitecture' failed to satisfy constraint: Member must satisfy enum value set: [x86_64, arm64]",
  ]);
});

it("a function refuses layers that it cannot have", async () => {
  await publish();
  await publish({ Description: "2" });
  expect(await withLayers([`${arn}:1`, `${arn}:2`])).toMatchObject({
    2: `Two different versions of the same layer are not allowed to be referenced in the same function. ${arn}:1 and ${arn}:2 are versions of the same layer.`,
  });
  expect(await withLayers([`${arn}:9`])).toMatchObject({ 2: `Layer version ${arn}:9 does not exist.` });
  expect(await withLayers(Array.from({ length: 6 }, () => `${arn}:1`))).toMatchObject({
    2: "Cannot reference more than 5 layers.",
  });
  expect(await withLayers([arn.replace("us-east-1", "eu-west-1") + ":1"])).toMatchObject({
    2: "Layers are not in the same region as the function. Layers are expected to be in region us-east-1.",
  });
  expect(await withLayers([arn.replace("000000000000", "123456789012") + ":1"])).toMatchObject({ 0: "NotImplemented" });
  expect(await withLayers([arn])).toMatchObject({ 0: "ValidationException" });
  expect(await withLayers([`${arn}:1`])).toBe("no error");
});

it("a layer's policy: statements under a revision id, refused twice, unknown, or under another", async () => {
  await publish();
  const layer = { LayerName: "shared", VersionNumber: 1 };
  const all = { ...layer, StatementId: "s1", Action: "lambda:GetLayerVersion", Principal: "*" };
  const none = ["ResourceNotFoundException", 404, "No policy is associated with the given resource."];
  expect(await test.refusal("GetLayerVersionPolicy", layer)).toEqual(none);
  const added = await test.call("AddLayerVersionPermission", all);
  const statement = {
    Sid: "s1",
    Effect: "Allow",
    Principal: "*",
    Action: "lambda:GetLayerVersion",
    Resource: `${arn}:1`,
  };
  expect(JSON.parse(String(added["Statement"]))).toEqual(statement);
  expect(await test.refusal("AddLayerVersionPermission", all)).toEqual([
    "ResourceConflictException",
    409,
    "The statement id (s1) provided already exists. Please provide a new statement id, or remove the existing statement.",
  ]);
  const wrong = { ...all, StatementId: "s2", RevisionId: "other" };
  expect(await test.refusal("AddLayerVersionPermission", wrong)).toEqual([
    "PreconditionFailedException",
    412,
    "The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id",
  ]);
  expect(await test.refusal("AddLayerVersionPermission", { ...all, Action: "*" })).toMatchObject({
    0: "ValidationException",
  });
  expect(await test.refusal("RemoveLayerVersionPermission", { ...layer, StatementId: "none" })).toEqual([
    "ResourceNotFoundException",
    404,
    "Statement none is not found in resource policy.",
  ]);
  expect(await test.refusal("GetLayerVersionPolicy", { ...layer, VersionNumber: 2 })).toEqual([
    "ResourceNotFoundException",
    404,
    `Layer version ${arn}:2 does not exist.`,
  ]);
  await test.call("RemoveLayerVersionPermission", { ...layer, StatementId: "s1", RevisionId: added["RevisionId"] });
  expect(await test.refusal("GetLayerVersionPolicy", layer)).toEqual(none);
});

it("layers are there again after a restart", async () => {
  await publish();
  await publish({ Description: "2" });
  await test.call("DeleteLayerVersion", { LayerName: "shared", VersionNumber: 2 });
  const again = await test.reopen();
  expect(again.house.layers.all()).toEqual(test.plane.house.layers.all());
  expect((await again.house.layers.publish({ ...test.plane.house.layers.all()[0]! })).version).toBe(3);
});
