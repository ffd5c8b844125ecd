/**
 * Changes objects: the one way for the API and for watched folders.
 *
 * W1. The body is stored first; then the object and its notifications in one commit; then the body it replaced is removed.
 * W2. Sequences are taken as changes are handed to the store, so that they order the changes of a key as the store did.
 */
import { createHash } from "node:crypto";
import {
  type Activity,
  type BlobBody,
  type BlobStore,
  type Clock,
  type ObjectCondition,
  type ObjectStore,
  type OwedNotification,
  type Rng,
  type Scope,
  type StoredObject,
  toBucketArn,
} from "@tripline/kernel";
import type { Bucket } from "./bucket-registry.ts";
import { badDigest, entityTooLarge, incompleteBody, noSuchKey, preconditionFailed } from "./errors.ts";
import { s3Limits } from "./limits.ts";
import { matchNotifications } from "./notification-match.ts";
import type { KeptNotification, Notifier } from "./notifier.ts";
import { type ObjectChange, toObjectEvent } from "./object-event.ts";

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
  attributes: () => Readonly<Record<string, unknown>>;
  onlyIf?: ObjectCondition;
  /** Bytes; another length is refused. */
  length?: number;
  /** MD5 of the body, hex; another is refused. */
  md5?: string;
  origin?: string;
}

/** See the module's header. */
export interface ObjectWriter {
  start(): Promise<void>;
  /** Whether a body was stored by this run. */
  isNew(blobId: string): boolean;
  put(upload: ObjectUpload, by: Changer): Promise<StoredObject>;
  /** What was there, if anything. */
  delete(bucket: Bucket, key: string, by: Changer): Promise<StoredObject | undefined>;
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
}

/** See the module's header. */
export function createObjectWriter(options: ObjectWriterOptions): ObjectWriter {
  const { clock, rng, activity, scope, objects, blobs, notifier } = options;
  let sequence = 0;
  let firstSequence = 0;
  let uploads = 0;
  const nextSequence = (): number => (sequence = Math.max(sequence + 1, clock.now() * 1024));

  const owe = (bucket: Bucket, change: ObjectChange, parentId: string | undefined): OwedNotification[] =>
    matchNotifications(bucket.notifications, change.eventName, change.key).map((notification) => {
      const value: KeptNotification = {
        targetArn: notification.targetArn,
        sourceArn: toBucketArn(bucket.name),
        ...(parentId === undefined ? {} : { parentId }),
        body: toObjectEvent(change, notification.id),
        atMs: change.atMs,
      };
      return { id: rng.uuid(), value };
    });

  const put = async (upload: ObjectUpload, { requestId, sourceIp, parentId }: Changer): Promise<StoredObject> => {
    const { bucket, key } = upload;
    const blobId = `${nextSequence().toString(36)}-${(uploads++).toString(36).padStart(2, "0")}`;
    const body = new MeasuredBody(upload.body, upload.length);
    await blobs.write(blobId, body.bytes);
    const { size, md5: etag } = body.measured();
    const atMs = clock.now();
    const object: StoredObject = {
      bucket: bucket.name,
      key,
      size,
      etag,
      lastModifiedMs: atMs,
      sequence: nextSequence(), // W2
      blobId,
      attributes: upload.attributes(),
      ...(upload.origin === undefined ? {} : { origin: upload.origin }),
    };
    const isDamaged = upload.md5 !== undefined && upload.md5 !== etag;
    const change: ObjectChange = {
      eventName: "ObjectCreated:Put",
      bucket: bucket.name,
      key,
      region: scope.region,
      atMs,
      sequence: object.sequence,
      created: { size, etag },
      requestId,
      sourceIp,
    };
    const owed = owe(bucket, change, parentId);
    const { done, current } = isDamaged
      ? { done: false }
      : await objects.put(object, { owed, ...(upload.onlyIf === undefined ? {} : { onlyIf: upload.onlyIf }) });
    if (!done) {
      await blobs.delete([blobId]);
      if (isDamaged) throw badDigest();
      if (upload.onlyIf !== undefined && "etag" in upload.onlyIf && current === undefined) throw noSuchKey(key);
      throw preconditionFailed(upload.onlyIf !== undefined && "absent" in upload.onlyIf ? "If-None-Match" : "If-Match");
    }
    notifier.send(owed);
    if (current !== undefined) await blobs.delete([current.blobId]); // W1
    return object;
  };

  const remove = async (bucket: Bucket, key: string, by: Changer): Promise<StoredObject | undefined> => {
    const change: ObjectChange = {
      eventName: "ObjectRemoved:Delete",
      bucket: bucket.name,
      key,
      region: scope.region,
      atMs: clock.now(),
      sequence: nextSequence(),
      requestId: by.requestId,
      sourceIp: by.sourceIp,
    };
    const owed = owe(bucket, change, by.parentId);
    const gone = await objects.delete({ bucket: bucket.name, key, sequence: change.sequence }, owed);
    if (gone === undefined) return undefined;
    notifier.send(owed);
    await blobs.delete([gone.blobId]); // W1
    return gone;
  };

  return {
    async start() {
      sequence = Math.max(sequence, await objects.lastSequence());
      firstSequence = nextSequence();
    },
    isNew: (blobId) => Number.parseInt(blobId, 36) >= firstSequence,
    put: (upload, by) => activity.track("s3 upload", () => put(upload, by)),
    delete: (bucket, key, by) => activity.track("s3 delete", () => remove(bucket, key, by)),
  };
}

/** A body whose length and MD5 are taken as it passes by. */
class MeasuredBody {
  readonly bytes: BlobBody;
  readonly #hash = createHash("md5");
  readonly #expected: number | undefined;
  #size = 0;

  constructor(body: BlobBody, expected: number | undefined) {
    this.#expected = expected;
    if (body instanceof Uint8Array) {
      this.#take(body);
      this.#checkEnd();
      this.bytes = body;
    } else {
      this.bytes = this.#pass(body);
    }
  }

  measured(): { size: number; md5: string } {
    return { size: this.#size, md5: this.#hash.digest("hex") };
  }

  async *#pass(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      this.#take(chunk);
      yield chunk;
    }
    this.#checkEnd();
  }

  #take(chunk: Uint8Array): void {
    this.#size += chunk.length;
    this.#hash.update(chunk);
    if (this.#size > s3Limits.putBytesMax) throw entityTooLarge(this.#size, s3Limits.putBytesMax);
  }

  #checkEnd(): void {
    if (this.#expected !== undefined && this.#size !== this.#expected) throw incompleteBody();
  }
}
