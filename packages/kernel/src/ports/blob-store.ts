/** The bytes of a blob: all at once where it is small. */
export type BlobBody = Uint8Array | AsyncIterable<Uint8Array>;

/** Keeps object bodies, by an id that the caller chooses (letters, digits, hyphens). A blob is never changed once written. */
export interface BlobStore {
  /** Durable when it resolves; nothing is kept where `body` throws. An earlier blob of that id is replaced. */
  write(id: string, body: BlobBody): Promise<void>;
  /**
   * The bytes from `start` to `end` (both inclusive), or all. Undefined where there is no such blob.
   * A blob that is deleted while it is read is read to its end.
   */
  read(id: string, range?: { start: number; end: number }): Promise<BlobBody | undefined>;
  /** Several blobs as one; `size` in bytes. Undefined where one is missing. As with `read`, deleting them cuts no reader off. */
  readJoined(
    blobs: readonly { id: string; size: number }[],
    range?: { start: number; end: number },
  ): Promise<BlobBody | undefined>;
  /** Unknown ids are ignored. */
  delete(ids: readonly string[]): Promise<void>;
  /** Every blob there is, in pages. */
  ids(): AsyncIterable<string[]>;
}
