/** The source of CopyObject and UploadPartCopy: named by a header, read under conditions. */
import { isServiceError, type StoredObject } from "@tripline/kernel";
import type { Bucket } from "../bucket-registry.ts";
import { checkCopySource, type CopySourceConditions } from "../conditions.ts";
import { invalidArgument, invalidRequest, notSimulated } from "../errors.ts";
import type { S3House } from "../house.ts";
import { checkOwner } from "./open-bucket.ts";
import { findObject } from "./read-object.ts";

/** Members that name and guard the source. */
export interface CopySourceInput extends CopySourceConditions {
  CopySource: string;
  ExpectedSourceBucketOwner?: string;
}

/** What `CopySource` names. */
export interface CopySource {
  bucket: Bucket;
  object: StoredObject;
  /** The version, where the header names one. */
  versionId: string | undefined;
}

/** Finds the source. Throws `InvalidArgument`, `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`, `InvalidRequest`, `PreconditionFailed`. */
export async function findCopySource(house: S3House, input: CopySourceInput): Promise<CopySource> {
  const { bucket: name, key, versionId } = parseCopySource(input.CopySource);
  house.registry.get(name);
  checkOwner(house.scope.accountId, input.ExpectedSourceBucketOwner);
  const address = { Bucket: name, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
  try {
    const { bucket, object } = await findObject(house, address, "GET");
    checkCopySource(object, input);
    return { bucket, object, versionId };
  } catch (error) {
    if (isServiceError(error) && error.code === "MethodNotAllowed")
      throw invalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.");
    throw error;
  }
}

/** Reads `/bucket/key?versionId=id`, percent-encoded, with or without its first slash. Throws `InvalidArgument`. */
export function parseCopySource(header: string): { bucket: string; key: string; versionId: string | undefined } {
  if (header.startsWith("arn:")) throw notSimulated("x-amz-copy-source", "access points are not simulated");
  const [, path = "", versionId] = /^\/?(.*?)(?:\?versionId=(.*))?$/s.exec(header) ?? [];
  const slash = path.indexOf("/");
  try {
    const bucket = decodeURIComponent(slash === -1 ? path : path.slice(0, slash));
    const key = slash === -1 ? "" : decodeURIComponent(path.slice(slash + 1));
    if (bucket === "" || key === "") throw new URIError();
    return { bucket, key, versionId };
  } catch {
    throw invalidArgument("Invalid copy source object key", {
      ArgumentName: "x-amz-copy-source",
      ArgumentValue: header,
    }); // AWS says no more than that
  }
}
