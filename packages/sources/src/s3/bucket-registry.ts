import type { DocumentStore } from "@tripline/kernel";
import { noSuchBucket } from "./errors.ts";
import type { BucketNotification } from "./notification-configuration.ts";

/** A bucket. */
export interface Bucket {
  name: string;
  createdAtMs: number;
  notifications: readonly BucketNotification[];
}

const kind = "s3-bucket";

/** The buckets there are: kept in documents, read from memory. */
export class BucketRegistry {
  readonly #documents: DocumentStore;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: { documents: DocumentStore }) {
    this.#documents = options.documents;
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.#documents.list<Bucket>(kind)) this.#buckets.set(key, value);
  }

  /** Durable when it resolves. */
  async put(bucket: Bucket): Promise<void> {
    await this.#documents.put(kind, bucket.name, bucket);
    this.#buckets.set(bucket.name, bucket);
  }

  async delete(name: string): Promise<void> {
    await this.#documents.delete(kind, name);
    this.#buckets.delete(name);
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
}
