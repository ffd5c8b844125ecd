import type { BlobBody, StoredObject } from "@tripline/kernel";
import type { Bucket } from "../bucket-registry.ts";
import { parseByteRange } from "../byte-range.ts";
import { checkReadConditions, type ReadConditions } from "../conditions.ts";
import {
  hiddenByMarker,
  invalidArgument,
  invalidPartNumber,
  invalidRequest,
  markerNotAllowed,
  noSuchKey,
  noSuchVersion,
} from "../errors.ts";
import type { S3House } from "../house.ts";
import { expirationHeader } from "../lifecycle/expiration-header.ts";
import { s3Limits } from "../limits.ts";
import { checksumMembers, toHeaders } from "../object-headers.ts";
import { isVersionId } from "../version-id.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";

/** What names a version of an object. */
export interface VersionInput extends BucketInput {
  Key: string;
  VersionId?: string;
}

/** Input of GetObject and HeadObject. */
export interface ReadObjectInput extends ReadConditions, VersionInput {
  Range?: string;
  PartNumber?: number;
  ChecksumMode?: string;
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
  "VersionId",
  "Range",
  "PartNumber",
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

/** Bytes of a body, both ends inclusive. */
export interface ByteRange {
  start: number;
  end: number;
}

/** The object, the range asked for, and the answer without its body. */
export interface ObjectReading {
  object: StoredObject;
  range: ByteRange | undefined;
  output: Record<string, unknown>;
}

/**
 * The object that `input` names. Throws `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`, and `MethodNotAllowed` for a delete marker that is
 * named by its id.
 */
export async function findObject(
  house: S3House,
  input: VersionInput,
  method: string,
): Promise<{ bucket: Bucket; object: StoredObject }> {
  const bucket = openBucket(house, input);
  const { Key: key, VersionId: versionId } = input;
  checkVersionId(versionId);
  const object = await house.objects.get(input.Bucket, key, versionId);
  if (object === undefined) throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
  if (object.isDeleteMarker !== true) return { bucket, object };
  throw versionId === undefined ? hiddenByMarker(key, object.versionId) : markerNotAllowed(method, object);
}

/** Throws `InvalidArgument` for what is no version id. */
export function checkVersionId(versionId: string | undefined): void {
  if (versionId === undefined || isVersionId(versionId)) return;
  throw invalidArgument(versionId === "" ? "Version id cannot be the empty string" : "Invalid version id specified", {
    ArgumentName: "versionId",
    ArgumentValue: versionId,
  });
}

/** Finds the object and works out the answer. Throws as {@link findObject}, and `PreconditionFailed`, `NotModified`, `InvalidRange`, `InvalidPartNumber`. */
export async function readObject(house: S3House, input: ReadObjectInput, method: string): Promise<ObjectReading> {
  const { bucket, object } = await findObject(house, input, method);
  checkReadConditions(object, input);
  const part = await findPart(house, object, input);
  const range = part?.range ?? parseByteRange(input.Range, object.size);
  const withChecksums = input.ChecksumMode === "ENABLED";
  const output = toHeaders(object, withChecksums && range === undefined);
  output["ContentLength"] = range === undefined ? object.size : range.end - range.start + 1;
  if (range !== undefined) output["ContentRange"] = `bytes ${range.start}-${range.end}/${object.size}`;
  if (part !== undefined) Object.assign(output, part.members, withChecksums ? part.checksums : {});
  if (bucket.versioning !== undefined) output["VersionId"] = object.versionId;
  if (object.tags !== undefined && object.tags.length > 0) output["TagCount"] = object.tags.length;
  const expiration = expirationHeader(bucket, object);
  if (expiration !== undefined) output["Expiration"] = expiration;
  for (const [name, value] of Object.entries(input)) {
    if (name.startsWith("Response") && value !== undefined) output[name.slice("Response".length)] = value;
  }
  return { object, range, output };
}

/** The body, or a range of it. Undefined where the object was replaced or deleted since it was found. */
export async function openBody(
  { objects, blobs }: S3House,
  object: StoredObject,
  range?: ByteRange,
): Promise<BlobBody | undefined> {
  const { body, blobId, partCount } = object;
  if (body !== undefined) return range === undefined ? body : body.subarray(range.start, range.end + 1);
  if (blobId !== undefined) return blobs.read(blobId, range);
  const parts = await objects.parts(object.sequence);
  if (partCount === undefined || parts.length !== partCount) return undefined;
  return blobs.readJoined(
    parts.map((part) => ({ id: part.blobId, size: part.size })),
    range,
  );
}

/** Throws `InvalidArgument` for a number that no part can have. */
export function checkPartNumber(partNumber: number): void {
  if (Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= s3Limits.partNumberMax) return;
  throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", {
    ArgumentName: "partNumber",
    ArgumentValue: String(partNumber),
  });
}

/** The part that `PartNumber` asks for; an object that was put whole is its own part 1. */
async function findPart(
  { objects }: S3House,
  object: StoredObject,
  { PartNumber: wanted, Range: range }: ReadObjectInput,
): Promise<{ range?: ByteRange; members: object; checksums: object } | undefined> {
  if (wanted === undefined) return undefined;
  if (range !== undefined) throw invalidRequest("Cannot specify both Range header and partNumber query parameter");
  checkPartNumber(wanted);
  const parts = object.partCount === undefined ? [] : await objects.parts(object.sequence);
  const count = object.partCount ?? 1;
  if (wanted > count) throw invalidPartNumber(wanted, count);
  const start = parts.slice(0, wanted - 1).reduce((sum, part) => sum + part.size, 0);
  const part = parts[wanted - 1];
  const size = part?.size ?? object.size;
  const algorithm = checksumMembers.find((name) => object.attributes[name] !== undefined);
  const checksum = algorithm === undefined ? undefined : part?.checksums[algorithm.slice("Checksum".length)];
  return {
    ...(size === 0 ? {} : { range: { start, end: start + size - 1 } }),
    members: part === undefined ? {} : { PartsCount: count },
    checksums:
      algorithm === undefined || checksum === undefined
        ? {}
        : { [algorithm]: checksum, ChecksumType: object.attributes["ChecksumType"] ?? "FULL_OBJECT" },
  };
}
