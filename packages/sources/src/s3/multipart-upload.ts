/** A multipart upload in progress, as operations see it. */
import type { ObjectTag, StoredUpload } from "@tripline/kernel";
import { type ChecksumAlgorithm, defaultChecksum } from "@tripline/kernel/checksums";
import { type ChecksumType, checksumTypesOf } from "./checksums/multipart-checksum.ts";
import { invalidRequest, noSuchUpload } from "./errors.ts";
import type { S3House } from "./house.ts";

/** What is kept of CreateMultipartUpload. */
export interface UploadValue {
  /** What the object will answer with. */
  attributes: Readonly<Record<string, unknown>>;
  tags: readonly ObjectTag[];
  algorithm: ChecksumAlgorithm;
  type: ChecksumType;
  /** Nobody asked for the algorithm: S3 computes its own, and speaks of it when the upload is complete. */
  isDefaultChecksum: boolean;
}

/** An upload in progress. */
export type MultipartUpload = Omit<StoredUpload, "value"> & { value: UploadValue };

/** The upload of that id, for that key. Throws `NoSuchUpload`. */
export async function findUpload(
  { uploads }: S3House,
  input: { Bucket: string; Key: string; UploadId: string },
): Promise<MultipartUpload> {
  const upload = await uploads.get(input.UploadId);
  if (upload === undefined || upload.bucket !== input.Bucket || upload.key !== input.Key)
    throw noSuchUpload(input.UploadId);
  return upload as unknown as MultipartUpload;
}

/** The checksum that an upload is begun with. Throws `InvalidRequest` where algorithm and type do not go together. */
export function toUploadChecksum(
  algorithm: ChecksumAlgorithm | undefined,
  type: string | undefined,
): Pick<UploadValue, "algorithm" | "type" | "isDefaultChecksum"> {
  if (algorithm === undefined) {
    if (type !== undefined)
      throw invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
    return { algorithm: defaultChecksum, type: "FULL_OBJECT", isDefaultChecksum: true };
  }
  const types = checksumTypesOf(algorithm);
  const chosen = type === undefined ? types[0] : types.find((one) => one === type);
  if (chosen === undefined) {
    throw type === "COMPOSITE" || type === "FULL_OBJECT"
      ? invalidRequest(
          `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
        )
      : invalidRequest("Value for x-amz-checksum-type header is invalid.");
  }
  return { algorithm, type: chosen, isDefaultChecksum: false };
}

/** Checksum members of an answer about an upload; none where nobody asked for one. */
export function uploadChecksumMembers({ value }: MultipartUpload): object {
  return value.isDefaultChecksum ? {} : { ChecksumAlgorithm: value.algorithm, ChecksumType: value.type };
}
