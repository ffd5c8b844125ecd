/**
 * Queue attributes: what may be set, within which bounds, and how they read back.
 *
 * A1. Nothing is set unless all is valid.
 * A2. An empty text removes an attribute of the kinds Policy, RedrivePolicy, RedriveAllowPolicy and KmsMasterKeyId.
 * A3. KMS and SQS-managed encryption exclude each other; they are kept and read back, data at rest is not encrypted.
 *
 * Policy is kept and read back, and not evaluated. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
import { invalidAttributeName, invalidAttributeValue } from "./errors.ts";
import { parseJsonObject } from "./queue-definition.ts";

/** Attributes in AWS's names and text. */
export type QueueAttributes = Readonly<Record<string, string>>;

const ranges: Readonly<Record<string, { min: number; max: number; fallback: string }>> = {
  DelaySeconds: { min: 0, max: 900, fallback: "0" },
  MaximumMessageSize: { min: 1024, max: 1_048_576, fallback: "1048576" },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, fallback: "345600" },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, fallback: "0" },
  VisibilityTimeout: { min: 0, max: 43_200, fallback: "30" },
};
const kmsReuse = { min: 60, max: 86_400, fallback: "300" };
const fifoChoices: Readonly<Record<string, readonly string[]>> = {
  FifoQueue: ["true", "false"],
  ContentBasedDeduplication: ["true", "false"],
  DeduplicationScope: ["queue", "messageGroup"],
  FifoThroughputLimit: ["perQueue", "perMessageGroupId"],
};
const documents = ["Policy", "RedrivePolicy", "RedriveAllowPolicy"];
const computed = [
  "QueueArn",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
];

/** Every name that GetQueueAttributes takes, `All` apart. */
export const readableAttributes: readonly string[] = [
  ...Object.keys(ranges),
  ...Object.keys(fifoChoices),
  ...documents,
  ...computed,
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "SqsManagedSseEnabled",
];

/** What `before` becomes when `given` is set (A1). Throws InvalidAttributeName or InvalidAttributeValue. */
export function setAttributes(before: QueueAttributes, input: QueueAttributes, isFifo: boolean): QueueAttributes {
  const given = normaliseAttributes(input);
  const after: Record<string, string> = { ...before };
  for (const [name, value] of Object.entries(given)) {
    checkAttribute(name, value, isFifo);
    if (value === "") delete after[name]; // A2
    else after[name] = /^\d+$/.test(value) ? String(Number(value)) : value;
  }
  const turnsOn = (name: string, off: string): boolean => (given[name] ?? off) !== off;
  if (turnsOn("KmsMasterKeyId", "") && given["SqsManagedSseEnabled"] === "true") throw bothEncryptions(); // A3
  if (turnsOn("KmsMasterKeyId", "")) after["SqsManagedSseEnabled"] = "false"; // and it stays so when the key is taken away
  if (given["SqsManagedSseEnabled"] === "true") {
    delete after["KmsMasterKeyId"];
    delete after["KmsDataKeyReusePeriodSeconds"];
  }
  if (after["FifoThroughputLimit"] === "perMessageGroupId" && after["DeduplicationScope"] !== "messageGroup") {
    throw invalidAttributeValue("FifoThroughputLimit", "DeduplicationScope must be messageGroup.");
  }
  return after;
}

/** AWS takes `True` for `true`. */
export function normaliseAttributes(attributes: QueueAttributes): QueueAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      /^(true|false)$/i.test(value) ? value.toLowerCase() : value,
    ]),
  );
}

function bothEncryptions(): Error {
  return invalidAttributeName(
    "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
  );
}

function checkAttribute(name: string, value: string, isFifo: boolean): void {
  const range = ranges[name] ?? (name === "KmsDataKeyReusePeriodSeconds" ? kmsReuse : undefined);
  if (range !== undefined) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < range.min || number > range.max) throw invalidAttributeValue(name);
    return;
  }
  const choices = fifoChoices[name];
  if (choices !== undefined) {
    if (!isFifo) throw notFifo(name);
    if (!choices.includes(value)) throw invalidAttributeValue(name);
    if (name === "FifoQueue" && value !== "true") {
      throw invalidAttributeValue(name, "Modifying queue type is not supported.");
    }
    return;
  }
  if (documents.includes(name)) {
    if (value !== "" && parseJsonObject(value) === undefined) throw invalidAttributeValue(name);
    return;
  }
  if (name === "SqsManagedSseEnabled") {
    if (value !== "true" && value !== "false") throw invalidAttributeValue(name);
    return;
  }
  if (name !== "KmsMasterKeyId") throw unknownAttribute(name);
}

function notFifo(name: string): Error {
  return name === "DeduplicationScope" || name === "FifoThroughputLimit"
    ? invalidAttributeName(`You can specify the ${name} only when FifoQueue is set to true.`)
    : unknownAttribute(name);
}

/** 400 InvalidAttributeName. */
export function unknownAttribute(name: string): Error {
  return invalidAttributeName(`Unknown Attribute ${name}.`);
}

/** Everything that was set or has a default, as AWS reads it back; counts and times apart. */
export function readAttributes(set: QueueAttributes, isFifo: boolean): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, { fallback }] of Object.entries(ranges)) all[name] = fallback;
  if (isFifo) {
    Object.assign(all, {
      FifoQueue: "true",
      ContentBasedDeduplication: "false",
      DeduplicationScope: "queue",
      FifoThroughputLimit: "perQueue",
    });
  }
  const usesKms = set["KmsMasterKeyId"] !== undefined;
  all["SqsManagedSseEnabled"] = usesKms ? "false" : "true";
  if (usesKms) all["KmsDataKeyReusePeriodSeconds"] = kmsReuse.fallback;
  Object.assign(all, set);
  if (!usesKms) delete all["KmsDataKeyReusePeriodSeconds"];
  return all;
}
