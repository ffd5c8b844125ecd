import { invalidParameter } from "./errors.ts";

/** Paging as it comes in. */
export interface PageInput {
  Marker?: string;
  MaxItems?: number;
}

/** The page of `items` that is asked for, and the marker of the next. `keyOf` is unique, and `items` are in order. */
export function toPage<T>(
  items: readonly T[],
  input: PageInput,
  keyOf: (item: T) => string,
  max: number,
): { page: T[]; next: { NextMarker?: string } } {
  let from = 0;
  if (input.Marker !== undefined && input.Marker !== "") {
    const key = Buffer.from(input.Marker, "base64url").toString("utf8");
    from = items.findIndex((item) => keyOf(item) === key) + 1;
    if (from === 0) throw invalidParameter("Invalid marker");
  }
  const page = items.slice(from, from + Math.min(input.MaxItems ?? max, max));
  const last = page.at(-1);
  const isLast = last === undefined || from + page.length >= items.length;
  return { page, next: isLast ? {} : { NextMarker: Buffer.from(keyOf(last)).toString("base64url") } };
}
