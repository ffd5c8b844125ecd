/** Deliveries to queues: from S3, schedules, destinations and dead-letter queues. */
import { isUtf8 } from "node:buffer";
import type { Delivery, DeliveryTarget } from "@tripline/kernel";
import { invalidMessageContents, queueDoesNotExist } from "./errors.ts";
import type { SqsHouse } from "./house.ts";
import { checkSize } from "./operations/send-message.ts";
import { type MessageInput, toOutgoingMessage } from "./outgoing-message.ts";

/** Sends each delivery as one message; those of one turn share a commit. */
export function createSqsTarget({ registry, traffic, rng }: SqsHouse): DeliveryTarget {
  const deliver = async (delivery: Delivery): Promise<void> => {
    const queue = registry.findByArn(delivery.targetArn);
    if (queue === undefined) throw queueDoesNotExist();
    const outgoing = toOutgoingMessage(queue, toInput(delivery), rng.uuid(), traffic.nowMs());
    checkSize(queue, outgoing);
    await traffic.send(queue, [outgoing], { parentId: delivery.id, sourceArn: delivery.sourceArn });
  };
  return {
    service: "sqs",
    deliver,
    deliverAll: (deliveries) => Promise.allSettled(deliveries.map(deliver)),
  };
}

function toInput(delivery: Delivery): MessageInput {
  const input: MessageInput = { MessageBody: decode(delivery.body) };
  if (delivery.messageAttributes !== undefined) input.MessageAttributes = delivery.messageAttributes;
  if (delivery.messageGroupId !== undefined) input.MessageGroupId = delivery.messageGroupId;
  if (delivery.messageDeduplicationId !== undefined) input.MessageDeduplicationId = delivery.messageDeduplicationId;
  return input;
}

function decode(body: Uint8Array): string {
  if (!isUtf8(body)) throw invalidMessageContents();
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
}
