import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDispatcher, type TestDispatcher } from "../testing/create-test-dispatcher.ts";

const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const queueArn = "arn:aws:sqs:us-east-1:000000000000:q";
const FunctionName = "orders";
let test: TestDispatcher;
beforeEach(async () => {
  test = await createTestDispatcher();
  test.handlers.set("orders", () => null);
  test.handlers.set("mail", () => null);
});
afterEach(() => test.stop());

const put = (more: object): Promise<object> => test.call("PutFunctionEventInvokeConfig", { FunctionName, ...more });
const update = (more: object): Promise<object> =>
  test.call("UpdateFunctionEventInvokeConfig", { FunctionName, ...more });
const get = (more: object = {}): Promise<object> =>
  test.call("GetFunctionEventInvokeConfig", { FunctionName, ...more });
const config = (more: object): object => ({
  FunctionArn: `${arnOf("orders")}:$LATEST`,
  LastModified: new Date("2026-01-01T00:00:00Z"),
  DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  ...more,
});
const notFound = (message: string): object => ({ code: "ResourceNotFoundException", status: 404, message });
const invalid = (message: string): object => ({ code: "InvalidParameterValueException", status: 400, message });
const noConfig = (name: string): object =>
  notFound(`The function ${arnOf(name)}:$LATEST doesn't have an EventInvokeConfig`);

describe("PutFunctionEventInvokeConfig", () => {
  it("replaces the whole configuration", async () => {
    expect(await put({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 })).toEqual(
      config({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 }),
    );
    expect(await put({ MaximumRetryAttempts: 0 })).toEqual(config({ MaximumRetryAttempts: 0 }));
    expect(await get()).toEqual(config({ MaximumRetryAttempts: 0 }));
    expect(await get({ Qualifier: "$LATEST" })).toEqual(config({ MaximumRetryAttempts: 0 }));
  });

  it("takes queues and functions as destinations, and none where a destination is empty", async () => {
    const DestinationConfig = { OnSuccess: { Destination: arnOf("mail") }, OnFailure: { Destination: queueArn } };
    expect(await put({ DestinationConfig })).toEqual(config({ DestinationConfig }));
    expect(await put({ DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: "" } } })).toEqual(config({}));
  });

  it.each([
    [{ FunctionName: "nobody", MaximumRetryAttempts: 0 }, notFound("The function doesn't exist.")],
    [{ FunctionName: arnOf("nobody"), MaximumRetryAttempts: 0 }, notFound("The function doesn't exist.")],
    [{ Qualifier: "live", MaximumRetryAttempts: 0 }, notFound("The function doesn't exist.")],
    [{}, invalid("You must specify at least one of error handling or destination setting.")],
    [
      { FunctionName: "orders:$LATEST", Qualifier: "1", MaximumRetryAttempts: 0 },
      invalid("The derived qualifier from the function name does not match the specified qualifier."),
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: arnOf("nobody") } } },
      invalid(`The destination ARN ${arnOf("nobody")} is invalid.`),
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: arnOf("orders") } } },
      invalid("You can't specify the function as a destination for itself."),
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: "arn:aws:iam:us-east-1:000000000000:function:orders" } } },
      invalid(
        "The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=arn:aws:iam:us-east-1:000000000000:function:orders), onFailure=null) is invalid.",
      ),
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: "arn:aws:s3:::bucket" } } },
      invalid(
        "The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=arn:aws:s3:::bucket), onFailure=null) is invalid.",
      ),
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: "arn:aws:sns:us-east-1:000000000000:topic" } } },
      invalid(
        "Tripline does not simulate sns destinations yet: arn:aws:sns:us-east-1:000000000000:topic. Use a queue, a function or, for failures, a bucket.",
      ),
    ],
    [
      {
        DestinationConfig: { OnFailure: { Destination: "arn:aws:_-/!lambda:us-east-1:000000000000:function:orders" } },
      },
      {
        code: "ValidationException",
        status: 400,
        message:
          "1 validation error detected: Value 'arn:aws:_-/!lambda:us-east-1:000000000000:function:orders' at 'destinationConfig.onFailure.destination' failed to satisfy constraint: Member must satisfy regular expression pattern: $|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)",
      },
    ],
    [
      { MaximumRetryAttempts: 3 },
      {
        code: "ValidationException",
        status: 400,
        message:
          "1 validation error detected: Value '3' at 'maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 2",
      },
    ],
    [
      { MaximumEventAgeInSeconds: 59 },
      {
        code: "ValidationException",
        status: 400,
        message:
          "1 validation error detected: Value '59' at 'maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
      },
    ],
  ])("refuses %j, and changes nothing", async (more, error) => {
    expect(await test.errorOf("PutFunctionEventInvokeConfig", { FunctionName, ...more })).toEqual(error);
    expect(await test.errorOf("GetFunctionEventInvokeConfig", { FunctionName })).toEqual(noConfig("orders"));
  });
});

describe("UpdateFunctionEventInvokeConfig", () => {
  it("changes what it is given and keeps the rest", async () => {
    await put({ MaximumEventAgeInSeconds: 60, DestinationConfig: { OnSuccess: { Destination: queueArn } } });
    const OnSuccess = { Destination: queueArn };
    expect(await update({ MaximumRetryAttempts: 1 })).toEqual(
      config({
        MaximumEventAgeInSeconds: 60,
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnSuccess, OnFailure: {} },
      }),
    );
    expect(await update({ DestinationConfig: { OnSuccess: { Destination: "" } } })).toEqual(
      config({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1 }),
    );
  });

  it("refuses a function without a configuration", async () => {
    expect(await test.errorOf("UpdateFunctionEventInvokeConfig", { FunctionName, MaximumRetryAttempts: 1 })).toEqual(
      noConfig("orders"),
    );
  });
});

it("ListFunctionEventInvokeConfigs answers with those of one function", async () => {
  await put({ MaximumRetryAttempts: 1 });
  await put({ FunctionName: "mail", MaximumRetryAttempts: 2 });
  expect(await test.call("ListFunctionEventInvokeConfigs", { FunctionName })).toEqual({
    FunctionEventInvokeConfigs: [config({ MaximumRetryAttempts: 1 })],
  });
  expect(await test.errorOf("ListFunctionEventInvokeConfigs", { FunctionName: "nobody" })).toEqual(
    notFound("The function doesn't exist."),
  );
});

it("DeleteFunctionEventInvokeConfig forgets it; a second time there is none", async () => {
  await put({ MaximumRetryAttempts: 1 });
  await test.call("DeleteFunctionEventInvokeConfig", { FunctionName });
  expect(await test.call("ListFunctionEventInvokeConfigs", { FunctionName })).toEqual({
    FunctionEventInvokeConfigs: [],
  });
  expect(await test.errorOf("DeleteFunctionEventInvokeConfig", { FunctionName })).toEqual(noConfig("orders"));
  expect(await test.errorOf("GetFunctionEventInvokeConfig", { FunctionName: "nobody" })).toEqual(noConfig("nobody"));
});

it("a configuration goes with its function", async () => {
  await put({ MaximumRetryAttempts: 1 });
  test.removeFunction("orders");
  await test.clock.settle();
  test.addFunction("orders", () => null);
  expect(await test.errorOf("GetFunctionEventInvokeConfig", { FunctionName })).toEqual(noConfig("orders"));
});
