import { invariant, type Operation } from "@tripline/kernel";
import { type BatchOutput, checkBatch, prepareEntries } from "../batch.ts";
import { batchRequestTooLong, invalidParameterValue } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import { messageBytesMax } from "../limits.ts";
import { measureAttributes } from "../message-attributes.ts";
import { type MessageInput, type SendResult, toOutgoingMessage, toSendResult } from "../outgoing-message.ts";
import type { Queue } from "../queue-definition.ts";

/** Input of SendMessageBatch. */
export interface SendMessageBatchInput {
  QueueUrl: string;
  Entries: readonly (MessageInput & { Id: string })[];
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
export function sendMessageBatchOperation(
  house: SqsHouse,
): Operation<SendMessageBatchInput, BatchOutput<SendResult & { Id: string }>> {
  const { registry, traffic, rng } = house;
  return {
    name: "SendMessageBatch",
    honoured: ["QueueUrl", "Entries"],
    async run({ QueueUrl, Entries: entries }, context) {
      const queue = registry.resolve(QueueUrl);
      checkBatch(entries, "SendMessageBatchRequestEntry");
      checkTotal(entries);
      checkFifoEntries(queue, entries);
      const nowMs = traffic.nowMs();
      const { ready, failed } = prepareEntries(entries, (entry) => {
        const outgoing = toOutgoingMessage(queue, entry, rng.uuid(), nowMs);
        if (outgoing.bytes > queue.messageBytesMax) throw tooLong(queue.messageBytesMax);
        return outgoing;
      });
      if (ready.length === 0) return { Successful: [], Failed: failed };
      const sent = await traffic.send(
        queue,
        ready.map(({ value }) => value),
        { parentId: context.parentId },
      );
      const successful = ready.map(({ id, value }, index) => {
        const one = sent[index];
        invariant(one !== undefined, "M1: the store answers for each message");
        return { Id: id, ...toSendResult(queue, value, one) };
      });
      return { Successful: successful, Failed: failed };
    },
  };
}

function checkTotal(entries: SendMessageBatchInput["Entries"]): void {
  let bytes = 0;
  for (const { MessageBody, MessageAttributes } of entries) {
    bytes += Buffer.byteLength(MessageBody ?? "");
    for (const [name, value] of Object.entries(MessageAttributes ?? {})) {
      if (value.DataType) bytes += measureAttributes({ [name]: value });
    }
  }
  if (bytes > messageBytesMax) throw batchRequestTooLong(messageBytesMax, bytes);
}

/** AWS refuses the whole batch for these two, with this code, and only in a batch. */
function checkFifoEntries(queue: Queue, entries: SendMessageBatchInput["Entries"]): void {
  if (!queue.isFifo) return;
  for (const entry of entries) {
    if (entry.MessageGroupId === undefined) {
      throw invalidParameterValue("The request must contain the parameter MessageGroupId.");
    }
    if (entry.MessageDeduplicationId === undefined && !queue.hasContentBasedDeduplication) {
      throw invalidParameterValue(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      );
    }
  }
}

function tooLong(max: number): Error {
  return invalidParameterValue(
    `One or more parameters cannot be validated. Reason: Message must be shorter than ${max} bytes.`,
  );
}
