/** Definitions: queues, buckets, functions, mappings, rules. Small JSON documents, by kind and key. */
export interface DocumentStore {
  /** Durable when it resolves. `value` must survive `JSON.stringify`. */
  put(kind: string, key: string, value: unknown): Promise<void>;
  get<T>(kind: string, key: string): Promise<T | undefined>;
  /** Ordered by key. */
  list<T>(kind: string): Promise<{ key: string; value: T }[]>;
  /** Whether there was one. */
  delete(kind: string, key: string): Promise<boolean>;
}
