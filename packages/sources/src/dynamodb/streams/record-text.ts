/**
 * Stream records, as they are stored and as Lambda and GetRecords give them. What is stored is a line of facts and the JSON of the images
 * as the event has it, so that an event is put together without reading either.
 */
import type { ShardRecord } from "@tripline/kernel";
import type { Item } from "../values/attribute-value.ts";
import { itemBytes } from "../values/attribute-value.ts";
import { parseItemText, toItemText } from "../values/item-text.ts";
import { keyOf } from "../table.ts";
import { type StreamShardRecord, type TableStream, toEventId, toSequenceNumber } from "./table-stream.ts";

export type StreamEventName = "INSERT" | "MODIFY" | "REMOVE";

/** A change of one item. */
export interface ItemChangeFacts {
  before: Item | undefined;
  after: Item | undefined;
  /** The service removed it, since it had expired. */
  isExpiry: boolean;
}

/** The data of a record. */
export function toRecordData({ key, viewType }: TableStream, change: ItemChangeFacts): Uint8Array {
  const { before, after, isExpiry } = change;
  const name: StreamEventName = after === undefined ? "REMOVE" : before === undefined ? "INSERT" : "MODIFY";
  const keys = keyOf(key, after ?? before ?? {});
  const fragment = [`"Keys":${toItemText(keys)}`];
  let bytes = itemBytes(keys);
  const add = (member: "NewImage" | "OldImage", image: Item | undefined): void => {
    if (image === undefined) return;
    bytes += itemBytes(image);
    fragment.push(`"${member}":${toItemText(image)}`);
  };
  if (viewType === "NEW_IMAGE" || viewType === "NEW_AND_OLD_IMAGES") add("NewImage", after);
  if (viewType === "OLD_IMAGE" || viewType === "NEW_AND_OLD_IMAGES") add("OldImage", before);
  return toStoredData({ name, bytes, isExpiry, fragment: fragment.join(",") });
}

/** `fragment`: `"Keys":{…},"NewImage":{…},"OldImage":{…}`, those that there are. */
export function toStoredData({
  name,
  bytes,
  isExpiry,
  fragment,
}: Pick<RecordParts, "name" | "bytes" | "isExpiry" | "fragment">): Uint8Array {
  return Buffer.from(`${name} ${bytes} ${isExpiry ? "expiry" : "user"}\n${fragment}`);
}

interface RecordParts {
  eventId: string;
  name: StreamEventName;
  bytes: number;
  isExpiry: boolean;
  fragment: string;
  sequenceNumber: string;
  seconds: number;
}

function toParts(stream: TableStream, shard: StreamShardRecord, record: ShardRecord): RecordParts {
  const text = Buffer.from(record.data.buffer, record.data.byteOffset, record.data.byteLength).toString();
  const line = text.indexOf("\n");
  const [name = "", bytes = "0", by = ""] = text.slice(0, line).split(" ");
  const sequenceNumber = toSequenceNumber(shard, record.position);
  return {
    eventId: toEventId(stream.arn, sequenceNumber),
    name: name as StreamEventName,
    bytes: Number(bytes),
    isExpiry: by === "expiry",
    fragment: text.slice(line + 1),
    sequenceNumber,
    seconds: Math.floor(record.arrivedAtMs / 1_000),
  };
}

/** As one element of a Lambda event's `Records`. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export function toLambdaRecord(
  stream: TableStream,
  region: string,
  shard: StreamShardRecord,
  record: ShardRecord,
): { eventId: string; text: string } {
  const parts = toParts(stream, shard, record);
  const identity = parts.isExpiry ? `"userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},` : "";
  return {
    eventId: parts.eventId,
    text: `{"eventID":"${parts.eventId}","eventName":"${parts.name}","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"${region}","dynamodb":{"ApproximateCreationDateTime":${parts.seconds},${parts.fragment},"SequenceNumber":"${parts.sequenceNumber}","SizeBytes":${parts.bytes},"StreamViewType":"${stream.viewType}"},${identity}"eventSourceARN":"${stream.arn}"}`,
  };
}

/** As GetRecords gives it. */
export function toApiRecord(
  stream: TableStream,
  region: string,
  shard: StreamShardRecord,
  record: ShardRecord,
): Record<string, unknown> {
  const parts = toParts(stream, shard, record);
  const images = JSON.parse(`{${parts.fragment}}`) as Record<string, Item>;
  const revived = Object.fromEntries(
    Object.entries(images).map(([name, image]) => [name, parseItemText(JSON.stringify(image))]),
  );
  return {
    eventID: parts.eventId,
    eventName: parts.name,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: new Date(parts.seconds * 1_000),
      ...revived,
      SequenceNumber: parts.sequenceNumber,
      SizeBytes: parts.bytes,
      StreamViewType: stream.viewType,
    },
    ...(parts.isExpiry ? { userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" } } : {}),
  };
}
