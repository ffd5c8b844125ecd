/** What is set for a function as a whole, whatever its version; each by an operation of its own, and outliving an update. */
export interface FunctionSettings {
  /** Undefined: the unreserved pool. */
  reservedConcurrency?: number;
  /** The highest version number that was ever published: numbers are not used again. */
  lastVersion: number;
  tags?: Readonly<Record<string, string>>;
}

export const noSettings: FunctionSettings = { lastVersion: 0 };
