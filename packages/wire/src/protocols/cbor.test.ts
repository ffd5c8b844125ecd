/** The two protocols in CBOR: Smithy's through the official client told to speak it, Kinesis's as the Java client sends it. */
import { KinesisClient, PutRecordCommand, SubscribeToShardCommand } from "@aws-sdk/client-kinesis";
import { ListEventSourceMappingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { cbor, SmithyRpcV2CborProtocol, tag } from "@smithy/core/cbor";
import { ServiceError } from "@tripline/kernel";
import { expect, test } from "vitest";
import { bytesOf, clientOptions, disposable, errorOf, startEndpoint } from "../testing/endpoint-fixture.ts";

const at = new Date(1_700_000_000_123);

test("a client that speaks Smithy's RPC v2 in CBOR is answered in it", async () => {
  await using wire = await startEndpoint({
    "sqs.SendMessage": {
      honoured: ["QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes"],
      answer(input) {
        if (input["MessageBody"] === "bad") {
          throw new ServiceError("QueueDoesNotExist", "No such queue.", {
            queryCode: "AWS.SimpleQueueService.NonExistentQueue",
          });
        }
        return { MessageId: "m", MD5OfMessageBody: "5d" };
      },
    },
    "kinesis.PutRecord": {
      honoured: ["StreamName", "Data", "PartitionKey"],
      answer: () => ({ ShardId: "s", SequenceNumber: "1" }),
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
        })(),
      }),
    },
    "lambda.ListEventSourceMappings": {
      honoured: ["MaxItems"],
      answer: () => ({ EventSourceMappings: [{ UUID: "u", LastModified: at }] }),
    },
  });
  const spoken = { ...clientOptions(wire.url), protocol: SmithyRpcV2CborProtocol };
  using sqs = disposable(new SQSClient({ ...spoken, md5: false }));
  using kinesis = disposable(new KinesisClient(spoken));
  using lambda = disposable(new LambdaClient(spoken));
  const attributes = { a: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) } };
  const sent = await sqs.send(
    new SendMessageCommand({ QueueUrl: "q", MessageBody: "é", DelaySeconds: 3, MessageAttributes: attributes }),
  );
  expect([sent.MessageId, wire.calls[0]?.input]).toEqual([
    "m",
    {
      QueueUrl: "q",
      MessageBody: "é",
      DelaySeconds: 3,
      MessageAttributes: { a: { DataType: "Binary", BinaryValue: Buffer.from([1, 2]) } },
    },
  ]);
  const failed = await errorOf(sqs.send(new SendMessageCommand({ QueueUrl: "q", MessageBody: "bad" })));
  expect([failed.name, failed.message]).toEqual(["QueueDoesNotExist", "No such queue."]);
  await kinesis.send(new PutRecordCommand({ StreamName: "s", Data: new Uint8Array([9]), PartitionKey: "p" }));
  expect(wire.calls.at(-1)?.input).toEqual({ StreamName: "s", Data: Buffer.from([9]), PartitionKey: "p" });
  const listed = await lambda.send(new ListEventSourceMappingsCommand({ MaxItems: 1 }));
  expect(listed.EventSourceMappings).toEqual([{ UUID: "u", LastModified: at }]);
  const { EventStream } = await kinesis.send(
    new SubscribeToShardCommand({
      ConsumerARN: "arn:aws:kinesis:us-east-1:000000000000:stream/s/consumer/c:1",
      ShardId: "s",
      StartingPosition: { Type: "AT_TIMESTAMP", Timestamp: at },
    }),
  );
  expect(wire.calls.at(-1)?.input["StartingPosition"]).toEqual({ Type: "AT_TIMESTAMP", Timestamp: at });
  const events: unknown[] = [];
  for await (const event of EventStream ?? []) events.push(event);
  expect(events).toHaveLength(1);
});

test("Kinesis's CBOR carries timestamps in milliseconds, and errors as maps", async () => {
  await using wire = await startEndpoint({
    "kinesis.GetShardIterator": {
      honoured: ["StreamName", "ShardId", "ShardIteratorType", "Timestamp"],
      answer(input) {
        if (input["StreamName"] === "gone")
          throw new ServiceError("ResourceNotFoundException", "Stream gone not found.");
        return { ShardIterator: "i" };
      },
    },
    "kinesis.GetRecords": {
      honoured: ["ShardIterator"],
      answer: () => ({
        Records: [{ Data: Buffer.from("d"), PartitionKey: "p", SequenceNumber: "1", ApproximateArrivalTimestamp: at }],
      }),
    },
  });
  const ask = async (operation: string, body: object): Promise<unknown> => {
    const answer = await fetch(wire.url, {
      method: "POST",
      headers: { "x-amz-target": `Kinesis_20131202.${operation}`, "content-type": "application/x-amz-cbor-1.1" },
      body: cbor.serialize(body),
    });
    return [answer.status, answer.headers.get("content-type"), cbor.deserialize(await bytesOf(answer.body))];
  };
  const iterator = {
    StreamName: "s",
    ShardId: "0",
    ShardIteratorType: "AT_TIMESTAMP",
    Timestamp: tag({ tag: 1, value: at.getTime() }),
  };
  expect(await ask("GetShardIterator", iterator)).toEqual([200, "application/x-amz-cbor-1.1", { ShardIterator: "i" }]);
  expect(wire.calls[0]?.input["Timestamp"]).toEqual(at);
  expect(await ask("GetShardIterator", { ...iterator, StreamName: "gone" })).toEqual([
    400,
    "application/x-amz-cbor-1.1",
    { __type: "ResourceNotFoundException", message: "Stream gone not found." },
  ]);
  expect(await ask("GetRecords", { ShardIterator: "i" })).toEqual([
    200,
    "application/x-amz-cbor-1.1",
    {
      Records: [
        {
          Data: Buffer.from("d"),
          PartitionKey: "p",
          SequenceNumber: "1",
          ApproximateArrivalTimestamp: tag({ tag: 1, value: at.getTime() }),
        },
      ],
    },
  ]);
});
