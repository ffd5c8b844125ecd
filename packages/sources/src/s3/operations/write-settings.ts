/** What PutObject, CopyObject and CreateMultipartUpload have in common: the settings that an object is made with. */
import { ServiceError } from "@tripline/kernel";
import type { Bucket } from "../bucket-registry.ts";
import { type ChecksumAlgorithm, isChecksumAlgorithm } from "@tripline/kernel/checksums";
import { invalidArgument, invalidRequest } from "../errors.ts";

/** Members that are looked at here. */
export interface WriteSettings {
  ACL?: string;
  StorageClass?: string;
  ServerSideEncryption?: string;
}

/** Names of {@link WriteSettings}. */
export const writeSettings: readonly (keyof WriteSettings)[] = ["ACL", "StorageClass", "ServerSideEncryption"];

/** Canned lists that change nothing: the bucket's owner owns what is in it. */
const harmlessAcls: ReadonlySet<string> = new Set(["private", "bucket-owner-full-control"]);

/**
 * Throws `AccessControlListNotSupported` as S3 does for buckets that take no lists (those that are made today), and `InvalidArgument`
 * for storage classes and encryptions that are not simulated.
 */
export function checkWriteSettings(settings: WriteSettings): void {
  if (settings.ACL !== undefined && !harmlessAcls.has(settings.ACL))
    throw new ServiceError("AccessControlListNotSupported", "The bucket does not allow ACLs");
  refuseOther("x-amz-storage-class", settings.StorageClass, "STANDARD");
  refuseOther("x-amz-server-side-encryption", settings.ServerSideEncryption, "AES256");
}

function refuseOther(name: string, given: string | undefined, only: string): void {
  if (given === undefined || given === only) return;
  throw invalidArgument(`Tripline keeps every object as ${only}: leave ${name} out.`, {
    ArgumentName: name,
    ArgumentValue: given,
  });
}

/** Throws `InvalidRequest` for an algorithm that S3 does not have. */
export function toChecksumAlgorithm(name: string): ChecksumAlgorithm {
  const upper = name.toUpperCase();
  if (isChecksumAlgorithm(upper)) return upper;
  throw invalidRequest(
    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256, SHA512, MD5]",
  );
}

/** `VersionId` of the answer to a write: only where versioning is on. */
export function versionMember(bucket: Bucket, versionId: string): { VersionId?: string } {
  return bucket.versioning === "Enabled" ? { VersionId: versionId } : {};
}
