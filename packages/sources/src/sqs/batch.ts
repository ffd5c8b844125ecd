/** What the three batch operations share: checks of the whole, one result or failure for each entry. */
import { isServiceError, type ServiceError } from "@tripline/kernel";
import { batchEntryIdsNotDistinct, emptyBatchRequest, invalidBatchEntryId, tooManyEntries } from "./errors.ts";
import { batchEntriesMax } from "./limits.ts";

/** Why one entry failed. */
export interface BatchFailure {
  Id: string;
  SenderFault: boolean;
  Code: string;
  Message: string;
}

/** Answer of a batch operation; both lists are always there. */
export interface BatchOutput<Success> {
  Successful: Success[];
  Failed: BatchFailure[];
}

/** Throws where the batch as a whole is refused. `shape`: AWS's name of an entry. */
export function checkBatch(entries: readonly { Id: string }[] | undefined, shape: string): void {
  if (entries === undefined || entries.length === 0) throw emptyBatchRequest(shape);
  if (entries.length > batchEntriesMax) throw tooManyEntries(batchEntriesMax, entries.length);
  const seen = new Set<string>();
  for (const { Id } of entries) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Id)) throw invalidBatchEntryId();
    if (seen.has(Id)) throw batchEntryIdsNotDistinct(Id);
    seen.add(Id);
  }
}

/** What `prepare` makes of each entry; a `ServiceError` becomes a failure of that entry alone. */
export function prepareEntries<Entry extends { Id: string }, Prepared>(
  entries: readonly Entry[],
  prepare: (entry: Entry) => Prepared,
): { ready: { id: string; value: Prepared }[]; failed: BatchFailure[] } {
  const ready: { id: string; value: Prepared }[] = [];
  const failed: BatchFailure[] = [];
  for (const entry of entries) {
    try {
      ready.push({ id: entry.Id, value: prepare(entry) });
    } catch (error) {
      if (!isServiceError(error)) throw error;
      failed.push(toFailure(entry.Id, error));
    }
  }
  return { ready, failed };
}

/** AWS puts the older, query code into a failed entry. */
export function toFailure(id: string, error: ServiceError): BatchFailure {
  return {
    Id: id,
    SenderFault: error.fault === "Sender",
    Code: error.queryCode ?? error.code,
    Message: error.message,
  };
}
