import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Activity,
  type AsyncInvocationRequest,
  type CallContext,
  createRng,
  defaultScope,
  EventBus,
  type FunctionSpec,
  type InvocationRecord,
  type InvokeRequest,
  type InvokeResult,
  isServiceError,
  type Operation,
  ServiceError,
  VirtualClock,
} from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { createDocumentStore, openDatabase } from "@tripline/storage";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  type ControlPlane,
  createControlPlane,
  createInvoker,
  createLambdaOperations,
  FunctionPolicies,
  type FunctionRegistry,
  FunctionUrlConfigs,
  ProvisionedConcurrency,
} from "../index.ts";

let folder: string;
let closeDatabase: () => void;
let plane: ControlPlane;
let registry: FunctionRegistry;
let clock: VirtualClock;
let operations: Map<string, Operation>;
let accepted: AsyncInvocationRequest[];
let invoked: { spec: FunctionSpec; request: InvokeRequest }[];
let recorded: InvocationRecord[];
let answer: (spec: FunctionSpec, request: InvokeRequest & { requestId: string }) => InvokeResult;

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tripline-lambda-"));
  const activity = new Activity();
  const database = openDatabase({ dataDir: undefined, activity });
  closeDatabase = () => {
    database.close();
  };
  clock = new VirtualClock({ activity, realTime });
  const bus = new EventBus();
  recorded = [];
  bus.on("invocation", (record) => recorded.push(record));
  accepted = [];
  invoked = [];
  answer = (spec, request) => ({
    requestId: request.requestId,
    status: "success",
    payload: bytes('"done"'),
    executedVersion: spec.version,
    functionArn: spec.functionArn,
    durationMs: 2,
    billedDurationMs: 3,
    coldStart: true,
    environmentId: "e1",
    logTail: () => "START\nEND\n",
  });
  const execution = {
    describeRuntime: (runtime: string) =>
      runtime.startsWith("java")
        ? { supported: false as const, reason: `${runtime} cannot be run` }
        : { supported: true as const },
    provision: async () => ({}),
    invoke: async (spec: FunctionSpec, request: InvokeRequest & { requestId: string }) => {
      invoked.push({ spec, request });
      return answer(spec, request);
    },
  };
  plane = createControlPlane({
    clock,
    activity,
    rng: createRng("lambda"),
    scope: defaultScope,
    documents: createDocumentStore(database),
    folder,
    readObject: () => Promise.reject(new Error("there is no S3")),
    execution,
    accountConcurrency: 1000,
  });
  registry = plane.registry;
  const policies = new FunctionPolicies({
    registry,
    documents: createDocumentStore(database),
    activity,
    bus,
    rng: createRng("policies"),
  });
  const invoker = createInvoker({ clock, rng: createRng("requests"), bus, registry, access: policies, execution });
  operations = new Map(
    createLambdaOperations({
      house: plane.house,
      policies,
      mappingTags: () => ({ get: () => undefined, put: async () => undefined }),
      provisioned: new ProvisionedConcurrency({
        registry,
        documents: createDocumentStore(database),
        activity,
        clock,
        execution,
      }),
      urls: new FunctionUrlConfigs({ registry, documents: createDocumentStore(database), activity, clock }),
      scope: defaultScope,
      invoker,
      asyncInvocations: () => ({
        accept: async (request) => {
          accepted.push(request);
          return { requestId: request.requestId ?? "" };
        },
        acceptAll: async () => [],
      }),
    }).map((operation) => [operation.name, operation]),
  );
});

afterEach(() => {
  closeDatabase();
  rmSync(folder, { recursive: true, force: true });
});

const context: CallContext = {
  requestId: "11111111-2222-4333-8444-555555555555",
  endpoint: "http://127.0.0.1:4566",
  sourceIp: "127.0.0.1",
  signal: new AbortController().signal,
  headers: {},
};

async function call(name: string, input: object, upsert = false): Promise<Record<string, unknown>> {
  const output = await operations.get(name)?.run(input as never, { ...context, upsert });
  await clock.settle();
  return output as Record<string, unknown>;
}

async function refusal(name: string, input: object, upsert = false): Promise<unknown> {
  try {
    await call(name, input, upsert);
  } catch (error) {
    if (isServiceError(error)) return [error.code, error.status, error.message];
    throw error;
  }
  return "no error";
}

const hello = {
  FunctionName: "hello",
  Runtime: "nodejs22.x",
  Handler: "index.handler",
  Role: "arn:aws:iam::000000000000:role/tripline",
  Code: { InlineSource: "exports.handler = async () => 1;" },
};

it("CreateFunction writes inline code, fills in Lambda's defaults and shows the configuration", async () => {
  expect(await call("CreateFunction", hello)).toMatchObject({
    FunctionName: "hello",
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
    MemorySize: 128,
    Timeout: 3,
    EphemeralStorage: { Size: 512 },
    Architectures: ["x86_64"],
    State: "Pending",
    Version: "$LATEST",
    LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/hello" },
    LastModified: "2026-01-01T00:00:00.000+0000",
  });
  const { codeFolder = "" } = registry.get("hello") ?? {};
  expect(readFileSync(join(codeFolder, "index.js"), "utf8")).toBe("exports.handler = async () => 1;");
});

it("CreateFunction refuses a name that is taken; with upsert it updates, and keeps the revision where nothing changed", async () => {
  await call("CreateFunction", hello);
  expect(await refusal("CreateFunction", hello)).toEqual([
    "ResourceConflictException",
    409,
    "Function already exist: hello",
  ]);
  await call("CreateFunction", hello, true);
  expect(registry.get("hello")?.revision).toBe(1);
  await call("CreateFunction", { ...hello, Timeout: 9 }, true);
  expect(registry.get("hello")).toMatchObject({ revision: 2, timeoutSeconds: 9 });
});

it.each([
  [
    { Timeout: 901 },
    "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
  ],
  [
    { MemorySize: 64 },
    "1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
  ],
  [{ Runtime: "java21" }, "java21 cannot be run"],
  [
    { LoggingConfig: { LogFormat: "Text", ApplicationLogLevel: "INFO" } },
    'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your request or change the LogFormat to "JSON" and try again.',
  ],
  [
    { Environment: { Variables: { AWS_REGION: "x" } } },
    "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION",
  ],
])("CreateFunction refuses %j and creates nothing", async (change, message) => {
  expect(await refusal("CreateFunction", { ...hello, ...change })).toEqual([
    "InvalidParameterValueException",
    400,
    message,
  ]);
  expect(registry.list()).toEqual([]);
});

it("CreateFunction refuses more than 4 KB of environment variables, measured as JSON", async () => {
  const variables = { LARGE: "x".repeat(4096) };
  expect(await refusal("CreateFunction", { ...hello, Environment: { Variables: variables } })).toEqual([
    "InvalidParameterValueException",
    400,
    `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables)}`,
  ]);
});

it("Invoke runs the function and returns its answer; the log tail only when asked for", async () => {
  await call("CreateFunction", hello);
  const output = await call("Invoke", { FunctionName: "hello:$LATEST", Payload: bytes('{"a":1}'), LogType: "Tail" });
  expect({ ...output, Payload: text(output["Payload"] as Uint8Array) }).toEqual({
    StatusCode: 200,
    Payload: '"done"',
    ExecutedVersion: "$LATEST",
    LogResult: Buffer.from("START\nEND\n").toString("base64"),
  });
  expect(invoked.map(({ request }) => [request.requestId, text(request.payload)])).toEqual([
    [context.requestId, '{"a":1}'],
  ]);
  expect(await call("Invoke", { FunctionName: "hello" })).not.toHaveProperty("LogResult");
  expect(text(invoked[1]?.request.payload)).toBe("{}");
  expect(recorded.map((record) => [record.functionName, record.source, record.status, record.coldStart])).toEqual([
    ["hello", "lambda", "success", true],
    ["hello", "lambda", "success", true],
  ]);
});

it("Invoke with InvocationType Event queues the event; with DryRun it runs nothing", async () => {
  await call("CreateFunction", hello);
  expect(await call("Invoke", { FunctionName: "hello", InvocationType: "Event", Payload: bytes("[1]") })).toEqual({
    StatusCode: 202,
  });
  expect(accepted.map((request) => [request.functionName, text(request.payload), request.requestId])).toEqual([
    ["hello", "[1]", context.requestId],
  ]);
  expect(await call("Invoke", { FunctionName: "hello", InvocationType: "DryRun" })).toEqual({ StatusCode: 204 });
  expect(invoked).toEqual([]);
});

it("Invoke refuses an unknown function, a payload that is no JSON, and one over the limit", async () => {
  await call("CreateFunction", hello);
  const arn = "arn:aws:lambda:us-east-1:000000000000:function";
  expect(await refusal("Invoke", { FunctionName: "gone" })).toEqual([
    "ResourceNotFoundException",
    404,
    `Function not found: ${arn}:gone:$LATEST`,
  ]);
  expect(await refusal("Invoke", { FunctionName: "hello", Qualifier: "live" })).toEqual([
    "ResourceNotFoundException",
    404,
    `Function not found: ${arn}:hello:live`,
  ]);
  expect(await refusal("Invoke", { FunctionName: "hello", Payload: bytes("{") })).toEqual([
    "InvalidRequestContentException",
    400,
    expect.stringMatching(/^Could not parse request body into json: Could not parse payload into json: /),
  ]);
  expect(await refusal("Invoke", { FunctionName: "hello", Payload: new Uint8Array(6_291_457) })).toEqual([
    "RequestTooLargeException",
    413,
    "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
  ]);
  expect(
    await refusal("Invoke", { FunctionName: "hello", InvocationType: "Event", Payload: new Uint8Array(1_048_577) }),
  ).toEqual([
    "RequestTooLargeException",
    413,
    "Request must be smaller than 1048576 bytes for the InvokeFunction operation",
  ]);
  expect(invoked).toEqual([]);
});

it("Invoke of a function whose runtime the machine lacks answers InvalidRuntimeException; a template may define it", async () => {
  await call("CreateFunction", { ...hello, Runtime: "java21" }, true);
  expect(await refusal("Invoke", { FunctionName: "hello" })).toEqual([
    "InvalidRuntimeException",
    502,
    "java21 cannot be run",
  ]);
});

it("a throttled invocation is recorded, and its error passed on", async () => {
  await call("CreateFunction", hello);
  answer = () => {
    throw new ServiceError("TooManyRequestsException", "Rate Exceeded.", {
      status: 429,
      members: { Reason: "ConcurrentInvocationLimitExceeded", Type: "User" },
    });
  };
  expect(await refusal("Invoke", { FunctionName: "hello" })).toEqual([
    "TooManyRequestsException",
    429,
    "Rate Exceeded.",
  ]);
  expect(recorded.map((record) => [record.status, record.errorType])).toEqual([
    ["throttled", "TooManyRequestsException"],
  ]);
});

it("PutFunctionConcurrency keeps 100 unreserved, and outlives an update", async () => {
  await call("CreateFunction", hello);
  expect(await refusal("PutFunctionConcurrency", { FunctionName: "hello", ReservedConcurrentExecutions: 901 })).toEqual(
    [
      "InvalidParameterValueException",
      400,
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    ],
  );
  await call("PutFunctionConcurrency", { FunctionName: "hello", ReservedConcurrentExecutions: 2 });
  await call("CreateFunction", { ...hello, Timeout: 5 }, true);
  expect(registry.find("hello")).toMatchObject({ reservedConcurrency: 2, timeoutMs: 5000 });
  await call("DeleteFunctionConcurrency", { FunctionName: "hello" });
  expect(registry.find("hello")).not.toHaveProperty("reservedConcurrency");
});

it("functions are there again after a restart", async () => {
  await call("CreateFunction", hello);
  const [before] = registry.list();
  await plane.load();
  expect(registry.list()).toEqual([before]);
  await call("DeleteFunction", { FunctionName: "hello" });
  expect(await refusal("GetFunctionConfiguration", { FunctionName: "hello" })).toEqual([
    "ResourceNotFoundException",
    404,
    "Function not found: arn:aws:lambda:us-east-1:000000000000:function:hello",
  ]);
});
