/** Provisioned concurrency, through the AWS SDK for JavaScript and real processes. */
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListProvisionedConcurrencyConfigsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { createSimulator, type Simulator } from "tripline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";

const FunctionName = "worker";
const functionArn = `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`;
const source = `
if (process.env.BROKEN) throw new Error("broken");
const started = process.env.AWS_LAMBDA_INITIALIZATION_TYPE;
exports.handler = async () => started;`;

let simulator: Simulator;
let lambda: LambdaClient;

beforeEach(async () => {
  simulator = await createSimulator({
    clock: "virtual",
    resources: {
      Worker: {
        Type: "AWS::Lambda::Function",
        Properties: { FunctionName, Runtime: "nodejs20.x", Handler: "index.handler", Code: { ZipFile: source } },
      },
    },
  });
  lambda = new LambdaClient({
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  lambda.destroy();
  await simulator.stop();
});

const publish = async (): Promise<string> =>
  (await lambda.send(new PublishVersionCommand({ FunctionName }))).Version ?? "";
const put = (Qualifier: string, count: number, name = FunctionName): Promise<object> =>
  lambda.send(
    new PutProvisionedConcurrencyConfigCommand({
      FunctionName: name,
      Qualifier,
      ProvisionedConcurrentExecutions: count,
    }),
  );
const get = async (Qualifier: string, name = FunctionName): Promise<object> => {
  const { $metadata: _, ...config } = await lambda.send(
    new GetProvisionedConcurrencyConfigCommand({ FunctionName: name, Qualifier }),
  );
  return config;
};
const initializationOf = async (Qualifier: string): Promise<unknown> =>
  JSON.parse((await lambda.send(new InvokeCommand({ FunctionName, Qualifier }))).Payload?.transformToString() ?? "");
const errorOf = async (work: Promise<unknown>): Promise<unknown[]> => {
  try {
    await work;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return [name, $metadata?.httpStatusCode, message];
  }
  return ["no error"];
};
const config = (requested: number, allocated: number, Status: string, more: object = {}): object => ({
  RequestedProvisionedConcurrentExecutions: requested,
  AllocatedProvisionedConcurrentExecutions: allocated,
  AvailableProvisionedConcurrentExecutions: allocated,
  Status,
  LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/),
  ...more,
});

describe("PutProvisionedConcurrencyConfig", () => {
  it("initialises environments ahead: IN_PROGRESS, then READY on the clock; the first request is warm", async () => {
    const version = await publish();
    expect(await put(version, 2)).toMatchObject(config(2, 0, "IN_PROGRESS"));
    await simulator.settle();
    expect(await get(version)).toEqual(config(2, 0, "IN_PROGRESS"));
    expect(simulator.house.execution.environments().map((one) => one.version)).toEqual([version, version]);
    await simulator.clock.advance(1_000);
    expect(await get(version)).toEqual(config(2, 2, "READY"));
    expect(await initializationOf(version)).toBe("provisioned-concurrency");
    expect(await initializationOf("$LATEST")).toBe("on-demand");
    expect(simulator.invocations().map((one) => [one.executedVersion, one.coldStart])).toEqual([
      [version, false],
      ["$LATEST", true],
    ]);
    expect(simulator.logs().filter(({ message }) => message.startsWith("INIT_REPORT"))).toHaveLength(2);
    await lambda.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: version }));
    await simulator.settle();
    expect(simulator.house.execution.environments().map((one) => one.version)).toEqual(["$LATEST"]);
  });

  it("ends FAILED where INIT fails, and keeps nothing", async () => {
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { BROKEN: "1" } } }),
    );
    await simulator.clock.advance(60_000);
    const version = await publish();
    await put(version, 1);
    await simulator.clock.advance(1_000);
    expect(await get(version)).toEqual(config(1, 0, "FAILED", { StatusReason: "FUNCTION_ERROR_INIT_FAILURE" }));
    expect(simulator.house.execution.environments()).toEqual([]);
  });

  it("of an alias follows the alias, and goes with it", async () => {
    const first = await publish();
    await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: first }));
    await put("live", 1);
    await simulator.clock.advance(1_000);
    expect(await errorOf(put(first, 1))).toEqual([
      "ResourceConflictException",
      409,
      "Version is pointed by a Provisioned Concurrency alias",
    ]);
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: "two" }));
    await simulator.clock.advance(60_000);
    const second = await publish();
    await lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion: second }));
    expect(await get("live")).toEqual(config(1, 1, "IN_PROGRESS"));
    await simulator.clock.advance(1_000);
    expect(await get("live")).toEqual(config(1, 1, "READY"));
    expect(simulator.house.execution.environments().map((one) => one.version)).toEqual([second]);
    expect(await errorOf(put(second, 1))).toEqual([
      "ResourceConflictException",
      409,
      "Version is pointed by a Provisioned Concurrency alias",
    ]);
    await lambda.send(new DeleteAliasCommand({ FunctionName, Name: "live" }));
    await simulator.settle();
    expect(await errorOf(get("live"))).toEqual([
      "ResourceNotFoundException",
      404,
      `Cannot find alias arn: ${functionArn}:live`,
    ]);
    expect(simulator.house.execution.environments()).toEqual([]);
    const { ProvisionedConcurrencyConfigs } = await lambda.send(
      new ListProvisionedConcurrencyConfigsCommand({ FunctionName }),
    );
    expect(ProvisionedConcurrencyConfigs).toEqual([]);
  });

  it("is refused in AWS's words", async () => {
    const version = await publish();
    const notFound = (message: string): unknown[] => ["ResourceNotFoundException", 404, message];
    const invalid = (message: string): unknown[] => ["InvalidParameterValueException", 400, message];
    const other = "arn:aws:lambda:us-east-1:000000000000:function:doesnotexist";
    for (const [work, error] of [
      [
        () => get(version),
        [
          "ProvisionedConcurrencyConfigNotFoundException",
          404,
          "No Provisioned Concurrency Config found for this function",
        ],
      ],
      [() => get("noalias", "doesnotexist"), notFound(`Cannot find alias arn: ${other}:noalias`)],
      [() => get("noalias"), notFound(`Cannot find alias arn: ${functionArn}:noalias`)],
      [() => get("10"), notFound(`Function not found: ${functionArn}:10`)],
      [() => get("$LATEST"), invalid("The function resource provided must be an alias or a published version.")],
      [() => put("1", 1, "doesnotexist"), notFound(`Function not found: ${other}:1`)],
      [
        () => put("$LATEST", 1),
        invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions."),
      ],
      [
        () => put(version, 0),
        [
          "ValidationException",
          400,
          "1 validation error detected: Value '0' at 'provisionedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ],
      ],
      [
        () => put(version, 1_001),
        invalid("Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [1000]."),
      ],
      [
        () => put(version, 901),
        invalid(
          "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
        ),
      ],
      [
        () => lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName: "doesnotexist" })),
        notFound(`Function not found: ${other}`),
      ],
      [
        () => lambda.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: version })),
        ["no error"],
      ],
    ] as const) {
      expect(await errorOf(work())).toEqual(error);
    }
  });

  it("stays within the function's reservation, and what is reserved stays above it", async () => {
    const version = await publish();
    const reserve = (count: number): Promise<object> =>
      lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: count }));
    await reserve(2);
    expect(await errorOf(put(version, 3))).toEqual([
      "InvalidParameterValueException",
      400,
      "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function",
    ]);
    await put(version, 2);
    await simulator.clock.advance(1_000);
    expect(await errorOf(reserve(1))).toEqual([
      "InvalidParameterValueException",
      400,
      " ReservedConcurrentExecutions  1 should not be lower than function's total provisioned concurrency [2].",
    ]);
    expect(await errorOf(lambda.send(new InvokeCommand({ FunctionName })))).toEqual([
      "TooManyRequestsException",
      429,
      "Rate Exceeded.",
    ]);
    expect(await initializationOf(version)).toBe("provisioned-concurrency");
  });
});

it("a template's ProvisionedConcurrencyConfig is READY when the simulator is, and after a restart", async () => {
  const { folder, remove } = temporaryFolder();
  const start = (): Promise<Simulator> =>
    createSimulator({
      clock: "virtual",
      dataDir: folder,
      resources: {
        Eager: {
          Type: "AWS::Serverless::Function",
          Properties: {
            FunctionName: "eager",
            Runtime: "nodejs20.x",
            Handler: "index.handler",
            InlineCode: source,
            AutoPublishAlias: "live",
            ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
          },
        },
      },
    });
  for (const _start of [1, 2]) {
    await using again = await start();
    await again.settle();
    const states = again.house.execution.environments().map((one) => [one.functionName, one.version]);
    expect(states).toEqual([["eager", "1"]]);
    expect((await again.invoke("eager:live")).payload).toBe("provisioned-concurrency");
  }
  remove();
});
