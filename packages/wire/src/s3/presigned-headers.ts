/**
 * A presigned URL carries in its query what else would be `x-amz-` headers: metadata, ACL, encryption. They count as headers.
 *
 * Checksums there do not count, as S3 does not count them: clients sign that of an empty body, before they know the real one.
 */
import type { EndpointRequest } from "../endpoint-request.ts";

/** The headers of `request`, with those of a presigned URL; a real header wins. */
export function withPresignedHeaders(
  request: EndpointRequest,
  query: URLSearchParams,
): Readonly<Record<string, string>> {
  if (!query.has("X-Amz-Signature")) return request.headers;
  const headers: Record<string, string> = {};
  for (const [name, value] of query) {
    const lower = name.toLowerCase();
    if (lower.startsWith("x-amz-") && !notHeaders.has(lower) && !lower.startsWith("x-amz-checksum-"))
      headers[lower] = value;
  }
  return { ...headers, ...request.headers };
}

/** The signature's own parameters, and what goes with the checksum. */
const notHeaders: ReadonlySet<string> = new Set([
  "x-amz-algorithm",
  "x-amz-content-sha256",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-sdk-checksum-algorithm",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
  "x-amz-trailer",
]);
