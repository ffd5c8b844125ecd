/**
 * Pages of keys, versions and uploads, rolled up at a delimiter.
 *
 * L1. Items and common prefixes count together to the page's size.
 * L2. A common prefix is listed once, and not at all where the page begins behind one of its keys.
 */

import { invalidArgument } from "./errors.ts";
import { s3Limits } from "./limits.ts";

/** One entry of a page: an item, or a common prefix. */
export type ListEntry<T> = { item: T } | { commonPrefix: string };

/** What to list. `P` is a position among the items. */
export interface ListQuery<T, P> {
  prefix: string;
  delimiter: string;
  max: number;
  start: P;
  /** The key that the caller begins behind: L2. */
  afterKey?: string;
  fetch(position: P, max: number): Promise<T[]>;
  /** The position behind `item`. */
  after(item: T): P;
  /** The position before every key from `key` on. */
  at(key: string): P;
}

/** A page; `next` is the item that the next one begins with. */
export interface ListPage<T> {
  entries: ListEntry<T>[];
  next?: T;
}

/** See the module's header. */
export async function listPage<T extends { key: string }, P>(query: ListQuery<T, P>): Promise<ListPage<T>> {
  const { prefix, delimiter, max, afterKey } = query;
  const entries: ListEntry<T>[] = [];
  if (max === 0) return { entries };
  let position = query.start;
  for (;;) {
    const page = await query.fetch(position, max + 1);
    let skip: string | undefined;
    for (const item of page) {
      if (skip !== undefined && item.key.startsWith(skip)) continue;
      const end = delimiter === "" ? -1 : item.key.indexOf(delimiter, prefix.length);
      const rolled = end < 0 ? undefined : item.key.slice(0, end + delimiter.length);
      if (rolled !== undefined && (afterKey?.startsWith(rolled) === true || isListed(entries, rolled))) {
        skip = rolled; // L2
        continue;
      }
      if (entries.length === max) return { entries, next: item };
      entries.push(rolled === undefined ? { item } : { commonPrefix: rolled });
      skip = rolled;
    }
    const last = page.at(-1);
    if (last === undefined || page.length <= max) return { entries };
    position = skip !== undefined && last.key.startsWith(skip) ? query.at(`${skip}\u{10FFFF}`) : query.after(last);
  }
}

function isListed<T>(entries: readonly ListEntry<T>[], prefix: string): boolean {
  const last = entries.at(-1);
  return last !== undefined && "commonPrefix" in last && last.commonPrefix === prefix;
}

/** The items among `entries`. */
export function itemsOf<T>(entries: readonly ListEntry<T>[]): T[] {
  return entries.flatMap((entry) => ("item" in entry ? [entry.item] : []));
}

/** The common prefixes among `entries`, as lists answer them; undefined where there are none. */
export function prefixesOf<T>(
  entries: readonly ListEntry<T>[],
  encode: (text: string) => string,
): { Prefix: string }[] | undefined {
  const prefixes = entries.flatMap((entry) =>
    "commonPrefix" in entry ? [{ Prefix: encode(entry.commonPrefix) }] : [],
  );
  return prefixes.length === 0 ? undefined : prefixes;
}

/** How keys are written in an answer: as they are, or with `EncodingType` `url` form-encoded. Throws `InvalidArgument`. */
export function keyEncoder(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined) return (text) => text;
  if (encodingType !== "url")
    throw invalidArgument("Invalid Encoding Method specified in Request", {
      ArgumentName: "encoding-type",
      ArgumentValue: encodingType,
    });
  return (text) => encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%20", "+");
}

/** The size of a page. Throws `InvalidArgument` for negative ones. */
export function pageSize(name: string, asked: number | undefined): number {
  if (asked === undefined) return s3Limits.listKeysMax;
  if (!(asked >= 0 && asked <= 2147483647)) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, {
      ArgumentName: name,
      ArgumentValue: String(asked),
    });
  }
  return Math.min(asked, s3Limits.listKeysMax);
}

/** Members that are set: XML leaves out what is undefined or empty. */
export function present(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== "" && !isEmptyList(value)),
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
