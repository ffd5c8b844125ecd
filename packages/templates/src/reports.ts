import type { ItemWithoutLocalEffect, UnsupportedItem } from "./template-plan.ts";

/** What a template has and Tripline does not do, gathered while it is planned. */
export interface Reports {
  unsupported(item: UnsupportedItem): void;
  withoutLocalEffect(item: ItemWithoutLocalEffect): void;
  /** In the order of the lines. */
  result(): { unsupported: UnsupportedItem[]; withoutLocalEffect: ItemWithoutLocalEffect[] };
}

/** See {@link Reports}. */
export function createReports(): Reports {
  const unsupported: UnsupportedItem[] = [];
  const withoutLocalEffect: ItemWithoutLocalEffect[] = [];
  return {
    unsupported: (item) => void unsupported.push(item),
    withoutLocalEffect: (item) => void withoutLocalEffect.push(item),
    result: () => ({ unsupported: unsupported.sort((a, b) => a.line - b.line), withoutLocalEffect }),
  };
}
