/**
 * The definitions of one kind: in memory to be read at once, in the document store to last.
 *
 * B1. Memory shows a change only once it is durable.
 * B2. `exclusive` runs one change at a time, so that a change may read before it writes.
 */
import type { DocumentStore } from "@tripline/kernel";

/** Definitions by key. */
export interface DefinitionBook<T> {
  /** Resolves when what the store holds has been read. */
  ready(): Promise<void>;
  get(key: string): T | undefined;
  /** Ordered by key. */
  all(): T[];
  put(key: string, definition: T): Promise<void>;
  delete(key: string): Promise<void>;
  /** Runs `change` after those asked for before, once the book is ready. */
  exclusive<R>(change: () => Promise<R>): Promise<R>;
}

/** A book of the documents of `kind`. */
export function createDefinitionBook<T>(documents: DocumentStore, kind: string): DefinitionBook<T> {
  const definitions = new Map<string, T>();
  let loading: Promise<void> | undefined;
  let lastChange: Promise<unknown> = Promise.resolve();

  const load = async (): Promise<void> => {
    for (const { key, value } of await documents.list<T>(kind)) definitions.set(key, value);
  };
  const ready = (): Promise<void> => (loading ??= load());
  return {
    ready,
    get: (key) => definitions.get(key),
    all: () =>
      Array.from(definitions)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, definition]) => definition),
    async put(key, definition) {
      await documents.put(kind, key, definition);
      definitions.set(key, definition); // B1
    },
    async delete(key) {
      await documents.delete(kind, key);
      definitions.delete(key);
    },
    exclusive(change) {
      const turn = lastChange.then(ready).then(change); // B2
      lastChange = turn.catch(() => undefined); // whoever asked for it has the error
      return turn;
    },
  };
}
