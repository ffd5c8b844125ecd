import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createTestDispatcher, type TestDispatcher } from "../testing/create-test-dispatcher.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
const EventSourceArn = "arn:aws:sqs:us-east-1:000000000000:q";
const fifoArn = `${EventSourceArn}.fifo`;
const input = { EventSourceArn, FunctionName: "orders" };
const open: TestDispatcher[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.stop();
});

async function setUp(options: Parameters<typeof createTestDispatcher>[0] = {}): Promise<TestDispatcher> {
  const test = await createTestDispatcher(options);
  open.push(test);
  test.handlers.set("orders", () => null);
  test.queues.create({ name: "q", visibilityTimeoutMs: 30_000 });
  test.queues.create({ name: "q.fifo", visibilityTimeoutMs: 30_000 });
  return test;
}
const refused = (message: string, code = "InvalidParameterValueException", status = 400): object => ({
  code,
  status,
  message,
});
const outOfRange = (member: string, value: number, bound: string): object =>
  refused(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${bound}`,
    "ValidationException",
  );

describe("CreateEventSourceMapping", () => {
  it("answers with the defaults, as Creating; then it is Enabled", async () => {
    const test = await setUp();
    const created = await test.call("CreateEventSourceMapping", input);
    const configuration = {
      BatchSize: 10,
      EventSourceArn,
      EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${String(created["UUID"])}`,
      FunctionArn: functionArn,
      FunctionResponseTypes: [],
      LastModified: new Date("2026-01-01T00:00:00Z"),
      MaximumBatchingWindowInSeconds: 0,
      StateTransitionReason: "USER_INITIATED",
      UUID: created["UUID"],
    };
    expect(created).toEqual({ ...configuration, State: "Creating" });
    const { UUID } = created;
    expect(await test.call("GetEventSourceMapping", { UUID })).toEqual({ ...configuration, State: "Enabled" });
  });

  it("answers with what was set; disabled it polls nothing", async () => {
    const test = await setUp();
    const FilterCriteria = { Filters: [{ Pattern: '{"body":{"my-key":["my-value"]}}' }] };
    const settings = {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      FilterCriteria,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 2 },
    };
    expect(await test.call("CreateEventSourceMapping", { ...input, ...settings, Enabled: false })).toMatchObject({
      ...settings,
      State: "Creating",
    });
    expect(test.dispatcher.mappings()).toMatchObject([{ state: "Disabled" }]);
    await test.queues.send("q", ["a"]);
    await test.clock.advance(60_000);
    expect(test.queues.receives).toBe(0);
  });

  it.each([
    ["orders", functionArn],
    ["orders:$LATEST", `${functionArn}:$LATEST`],
    ["000000000000:function:orders", functionArn],
    [functionArn, functionArn],
  ])("takes the function as %s", async (FunctionName, FunctionArn) => {
    const test = await setUp();
    expect(await test.call("CreateEventSourceMapping", { EventSourceArn, FunctionName })).toMatchObject({
      FunctionArn,
    });
  });

  it.each([
    [{ FunctionName: "nobody" }, refused("Function does not exist")],
    [
      { EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:nowhere" },
      refused(
        "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
      ),
    ],
    [{ EventSourceArn: "arn:aws:s3:::bucket" }, refused("Unrecognized event source.")],
    [{ EventSourceArn: undefined }, refused("Unrecognized event source.")],
    [
      { EventSourceArn: "arn:aws:kafka:us-east-1:000000000000:cluster/c/1" },
      refused(
        "Tripline does not simulate event source mappings of kafka yet: arn:aws:kafka:us-east-1:000000000000:cluster/c/1. Use a queue or a stream.",
      ),
    ],
    [
      { StartingPosition: "LATEST" },
      refused("Unsupported StartingPosition parameter for given event source mapping type."),
    ],
    [
      { ParallelizationFactor: 2 },
      refused("Unsupported ParallelizationFactor parameter for given event source mapping type."),
    ],
    [
      { BatchSize: 11 },
      refused("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"),
    ],
    [
      { EventSourceArn: fifoArn, MaximumBatchingWindowInSeconds: 1 },
      refused("Batching window is not supported for FIFO queues"),
    ],
    [{ BatchSize: 0 }, outOfRange("batchSize", 0, "greater than or equal to 1")],
    [{ BatchSize: 10_001 }, outOfRange("batchSize", 10_001, "less than or equal to 10000")],
    [
      { MaximumBatchingWindowInSeconds: 301 },
      outOfRange("maximumBatchingWindowInSeconds", 301, "less than or equal to 300"),
    ],
    [
      { ScalingConfig: { MaximumConcurrency: 1 } },
      outOfRange("scalingConfig.maximumConcurrency", 1, "greater than or equal to 2"),
    ],
    [
      { ScalingConfig: { MaximumConcurrency: 1_001 } },
      outOfRange("scalingConfig.maximumConcurrency", 1_001, "less than or equal to 1000"),
    ],
    [
      { FunctionResponseTypes: ["Report"] },
      refused(
        "1 validation error detected: Value '[Report]' at 'functionResponseTypes' failed to satisfy constraint: Member must satisfy enum value set: [ReportBatchItemFailures]",
        "ValidationException",
      ),
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: EventSourceArn } } },
      refused("Unsupported DestinationConfig parameter for given event source mapping type."),
    ],
  ])("refuses %j, and makes nothing", async (more, error) => {
    const test = await setUp();
    expect(await test.errorOf("CreateEventSourceMapping", { ...input, ...more })).toEqual(error);
    expect(test.dispatcher.mappings()).toEqual([]);
  });

  it.each([
    [undefined],
    ["simple string"],
    ['{"eventSource": "aws:sqs"}'],
    ['{"eventSource": []}'],
    ['{"body": [{"wildcard": "a*"}]}'],
  ])("refuses the filter %j", async (Pattern) => {
    const test = await setUp();
    const error = await test.errorOf("CreateEventSourceMapping", {
      ...input,
      FilterCriteria: { Filters: [{ Pattern }] },
    });
    expect(error).toEqual(refused("Invalid filter pattern definition."));
  });

  it("refuses a queue whose messages come back before the function is done", async () => {
    const test = await setUp();
    test.facts.set("orders", { timeoutMs: 31_000 });
    expect(await test.errorOf("CreateEventSourceMapping", input)).toEqual(
      refused("Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds"),
    );
  });

  it("refuses a second mapping of the queue to the function, naming the first", async () => {
    const test = await setUp();
    const { UUID } = await test.call("CreateEventSourceMapping", input);
    expect(await test.errorOf("CreateEventSourceMapping", input)).toEqual(
      refused(
        `An event source mapping with SQS arn (" ${EventSourceArn} ") and function (" orders ") already exists. Please update or delete the existing mapping with UUID ${String(UUID)}`,
        "ResourceConflictException",
        409,
      ),
    );
  });

  it("of a template updates the mapping that is there; the same settings change nothing", async () => {
    const test = await setUp();
    const { UUID } = await test.call("CreateEventSourceMapping", {
      ...input,
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    await test.clock.advance(1_000);
    const updated = await test.call("CreateEventSourceMapping", { ...input, BatchSize: 3 }, { upsert: true });
    expect(updated).toMatchObject({
      UUID,
      State: "Updating",
      BatchSize: 3,
      LastModified: new Date("2026-01-01T00:00:01Z"),
    });
    expect(updated).not.toHaveProperty("ScalingConfig");
    await test.clock.advance(1_000);
    expect(await test.call("CreateEventSourceMapping", { ...input, BatchSize: 3 }, { upsert: true })).toEqual({
      ...updated,
      State: "Enabled",
    });
    expect(test.dispatcher.mappings()).toEqual([
      { uuid: UUID, eventSourceArn: EventSourceArn, functionName: "orders", state: "Enabled" },
    ]);
  });

  it("honours or refuses every member of AWS's input, by name", async () => {
    const test = await setUp();
    const members = (name: string): string[] => {
      const operation = test.dispatcher.operations.find((one) => one.name === name);
      return [...(operation?.honoured ?? []), ...Object.keys(operation?.refused ?? {})].sort();
    };
    const both = [
      "AmazonManagedKafkaEventSourceConfig",
      "BatchSize",
      "BisectBatchOnFunctionError",
      "DestinationConfig",
      "DocumentDBEventSourceConfig",
      "Enabled",
      "FilterCriteria",
      "FunctionName",
      "FunctionResponseTypes",
      "KMSKeyArn",
      "LoggingConfig",
      "MaximumBatchingWindowInSeconds",
      "MaximumRecordAgeInSeconds",
      "MaximumRetryAttempts",
      "MetricsConfig",
      "ParallelizationFactor",
      "ProvisionedPollerConfig.MaximumPollers",
      "ProvisionedPollerConfig.MinimumPollers",
      "ProvisionedPollerConfig.PollerGroupName",
      "ScalingConfig",
      "SelfManagedKafkaEventSourceConfig",
      "SourceAccessConfigurations",
      "TumblingWindowInSeconds",
    ];
    const create = [
      "EventSourceArn",
      "Queues",
      "SelfManagedEventSource",
      "StartingPosition",
      "StartingPositionTimestamp",
      "Tags",
      "Topics",
    ];
    expect(members("CreateEventSourceMapping")).toEqual([...both, ...create].sort());
    expect(members("UpdateEventSourceMapping")).toEqual([...both, "UUID"].sort());
  });
});

describe("UpdateEventSourceMapping", () => {
  it("changes what it is given, and removes what it is given as nothing", async () => {
    const test = await setUp();
    const { UUID } = await test.call("CreateEventSourceMapping", {
      ...input,
      FilterCriteria: { Filters: [{ Pattern: '{"body":["x"]}' }] },
      ScalingConfig: { MaximumConcurrency: 5 },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
    expect(await test.call("UpdateEventSourceMapping", { UUID, BatchSize: 5 })).toMatchObject({
      State: "Updating",
      BatchSize: 5,
      FilterCriteria: { Filters: [{ Pattern: '{"body":["x"]}' }] },
      ScalingConfig: { MaximumConcurrency: 5 },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
    const none = { FilterCriteria: {}, ScalingConfig: {}, FunctionResponseTypes: [] };
    const updated = await test.call("UpdateEventSourceMapping", { UUID, ...none });
    expect(updated).toMatchObject({ BatchSize: 5, FunctionResponseTypes: [] });
    expect(updated).not.toHaveProperty("FilterCriteria");
    expect(updated).not.toHaveProperty("ScalingConfig");
  });

  it("refuses what Create refuses, and an unknown UUID", async () => {
    const test = await setUp();
    const { UUID } = await test.call("CreateEventSourceMapping", input);
    expect(await test.errorOf("UpdateEventSourceMapping", { UUID, BatchSize: 20 })).toEqual(
      refused("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"),
    );
    expect(await test.errorOf("UpdateEventSourceMapping", { UUID, FunctionName: "nobody" })).toEqual(
      refused("Function does not exist"),
    );
    expect(await test.call("GetEventSourceMapping", { UUID })).toMatchObject({
      BatchSize: 10,
      FunctionArn: functionArn,
    });
    for (const operation of ["UpdateEventSourceMapping", "DeleteEventSourceMapping", "GetEventSourceMapping"]) {
      expect(await test.errorOf(operation, { UUID: "00000000-0000-4000-8000-000000000000" })).toEqual(
        refused("The resource you requested does not exist.", "ResourceNotFoundException", 404),
      );
    }
  });
});

describe("ListEventSourceMappings", () => {
  it("filters by queue and function, and answers page by page", async () => {
    const test = await setUp();
    test.handlers.set("mail", () => null);
    for (const FunctionName of ["orders", "mail"]) {
      for (const arn of [EventSourceArn, fifoArn]) {
        await test.call("CreateEventSourceMapping", { EventSourceArn: arn, FunctionName });
      }
    }
    const list = async (more: object): Promise<{ found: string[]; NextMarker?: string }> => {
      const { EventSourceMappings, NextMarker } = await test.call<{
        EventSourceMappings: { EventSourceArn: string; FunctionArn: string }[];
        NextMarker?: string;
      }>("ListEventSourceMappings", more);
      const found = EventSourceMappings.map(
        (one) => `${one.EventSourceArn.split(":").at(-1)} ${one.FunctionArn.split(":").at(-1)}`,
      );
      return NextMarker === undefined ? { found } : { found, NextMarker };
    };
    expect(await list({})).toEqual({ found: ["q mail", "q orders", "q.fifo mail", "q.fifo orders"] });
    expect(await list({ EventSourceArn: fifoArn })).toEqual({ found: ["q.fifo mail", "q.fifo orders"] });
    expect(await list({ FunctionName: functionArn })).toEqual({ found: ["q orders", "q.fifo orders"] });
    const first = await list({ MaxItems: 3 });
    expect(first.found).toEqual(["q mail", "q orders", "q.fifo mail"]);
    expect(await list({ MaxItems: 3, Marker: first.NextMarker })).toEqual({ found: ["q.fifo orders"] });
  });
});

describe("the state of a mapping", () => {
  const inUse = (change: string): object =>
    refused(`Cannot ${change} the event source mapping because it is in use.`, "ResourceInUseException");
  const stateOf = async (test: TestDispatcher, UUID: unknown): Promise<unknown> =>
    (await test.call("GetEventSourceMapping", { UUID }))["State"];

  it("passes through Creating, Updating, Disabling, Enabling and Deleting on the clock; meanwhile it takes no change", async () => {
    const test = await setUp({ mappingTransitionMs: 1_000 });
    const { UUID, State } = await test.call("CreateEventSourceMapping", input);
    expect([State, await stateOf(test, UUID)]).toEqual(["Creating", "Creating"]);
    expect(await test.errorOf("UpdateEventSourceMapping", { UUID, BatchSize: 3 })).toEqual(inUse("update"));
    expect(await test.errorOf("DeleteEventSourceMapping", { UUID })).toEqual(inUse("delete"));
    await test.clock.advance(999);
    expect(await stateOf(test, UUID)).toBe("Creating");
    await test.clock.advance(1);
    expect(await stateOf(test, UUID)).toBe("Enabled");
    for (const [change, during, after] of [
      [{ BatchSize: 3 }, "Updating", "Enabled"],
      [{ Enabled: false }, "Disabling", "Disabled"],
      [{ Enabled: true }, "Enabling", "Enabled"],
    ] as const) {
      expect(await test.call("UpdateEventSourceMapping", { UUID, ...change })).toMatchObject({ State: during });
      expect(await stateOf(test, UUID)).toBe(during);
      await test.clock.advance(1_000);
      expect(await stateOf(test, UUID)).toBe(after);
    }
    expect(await test.call("DeleteEventSourceMapping", { UUID })).toMatchObject({ State: "Deleting" });
    expect(await stateOf(test, UUID)).toBe("Deleting");
    await test.clock.advance(1_000);
    expect(await test.errorOf("GetEventSourceMapping", { UUID })).toMatchObject({ status: 404 });
  });

  it("is waited for by nobody: messages go through while it is Creating, a template changes it, a stop ends it", async () => {
    const test = await setUp({ mappingTransitionMs: 1_000 });
    const { UUID } = await test.call("CreateEventSourceMapping", input);
    await test.queues.send("q", ["a"]);
    await test.clock.settle();
    expect(test.invocations).toHaveLength(1);
    await test.call("CreateEventSourceMapping", { ...input, BatchSize: 3 }, { upsert: true });
    expect(await test.call("GetEventSourceMapping", { UUID })).toMatchObject({ State: "Enabled", BatchSize: 3 });
    await test.call("UpdateEventSourceMapping", { UUID, BatchSize: 4 });
    await test.dispatcher.stop();
    expect(test.dispatcher.mappings()).toMatchObject([{ state: "Enabled" }]);
  });
});

describe("ProvisionedPollerConfig, MetricsConfig and Tags", () => {
  it("are kept, shown, changed and removed; tags are shown by ListTags alone", async () => {
    const test = await setUp();
    const created = await test.call("CreateEventSourceMapping", {
      ...input,
      ProvisionedPollerConfig: { MinimumPollers: 3 },
      MetricsConfig: { Metrics: ["EventCount"] },
      Tags: { team: "shop" },
    });
    const { UUID } = created;
    expect(created).toMatchObject({
      ProvisionedPollerConfig: { MinimumPollers: 3, MaximumPollers: 200 },
      MetricsConfig: { Metrics: ["EventCount"] },
    });
    expect(created).not.toHaveProperty("Tags");
    expect(
      await test.call("UpdateEventSourceMapping", { UUID, ProvisionedPollerConfig: { MaximumPollers: 5 } }),
    ).toMatchObject({ ProvisionedPollerConfig: { MinimumPollers: 3, MaximumPollers: 5 } });
    expect(await test.call("UpdateEventSourceMapping", { UUID, ProvisionedPollerConfig: {} })).not.toHaveProperty(
      "ProvisionedPollerConfig",
    );
  });

  it.each([
    [
      { ScalingConfig: { MaximumConcurrency: 5 }, ProvisionedPollerConfig: { MinimumPollers: 2 } },
      "ScalingConfig and ProvisionedPollerConfig cannot be set for the same event source mapping. Remove one of them.",
    ],
    [
      { ProvisionedPollerConfig: { MinimumPollers: 1 } },
      "MinimumPollers of an SQS event source mapping must be at least 2.",
    ],
    [
      { ProvisionedPollerConfig: { MaximumPollers: 2_001 } },
      "MaximumPollers of an SQS event source mapping must be from 2 to 2000.",
    ],
    [
      { ProvisionedPollerConfig: { MinimumPollers: 9, MaximumPollers: 3 } },
      "MinimumPollers must not be greater than MaximumPollers.",
    ],
  ])("refuses %j", async (more, message) => {
    const test = await setUp();
    expect(await test.errorOf("CreateEventSourceMapping", { ...input, ...more })).toEqual(refused(message));
  });
});

describe("DeleteEventSourceMapping", () => {
  it("finds the mapping by its queue and its function, as a template names it", async () => {
    const test = await setUp();
    const { UUID } = await test.call("CreateEventSourceMapping", input);
    expect(await test.call("DeleteEventSourceMapping", input, { upsert: true })).toMatchObject({
      UUID,
      State: "Deleting",
    });
    await test.clock.settle();
    expect(test.dispatcher.mappings()).toEqual([]);
    expect(await test.errorOf("DeleteEventSourceMapping", input)).toMatchObject({ status: 404 });
  });
});

it("Mappings and event invoke configurations are there after a restart", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "tripline-dispatcher-"));
  try {
    const before = await createTestDispatcher({ dataDir });
    before.handlers.set("orders", () => null);
    before.queues.create({ name: "q", visibilityTimeoutMs: 30_000 });
    before.queues.create({ name: "p", visibilityTimeoutMs: 30_000 });
    const { UUID } = await before.call("CreateEventSourceMapping", { ...input, BatchSize: 7 });
    await before.call("CreateEventSourceMapping", {
      ...input,
      EventSourceArn: EventSourceArn.replace(":q", ":p"),
      Enabled: false,
    });
    await before.call("PutFunctionEventInvokeConfig", { FunctionName: "orders", MaximumRetryAttempts: 1 });
    await before.stop();

    const after = await createTestDispatcher({ dataDir, start: false });
    after.handlers.set("orders", () => null);
    after.queues.create({ name: "q", visibilityTimeoutMs: 30_000 });
    await after.dispatcher.start();
    await after.queues.send("q", ["a"]);
    await after.clock.settle();
    expect(after.dispatcher.mappings()).toMatchObject([{ state: "Disabled" }, { uuid: UUID, state: "Enabled" }]);
    expect(await after.call("GetEventSourceMapping", { UUID })).toMatchObject({ BatchSize: 7 });
    expect(await after.call("GetFunctionEventInvokeConfig", { FunctionName: "orders" })).toMatchObject({
      MaximumRetryAttempts: 1,
    });
    expect(after.invocations).toHaveLength(1);
    await after.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
