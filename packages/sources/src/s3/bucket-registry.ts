import type { DocumentStore, ObjectTag } from "@tripline/kernel";
import { noSuchBucket } from "./errors.ts";
import type { BucketNotification } from "./notification-configuration.ts";

/** A bucket. */
export interface Bucket {
  name: string;
  createdAtMs: number;
  notifications: readonly BucketNotification[];
  /** Absent: it never was on. */
  versioning?: "Enabled" | "Suspended";
  tags?: readonly ObjectTag[];
  /** Configurations as they were put, by the name of the operation's noun: `Cors`, `Lifecycle`, `Policy`, … */
  configurations?: Readonly<Record<string, unknown>>;
}

const kind = "s3-bucket";

/** The buckets there are: kept in documents, read from memory. Changes of buckets are made one after the other. */
export class BucketRegistry {
  readonly #documents: DocumentStore;
  readonly #buckets = new Map<string, Bucket>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: { documents: DocumentStore }) {
    this.#documents = options.documents;
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.#documents.list<Bucket>(kind)) this.#buckets.set(key, value);
  }

  /** Keeps `bucket` unless there is one of that name. Whether it was kept; durable when it resolves. */
  create(bucket: Bucket): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.#buckets.has(bucket.name)) return false;
      await this.#put(bucket);
      return true;
    });
  }

  /** Durable when it resolves; nothing is written where nothing changes, as when a template is applied again. Throws `NoSuchBucket`. */
  update(name: string, change: (bucket: Bucket) => Bucket): Promise<void> {
    return this.#inTurn(async () => {
      const now = this.get(name);
      const next = change(now);
      if (JSON.stringify(next) !== JSON.stringify(now)) await this.#put(next);
    });
  }

  delete(name: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#documents.delete(kind, name);
      this.#buckets.delete(name);
    });
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** Throws `NoSuchBucket`. */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }

  /** Ordered by name. */
  list(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #put(bucket: Bucket): Promise<void> {
    await this.#documents.put(kind, bucket.name, bucket);
    this.#buckets.set(bucket.name, bucket);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
