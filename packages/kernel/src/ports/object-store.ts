/**
 * What S3 knows of its objects, and the notifications that it still owes: one atomic call each, durable when it resolves.
 *
 * O1. An object and the notifications of its change are kept in one commit, or neither is.
 * O2. Keys are ordered by their UTF-8 bytes.
 * O3. A condition is checked in the same commit as the change that it guards.
 */

/** One object, without its body. */
export interface StoredObject {
  bucket: string;
  key: string;
  /** Bytes. */
  size: number;
  /** MD5 of the body, hex, without quotes. */
  etag: string;
  /** Epoch milliseconds. */
  lastModifiedMs: number;
  /** Grows with every change of any object; never reused. */
  sequence: number;
  /** Where the body is: see `BlobStore`. */
  blobId: string;
  /** What else S3 answers with: content type, metadata, checksums. Must survive `JSON.stringify`. */
  attributes: Readonly<Record<string, unknown>>;
  /** What a watched folder last saw of the file that this object is. */
  origin?: string;
}

/** A notification that is owed until its target has taken it. */
export interface OwedNotification {
  /** The id of its delivery. */
  id: string;
  /** Must survive `JSON.stringify`. */
  value: unknown;
}

/** A change is made only if the object that is there now passes. */
export type ObjectCondition = { absent: true } | { etag: string };

/** What {@link ObjectStore.put} did: `current` is what was there before, and still is where the condition failed. */
export interface ObjectPutResult {
  done: boolean;
  current?: StoredObject;
}

/** Options of {@link ObjectStore.list}. */
export interface ObjectListOptions {
  prefix: string;
  /** Keys from this one on, inclusive. Append U+0000 to a key to begin after it. */
  from: string;
  max: number;
}

/** See the module's header. */
export interface ObjectStore {
  put(
    object: StoredObject,
    options: { onlyIf?: ObjectCondition; owed: readonly OwedNotification[] },
  ): Promise<ObjectPutResult>;
  /** What was there. `owed` is kept only where something was. */
  delete(
    address: { bucket: string; key: string; sequence: number },
    owed: readonly OwedNotification[],
  ): Promise<StoredObject | undefined>;
  get(bucket: string, key: string): Promise<StoredObject | undefined>;
  list(bucket: string, options: ObjectListOptions): Promise<StoredObject[]>;
  /** The highest sequence that was ever used, 0 at first. */
  lastSequence(): Promise<number>;
  /** Those of `blobIds` that an object refers to. */
  usedBlobs(blobIds: readonly string[]): Promise<string[]>;
  /** Notifications that are still owed, oldest first. */
  owed(): Promise<OwedNotification[]>;
  /** Their targets have them; unknown ids are ignored. */
  settle(ids: readonly string[]): Promise<void>;
}
