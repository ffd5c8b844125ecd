/**
 * Multipart uploads that are not completed yet: one atomic call each, durable when it resolves. `ObjectStore.put` completes one.
 */
import type { ObjectPart } from "./object-store.ts";

/** An upload in progress. */
export interface StoredUpload {
  /** Ordered as text as uploads began. */
  id: string;
  bucket: string;
  key: string;
  /** Epoch milliseconds. */
  initiatedMs: number;
  /** What the object will have. Must survive `JSON.stringify`. */
  value: Readonly<Record<string, unknown>>;
}

/** Options of {@link UploadStore.list}. */
export interface UploadListOptions {
  prefix: string;
  /** Keys from this one on, inclusive. */
  from: string;
  /** Of the key `from`, only uploads after this id. */
  afterId?: string;
  max: number;
}

/** See the module's header. */
export interface UploadStore {
  create(upload: StoredUpload): Promise<void>;
  get(id: string): Promise<StoredUpload | undefined>;
  /** By key, then by id. */
  list(bucket: string, options: UploadListOptions): Promise<StoredUpload[]>;
  /** Keeps a part, in place of an earlier one of its number; not done where the upload is gone. */
  putPart(id: string, part: ObjectPart): Promise<{ done: boolean; freedBlobs: string[] }>;
  /** Parts after that number, in order. */
  parts(id: string, options: { after: number; max: number }): Promise<ObjectPart[]>;
  /** Ends the upload and forgets its parts. */
  abort(id: string): Promise<{ done: boolean; freedBlobs: string[] }>;
}
