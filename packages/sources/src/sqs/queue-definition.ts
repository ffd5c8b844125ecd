/** What a queue is: kept as a document, read as {@link Queue}. */
import { type Scope, parseArn, toArn } from "@tripline/kernel";
import type { QueueAttributes } from "./queue-attributes.ts";
import type { QueueTags } from "./queue-tags.ts";

/** A queue as it is kept. */
export interface QueueDefinition {
  name: string;
  createdAtMs: number;
  lastModifiedAtMs: number;
  /** What was set, in AWS's names and text; what is absent has its default. */
  attributes: QueueAttributes;
  tags?: QueueTags;
  /** When its last PurgeQueue was. */
  purgedAtMs?: number;
}

/** A queue as the operations use it. Times are milliseconds. */
export interface Queue {
  readonly definition: QueueDefinition;
  readonly name: string;
  readonly arn: string;
  readonly isFifo: boolean;
  readonly delayMs: number;
  readonly visibilityTimeoutMs: number;
  readonly retentionMs: number;
  readonly receiveWaitMs: number;
  readonly messageBytesMax: number;
  readonly hasContentBasedDeduplication: boolean;
  readonly deduplicationScope: "queue" | "messageGroup";
  readonly redrive: RedrivePolicy | undefined;
}

/** A parsed RedrivePolicy. */
export interface RedrivePolicy {
  deadLetterTargetArn: string;
  /** Name of the dead-letter queue. */
  queueName: string;
  maxReceiveCount: number;
}

/** Reads a definition. */
export function toQueue(definition: QueueDefinition, scope: Scope): Queue {
  const { name, attributes } = definition;
  const seconds = (attribute: string, fallback: number): number => Number(attributes[attribute] ?? fallback) * 1000;
  return {
    definition,
    name,
    arn: toArn(scope, "sqs", name),
    isFifo: name.endsWith(".fifo"),
    delayMs: seconds("DelaySeconds", 0),
    visibilityTimeoutMs: seconds("VisibilityTimeout", 30),
    retentionMs: seconds("MessageRetentionPeriod", 345_600),
    receiveWaitMs: seconds("ReceiveMessageWaitTimeSeconds", 0),
    messageBytesMax: Number(attributes["MaximumMessageSize"] ?? 1_048_576),
    hasContentBasedDeduplication: attributes["ContentBasedDeduplication"] === "true",
    deduplicationScope: attributes["DeduplicationScope"] === "messageGroup" ? "messageGroup" : "queue",
    redrive: parseRedrivePolicy(attributes["RedrivePolicy"]),
  };
}

/** Undefined where there is none, or where it is not one that SQS takes. */
export function parseRedrivePolicy(text: string | undefined): RedrivePolicy | undefined {
  const policy = parseJsonObject(text);
  const deadLetterTargetArn = policy?.["deadLetterTargetArn"];
  if (typeof deadLetterTargetArn !== "string") return undefined;
  const queueName = parseArn(deadLetterTargetArn)?.resource;
  if (queueName === undefined) return undefined;
  return { deadLetterTargetArn, queueName, maxReceiveCount: Number(policy?.["maxReceiveCount"] ?? 10) };
}

/** The object in a JSON text; undefined where it holds none. */
export function parseJsonObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined; // the caller answers with AWS's error for it
  }
}
