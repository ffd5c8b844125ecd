/** One page of `all`, which is in some order that does not change: what follows `marker`, at most `max`. */
export function paginate<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  marker: string | undefined,
  max: number,
): { items: T[]; nextMarker?: string } {
  const after = marker === undefined || marker === "" ? -1 : all.findIndex((item) => keyOf(item) === marker);
  const items = all.slice(after + 1, after + 1 + max);
  const last = items.at(-1);
  if (last === undefined || after + 1 + items.length >= all.length) return { items };
  return { items, nextMarker: keyOf(last) };
}
