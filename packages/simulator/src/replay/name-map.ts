/** What recorded names are called here: `--map recorded=local`, applied to buckets, queues, streams, tables, rules and functions. */
export interface NameMap {
  /** The local name of `recorded`: mapped where it was asked for, else the same. */
  local(recorded: string): string;
}

/** A map of `pairs`; `resolve` turns a logical id into its physical name. */
export function createNameMap(pairs: Readonly<Record<string, string>>, resolve: (name: string) => string): NameMap {
  const cache = new Map<string, string>();
  return {
    local(recorded) {
      let found = cache.get(recorded);
      if (found === undefined) {
        found = resolve(pairs[recorded] ?? recorded);
        cache.set(recorded, found);
      }
      return found;
    },
  };
}
