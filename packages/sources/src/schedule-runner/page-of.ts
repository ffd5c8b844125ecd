/** One page of a list that is ordered by key. The token is the last key shown, so that a change between pages skips nothing. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  token: string | undefined,
  size: number | undefined,
  sizeMax: number,
): { items: readonly T[]; nextToken?: string } | undefined {
  const limit = size ?? sizeMax;
  const after = token === undefined ? "" : Buffer.from(token, "base64url").toString("utf8");
  if (!Number.isInteger(limit) || limit < 1 || limit > sizeMax || (token !== undefined && after === ""))
    return undefined;
  const rest = items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  if (rest.length <= limit || last === undefined) return { items: page };
  return { items: page, nextToken: Buffer.from(keyOf(last)).toString("base64url") };
}
