/**
 * The way of every write: what there is, what becomes of it, and what follows, in one commit.
 *
 * P1. An item, its index entries and its stream record are one commit; what `decide` says rests on the item as it stands there.
 * P2. A write that changes nothing leaves no stream record.
 * P3. In a transaction every action is decided before any is refused; its error tells the reason of each.
 * P4. Every thousand records or so, a shard is relieved of those that are past their retention.
 */
import {
  type ChangeToken,
  isServiceError,
  type ItemWrite,
  type NewShardRecord,
  ServiceError,
  type StoredItem,
} from "@tripline/kernel";
import { resourceNotFound, transactionCanceled, validation } from "./errors.ts";
import type { DynamoHouse } from "./house.ts";
import { entryChanges } from "./index-entries.ts";
import { itemBytesMax, streamRetentionMs } from "./limits.ts";
import { toRecordData } from "./streams/record-text.ts";
import { addressOf, keyOf, type Table } from "./table.ts";
import { areSameItems, type Item, itemBytes } from "./values/attribute-value.ts";
import { parseItemText, toItemText } from "./values/item-text.ts";

/** One write. */
export interface WriteRequest {
  table: Table;
  /** With the key, checked. */
  key: Item;
  /**
   * The item afterwards: undefined where there is none, `"kept"` where nothing is written. May throw. `before` is read only where it is
   * called.
   */
  decide(before: () => Item | undefined): Item | "kept" | undefined;
  /** Of an update: another text where the item grows too large. */
  isUpdate?: boolean;
  isExpiry?: boolean;
}

/** What a write did. */
export interface WriteOutcome {
  table: Table;
  before: () => Item | undefined;
  after: Item | undefined;
  beforeBytes: number;
  afterBytes: number;
}

const trimMax = 10_000;

/** In the order of `requests`; undefined: the transaction of `token` was done before. */
export async function writeItems(
  house: DynamoHouse,
  requests: readonly WriteRequest[],
  options: { isTransaction?: boolean; token?: ChangeToken } = {},
): Promise<WriteOutcome[] | undefined> {
  const { items, streams, tables, clock, sweeper } = house;
  for (const { table } of requests) if (table.streamArn !== undefined) await streams.roll(table.streamArn);
  const nowMs = clock.now();
  const written = new Map<string, number>();
  const outcome = await items.change(
    requests.map(({ table, key }) => addressOf(table, key)),
    (found) => {
      const writes: ItemWrite[] = [];
      const records: NewShardRecord[] = [];
      const errors: (Error | undefined)[] = [];
      const result: WriteOutcome[] = [];
      for (const [at, request] of requests.entries()) {
        try {
          const table = tables.get(request.table.name);
          if (table?.id !== request.table.id) throw resourceNotFound();
          const decided = decideOne(table, request, found[at]);
          result.push(decided.outcome);
          if (decided.write === undefined) continue;
          writes.push(decided.write);
          const target = table.streamArn === undefined ? undefined : streams.target(table.streamArn);
          const record = target === undefined ? undefined : decided.change();
          if (target === undefined || record === undefined) continue;
          written.set(target.stream.arn, target.shard.log);
          records.push({
            shard: target.shard.log,
            partitionKey: toItemText(keyOf(table.key, request.key)),
            data: toRecordData(target.stream, record),
            arrivedAtMs: nowMs,
          });
        } catch (error) {
          if (options.isTransaction !== true || !isServiceError(error)) throw error;
          errors[at] = error;
        }
      }
      if (errors.length > 0) throw transactionCanceled(requests.map((_, at) => errors[at])); // P3
      return { writes, records, result };
    },
    options.token,
  );
  if ("repeated" in outcome) {
    if (outcome.repeated === "same") return undefined;
    throw new ServiceError(
      "IdempotentParameterMismatchException",
      "Request parameters do not match the parameters for the same token provided previously",
    );
  }
  for (const [arn, log] of written) {
    streams.watchers.changed(arn);
    trim(house, log, nowMs);
  }
  for (const { table, after } of outcome.result) sweeper.saw(table, after);
  return outcome.result;
}

interface Decided {
  outcome: WriteOutcome;
  write: ItemWrite | undefined;
  /** What the stream is told; undefined: nothing (P2). */
  change(): { before: Item | undefined; after: Item | undefined; isExpiry: boolean } | undefined;
}

function decideOne(table: Table, request: WriteRequest, stored: StoredItem | undefined): Decided {
  let parsed: Item | undefined;
  const before = (): Item | undefined => {
    if (stored !== undefined) parsed ??= parseItemText(stored.text);
    return parsed;
  };
  const after = request.decide(before);
  const beforeBytes = stored?.bytes ?? 0;
  if (after === "kept") {
    const outcome: WriteOutcome = { table, before, after: before(), beforeBytes, afterBytes: beforeBytes };
    return { outcome, write: undefined, change: () => undefined };
  }
  const afterBytes = after === undefined ? 0 : itemBytes(after);
  if (afterBytes > itemBytesMax) {
    throw validation(
      request.isUpdate === true
        ? "Item size to update has exceeded the maximum allowed size"
        : "Item size has exceeded the maximum allowed size",
    );
  }
  const item = after === undefined ? undefined : { text: toItemText(after), bytes: afterBytes };
  const isPlain = table.indexes.length === 0 && table.ttl === undefined;
  const changes = isPlain ? { removed: [], added: [] } : entryChanges(table, before(), after);
  return {
    outcome: { table, before, after, beforeBytes, afterBytes },
    write: { address: addressOf(table, request.key), before: stored, item, ...changes },
    change() {
      const [old, now] = [before(), after];
      if (old === undefined ? now === undefined : now !== undefined && areSameItems(old, now)) return undefined; // P2
      return { before: old, after: now, isExpiry: request.isExpiry === true };
    },
  };
}

/** P4. */
function trim({ activity, logs, rng }: DynamoHouse, log: number, nowMs: number): void {
  if (rng.below(1_000) > 0) return;
  void activity.track("old records of a stream", () => logs.trim(log, nowMs - streamRetentionMs, trimMax));
}
