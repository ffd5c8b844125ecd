import { invalidParameter, invalidValue } from "../errors.ts";
import { limits } from "../limits.ts";

/** The page of `items` (ordered by key) that `nextToken` leads to, and the token of the one after. */
export function takePage<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { limit, nextToken }: { limit?: number; nextToken?: string },
  limitMax: number = limits.pageItemsMax,
): { items: T[]; nextToken?: string } {
  const after = nextToken === undefined ? undefined : Buffer.from(nextToken, "base64url").toString("utf8");
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, checkLimit(limit ?? limits.pageItemsMax, limitMax));
  const last = page.at(-1);
  if (last === undefined || page.length === rest.length) return { items: page };
  return { items: page, nextToken: Buffer.from(keyOf(last)).toString("base64url") };
}

/** Throws `InvalidParameterException` where `limit` is not between 1 and `max`. */
export function checkLimit(limit: number, max: number): number {
  if (limit < 1) throw invalidValue(limit, "limit", "Member must have value greater than or equal to 1");
  if (limit > max) throw invalidValue(limit, "limit", `Member must have value less than or equal to ${max}`);
  return limit;
}

/** The one of both that is given. Throws `InvalidParameterException` where both are, or none. */
export function oneIdentifier({
  logGroupName,
  logGroupIdentifier,
}: {
  logGroupName?: string;
  logGroupIdentifier?: string;
}): string {
  const identifier = logGroupName ?? logGroupIdentifier;
  if (identifier === undefined || (logGroupName !== undefined && logGroupIdentifier !== undefined)) {
    throw invalidParameter("Exactly one of logGroupName and logGroupIdentifier must be specified.");
  }
  return identifier;
}
