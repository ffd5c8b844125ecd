/**
 * What S3 knows of its objects, and the notifications that it still owes: one atomic call each, durable when it resolves.
 *
 * O1. An object and the notifications of its change are kept in one commit, or neither is.
 * O2. Keys are ordered by their UTF-8 bytes; versions of a key from the newest to the oldest.
 * O3. A condition is checked in the same commit as the change that it guards.
 * O4. A version replaces the one of the same id; the newest of a key is its latest. So a bucket without versioning has versions `null`.
 * O5. A body belongs to one version: the blobs that a change leaves without an owner are named in its result, to be removed.
 * O6. A change by anyone but the watched folder that an object has its `origin` from leaves a debt to that folder, in the same commit:
 *     the file there is not what the bucket has, until the debt is settled.
 */

/** One version of an object, or a delete marker. */
export interface StoredObject {
  bucket: string;
  key: string;
  /** `null` where versioning was off or suspended. */
  versionId: string;
  /** It hides what is below it, and has no body. */
  isDeleteMarker?: true;
  /** Bytes. */
  size: number;
  /** MD5 of the body, hex, without quotes; `<md5 of md5s>-<parts>` for one that was uploaded in parts. */
  etag: string;
  /** Epoch milliseconds. */
  lastModifiedMs: number;
  /** Grows with every change of any object; never reused. */
  sequence: number;
  /** The body itself where it is small. Lists leave it out. */
  body?: Uint8Array;
  /** Where the body is: see `BlobStore`. Neither this nor `body`: it lies in parts. */
  blobId?: string;
  /** How many parts the body lies in: see {@link ObjectStore.parts}. */
  partCount?: number;
  /** What else S3 answers with: content type, metadata, checksums. Must survive `JSON.stringify`. */
  attributes: Readonly<Record<string, unknown>>;
  tags?: readonly ObjectTag[];
  /** What a watched folder last saw of the file that this object is. */
  origin?: string;
}

/** A tag of an object, in AWS's own spelling. */
export interface ObjectTag {
  Key: string;
  Value: string;
}

/** A part of a body: a blob of its own. */
export interface ObjectPart {
  /** From 1 to 10,000. */
  number: number;
  /** Bytes. */
  size: number;
  /** MD5, hex. */
  etag: string;
  /** Epoch milliseconds. */
  modifiedMs: number;
  blobId: string;
  /** Base64, by algorithm: `CRC32`. */
  checksums: Readonly<Record<string, string>>;
}

/** A notification that is owed until its target has taken it. */
export interface OwedNotification {
  /** The id of its delivery. */
  id: string;
  /** Must survive `JSON.stringify`. */
  value: unknown;
}

/** A change is made only if the latest version of the key passes; a delete marker counts as none. */
export type ObjectCondition = { absent: true } | { present: true } | { etag: string } | { sequence: number };

/** What a change did: `current` is the latest version that was there before, and still is where the condition failed. */
export interface ObjectChangeResult {
  done: boolean;
  current?: StoredObject;
  /** O5. */
  freedBlobs: string[];
}

/** Options of {@link ObjectStore.put}. */
export interface ObjectPutOptions {
  onlyIf?: ObjectCondition;
  owed: readonly OwedNotification[];
  /** The body is these parts of an upload, in order; the upload ends. Not done where it is no longer there. */
  upload?: { id: string; partNumbers: readonly number[] };
}

/** Which version a change is for. */
export interface VersionAddress {
  bucket: string;
  key: string;
  versionId: string;
}

/** Options of {@link ObjectStore.list}. */
export interface ObjectListOptions {
  prefix: string;
  /** Keys from this one on, inclusive. Append U+0000 to a key to begin after it. */
  from: string;
  max: number;
}

/** Options of {@link ObjectStore.listVersions}. */
export interface VersionListOptions extends ObjectListOptions {
  /** Of the key `from`, only versions older than this sequence. */
  before?: number;
}

/** A version in a list. */
export interface ListedVersion extends StoredObject {
  isLatest: boolean;
}

/** See the module's header. */
export interface ObjectStore {
  put(object: StoredObject, options: ObjectPutOptions): Promise<ObjectChangeResult>;
  /** Removes one version; the next newest becomes the latest. `owed` is kept only where it was there; `removed` is what it was. */
  remove(
    address: VersionAddress & { sequence: number },
    options: { onlyIf?: ObjectCondition; owed: readonly OwedNotification[] },
  ): Promise<ObjectChangeResult & { removed?: StoredObject }>;
  /** Replaces tags or origin of one version (a new origin settles its debt). False where there is none (of that `sequence`), and for delete markers. */
  amend(
    address: VersionAddress & { sequence?: number },
    change: { tags?: readonly ObjectTag[]; origin?: string },
    owed: readonly OwedNotification[],
  ): Promise<boolean>;
  /** A version; without `versionId` the latest, which may be a delete marker. */
  get(bucket: string, key: string, versionId?: string): Promise<StoredObject | undefined>;
  /** Latest versions that are no delete markers. */
  list(bucket: string, options: ObjectListOptions): Promise<StoredObject[]>;
  listVersions(bucket: string, options: VersionListOptions): Promise<ListedVersion[]>;
  /** The parts of the version with that sequence, in order. */
  parts(sequence: number): Promise<ObjectPart[]>;
  /** O6: keys of the bucket, each with the origin of the file that is out of date. */
  folderDebts(bucket: string): Promise<{ key: string; origin: string }[]>;
  settleFolderDebts(bucket: string, keys: readonly string[]): Promise<void>;
  /** The highest sequence that was ever used, 0 at first. */
  lastSequence(): Promise<number>;
  /** Those of `blobIds` that an object, or a part of an upload, refers to. */
  usedBlobs(blobIds: readonly string[]): Promise<string[]>;
  /** Notifications that are still owed, oldest first. */
  owed(): Promise<OwedNotification[]>;
  /** Their targets have them; unknown ids are ignored. */
  settle(ids: readonly string[]): Promise<void>;
}
