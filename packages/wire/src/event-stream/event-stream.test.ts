/** Event streams through the official clients. */
import { CloudWatchLogsClient, StartLiveTailCommand } from "@aws-sdk/client-cloudwatch-logs";
import { KinesisClient, SubscribeToShardCommand } from "@aws-sdk/client-kinesis";
import { InvokeWithResponseStreamCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ServiceError } from "@tripline/kernel";
import { NodeHttp2Handler, NodeHttpHandler } from "@smithy/node-http-handler";
import { expect, test } from "vitest";
import { clientOptions, disposable, errorOf, startEndpoint } from "../testing/endpoint-fixture.ts";

async function all<T>(events: AsyncIterable<T> | undefined): Promise<T[]> {
  const seen: T[] = [];
  for await (const event of events ?? []) seen.push(event);
  return seen;
}

for (const [http, createHandler] of [
  ["HTTP/1.1", () => new NodeHttpHandler()],
  ["HTTP/2", () => new NodeHttp2Handler()],
] as const) {
  test(`InvokeWithResponseStream, SubscribeToShard and StartLiveTail answer events over ${http}`, async () => {
    const at = new Date(1_700_000_000_000);
    await using wire = await startEndpoint({
      "lambda.InvokeWithResponseStream": {
        honoured: ["FunctionName", "Payload"],
        answer: () => ({
          StatusCode: 200,
          ExecutedVersion: "$LATEST",
          ResponseStreamContentType: "text/plain",
          EventStream: (async function* () {
            yield { PayloadChunk: { Payload: Buffer.from("one") } };
            yield { PayloadChunk: { Payload: new Uint8Array(0) } };
            yield { InvokeComplete: { ErrorCode: "Runtime.ExitError", LogResult: "bG9n" } };
          })(),
        }),
      },
      "kinesis.SubscribeToShard": {
        honoured: ["ConsumerARN", "ShardId", "StartingPosition"],
        answer: () => ({
          EventStream: (async function* () {
            const record = {
              Data: Buffer.from("d"),
              PartitionKey: "p",
              SequenceNumber: "1",
              ApproximateArrivalTimestamp: at,
            };
            yield {
              SubscribeToShardEvent: { Records: [record], ContinuationSequenceNumber: "1", MillisBehindLatest: 0 },
            };
            throw new ServiceError("ResourceNotFoundException", "The consumer is gone.");
          })(),
        }),
      },
      "logs.StartLiveTail": {
        honoured: ["logGroupIdentifiers"],
        answer: () => ({
          responseStream: (async function* () {
            yield { sessionStart: { requestId: "r", logGroupIdentifiers: ["g"] } };
            yield { sessionUpdate: { sessionResults: [{ message: "é", timestamp: 1 }] } };
            yield { SessionTimeoutException: { message: "over" } };
          })(),
        }),
      },
    });
    const options = { ...clientOptions(wire.url), requestHandler: createHandler() };
    using lambda = disposable(new LambdaClient(options));
    using kinesis = disposable(new KinesisClient(options));
    using logs = disposable(new CloudWatchLogsClient({ ...options, disableHostPrefix: true }));

    const invoked = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: "f", Payload: "{}" }));
    expect([invoked.StatusCode, invoked.ExecutedVersion, invoked.ResponseStreamContentType]).toEqual([
      200,
      "$LATEST",
      "application/vnd.amazon.eventstream",
    ]);
    expect(await all(invoked.EventStream)).toEqual([
      { PayloadChunk: { Payload: new Uint8Array(Buffer.from("one")) } },
      { PayloadChunk: { Payload: new Uint8Array(0) } },
      { InvokeComplete: { ErrorCode: "Runtime.ExitError", LogResult: "bG9n" } },
    ]);

    const consumer = "arn:aws:kinesis:us-east-1:000000000000:stream/s/consumer/c:1";
    const subscribed = await kinesis.send(
      new SubscribeToShardCommand({
        ConsumerARN: consumer,
        ShardId: "shardId-0",
        StartingPosition: { Type: "LATEST" },
      }),
    );
    const seen: unknown[] = [];
    const failed = await errorOf(
      (async () => {
        for await (const event of subscribed.EventStream ?? []) seen.push(event);
      })(),
    );
    expect(seen).toEqual([
      {
        SubscribeToShardEvent: {
          Records: [
            {
              Data: new Uint8Array(Buffer.from("d")),
              PartitionKey: "p",
              SequenceNumber: "1",
              ApproximateArrivalTimestamp: at,
            },
          ],
          ContinuationSequenceNumber: "1",
          MillisBehindLatest: 0,
        },
      },
    ]);
    expect([failed.name, failed.message]).toEqual(["ResourceNotFoundException", "The consumer is gone."]);

    const tailed = await logs.send(new StartLiveTailCommand({ logGroupIdentifiers: ["arn"] }));
    const lines: unknown[] = [];
    const ended = await errorOf(
      (async () => {
        for await (const event of tailed.responseStream ?? []) lines.push(event);
      })(),
    );
    expect(lines).toEqual([
      { sessionStart: { requestId: "r", logGroupIdentifiers: ["g"] } },
      { sessionUpdate: { sessionResults: [{ message: "é", timestamp: 1 }] } },
    ]);
    expect([ended.name, ended.message]).toEqual(["SessionTimeoutException", "over"]);
    expect(wire.internalErrors).toEqual([]);
  });
}

test("time passes while an event stream waits, and the stream is left when its caller goes", async () => {
  let isLeft: () => void;
  const left = new Promise<void>((resolve) => (isLeft = resolve));
  const seen: string[] = [];
  await using wire = await startEndpoint({
    "lambda.InvokeWithResponseStream": {
      honoured: ["FunctionName"],
      answer: (_input, signal) => ({
        StatusCode: 200,
        EventStream: (async function* () {
          try {
            yield { PayloadChunk: { Payload: Buffer.from("first") } };
            await new Promise<void>((resolve) => {
              wire.clock.at(wire.clock.now() + 60_000, resolve);
            });
            yield { PayloadChunk: { Payload: Buffer.from("a minute later") } };
            await new Promise<void>((resolve) => {
              signal.addEventListener("abort", () => {
                resolve();
              });
            });
          } finally {
            isLeft();
          }
        })(),
      }),
    },
  });
  using lambda = disposable(new LambdaClient(clientOptions(wire.url)));
  const leave = new AbortController();
  const { EventStream } = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: "f" }), {
    abortSignal: leave.signal,
  });
  const iterator = (EventStream as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value } = (await iterator.next()) as { value: { PayloadChunk: { Payload: Uint8Array } } };
    return Buffer.from(value.PayloadChunk.Payload).toString();
  };
  seen.push(await next());
  await wire.clock.advance(60_000);
  seen.push(await next());
  expect(seen).toEqual(["first", "a minute later"]);
  lambda.destroy();
  leave.abort();
  await left;
  await wire.clock.advance(60_000); // nothing is left in flight
  expect(wire.internalErrors).toEqual([]);
});
