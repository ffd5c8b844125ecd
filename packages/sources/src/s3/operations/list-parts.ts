import type { Operation } from "@tripline/kernel";
import { invalidArgument } from "../errors.ts";
import type { S3House } from "../house.ts";
import { abortRule } from "../lifecycle/abort-rule.ts";
import { pageSize, present } from "../listing.ts";
import { findUpload, uploadChecksumMembers } from "../multipart-upload.ts";
import { owner } from "./list-objects-v2.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { customerKeyRefused, requestPayerRefused } from "./refused-members.ts";

/** Input of ListParts. */
export interface ListPartsInput extends BucketInput {
  Key: string;
  UploadId: string;
  MaxParts?: number;
  /** A number, as text. */
  PartNumberMarker?: string | number;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export function listPartsOperation(house: S3House): Operation<ListPartsInput, Record<string, unknown>> {
  return {
    name: "ListParts",
    honoured: ["Bucket", "Key", "UploadId", "MaxParts", "PartNumberMarker", "ExpectedBucketOwner"],
    refused: { ...customerKeyRefused, ...requestPayerRefused },
    async run(input) {
      const bucket = openBucket(house, input);
      const upload = await findUpload(house, input);
      const max = pageSize("max-parts", input.MaxParts);
      const after = toPartMarker(input.PartNumberMarker);
      const found = await house.uploads.parts(upload.id, { after, max: max + 1 });
      const parts = found.slice(0, max);
      const { algorithm, isDefaultChecksum } = upload.value;
      return {
        Bucket: input.Bucket,
        Key: input.Key,
        UploadId: upload.id,
        PartNumberMarker: String(after),
        NextPartNumberMarker: String(parts.at(-1)?.number ?? 0),
        MaxParts: max,
        IsTruncated: found.length > max,
        ...present({
          Parts: parts.map((part) => ({
            PartNumber: part.number,
            LastModified: new Date(part.modifiedMs),
            ETag: `"${part.etag}"`,
            Size: part.size,
            ...(isDefaultChecksum ? {} : { [`Checksum${algorithm}`]: part.checksums[algorithm] }),
          })),
        }),
        Initiator: owner,
        Owner: owner,
        StorageClass: "STANDARD",
        ...uploadChecksumMembers(upload),
        ...abortRule(bucket, upload),
      };
    },
  };
}

/** The number after which a page of parts begins. Throws `InvalidArgument`. */
export function toPartMarker(marker: string | number | undefined): number {
  if (marker === undefined || marker === "") return 0;
  const number = Number(marker);
  if (Number.isInteger(number) && number >= 0) return number;
  throw invalidArgument("Provided part-number-marker not an integer or within integer range", {
    ArgumentName: "part-number-marker",
    ArgumentValue: String(marker),
  });
}
