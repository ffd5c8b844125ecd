/**
 * The beginning of a streamed HTTP response: JSON with status, headers and cookies, eight zero bytes, then the body.
 * https://docs.aws.amazon.com/lambda/latest/dg/response-streaming.html
 */

/** The content type that announces a prelude. */
export const preludeType = "application/vnd.awslambda.http-integration-response";

/** A response whose head was read. */
export interface ResponseWithPrelude {
  /** JSON text of an object. */
  prelude: string;
  /** What of the body came with the prelude. */
  first: Uint8Array;
}

const separator = Buffer.alloc(8);
/** A prelude that does not end is none. */
const preludeBytesMax = 1_048_576;

/** Reads up to the eight zero bytes. Undefined where they do not come. */
export async function readPrelude(pieces: AsyncIterator<Uint8Array>): Promise<ResponseWithPrelude | undefined> {
  let held: Buffer = Buffer.alloc(0);
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) return undefined;
    held = held.length === 0 ? Buffer.from(next.value) : Buffer.concat([held, next.value]);
    const end = held.indexOf(separator);
    if (end >= 0) return { prelude: held.toString("utf8", 0, end), first: held.subarray(end + separator.length) };
    if (held.length > preludeBytesMax) return undefined;
  }
}
