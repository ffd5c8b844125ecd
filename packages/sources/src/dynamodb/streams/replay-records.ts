/**
 * Appends recorded stream records to the stream of a table here; its items stay as they are.
 *
 * E1. Keys, images, event name and user identity are the recorded ones; the sequence number, the id and the moment are new, and the view
 *     type is that of the stream here.
 */
import { itemBytes } from "../values/attribute-value.ts";
import { parseItemText } from "../values/item-text.ts";
import { validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";
import type { StreamEventName } from "./record-text.ts";
import { toStoredData } from "./record-text.ts";

/** Attributes as an event has them: `{ "id": { "S": "1" } }`, binary values in base64. */
export type RecordedItem = Record<string, unknown>;

/** A record of a Lambda event, of which the rest is left out. */
export interface RecordedChange {
  eventName: StreamEventName;
  keys: RecordedItem;
  newImage?: RecordedItem;
  oldImage?: RecordedItem;
  /** Its `userIdentity` was DynamoDB's own: the item had expired. */
  isExpiry: boolean;
}

/** In order. Throws ResourceNotFoundException; ValidationException where the table has no stream that is on. */
export async function replayRecords(
  house: DynamoHouse,
  tableName: string,
  changes: readonly RecordedChange[],
): Promise<void> {
  const { tables, streams, logs, clock } = house;
  const { streamArn } = tables.resolve(tableName);
  if (streamArn !== undefined) await streams.roll(streamArn);
  const target = streamArn === undefined ? undefined : streams.target(streamArn);
  if (target === undefined) throw validation(`Table ${tableName} has no stream that is enabled`);
  await logs.append(
    changes.map((change) => ({
      shard: target.shard.log,
      partitionKey: JSON.stringify(change.keys),
      data: toData(change),
      arrivedAtMs: clock.now(),
    })),
  );
  streams.watchers.changed(target.stream.arn);
}

function toData({ eventName, keys, newImage, oldImage, isExpiry }: RecordedChange): Uint8Array {
  const members: [string, RecordedItem | undefined][] = [
    ["Keys", keys],
    ["NewImage", newImage],
    ["OldImage", oldImage],
  ];
  const given = members.flatMap(([name, item]) => (item === undefined ? [] : [{ name, text: JSON.stringify(item) }]));
  const bytes = given.reduce((sum, { text }) => sum + itemBytes(parseItemText(text)), 0);
  const fragment = given.map(({ name, text }) => `"${name}":${text}`).join(",");
  return toStoredData({ name: eventName, bytes, isExpiry, fragment });
}
