import { Activity, createRng, defaultScope, isServiceError, VirtualClock } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { createDocumentStore, type Database, openDatabase } from "@tripline/storage";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FunctionDraft, FunctionRegistry } from "./function-registry.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
const draft: FunctionDraft = {
  functionName: "orders",
  functionArn: arn,
  runtime: "nodejs22.x",
  handler: "index.handler",
  code: { kind: "folder", folder: "/code" },
  layers: [],
  tracingMode: "PassThrough",
  state: "Active",
  lastUpdateStatus: "Successful",
  description: "",
  role: "arn:aws:iam::000000000000:role/tripline",
  memoryMegabytes: 128,
  timeoutSeconds: 3,
  ephemeralStorageMegabytes: 512,
  environment: {},
  architecture: "x86_64",
  logFormat: "Text",
  logGroup: "/aws/lambda/orders",
};

let database: Database;
let registry: FunctionRegistry;

const open = (): FunctionRegistry =>
  new FunctionRegistry({
    clock: new VirtualClock({ activity: new Activity(), realTime }),
    rng: createRng("registry"),
    scope: defaultScope,
    documents: createDocumentStore(database),
    code: { folderOf: (sha256) => `/store/${sha256}`, optFolderOf: () => undefined },
  });

beforeEach(() => {
  database = openDatabase({ dataDir: undefined, activity: new Activity() });
  registry = open();
});
afterEach(() => {
  database.close();
});

const alias = (functionVersion: string, additionalVersionWeights: Record<string, number> = {}) =>
  registry.saveAlias({
    functionName: "orders",
    name: "live",
    functionVersion,
    description: "",
    additionalVersionWeights,
  });

function refusal(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return isServiceError(error) ? [error.code, error.message] : error;
  }
  return "no error";
}

it("resolve understands no qualifier, $LATEST, version numbers and aliases", async () => {
  await registry.save({ ...draft, timeoutSeconds: 1 });
  await registry.publish("orders");
  await registry.save({ ...draft, timeoutSeconds: 2 });
  await registry.publish("orders", { description: "second" });
  await registry.save({ ...draft, timeoutSeconds: 3 });
  await alias("2");
  const names = [
    "orders",
    "orders:$LATEST",
    "orders:1",
    "orders:2",
    "orders:live",
    `${arn}:1`,
    "000000000000:orders:2",
  ];
  expect(names.map((name) => [registry.resolve(name).version, registry.resolve(name).timeoutSeconds])).toEqual([
    ["$LATEST", 3],
    ["$LATEST", 3],
    ["1", 1],
    ["2", 2],
    ["2", 2],
    ["1", 1],
    ["2", 2],
  ]);
  expect(registry.find("orders", "live")).toEqual({
    roleArn: "arn:aws:iam::000000000000:role/tripline",
    functionName: "orders",
    functionArn: arn,
    version: "2",
    timeoutMs: 2000,
  });
  expect(registry.versions("orders").map((one) => [one.version, one.description])).toEqual([
    ["1", ""],
    ["2", "second"],
  ]);
  expect(refusal(() => registry.resolve("orders", "3"))).toEqual([
    "ResourceNotFoundException",
    `Function not found: ${arn}:3`,
  ]);
  expect(registry.find("orders", "next")).toBeUndefined();
});

it("a weighted alias draws a version for each request; looking draws none, and the same seed draws the same", async () => {
  await registry.save(draft);
  await registry.publish("orders");
  await registry.publish("orders");
  await alias("1", { "2": 0.25 });
  const drawn = Array.from({ length: 400 }, () => registry.resolve("orders:live").version);
  const share = drawn.filter((version) => version === "2").length / drawn.length;
  expect(share).toBeGreaterThan(0.18);
  expect(share).toBeLessThan(0.32);
  const again = open();
  await again.load();
  const seen = Array.from({ length: 400 }, () => {
    expect([again.find("orders:live")?.version, again.describe("orders:live").version]).toEqual(["1", "1"]);
    return again.resolve("orders:live").version;
  });
  expect(seen).toEqual(drawn);
  await alias("2", {});
  expect(registry.resolve("orders:live").version).toBe("2");
});

it("F2 no two definitions of a run share a revision, also where a function is made again", async () => {
  const revisions = [await registry.save(draft), await registry.publish("orders"), await registry.save(draft)];
  await registry.delete("orders");
  expect(registry.find("orders:1")).toBeUndefined();
  revisions.push(await registry.save(draft));
  expect(revisions.map((one) => one.revision)).toEqual([1, 2, 3, 4]);
  expect((await registry.publish("orders")).version).toBe("1");
});

it("F3 settings are shared by all versions, outlive an update, and leave the revision as it was", async () => {
  await registry.save(draft);
  await registry.publish("orders");
  await registry.saveSettings("orders", { ...registry.settings("orders"), reservedConcurrency: 2 });
  await registry.save({ ...draft, timeoutSeconds: 9 });
  const concurrency = ["orders", "orders:1"].map((name) => registry.find(name)?.reservedConcurrency);
  expect([concurrency, registry.describe("orders:1").revision]).toEqual([[2, 2], 2]);
  const { reservedConcurrency: _removed, ...rest } = registry.settings("orders");
  await registry.saveSettings("orders", rest);
  expect(registry.describe("orders:1")).not.toHaveProperty("reservedConcurrency");
});

it("versions, aliases and settings are there again after a restart; numbers are not used again", async () => {
  await registry.save(draft);
  await registry.publish("orders");
  await registry.publish("orders");
  await alias("1", { "2": 0.5 });
  await registry.deleteVersion("orders", "2");
  await registry.saveSettings("orders", { ...registry.settings("orders"), reservedConcurrency: 7 });
  const again = open();
  await again.load();
  const all = (one: FunctionRegistry) => [
    one.list(),
    one.versions("orders"),
    one.aliases("orders"),
    one.settings("orders"),
  ];
  expect(all(again)).toEqual(all(registry));
  expect((await again.publish("orders")).version).toBe("3");
  await again.deleteAlias("orders", "live");
  await again.delete("orders");
  const empty = open();
  await empty.load();
  expect(all(empty)).toEqual([[], [], [], { lastVersion: 0 }]);
});
