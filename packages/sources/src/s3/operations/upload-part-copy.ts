import type { Operation } from "@tripline/kernel";
import { copySourceConditions } from "../conditions.ts";
import { invalidArgument, invalidRequest, noSuchKey } from "../errors.ts";
import type { S3House } from "../house.ts";
import { s3Limits } from "../limits.ts";
import { findUpload } from "../multipart-upload.ts";
import { type CopySourceInput, findCopySource } from "./copy-source.ts";
import { openBucket } from "./open-bucket.ts";
import { type ByteRange, checkPartNumber, openBody } from "./read-object.ts";
import { copySourceRefused, customerKeyRefused, requestPayerRefused } from "./refused-members.ts";
import { type PartInput, storePart } from "./upload-part.ts";

/** Input of UploadPartCopy. */
export interface UploadPartCopyInput extends PartInput, CopySourceInput {
  CopySourceRange?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export function uploadPartCopyOperation(house: S3House): Operation<UploadPartCopyInput, Record<string, unknown>> {
  return {
    name: "UploadPartCopy",
    honoured: [
      "Bucket",
      "Key",
      "UploadId",
      "PartNumber",
      "CopySource",
      ...copySourceConditions,
      "CopySourceRange",
      "ExpectedBucketOwner",
      "ExpectedSourceBucketOwner",
    ],
    refused: { ...copySourceRefused, ...customerKeyRefused, ...requestPayerRefused },
    async run(input) {
      openBucket(house, input);
      checkPartNumber(input.PartNumber);
      const upload = await findUpload(house, input);
      const { bucket, object } = await findCopySource(house, input);
      const range = input.CopySourceRange === undefined ? undefined : parseRange(input.CopySourceRange, object.size);
      const size = range === undefined ? object.size : range.end - range.start + 1;
      if (size > s3Limits.partBytesMax)
        throw invalidRequest(
          `The specified copy source is larger than the maximum allowable size for a copy source: ${s3Limits.partBytesMax}`,
        );
      const body = await openBody(house, object, range);
      if (body === undefined) throw noSuchKey(object.key);
      const part = await storePart(house, upload, { number: input.PartNumber, body, length: size, computes: true });
      const { algorithm, isDefaultChecksum } = upload.value;
      return {
        CopyPartResult: {
          ETag: `"${part.etag}"`,
          LastModified: new Date(part.modifiedMs),
          ...(isDefaultChecksum ? {} : { [`Checksum${algorithm}`]: part.checksums[algorithm] }),
        },
        ServerSideEncryption: "AES256",
        ...(bucket.versioning === undefined ? {} : { CopySourceVersionId: object.versionId }),
      };
    },
  };
}

/** Both ends must be given, and lie in the source. */
function parseRange(header: string, size: number): ByteRange {
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const start = Number(match?.[1]);
  const end = Number(match?.[2]);
  if (match === null || start > end)
    throw invalidArgument(
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      { ArgumentName: "x-amz-copy-source-range", ArgumentValue: header },
    );
  if (end >= size)
    throw invalidArgument(`Range specified is not valid for source object of size: ${size}`, {
      ArgumentName: "x-amz-copy-source-range",
      ArgumentValue: header,
    });
  return { start, end };
}
