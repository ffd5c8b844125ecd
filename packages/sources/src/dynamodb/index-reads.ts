/** What Query, Scan and SELECT may ask of an index. */
import { invalidParameter, validation } from "./errors.ts";
import type { Path } from "./expressions/syntax.ts";
import { heldNames, type Table, type TableIndex } from "./table.ts";

/** Throws ValidationException where there is none of that name, or it is not complete. `shown`: what the error names. */
export function resolveIndex(
  table: Table,
  name: string | undefined,
  shown = `: ${name ?? ""}`,
): TableIndex | undefined {
  if (name === undefined) return undefined;
  const index = table.indexes.find((one) => one.name === name);
  if (index === undefined) throw validation(`The table does not have the specified index${shown}`);
  if (index.isBackfilling === true) throw validation(`Cannot read from backfilling global secondary index: ${name}`);
  return index;
}

/** Of `paths`, the attributes that an index does not hold. */
export function missingNames(table: Table, index: TableIndex, paths: readonly Path[]): string[] {
  const held = heldNames(table, index);
  if (held === undefined) return [];
  return Array.from(new Set(paths.map(([name]) => String(name)))).filter((name) => !held.has(name));
}

/**
 * Whether what is asked for is fetched from the table, as a local index does where it does not hold it. `paths` undefined: what the index
 * holds. Throws ValidationException for a global index, which cannot.
 */
export function isFetched(table: Table, index: TableIndex | undefined, paths: readonly Path[] | undefined): boolean {
  if (index === undefined || paths === undefined) return false;
  const missing = missingNames(table, index, paths);
  if (missing.length > 0 && index.kind === "global") {
    throw invalidParameter(`Global secondary index ${index.name} does not project [${missing.join(", ")}]`);
  }
  return missing.length > 0;
}
