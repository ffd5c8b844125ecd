import type { StoredObject } from "@tripline/kernel";
import { parseByteRange } from "../byte-range.ts";
import { checkReadConditions, type ReadConditions } from "../conditions.ts";
import { noSuchKey } from "../errors.ts";
import type { S3House } from "../house.ts";
import { toHeaders } from "../object-headers.ts";
import { checkOwner } from "./check-owner.ts";

/** Input of GetObject and HeadObject. */
export interface ReadObjectInput extends ReadConditions {
  Bucket: string;
  Key: string;
  Range?: string;
  ChecksumMode?: string;
  ExpectedBucketOwner?: string;
  ResponseCacheControl?: string;
  ResponseContentDisposition?: string;
  ResponseContentEncoding?: string;
  ResponseContentLanguage?: string;
  ResponseContentType?: string;
  ResponseExpires?: Date;
}

/** What both operations honour. */
export const readMembers: readonly (keyof ReadObjectInput)[] = [
  "Bucket",
  "Key",
  "Range",
  "IfMatch",
  "IfNoneMatch",
  "IfModifiedSince",
  "IfUnmodifiedSince",
  "ChecksumMode",
  "ExpectedBucketOwner",
  "ResponseCacheControl",
  "ResponseContentDisposition",
  "ResponseContentEncoding",
  "ResponseContentLanguage",
  "ResponseContentType",
  "ResponseExpires",
];

/** The object, the range asked for, and the answer without its body. */
export interface ObjectReading {
  object: StoredObject;
  range: { start: number; end: number } | undefined;
  output: Record<string, unknown>;
}

/** Finds the object and works out the answer. Throws `NoSuchBucket`, `NoSuchKey`, `PreconditionFailed`, `NotModified`, `InvalidRange`. */
export async function readObject(
  { registry, objects, scope }: S3House,
  input: ReadObjectInput,
): Promise<ObjectReading> {
  registry.get(input.Bucket);
  checkOwner(scope, input.ExpectedBucketOwner);
  const object = await objects.get(input.Bucket, input.Key);
  if (object === undefined) throw noSuchKey(input.Key);
  checkReadConditions(object, input);
  const range = parseByteRange(input.Range, object.size);
  const output = toHeaders(object, input.ChecksumMode === "ENABLED" && range === undefined);
  output["ContentLength"] = range === undefined ? object.size : range.end - range.start + 1;
  if (range !== undefined) output["ContentRange"] = `bytes ${range.start}-${range.end}/${object.size}`;
  for (const [name, value] of Object.entries(input)) {
    if (name.startsWith("Response") && value !== undefined) output[name.slice("Response".length)] = value;
  }
  return { object, range, output };
}
