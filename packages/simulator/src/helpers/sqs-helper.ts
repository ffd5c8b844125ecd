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
    async depth(queue) {
      const { Attributes: counts = {} } = await call<{ Attributes?: Record<string, string> }>(
        service,
        "GetQueueAttributes",
        { QueueUrl: urlOf(queue), AttributeNames: ["All"] },
        context(),
      );
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
