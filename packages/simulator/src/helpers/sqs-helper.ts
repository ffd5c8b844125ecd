import type { CallContext, MessageAttributeValue, Service } from "@tripline/kernel";
import type { ResourceNames } from "../resource-names.ts";
import { call } from "./call.ts";

/** A message as a consumer sees it. */
export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: Record<string, string>;
  messageAttributes: Record<string, MessageAttributeValue>;
}

/** How many messages a queue holds. */
export interface QueueDepth {
  visible: number;
  inFlight: number;
  delayed: number;
}

/** SQS without a client. `queue`: logical id, name, URL or ARN. Rejects with SQS's own errors. */
export interface SqsHelper {
  sendMessage(message: {
    queue: string;
    body: string;
    delaySeconds?: number;
    groupId?: string;
    deduplicationId?: string;
    attributes?: Record<string, MessageAttributeValue>;
  }): Promise<{ messageId: string }>;
  /** Takes up to `max` (1 to 10, default 10) visible messages; they stay invisible for the queue's visibility timeout. */
  receiveMessages(queue: string, max?: number): Promise<ReceivedMessage[]>;
  deleteMessage(queue: string, receiptHandle: string): Promise<void>;
  /** Makes a received message visible `delayMs` from now (whole seconds; 0: at once). */
  changeVisibility(queue: string, receiptHandle: string, delayMs: number): Promise<void>;
  /** Removes every message; once in 60 seconds, as on AWS. */
  purge(queue: string): Promise<void>;
  /** Takes the messages of a dead-letter queue back to where each came from, or to `to`. Resolves once the task is started. */
  redrive(deadLetterQueue: string, options?: { to?: string; messagesPerSecondMax?: number }): Promise<void>;
  /** Every attribute that the queue has, in AWS's names and text. */
  attributes(queue: string): Promise<Record<string, string>>;
  depth(queue: string): Promise<QueueDepth>;
}

/** See {@link SqsHelper}. */
export function createSqsHelper(options: {
  service: Service;
  names: ResourceNames;
  context: () => CallContext;
}): SqsHelper {
  const { service, names, context } = options;
  const urlOf = (queue: string): string => `${context().endpoint}/000000000000/${names.queue(queue)}`;
  const attributesOf = async (queue: string): Promise<Record<string, string>> => {
    const input = { QueueUrl: urlOf(queue), AttributeNames: ["All"] };
    const output = await call<{ Attributes?: Record<string, string> }>(service, "GetQueueAttributes", input, context());
    return output.Attributes ?? {};
  };
  const arnOf = async (queue: string): Promise<string> => (await attributesOf(queue))["QueueArn"] ?? queue;
  return {
    async sendMessage({ queue, body, delaySeconds, groupId, deduplicationId, attributes }) {
      const input = {
        QueueUrl: urlOf(queue),
        MessageBody: body,
        ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
        ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
        ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
        ...(attributes === undefined ? {} : { MessageAttributes: attributes }),
      };
      const output = await call<{ MessageId: string }>(service, "SendMessage", input, context());
      return { messageId: output.MessageId };
    },
    async receiveMessages(queue, max = 10) {
      const input = {
        QueueUrl: urlOf(queue),
        MaxNumberOfMessages: max,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      };
      const output = await call<{ Messages?: WireMessage[] }>(service, "ReceiveMessage", input, context());
      return (output.Messages ?? []).map((message) => ({
        messageId: message.MessageId,
        receiptHandle: message.ReceiptHandle,
        body: message.Body,
        attributes: message.Attributes ?? {},
        messageAttributes: message.MessageAttributes ?? {},
      }));
    },
    async deleteMessage(queue, receiptHandle) {
      await call(service, "DeleteMessage", { QueueUrl: urlOf(queue), ReceiptHandle: receiptHandle }, context());
    },
    async changeVisibility(queue, receiptHandle, delayMs) {
      const input = { QueueUrl: urlOf(queue), ReceiptHandle: receiptHandle, VisibilityTimeout: delayMs / 1000 };
      await call(service, "ChangeMessageVisibility", input, context());
    },
    async purge(queue) {
      await call(service, "PurgeQueue", { QueueUrl: urlOf(queue) }, context());
    },
    async redrive(deadLetterQueue, { to, messagesPerSecondMax } = {}) {
      const input = {
        SourceArn: await arnOf(deadLetterQueue),
        ...(to === undefined ? {} : { DestinationArn: await arnOf(to) }),
        ...(messagesPerSecondMax === undefined ? {} : { MaxNumberOfMessagesPerSecond: messagesPerSecondMax }),
      };
      await call(service, "StartMessageMoveTask", input, context());
    },
    attributes: attributesOf,
    async depth(queue) {
      const counts = await attributesOf(queue);
      return {
        visible: Number(counts["ApproximateNumberOfMessages"]),
        inFlight: Number(counts["ApproximateNumberOfMessagesNotVisible"]),
        delayed: Number(counts["ApproximateNumberOfMessagesDelayed"]),
      };
    },
  };
}

interface WireMessage {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, MessageAttributeValue>;
}
