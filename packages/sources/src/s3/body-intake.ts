/**
 * Takes in a body: measures it as it passes by, and keeps it, small ones in memory for the object's own row, others in a blob.
 */
import { createHash } from "node:crypto";
import type { BlobBody, BlobStore } from "@tripline/kernel";
import { type ChecksumAlgorithm, createChecksum } from "@tripline/kernel/checksums";
import { badChecksum, badDigest, entityTooLarge, incompleteBody, uploadTooSmall } from "./errors.ts";
import { s3Limits } from "./limits.ts";

/** A body that was taken in. */
export interface TakenBody {
  /** Bytes. */
  size: number;
  /** Hex. */
  md5: string;
  /** Base64, where an algorithm was asked for. */
  checksum?: string;
  /** The body itself, where it is small. */
  body?: Uint8Array;
  /** The blob that it is in, where it is not. */
  blobId?: string;
}

/** Options of {@link takeBody}. */
export interface TakeBodyOptions {
  blobs: BlobStore;
  /** Names the blob, where one is made. */
  newBlobId: () => string;
  body: BlobBody;
  /** Default 0. */
  bytesMin?: number;
  bytesMax: number;
  /** Bytes; another length is refused. */
  length?: number;
  /** MD5, hex; another is refused. */
  md5?: string;
  algorithm?: ChecksumAlgorithm;
  /** The checksum of `algorithm` that the body must have, base64. */
  expected?: string;
  /** Whether small bodies are returned rather than put in a blob. */
  keepsSmall: boolean;
}

/** Throws `EntityTooLarge`, `EntityTooSmall`, `IncompleteBody`, `BadDigest`; nothing is kept then. */
export async function takeBody(options: TakeBodyOptions): Promise<TakenBody> {
  const { blobs, body, length, keepsSmall } = options;
  const measure = new Measure(options);
  const isSmall = (bytes: number): boolean => keepsSmall && bytes <= s3Limits.smallBodyBytesMax;
  if (body instanceof Uint8Array && isSmall(body.byteLength)) {
    measure.take(body);
    return { ...(await measure.finish()), body };
  }
  let source: BlobBody = body;
  if (!(body instanceof Uint8Array) && keepsSmall && isSmall(length ?? 0)) {
    const pieces = body[Symbol.asyncIterator]();
    const start: Uint8Array[] = [];
    let bytes = 0;
    while (isSmall(bytes)) {
      const next = await pieces.next();
      if (next.done === true) {
        const whole = start.length === 1 && start[0] !== undefined ? start[0] : Buffer.concat(start);
        measure.take(whole);
        return { ...(await measure.finish()), body: whole };
      }
      start.push(next.value);
      bytes += next.value.byteLength;
    }
    source = resume(start, pieces);
  }
  const blobId = options.newBlobId();
  await blobs.write(blobId, source instanceof Uint8Array ? measure.whole(source) : measure.pass(source));
  try {
    return { ...(await measure.finish()), blobId };
  } catch (error) {
    await blobs.delete([blobId]);
    throw error;
  }
}

async function* resume(start: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* start;
    for (;;) {
      const next = await rest.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

class Measure {
  readonly #options: TakeBodyOptions;
  readonly #md5 = createHash("md5");
  readonly #checksum: ReturnType<typeof createChecksum> | undefined;
  #size = 0;

  constructor(options: TakeBodyOptions) {
    this.#options = options;
    this.#checksum = options.algorithm === undefined ? undefined : createChecksum(options.algorithm);
  }

  take(piece: Uint8Array): void {
    this.#size += piece.byteLength;
    if (this.#size > this.#options.bytesMax) throw entityTooLarge(this.#size, this.#options.bytesMax);
    this.#md5.update(piece);
    this.#checksum?.update(piece);
  }

  whole(body: Uint8Array): Uint8Array {
    this.take(body);
    return body;
  }

  async *pass(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      this.take(piece);
      yield piece;
    }
    this.#checkLength();
  }

  async finish(): Promise<TakenBody> {
    this.#checkLength();
    const md5 = this.#md5.digest("hex");
    if (this.#options.md5 !== undefined && this.#options.md5 !== md5) throw badDigest();
    const checksum = await this.#checksum?.digest();
    const { expected, algorithm = "" } = this.#options;
    if (expected !== undefined && expected !== checksum) throw badChecksum(algorithm);
    return { size: this.#size, md5, ...(checksum === undefined ? {} : { checksum }) };
  }

  #checkLength(): void {
    const { length, bytesMin = 0 } = this.#options;
    if (length !== undefined && this.#size !== length) throw incompleteBody();
    if (this.#size < bytesMin) throw uploadTooSmall(this.#size, bytesMin);
  }
}
