/**
 * Text and bytes. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 *
 * 1. A body is binary where its content type is one of the API's binary media types, an answer is wanted so where the first type of `Accept` is.
 * 2. `CONVERT_TO_TEXT` makes base64 of what is binary; `CONVERT_TO_BINARY` decodes what is text. Without either a request goes on as it is, and
 *    an answer as it is wanted.
 */
import { isUtf8 } from "node:buffer";
import type { ContentHandling } from "../definition/rest-api.ts";
import { matchesMediaType } from "./media-type.ts";

/** `isBinary`: raw bytes, which no template can read. */
export function convertRequest(
  body: Uint8Array,
  binaryMediaTypes: readonly string[],
  contentType: string | undefined,
  handling: ContentHandling | undefined,
): { bytes: Uint8Array; isBinary: boolean } {
  const isBinary = body.length > 0 && matchesMediaType(binaryMediaTypes, contentType);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (isBinary)
    return handling === "CONVERT_TO_TEXT"
      ? { bytes: Buffer.from(bytes.toString("base64")), isBinary: false }
      : { bytes: body, isBinary: true };
  if (handling === "CONVERT_TO_BINARY" && body.length > 0)
    return { bytes: Buffer.from(bytes.toString(), "base64"), isBinary: true };
  // Bytes that are no UTF-8 become U+FFFD.
  return { bytes: isUtf8(bytes) ? body : Buffer.from(bytes.toString("utf8")), isBinary: false };
}

/** Undefined where a text that is to be decoded is no base64. */
export function convertResponse(
  body: Uint8Array,
  binaryMediaTypes: readonly string[],
  contentType: string | undefined,
  accept: string | undefined,
  handling: ContentHandling | undefined,
): Uint8Array | undefined {
  if (body.length === 0) return body;
  const isBinary = matchesMediaType(binaryMediaTypes, contentType);
  const wantsBinary =
    handling === undefined ? matchesMediaType(binaryMediaTypes, accept) : handling === "CONVERT_TO_BINARY";
  if (isBinary === wantsBinary || (handling === undefined && binaryMediaTypes.length === 0)) return body;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (isBinary) return Buffer.from(bytes.toString("base64"));
  return decodeBase64(bytes.toString());
}

/** Undefined where it is no base64, as white space is none (recorded). Missing `=` do not count. */
export function decodeBase64(text: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 !== 1 ? Buffer.from(text, "base64") : undefined;
}
