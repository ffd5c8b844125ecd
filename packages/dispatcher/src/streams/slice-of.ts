/**
 * Which of `slices` a partition key belongs to: the same one always, so that a key keeps its order.
 * FNV-1a with a final mix, since keys often differ in their last character alone.
 */
export function sliceOf(partitionKey: string, slices: number): number {
  if (slices === 1) return 0;
  let hash = 0x811c9dc5;
  for (let at = 0; at < partitionKey.length; at++) hash = Math.imul(hash ^ partitionKey.charCodeAt(at), 16777619);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) % slices;
}
