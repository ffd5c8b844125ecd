/** Message attributes: checking, size, MD5, and the text they are kept as. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
import { createHash } from "node:crypto";
import type { MessageAttributeValue } from "@tripline/kernel";
import { invalidMessageContents, invalidParameterValue, unsupportedOperation } from "./errors.ts";
import { messageAttributesMax } from "./limits.ts";

/** Attributes by name. */
export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

/** What is kept beside a message's body. Binary values as base64. */
interface KeptAttributes {
  user?: Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>;
  traceHeader?: string;
}

/** Control characters and halves of surrogate pairs, mostly. */
const refusedCharacter = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Whether SQS would refuse `text` for what is in it. */
export function hasRefusedCharacter(text: string): boolean {
  return refusedCharacter.test(text);
}

/** Throws InvalidParameterValue where an attribute is none that SQS takes. */
export function checkMessageAttributes(attributes: MessageAttributes, kind: "user" | "system" = "user"): void {
  const names = Object.keys(attributes);
  if (names.length > messageAttributesMax) {
    throw invalidParameterValue(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${messageAttributesMax}].`,
    );
  }
  for (const [name, value] of Object.entries(attributes)) {
    checkName(name);
    checkLists(value);
    if (!value.DataType) {
      throw invalidParameterValue(`The message attribute '${name}' must contain non-empty message attribute type.`);
    }
    const type = value.DataType.split(".", 1)[0] ?? "";
    if (!["String", "Number", "Binary"].includes(type)) {
      throw invalidParameterValue(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const content = type === "Binary" ? value.BinaryValue : value.StringValue;
    if (content === undefined || content.length === 0) {
      throw invalidParameterValue(
        `Message (${kind}) attribute '${name}' must contain a non-empty value of type '${type}'.`,
      );
    }
    if (typeof content === "string" && hasRefusedCharacter(content)) {
      throw invalidParameterValue(invalidMessageContents().message); // AWS: the same text, another code than for a body
    }
    if (type === "Number" && !/^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(String(content))) {
      throw invalidParameterValue(`Can't cast the value of message (${kind}) attribute '${name}' to a number.`);
    }
  }
}

/** In AWS's model, and reserved for the future there. */
function checkLists(
  value: MessageAttributeValue & { StringListValues?: unknown[]; BinaryListValues?: unknown[] },
): void {
  const isEmpty = (list: unknown[] | undefined): boolean => list === undefined || list.length === 0;
  if (isEmpty(value.StringListValues) && isEmpty(value.BinaryListValues)) return;
  throw unsupportedOperation("Message attribute list values in SendMessage operation are not supported.");
}

function checkName(name: string): void {
  const isAllowed = /^[A-Za-z0-9_.-]{1,256}$/.test(name) && !/^\.|\.$|\.\.|^(aws|amazon)\./i.test(name);
  if (isAllowed) return;
  throw invalidParameterValue(
    `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters, must not start or end with a period, and must not start with AWS. or Amazon.`,
  );
}

/** Bytes that count towards a message's size: names, types and values. */
export function measureAttributes(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value.DataType);
    bytes += value.BinaryValue?.byteLength ?? Buffer.byteLength(value.StringValue ?? "");
  }
  return bytes;
}

/** MD5OfMessageAttributes, hex: names in order; each as length and bytes of name, type, a kind byte, length and bytes of the value. */
export function hashAttributes(attributes: MessageAttributes): string {
  const hash = createHash("md5");
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(bytes.byteLength);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).toSorted()) {
    const value = attributes[name];
    if (value === undefined) continue;
    add(Buffer.from(name));
    add(Buffer.from(value.DataType));
    hash.update(value.DataType.startsWith("Binary") ? "\u0002" : "\u0001");
    add(
      value.DataType.startsWith("Binary")
        ? (value.BinaryValue ?? new Uint8Array())
        : Buffer.from(value.StringValue ?? ""),
    );
  }
  return hash.digest("hex");
}

/** The text to keep; undefined where there is nothing to keep. */
export function printAttributes(attributes: MessageAttributes, traceHeader: string | undefined): string | undefined {
  const kept: KeptAttributes = {};
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    kept.user ??= {};
    kept.user[name] = DataType.startsWith("Binary")
      ? { DataType, BinaryValue: Buffer.from(BinaryValue ?? new Uint8Array()).toString("base64") }
      : { DataType, StringValue: StringValue ?? "" };
  }
  if (traceHeader !== undefined) kept.traceHeader = traceHeader;
  return kept.user === undefined && traceHeader === undefined ? undefined : JSON.stringify(kept);
}

/** What {@link printAttributes} was given. */
export function readKeptAttributes(text: string | null): {
  attributes: MessageAttributes;
  traceHeader: string | undefined;
} {
  if (text === null) return { attributes: {}, traceHeader: undefined };
  const kept = JSON.parse(text) as KeptAttributes;
  const attributes: Record<string, MessageAttributeValue> = {};
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(kept.user ?? {})) {
    attributes[name] =
      BinaryValue === undefined
        ? { DataType, StringValue: StringValue ?? "" }
        : { DataType, BinaryValue: Buffer.from(BinaryValue, "base64") };
  }
  return { attributes, traceHeader: kept.traceHeader };
}
