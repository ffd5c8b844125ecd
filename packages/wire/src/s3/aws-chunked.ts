/**
 * Takes the framing off an `aws-chunked` upload: `size[;chunk-signature=…]\r\n bytes \r\n … 0\r\n trailers \r\n`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * C1. What comes out is the object's own bytes, in pieces as they arrived: nothing is copied but a line that spans two pieces.
 * C2. A frame that is not well formed, or a body that ends early, is AWS's error, and never a shorter object.
 * C3. Signatures of chunks are not verified: that comes with identity.
 */
import { Buffer } from "node:buffer";
import { ServiceError } from "@tripline/kernel";

/** A line longer than this is no frame. */
const lineBytesMax = 16 * 1024;
const trailersMax = 32;

/** The bytes of the object; `onTrailer` is called for each trailer (name in lower case) before the last piece has been taken. */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  onTrailer: (name: string, value: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = source[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  const more = async (): Promise<void> => {
    const next = await pieces.next();
    if (next.done === true) throw incompleteBody();
    rest = rest.byteLength === 0 ? next.value : Buffer.concat([rest, next.value]);
  };
  const line = async (): Promise<string> => {
    let end = rest.indexOf(lineFeed);
    while (end === -1) {
      if (rest.byteLength > lineBytesMax) throw malformedChunk();
      await more();
      end = rest.indexOf(lineFeed);
    }
    const text = Buffer.from(rest.buffer, rest.byteOffset, end).toString("latin1");
    rest = rest.subarray(end + 1);
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  };
  try {
    for (;;) {
      let left = toSize(await line());
      if (left === 0) break;
      while (left > 0) {
        if (rest.byteLength === 0) await more();
        const piece = rest.subarray(0, left);
        rest = rest.subarray(piece.byteLength);
        left -= piece.byteLength;
        yield piece;
      }
      if ((await line()) !== "") throw malformedChunk(); // C2
    }
    for (let count = 0; ; count++) {
      const trailer = await line();
      if (trailer === "") return;
      const colon = trailer.indexOf(":");
      if (colon < 1 || count >= trailersMax) throw malformedTrailer();
      onTrailer(trailer.slice(0, colon).trim().toLowerCase(), trailer.slice(colon + 1).trim());
    }
  } finally {
    await pieces.return?.();
  }
}

const lineFeed = 10;

function toSize(header: string): number {
  const size = /^([0-9a-fA-F]{1,12})(;.*)?$/.exec(header)?.[1];
  if (size === undefined) throw malformedChunk();
  return Number.parseInt(size, 16);
}

/** 400: fewer bytes than announced. */
export function incompleteBody(): ServiceError {
  return new ServiceError(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  );
}

function malformedChunk(): ServiceError {
  return new ServiceError("InvalidRequest", "The body is not in the aws-chunked encoding that the request announces.");
}

/** 400: a trailer that is not well formed, or was announced and did not come. */
export function malformedTrailer(): ServiceError {
  return new ServiceError(
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
  );
}
