import type { Rng } from "@tripline/kernel";

/** The version of objects of buckets whose versioning is off or suspended. */
export const nullVersion = "null";

/** A new version id: 32 characters that nobody guesses. Its sequence is in it, so that a list goes on after a version that is gone. */
export function newVersionId(sequence: number, rng: Rng): string {
  return `${sequence.toString(36).padStart(12, "0")}.${rng.hex(10).slice(0, 19)}`;
}

/** The sequence of the version of that id; undefined for `null` and for what is no id. */
export function sequenceOfVersion(versionId: string): number | undefined {
  const match = /^([0-9a-z]{12})\.[0-9a-f]{19}$/.exec(versionId);
  return match?.[1] === undefined ? undefined : Number.parseInt(match[1], 36);
}

/** Whether `text` could be the id of a version. */
export function isVersionId(text: string): boolean {
  return text === nullVersion || sequenceOfVersion(text) !== undefined;
}
