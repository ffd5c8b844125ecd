/** From the members of SendMessage (or an entry of SendMessageBatch) to a message for the store: checks, sizes, hashes. Pure. */
import { hash } from "node:crypto";
import type { MessageAttributeValue, NewQueueMessage, SentQueueMessage } from "@tripline/kernel";
import { invalidMessageContents, invalidParameterValue, invalidValue, missingParameter } from "./errors.ts";
import { deduplicationIntervalMs, delaySecondsMax } from "./limits.ts";
import {
  checkMessageAttributes,
  hasRefusedCharacter,
  hashAttributes,
  measureAttributes,
  printAttributes,
} from "./message-attributes.ts";
import type { Queue } from "./queue-definition.ts";

/** Members of SendMessage that make a message. */
export interface MessageInput {
  MessageBody: string;
  DelaySeconds?: number;
  MessageAttributes?: Readonly<Record<string, MessageAttributeValue>>;
  MessageSystemAttributes?: Readonly<Record<string, MessageAttributeValue>>;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
}

/** A message that may be sent, and what the sender is told of it. */
export interface OutgoingMessage {
  message: NewQueueMessage;
  /** Body and attributes. */
  bytes: number;
  md5OfMessageAttributes: string | undefined;
  md5OfMessageSystemAttributes: string | undefined;
}

/** Ids that callers choose: of groups, duplicates and receives. */
export const idPattern: RegExp = /^[!-~]{1,128}$/;
/** Why such an id is refused. */
export const idRule = (parameter: string): string =>
  `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;

/** Checks and completes `input`. Throws the error that SQS would answer with. `messageId`: a new UUID. */
export function toOutgoingMessage(
  queue: Queue,
  input: MessageInput,
  messageId: string,
  nowMs: number,
): OutgoingMessage {
  checkFifoMembers(queue, input);
  const body = input.MessageBody;
  if (!body) throw missingParameter("MessageBody");
  if (hasRefusedCharacter(body)) throw invalidMessageContents();
  const attributes = input.MessageAttributes;
  const system = input.MessageSystemAttributes;
  if (attributes !== undefined) checkMessageAttributes(attributes);
  if (system !== undefined) checkSystemAttributes(system);
  const bytes = Buffer.byteLength(body) + (attributes === undefined ? 0 : measureAttributes(attributes));
  const message: NewQueueMessage = {
    messageId,
    body,
    bodyMd5: hash("md5", body, "hex"),
    sentAtMs: nowMs,
    visibleAtMs: nowMs + toDelayMs(queue, input.DelaySeconds),
  };
  const hasAttributes = attributes !== undefined && Object.keys(attributes).length > 0;
  const kept = printAttributes(attributes ?? {}, system?.["AWSTraceHeader"]?.StringValue);
  if (kept !== undefined) message.attributes = kept;
  if (input.MessageGroupId !== undefined) message.groupId = input.MessageGroupId;
  if (queue.isFifo) addDeduplication(queue, input, message, nowMs);
  return {
    message,
    bytes,
    md5OfMessageAttributes: hasAttributes ? hashAttributes(attributes) : undefined,
    md5OfMessageSystemAttributes:
      system === undefined || Object.keys(system).length === 0 ? undefined : hashAttributes(system),
  };
}

/** A FIFO queue wants a group, and a deduplication id or content to make one from. */
export function checkFifoMembers(queue: Queue, input: MessageInput): void {
  if (queue.isFifo && input.MessageGroupId === undefined) throw missingParameter("MessageGroupId");
  for (const parameter of ["MessageGroupId", "MessageDeduplicationId"] as const) {
    const value = input[parameter];
    if (value !== undefined && !idPattern.test(value)) throw invalidValue(value, parameter, idRule(parameter));
  }
  if (queue.isFifo && input.MessageDeduplicationId === undefined && !queue.hasContentBasedDeduplication) {
    throw invalidParameterValue(
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  }
  if (!queue.isFifo && input.MessageDeduplicationId !== undefined) {
    throw invalidValue(input.MessageDeduplicationId, "MessageDeduplicationId", notForThisQueue);
  }
}

/** Why a parameter is refused that is for queues of the other type. */
export const notForThisQueue = "The request include parameter that is not valid for this queue type.";

function checkSystemAttributes(system: Readonly<Record<string, MessageAttributeValue>>): void {
  for (const name of Object.keys(system)) {
    if (name !== "AWSTraceHeader") throw invalidParameterValue(`Message system attribute name '${name}' is invalid.`);
  }
  checkMessageAttributes(system, "system");
}

function toDelayMs(queue: Queue, delaySeconds: number | undefined): number {
  if (delaySeconds === undefined) return queue.delayMs;
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > delaySecondsMax) {
    throw invalidValue(delaySeconds, "DelaySeconds", `DelaySeconds must be >= 0 and <= ${delaySecondsMax}.`);
  }
  if (!queue.isFifo) return delaySeconds * 1000;
  if (delaySeconds > 0) throw invalidValue(delaySeconds, "DelaySeconds", notForThisQueue);
  return queue.delayMs; // AWS takes a zero, and goes by the queue
}

function addDeduplication(queue: Queue, input: MessageInput, message: NewQueueMessage, nowMs: number): void {
  const id = input.MessageDeduplicationId ?? hash("sha256", message.body, "hex");
  message.deduplicationId = id;
  message.deduplication = {
    id,
    scope: queue.deduplicationScope === "messageGroup" ? (message.groupId ?? "") : "",
    expiresAtMs: nowMs + deduplicationIntervalMs,
  };
}

/** What the sender is told. */
export interface SendResult {
  MessageId: string;
  MD5OfMessageBody: string;
  MD5OfMessageAttributes?: string;
  MD5OfMessageSystemAttributes?: string;
  SequenceNumber?: string;
}

/** The answer for a message that the store has. */
export function toSendResult(queue: Queue, outgoing: OutgoingMessage, sent: SentQueueMessage): SendResult {
  const result: SendResult = { MessageId: sent.messageId, MD5OfMessageBody: outgoing.message.bodyMd5 };
  if (outgoing.md5OfMessageAttributes !== undefined) result.MD5OfMessageAttributes = outgoing.md5OfMessageAttributes;
  if (outgoing.md5OfMessageSystemAttributes !== undefined) {
    result.MD5OfMessageSystemAttributes = outgoing.md5OfMessageSystemAttributes;
  }
  if (queue.isFifo) result.SequenceNumber = toSequenceNumber(sent.sequence);
  return result;
}

/** 20 digits, increasing. */
export function toSequenceNumber(sequence: number): string {
  return `188${String(sequence).padStart(17, "0")}`;
}
