/** Compares sequence numbers, which are decimal without leading zeros and too long for a number: negative where `a` is earlier. */
export function compareSequence(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
}
