/**
 * Changes objects: the one way for the API, for watched folders and for lifecycle rules.
 *
 * W1. The body is stored first; then the object and its notifications in one commit; then the blobs that nobody refers to are removed.
 * W2. Sequences are taken as changes are handed to the store, so that they order the changes of a key as the store did.
 * W3. With versioning on, a put adds a version and a delete a marker; suspended, they replace the version `null`; without it there is
 *     no other version. https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
 * W4. Whoever follows changes (a watched folder) is told after the commit.
 */
import {
  type Activity,
  type BlobBody,
  type BlobStore,
  type Clock,
  type ObjectCondition,
  type ObjectStore,
  type ObjectTag,
  type OwedNotification,
  type Rng,
  type Scope,
  type StoredObject,
  toBucketArn,
  type UploadStore,
} from "@tripline/kernel";
import { takeBody, type TakenBody } from "./body-intake.ts";
import type { Bucket } from "./bucket-registry.ts";
import type { ChecksumAlgorithm } from "@tripline/kernel/checksums";
import { writeConditionFailed } from "./conditions.ts";
import { noSuchUpload } from "./errors.ts";
import { s3Limits } from "./limits.ts";
import { matchNotifications } from "./notification-match.ts";
import type { KeptNotification, Notifier } from "./notifier.ts";
import { markerEtag, type ObjectChange, type ObjectEventName, toObjectEvent } from "./object-event.ts";
import { newVersionId, nullVersion } from "./version-id.ts";

/** Who changes an object. */
export interface Changer {
  requestId: string;
  sourceIp: string;
  parentId?: string;
}

/** An upload. */
export interface ObjectUpload {
  bucket: Bucket;
  key: string;
  body: BlobBody;
  /** Asked for once the body has been read: checksums come at its end. */
  attributes: (taken: TakenBody) => Readonly<Record<string, unknown>>;
  eventName: ObjectEventName;
  onlyIf?: ObjectCondition;
  /** Bytes; another length is refused. */
  length?: number;
  /** MD5 of the body, hex; another is refused. */
  md5?: string;
  /** Bytes; smaller and larger bodies are refused. */
  sizeRange?: { min: number; max: number };
  /** The checksum that must be the body's, base64, of `algorithm`. */
  checksum?: string;
  /** A checksum that is to be computed. */
  algorithm?: ChecksumAlgorithm;
  tags?: readonly ObjectTag[];
  origin?: string;
}

/** An upload whose parts are stored already. */
export interface ObjectCompletion {
  bucket: Bucket;
  key: string;
  upload: { id: string; partNumbers: readonly number[] };
  size: number;
  etag: string;
  attributes: Readonly<Record<string, unknown>>;
  onlyIf?: ObjectCondition;
  tags?: readonly ObjectTag[];
}

/** A deletion. */
export interface ObjectRemoval {
  bucket: Bucket;
  key: string;
  /** Only this version, for good. */
  versionId?: string;
  onlyIf?: ObjectCondition;
  /** A lifecycle rule deletes. */
  isExpired?: boolean;
}

/** What a deletion did. */
export interface RemovalResult {
  /** The version that is gone, or the marker that was made. */
  versionId?: string;
  /** A marker was made, or removed. */
  isDeleteMarker: boolean;
}

/** Hears of changes of a bucket's keys. */
export type ChangeListener = (bucket: string, key: string, origin: string | undefined) => void;

/** See the module's header. */
export interface ObjectWriter {
  start(): Promise<void>;
  /** Whether a body was stored by this run. */
  isNew(blobId: string): boolean;
  newBlobId(): string;
  put(upload: ObjectUpload, by: Changer): Promise<StoredObject>;
  complete(completion: ObjectCompletion, by: Changer): Promise<StoredObject>;
  delete(removal: ObjectRemoval, by: Changer): Promise<RemovalResult>;
  /** Replaces the tags of a version. Whether it is still there. */
  tag(
    bucket: Bucket,
    object: StoredObject,
    tags: readonly ObjectTag[],
    eventName: ObjectEventName,
    by: Changer,
  ): Promise<boolean>;
  /** W4. Returns the end of it. */
  follow(listener: ChangeListener): () => void;
}

/** Options of {@link createObjectWriter}. */
export interface ObjectWriterOptions {
  clock: Clock;
  rng: Rng;
  activity: Activity;
  scope: Scope;
  objects: ObjectStore;
  blobs: BlobStore;
  notifier: Notifier;
  uploads: UploadStore;
}

/** See the module's header. */
export function createObjectWriter(options: ObjectWriterOptions): ObjectWriter {
  const { clock, rng, activity, scope, objects, blobs, notifier } = options;
  const listeners = new Set<ChangeListener>();
  let sequence = 0;
  let firstSequence = 0;
  let blobsMade = 0;
  const nextSequence = (): number => (sequence = Math.max(sequence + 1, clock.now() * 1024));
  const newBlobId = (): string => `${nextSequence().toString(36)}-${(blobsMade++).toString(36).padStart(2, "0")}`;
  const tell = (bucket: Bucket, key: string, origin?: string): void => {
    for (const listener of listeners) listener(bucket.name, key, origin);
  };

  const owe = (
    bucket: Bucket,
    what: Pick<ObjectChange, "eventName" | "key" | "atMs"> & Partial<ObjectChange>,
    by: Changer,
  ): OwedNotification[] =>
    matchNotifications(bucket.notifications, what.eventName, what.key).map((notification) => {
      const { requestId, sourceIp, parentId } = by;
      const change: ObjectChange = { bucket: bucket.name, region: scope.region, requestId, sourceIp, ...what };
      const value: KeptNotification = {
        targetArn: notification.targetArn,
        sourceArn: toBucketArn(bucket.name),
        ...(parentId === undefined ? {} : { parentId }),
        body: toObjectEvent(change, notification.id),
        atMs: change.atMs,
      };
      return { id: rng.uuid(), value };
    });
  const forget = async (blobIds: readonly string[]): Promise<void> => {
    if (blobIds.length > 0) await blobs.delete(blobIds); // W1
  };
  const versionFor = (bucket: Bucket, ofSequence: number): string =>
    bucket.versioning === "Enabled" ? newVersionId(ofSequence, rng) : nullVersion; // W3

  /** Keeps an object whose body is stored. Throws where its condition fails, or its upload is gone. */
  const keep = async (
    bucket: Bucket,
    draft: Omit<StoredObject, "bucket" | "versionId" | "sequence" | "lastModifiedMs">,
    more: {
      eventName: ObjectEventName;
      onlyIf?: ObjectCondition | undefined;
      upload?: { id: string; partNumbers: readonly number[] };
    },
    by: Changer,
  ): Promise<StoredObject> => {
    const { key, size, etag } = draft;
    const atMs = clock.now();
    const itsSequence = nextSequence(); // W2
    const versionId = versionFor(bucket, itsSequence);
    const object: StoredObject = {
      ...draft,
      bucket: bucket.name,
      versionId,
      sequence: itsSequence,
      lastModifiedMs: atMs,
    };
    const ofVersion = versionId === nullVersion ? {} : { versionId };
    const { eventName, onlyIf, upload } = more;
    const owed = owe(bucket, { eventName, key, atMs, sequence: itsSequence, size, etag, ...ofVersion }, by);
    const { done, current, freedBlobs } = await objects.put(object, {
      owed,
      ...(onlyIf === undefined ? {} : { onlyIf }),
      ...(upload === undefined ? {} : { upload }),
    });
    if (!done) {
      await forget(object.blobId === undefined ? [] : [object.blobId]);
      if (onlyIf !== undefined && !(await isUploadGone(upload))) throw writeConditionFailed(key, onlyIf, current);
      throw noSuchUpload(upload?.id ?? "");
    }
    notifier.send(owed);
    tell(bucket, key, object.origin);
    await forget(freedBlobs);
    return object;
  };
  /** A condition and an upload both may be why nothing was done: the upload goes first. */
  const isUploadGone = async (upload: { id: string } | undefined): Promise<boolean> =>
    upload !== undefined && (await options.uploads.get(upload.id)) === undefined;

  const put = async (upload: ObjectUpload, by: Changer): Promise<StoredObject> => {
    const taken = await takeBody({
      blobs,
      newBlobId,
      body: upload.body,
      bytesMin: upload.sizeRange?.min ?? 0,
      bytesMax: Math.min(s3Limits.putBytesMax, upload.sizeRange?.max ?? Infinity),
      keepsSmall: true,
      ...(upload.checksum === undefined ? {} : { expected: upload.checksum }),
      ...(upload.length === undefined ? {} : { length: upload.length }),
      ...(upload.md5 === undefined ? {} : { md5: upload.md5 }),
      ...(upload.algorithm === undefined ? {} : { algorithm: upload.algorithm }),
    });
    const draft = {
      key: upload.key,
      size: taken.size,
      etag: taken.md5,
      attributes: upload.attributes(taken),
      ...(taken.body === undefined ? {} : { body: taken.body }),
      ...(taken.blobId === undefined ? {} : { blobId: taken.blobId }),
      ...(upload.tags === undefined || upload.tags.length === 0 ? {} : { tags: upload.tags }),
      ...(upload.origin === undefined ? {} : { origin: upload.origin }),
    };
    return keep(upload.bucket, draft, { eventName: upload.eventName, onlyIf: upload.onlyIf }, by);
  };

  const complete = (completion: ObjectCompletion, by: Changer): Promise<StoredObject> => {
    const { bucket, key, size, etag, attributes, tags, upload, onlyIf } = completion;
    const draft = {
      key,
      size,
      etag,
      attributes,
      partCount: upload.partNumbers.length,
      ...(tags === undefined || tags.length === 0 ? {} : { tags }),
    };
    return keep(bucket, draft, { eventName: "ObjectCreated:CompleteMultipartUpload", onlyIf, upload }, by);
  };

  const mark = async (removal: ObjectRemoval, by: Changer): Promise<RemovalResult> => {
    const { bucket, key, onlyIf, isExpired } = removal;
    const atMs = clock.now();
    const itsSequence = nextSequence();
    const versionId = versionFor(bucket, itsSequence);
    const eventName =
      isExpired === true ? "LifecycleExpiration:DeleteMarkerCreated" : "ObjectRemoved:DeleteMarkerCreated";
    const owed = owe(bucket, { eventName, key, atMs, sequence: itsSequence, etag: markerEtag, versionId }, by);
    const marker: StoredObject = {
      bucket: bucket.name,
      key,
      versionId,
      isDeleteMarker: true,
      size: 0,
      etag: markerEtag,
      lastModifiedMs: atMs,
      sequence: itsSequence,
      attributes: {},
    };
    const { done, current, freedBlobs } = await objects.put(marker, onlyIf === undefined ? { owed } : { owed, onlyIf });
    if (!done && onlyIf !== undefined) throw writeConditionFailed(key, onlyIf, current);
    notifier.send(owed);
    tell(bucket, key);
    await forget(freedBlobs);
    return { versionId, isDeleteMarker: true };
  };

  const remove = async (removal: ObjectRemoval, by: Changer): Promise<RemovalResult> => {
    const { bucket, key, versionId = nullVersion, onlyIf, isExpired } = removal;
    const itsSequence = nextSequence();
    const eventName = isExpired === true ? "LifecycleExpiration:Delete" : "ObjectRemoved:Delete";
    const ofVersion = removal.versionId === undefined ? {} : { versionId };
    const owed = owe(bucket, { eventName, key, atMs: clock.now(), sequence: itsSequence, ...ofVersion }, by);
    const address = { bucket: bucket.name, key, versionId, sequence: itsSequence };
    const { done, current, removed, freedBlobs } = await objects.remove(
      address,
      onlyIf === undefined ? { owed } : { owed, onlyIf },
    );
    if (!done && onlyIf !== undefined) throw writeConditionFailed(key, onlyIf, current);
    if (removed !== undefined) {
      notifier.send(owed);
      tell(bucket, key);
      await forget(freedBlobs);
    }
    return {
      ...(removal.versionId === undefined ? {} : { versionId }),
      isDeleteMarker: removed?.isDeleteMarker === true,
    };
  };

  return {
    async start() {
      sequence = Math.max(sequence, await objects.lastSequence());
      firstSequence = nextSequence();
    },
    isNew: (blobId) => Number.parseInt(blobId, 36) >= firstSequence,
    newBlobId,
    put: (upload, by) => activity.track("s3 upload", () => put(upload, by)),
    complete: (completion, by) => activity.track("s3 upload", () => complete(completion, by)),
    delete: (removal, by) =>
      activity.track("s3 delete", () =>
        removal.versionId === undefined && removal.bucket.versioning !== undefined
          ? mark(removal, by)
          : remove(removal, by),
      ),
    tag: (bucket, object, tags, eventName, by) =>
      activity.track("s3 tags", async () => {
        const { key, etag, versionId } = object;
        const ofVersion = versionId === nullVersion ? {} : { versionId };
        const owed = owe(bucket, { eventName, key, atMs: clock.now(), etag, ...ofVersion }, by);
        const isDone = await objects.amend({ bucket: bucket.name, key, versionId }, { tags }, owed);
        if (isDone) notifier.send(owed);
        return isDone;
      }),
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
