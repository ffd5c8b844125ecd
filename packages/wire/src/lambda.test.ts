/** Lambda through its own client. */
import { ServiceError } from "@tripline/kernel";
import { GetFunctionCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import {
  clientOptions,
  disposable,
  type EndpointFixture,
  errorOf,
  startEndpoint,
  type TestOperation,
} from "./testing/endpoint-fixture.ts";

const clientOf = (wire: EndpointFixture): LambdaClient & Disposable =>
  disposable(new LambdaClient(clientOptions(wire.url)));

const invoke: TestOperation = {
  honoured: ["FunctionName", "Qualifier", "InvocationType", "LogType", "ClientContext", "Payload"],
  answer: (input) => ({
    StatusCode: input["InvocationType"] === "Event" ? 202 : 200,
    ...(input["InvocationType"] === "Event"
      ? {}
      : {
          ExecutedVersion: "$LATEST",
          FunctionError: "Unhandled",
          LogResult: "bG9n",
          Payload: Buffer.from(`{"got":${String(input["Payload"])}}`),
        }),
  }),
};

test("Invoke hands the payload over as bytes, and answers payload and headers", async () => {
  await using wire = await startEndpoint({ "lambda.Invoke": invoke });
  using client = clientOf(wire);
  const arn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
  const { $metadata, Payload, ...answer } = await client.send(
    new InvokeCommand({ FunctionName: arn, Qualifier: "live", LogType: "Tail", Payload: '{"é":1}' }),
  );
  expect(answer).toEqual({
    StatusCode: 200,
    ExecutedVersion: "$LATEST",
    FunctionError: "Unhandled",
    LogResult: "bG9n",
  });
  expect(Payload?.transformToString()).toBe('{"got":{"é":1}}');
  expect(wire.calls.map((call) => call.input)).toEqual([
    { FunctionName: arn, Qualifier: "live", LogType: "Tail", Payload: Buffer.from('{"é":1}') },
  ]);
  expect($metadata.requestId).toBe(wire.calls[0]?.requestId);
});

test("Invoke of type Event answers 202 without a body", async () => {
  await using wire = await startEndpoint({ "lambda.Invoke": invoke });
  using client = clientOf(wire);
  const answer = await client.send(new InvokeCommand({ FunctionName: "f", InvocationType: "Event" }));
  expect([answer.StatusCode, answer.Payload ?? undefined]).toEqual([202, undefined]);
  expect(wire.calls[0]?.input).toEqual({ FunctionName: "f", InvocationType: "Event" });
});

test("a modelled error reaches the client as its class, with its type", async () => {
  await using wire = await startEndpoint({
    "lambda.Invoke": {
      ...invoke,
      answer() {
        throw new ServiceError("ResourceNotFoundException", "Function not found: f", {
          status: 404,
          members: { Type: "User" },
        });
      },
    },
  });
  using client = clientOf(wire);
  expect(await errorOf(client.send(new InvokeCommand({ FunctionName: "f" })))).toMatchObject({
    name: "ResourceNotFoundException",
    message: "Function not found: f",
    Type: "User",
    $metadata: { httpStatusCode: 404 },
  });
  const raw = await fetch(`${wire.url}/2015-03-31/functions/f/invocations`, { method: "POST" }); // unsigned, told by its path
  expect([raw.headers.get("x-amzn-errortype"), await raw.json()]).toEqual([
    "ResourceNotFoundException",
    { Type: "User", Message: "Function not found: f" },
  ]);
});

test("query parameters are typed, and lists and nested structures written", async () => {
  const functions = [
    { FunctionName: "f", Timeout: 3, Environment: { Variables: { A: "1" } }, Architectures: ["arm64"] },
  ];
  await using wire = await startEndpoint({
    "lambda.ListFunctions": {
      honoured: ["MaxItems", "Marker"],
      answer: () => ({ Functions: functions, NextMarker: "m" }),
    },
  });
  using client = clientOf(wire);
  const answer = await client.send(new ListFunctionsCommand({ MaxItems: 7, Marker: "a b&c" }));
  expect([answer.Functions, answer.NextMarker]).toEqual([functions, "m"]);
  expect(wire.calls[0]?.input).toEqual({ MaxItems: 7, Marker: "a b&c" });
});

test("an operation that is not built is 501 with the error's type in its header", async () => {
  await using wire = await startEndpoint({ "lambda.Invoke": invoke });
  using client = clientOf(wire);
  expect(await errorOf(client.send(new GetFunctionCommand({ FunctionName: "f" })))).toMatchObject({
    name: "NotImplemented",
    message:
      "Tripline does not simulate the operation GetFunction of lambda. What is supported is listed in docs/support.md.",
    $metadata: { httpStatusCode: 501 },
  });
  const none = await fetch(`${wire.url}/2015-03-31/nothing`, { method: "PATCH" });
  expect([none.status, none.headers.get("x-amzn-errortype"), await none.json()]).toEqual([
    501,
    "NotImplemented",
    {
      message:
        "Tripline does not simulate the operation PATCH /2015-03-31/nothing of lambda. What is supported is listed in docs/support.md.",
    },
  ]);
});

test("required members of a document are named as Lambda names them", async () => {
  await using wire = await startEndpoint({
    "lambda.CreateEventSourceMapping": { honoured: ["FunctionName"], answer: () => ({}) },
  });
  const post = (body: string): Promise<Response> =>
    fetch(`${wire.url}/2015-03-31/event-source-mappings`, { method: "POST", body });
  const missing = await post("{}");
  expect([missing.status, missing.headers.get("x-amzn-errortype"), await missing.json()]).toEqual([
    400,
    "ValidationException",
    {
      message:
        "1 validation error detected: Value null at 'functionName' failed to satisfy constraint: Member must not be null",
    },
  ]);
  const broken = await post("{");
  expect([broken.status, broken.headers.get("x-amzn-errortype")]).toEqual([400, "SerializationException"]);
});

test("an internal error is a ServiceException of the service", async () => {
  await using wire = await startEndpoint({
    "lambda.Invoke": { ...invoke, answer: () => Promise.reject(new Error("oops")) },
  });
  using client = clientOf(wire);
  expect(await errorOf(client.send(new InvokeCommand({ FunctionName: "f" })))).toMatchObject({
    name: "ServiceException",
    message: "oops",
    $metadata: { httpStatusCode: 500 },
  });
});
