import { invariant, type Operation } from "@tripline/kernel";
import { invalidParameterValue } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import {
  type MessageInput,
  type OutgoingMessage,
  type SendResult,
  toOutgoingMessage,
  toSendResult,
} from "../outgoing-message.ts";
import type { Queue } from "../queue-definition.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export function sendMessageOperation({
  registry,
  traffic,
  rng,
}: SqsHouse): Operation<MessageInput & { QueueUrl: string }, SendResult> {
  return {
    name: "SendMessage",
    honoured: [
      "QueueUrl",
      "MessageBody",
      "DelaySeconds",
      "MessageAttributes",
      "MessageSystemAttributes",
      "MessageDeduplicationId",
      "MessageGroupId",
    ],
    async run(input, context) {
      const queue = registry.resolve(input.QueueUrl);
      const outgoing = toOutgoingMessage(queue, input, rng.uuid(), traffic.nowMs());
      checkSize(queue, outgoing);
      const [sent] = await traffic.send(queue, [outgoing], { parentId: context.parentId });
      invariant(sent !== undefined, "M1: the store answers for each message");
      return toSendResult(queue, outgoing, sent);
    },
  };
}

/** Throws InvalidParameterValue where body and attributes are longer than the queue takes. */
export function checkSize(queue: Queue, outgoing: OutgoingMessage): void {
  if (outgoing.bytes <= queue.messageBytesMax) return;
  throw invalidParameterValue(
    `One or more parameters are invalid. Reason: Message must be shorter than ${queue.messageBytesMax} bytes.`,
  );
}
