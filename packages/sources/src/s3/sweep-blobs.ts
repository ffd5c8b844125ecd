import type { BlobStore, ObjectStore } from "@tripline/kernel";

/** Removes bodies that no object has: a process was killed between storing a body and its object. Runs beside everything else. */
export async function sweepBlobs(options: {
  objects: ObjectStore;
  blobs: BlobStore;
  signal: AbortSignal;
  /** Whether a body is of this run: its object may be on its way. */
  isNew: (blobId: string) => boolean;
}): Promise<void> {
  const { objects, blobs, signal, isNew } = options;
  for await (const page of blobs.ids()) {
    if (signal.aborted) return;
    const old = page.filter((id) => !isNew(id));
    const used = new Set(await objects.usedBlobs(old));
    await blobs.delete(old.filter((id) => !used.has(id)));
  }
}
