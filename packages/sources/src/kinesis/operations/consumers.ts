/** Consumers with enhanced fan-out. https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html */
import type { Operation } from "@tripline/kernel";
import { expiredToken, invalidArgument, limitExceeded, resourceInUse, resourceNotFound } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import { consumersPerStream, tokenMs } from "../limits.ts";
import type { Consumer, Stream } from "../stream.ts";
import { parseToken, toToken } from "../../opaque-token/index.ts";
import { streamIdRefused } from "./stream-address.ts";
import { checkTags } from "./tags.ts";

/** How a consumer is named. */
export interface ConsumerAddress {
  StreamARN?: string;
  ConsumerName?: string;
  ConsumerARN?: string;
}

const addressHonoured = ["StreamARN", "ConsumerName", "ConsumerARN"];

interface RegisterInput {
  StreamARN: string;
  ConsumerName: string;
  Tags?: Record<string, string>;
  /** For templates, which must know the ARN beforehand: what it ends with. Default: now. */
  CreatedAtSeconds?: number;
}

function toOutput({ name, arn, createdAtMs }: Consumer): Record<string, unknown> {
  return {
    ConsumerName: name,
    ConsumerARN: arn,
    ConsumerStatus: "ACTIVE",
    ConsumerCreationTimestamp: new Date(createdAtMs),
  };
}

/** The consumer that is meant, and its stream. Throws ResourceNotFoundException, InvalidArgumentException. */
export function resolveConsumer(
  { registry, scope }: KinesisHouse,
  { StreamARN, ConsumerName, ConsumerARN }: ConsumerAddress,
): { stream: Stream; consumer: Consumer } {
  const streamArn = ConsumerARN?.split("/consumer/")[0] ?? StreamARN;
  if (streamArn === undefined || (ConsumerARN === undefined && ConsumerName === undefined)) {
    throw invalidArgument("Either ConsumerARN, or StreamARN and ConsumerName, must be provided.");
  }
  const stream = registry.resolve({ StreamARN: streamArn });
  const consumer = stream.consumers.find(
    ({ arn, name }) =>
      (ConsumerARN === undefined || arn === ConsumerARN) && (ConsumerName === undefined || name === ConsumerName),
  );
  if (consumer !== undefined) return { stream, consumer };
  throw resourceNotFound(`Consumer ${ConsumerName ?? ConsumerARN ?? ""}, account ${scope.accountId} not found.`);
}

/** RegisterStreamConsumer, DeregisterStreamConsumer, DescribeStreamConsumer, ListStreamConsumers. */
export function createConsumerOperations(house: KinesisHouse): Operation[] {
  const { registry, clock, scope } = house;
  const register: Operation<RegisterInput> = {
    name: "RegisterStreamConsumer",
    honoured: ["StreamARN", "ConsumerName", "Tags", "CreatedAtSeconds"],
    refused: streamIdRefused,
    async run({ StreamARN, ConsumerName: name, Tags: tags = {}, CreatedAtSeconds }, context) {
      const stream = registry.resolve({ StreamARN });
      checkTags(tags);
      const existing = stream.consumers.find((one) => one.name === name);
      if (existing !== undefined && context.upsert === true) return { Consumer: toOutput(existing) };
      if (existing !== undefined) {
        throw resourceInUse(
          `Consumer ${name} under stream ${stream.name} already exists for account ${scope.accountId}.`,
        );
      }
      if (stream.consumers.length >= consumersPerStream) {
        throw limitExceeded(`Stream ${stream.name} has the maximum of ${consumersPerStream} consumers already.`);
      }
      const createdAtMs = Math.floor(clock.now());
      const arn = `${stream.arn}/consumer/${name}:${CreatedAtSeconds ?? Math.floor(createdAtMs / 1_000)}`;
      const consumer: Consumer = { name, arn, createdAtMs, tags };
      await registry.save({ ...stream, consumers: [...stream.consumers, consumer] }, "ACTIVE");
      return { Consumer: { ...toOutput(consumer), ConsumerStatus: "CREATING" } };
    },
  };
  const deregister: Operation<ConsumerAddress> = {
    name: "DeregisterStreamConsumer",
    honoured: addressHonoured,
    refused: streamIdRefused,
    async run(input) {
      const { stream, consumer } = resolveConsumer(house, input);
      await registry.save({ ...stream, consumers: stream.consumers.filter((one) => one !== consumer) }, "ACTIVE");
      return {};
    },
  };
  const describe: Operation<ConsumerAddress> = {
    name: "DescribeStreamConsumer",
    honoured: addressHonoured,
    refused: streamIdRefused,
    async run(input) {
      const { stream, consumer } = resolveConsumer(house, input);
      return { ConsumerDescription: { ...toOutput(consumer), StreamARN: stream.arn } };
    },
  };
  const list: Operation<{
    StreamARN: string;
    NextToken?: string;
    MaxResults?: number;
    StreamCreationTimestamp?: Date;
  }> = {
    name: "ListStreamConsumers",
    honoured: ["StreamARN", "NextToken", "MaxResults", "StreamCreationTimestamp"],
    refused: streamIdRefused,
    async run({ StreamARN, NextToken, MaxResults = 100, StreamCreationTimestamp }) {
      const stream = registry.resolve({ StreamARN });
      const created = StreamCreationTimestamp?.getTime() ?? stream.createdAtMs;
      if (Math.abs(created - stream.createdAtMs) >= 1_000) {
        throw invalidArgument("StreamCreationTimestamp does not match the stream's.");
      }
      const page = NextToken === undefined ? undefined : parseToken("consumers", NextToken);
      if (NextToken !== undefined && page === undefined) throw invalidArgument("Invalid NextToken.");
      if (page !== undefined && clock.now() - Number(page[1]) > tokenMs) throw expiredToken();
      const all = stream.consumers
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .filter(({ name }) => page === undefined || name > String(page[0]));
      const shown = all.slice(0, MaxResults);
      const last = shown.at(-1);
      return {
        Consumers: shown.map(toOutput),
        ...(shown.length < all.length && last !== undefined
          ? { NextToken: toToken("consumers", [last.name, clock.now()]) }
          : {}),
      };
    },
  };
  return [register, deregister, describe, list];
}
