import { invalidUri, keyTooLong } from "./errors.ts";
import { s3Limits } from "./limits.ts";

/**
 * Refuses keys that S3 does not take: over 1,024 bytes of UTF-8, or with `..` segments that lead out of the bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export function checkObjectKey(key: string): void {
  if (Buffer.byteLength(key) > s3Limits.keyBytesMax) throw keyTooLong(key);
  if (!key.includes("..")) return;
  let depth = 0;
  for (const segment of key.split("/")) {
    depth += segment === ".." ? -1 : 1;
    if (depth < 0) throw invalidUri();
  }
}

/** A key as events carry it: form-encoded, a space as `+`, `/` kept. */
export function encodeEventKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll("%2F", "/")
    .replaceAll("%20", "+")
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
