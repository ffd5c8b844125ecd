import { afterEach, describe, expect, it } from "vitest";
import { createTestDispatcher, type TestDispatcher } from "../testing/create-test-dispatcher.ts";

const streamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
const tableArn = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/2026-01-01T00:00:00.000";
const input = { EventSourceArn: streamArn, FunctionName: "orders", StartingPosition: "LATEST" };
const open: TestDispatcher[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.stop();
});

async function setUp(): Promise<TestDispatcher> {
  const test = await createTestDispatcher();
  open.push(test);
  test.handlers.set("orders", () => null);
  test.streams.create("s");
  test.streams.create("t", { service: "dynamodb" });
  return test;
}
const refused = (message: string, code = "InvalidParameterValueException"): object => ({ code, status: 400, message });
const broken = (member: string, value: unknown, constraint: string): object =>
  refused(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${constraint}`,
    "ValidationException",
  );

describe("CreateEventSourceMapping for a stream", () => {
  it.each([
    [
      { StartingPosition: undefined },
      refused(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
      ),
    ],
    [
      { StartingPosition: "invalid" },
      broken("startingPosition", "invalid", "satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]"),
    ],
    [
      { EventSourceArn: tableArn, StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: new Date(0) },
      refused(`Unsupported starting position for arn type: ${tableArn}`),
    ],
    [{ StartingPosition: "AT_TIMESTAMP" }, refused("Timestamp must be set when StartingPosition is AT_TIMESTAMP.")],
    [
      { StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: new Date(Date.UTC(2026, 0, 2)) },
      refused("StartingPositionTimestamp must not be in the future."),
    ],
    [{ StartingPositionTimestamp: new Date(0) }, refused("Timestamp must not be set when StartingPosition is LATEST.")],
    [{ EventSourceArn: `${streamArn}-gone` }, refused(`Stream not found: ${streamArn}-gone`)],
    [{ ParallelizationFactor: 0 }, broken("parallelizationFactor", 0, "have value greater than or equal to 1")],
    [{ ParallelizationFactor: 11 }, broken("parallelizationFactor", 11, "have value less than or equal to 10")],
    [{ MaximumRetryAttempts: -2 }, broken("maximumRetryAttempts", -2, "have value greater than or equal to -1")],
    [
      { MaximumRetryAttempts: 10_001 },
      broken("maximumRetryAttempts", 10_001, "have value less than or equal to 10000"),
    ],
    [
      { MaximumRecordAgeInSeconds: 604_801 },
      broken("maximumRecordAgeInSeconds", 604_801, "have value less than or equal to 604800"),
    ],
    [{ MaximumRecordAgeInSeconds: 59 }, refused("MaximumRecordAgeInSeconds must be -1, or between 60 and 604800.")],
    [{ TumblingWindowInSeconds: 901 }, broken("tumblingWindowInSeconds", 901, "have value less than or equal to 900")],
    [
      { TumblingWindowInSeconds: 60, ParallelizationFactor: 2 },
      refused("TumblingWindowInSeconds and a ParallelizationFactor greater than 1 cannot be used together."),
    ],
    [
      { ScalingConfig: { MaximumConcurrency: 2 } },
      refused("Unsupported ScalingConfig parameter for given event source mapping type."),
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: "arn:aws:sqs:us-east-1:000000000000:q" } } },
      refused("Unsupported DestinationConfig parameter for given event source mapping type."),
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: "arn:aws:lambda:us-east-1:000000000000:function:f" } } },
      refused("The destination ARN arn:aws:lambda:us-east-1:000000000000:function:f is invalid."),
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:q.fifo" } } },
      refused("The destination ARN arn:aws:sqs:us-east-1:000000000000:q.fifo is invalid."),
    ],
    [{ FilterCriteria: { Filters: [{ Pattern: "no" }] } }, refused("Invalid filter pattern definition.")],
    [
      { FilterCriteria: { Filters: [{ Pattern: '{"data":["text"]}' }] } },
      refused("Invalid filter pattern definition."),
    ],
  ])("refuses %j, and makes nothing", async (more, error) => {
    const test = await setUp();
    expect(await test.errorOf("CreateEventSourceMapping", { ...input, ...more })).toEqual(error);
    expect(test.dispatcher.mappings()).toEqual([]);
  });

  it("refuses a second mapping of the stream to the function, naming the first", async () => {
    const test = await setUp();
    const { UUID } = await test.call("CreateEventSourceMapping", input);
    expect(await test.errorOf("CreateEventSourceMapping", input)).toEqual({
      code: "ResourceConflictException",
      status: 409,
      message: `The event source arn (" ${streamArn} ") and function (" orders ") provided mapping already exists. Please update or delete the existing mapping with UUID ${String(UUID)}`,
    });
  });

  it("takes batches of 100 where nothing is said, and shows every setting as AWS does", async () => {
    const test = await setUp();
    expect(
      await test.call("CreateEventSourceMapping", {
        ...input,
        EventSourceArn: tableArn,
        StartingPosition: "TRIM_HORIZON",
        ParallelizationFactor: 3,
        MaximumRetryAttempts: 4,
        MaximumRecordAgeInSeconds: 120,
        BisectBatchOnFunctionError: true,
        DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::failures" } },
      }),
    ).toMatchObject({
      BatchSize: 100,
      StartingPosition: "TRIM_HORIZON",
      ParallelizationFactor: 3,
      MaximumRetryAttempts: 4,
      MaximumRecordAgeInSeconds: 120,
      BisectBatchOnFunctionError: true,
      TumblingWindowInSeconds: 0,
      DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::failures" } },
      LastProcessingResult: "No records processed",
      StateTransitionReason: "User action",
    });
  });
});
