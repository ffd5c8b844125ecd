import type { Activity, BlobStore, Clock, ObjectStore, Rng, Scope, ServiceCaller, UploadStore } from "@tripline/kernel";
import type { BucketRegistry } from "./bucket-registry.ts";
import type { Notifier } from "./notifier.ts";
import type { ObjectWriter } from "./object-writer.ts";

/** What every operation of S3 works with. */
export interface S3House {
  clock: Clock;
  rng: Rng;
  scope: Scope;
  registry: BucketRegistry;
  activity: Activity;
  objects: ObjectStore;
  uploads: UploadStore;
  blobs: BlobStore;
  writer: ObjectWriter;
  notifier: Notifier;
  /** To be called when a bucket's lifecycle rules have changed. */
  rulesChanged: () => void;
  /** Whether a notification's target is there, and lets the bucket in. */
  targetAccepts: (arn: string, caller: ServiceCaller) => boolean;
}
