/** A stored message as ReceiveMessage answers with it, and as a Lambda event carries it. */
import type { QueueMessage, StoredQueueMessage } from "@tripline/kernel";
import { hashAttributes, type MessageAttributes, readKeptAttributes } from "./message-attributes.ts";
import { toSequenceNumber } from "./outgoing-message.ts";
import type { Queue } from "./queue-definition.ts";
import { toReceiptHandle } from "./receipt-handle.ts";

/** One message of ReceiveMessage. */
export interface ReceivedMessage {
  MessageId: string;
  ReceiptHandle: string;
  MD5OfBody: string;
  Body: string;
  Attributes?: Record<string, string>;
  MD5OfMessageAttributes?: string;
  MessageAttributes?: MessageAttributes;
}

/** Which attributes were asked for: names, `All`, and for message attributes also prefixes such as `order.*`. */
export interface WantedAttributes {
  system: readonly string[];
  message: readonly string[];
}

/** `senderId`: the account. */
export function toReceivedMessage(
  queue: Queue,
  stored: StoredQueueMessage,
  wanted: WantedAttributes,
  senderId: string,
): ReceivedMessage {
  const message: ReceivedMessage = {
    MessageId: stored.messageId,
    ReceiptHandle: toReceiptHandle(queue.name, stored),
    MD5OfBody: stored.bodyMd5,
    Body: stored.body,
  };
  if (wanted.system.length === 0 && wanted.message.length === 0) return message;
  const { attributes, traceHeader } = readKeptAttributes(stored.attributes);
  const system = pick(
    toSystemAttributes(queue, stored, traceHeader, senderId),
    (name) => wanted.system.includes("All") || wanted.system.includes(name),
  );
  if (system !== undefined) message.Attributes = system;
  const user = pick(attributes, (name) => wanted.message.some((want) => isWanted(want, name)));
  if (user !== undefined) {
    message.MD5OfMessageAttributes = hashAttributes(user);
    message.MessageAttributes = user;
  }
  return message;
}

function isWanted(want: string, name: string): boolean {
  if (want === "All" || want === "*" || want === ".*" || want === name) return true;
  return want.endsWith(".*") && name.startsWith(want.slice(0, -2));
}

/** Undefined where nothing is picked: AWS leaves an empty map out. */
function pick<T>(all: Readonly<Record<string, T>>, isPicked: (name: string) => boolean): Record<string, T> | undefined {
  const entries = Object.entries(all).filter(([name]) => isPicked(name));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function toSystemAttributes(
  queue: Queue,
  stored: StoredQueueMessage,
  traceHeader: string | undefined,
  senderId: string,
): Record<string, string> {
  const attributes: Record<string, string> = { ApproximateReceiveCount: String(stored.receiveCount) };
  if (traceHeader !== undefined) attributes["AWSTraceHeader"] = traceHeader;
  attributes["SentTimestamp"] = String(stored.sentAtMs);
  if (queue.isFifo) attributes["SequenceNumber"] = toSequenceNumber(stored.sequence);
  if (stored.groupId !== null) attributes["MessageGroupId"] = stored.groupId;
  attributes["SenderId"] = senderId;
  if (stored.deduplicationId !== null) attributes["MessageDeduplicationId"] = stored.deduplicationId;
  attributes["ApproximateFirstReceiveTimestamp"] = String(stored.firstReceivedAtMs);
  if (stored.deadLetterSource !== null) attributes["DeadLetterQueueSourceArn"] = stored.deadLetterSource;
  return attributes;
}

/** What a mapping takes from the queue. `region` and `senderId` go into the event record. */
export function toQueueMessage(
  queue: Queue,
  stored: StoredQueueMessage,
  region: string,
  senderId: string,
): QueueMessage {
  const message: QueueMessage = {
    messageId: stored.messageId,
    receiptHandle: toReceiptHandle(queue.name, stored),
    body: stored.body,
    sentAtMs: stored.sentAtMs,
    receiveCount: stored.receiveCount,
    toEventRecord() {
      const { attributes, traceHeader } = readKeptAttributes(stored.attributes);
      return {
        messageId: stored.messageId,
        receiptHandle: message.receiptHandle,
        body: stored.body,
        attributes: toSystemAttributes(queue, stored, traceHeader, senderId),
        messageAttributes: toEventAttributes(attributes),
        ...(Object.keys(attributes).length === 0 ? {} : { md5OfMessageAttributes: hashAttributes(attributes) }),
        md5OfBody: stored.bodyMd5,
        eventSource: "aws:sqs",
        eventSourceARN: queue.arn,
        awsRegion: region,
      };
    },
  };
  if (queue.isFifo && stored.groupId !== null) message.messageGroupId = stored.groupId;
  return message;
}

/** Lambda spells message attributes in lower camel case, with two lists that are always empty. */
function toEventAttributes(attributes: MessageAttributes): Record<string, unknown> {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    {
      ...(BinaryValue === undefined
        ? { stringValue: StringValue ?? "" }
        : { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
      stringListValues: [],
      binaryListValues: [],
      dataType: DataType,
    },
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}
