import type { BlobBody, ObjectPart, Operation } from "@tripline/kernel";
import { takeBody } from "../body-intake.ts";
import { invalidRequest, noSuchUpload } from "../errors.ts";
import type { S3House } from "../house.ts";
import { s3Limits } from "../limits.ts";
import { findUpload, type MultipartUpload } from "../multipart-upload.ts";
import { checksumMembers } from "../object-headers.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { type BodyInput, bodyMembers, checksumToCompute, toBody, toLengthAndMd5 } from "./put-object.ts";
import { checkPartNumber } from "./read-object.ts";
import { checksumsRefused, customerKeyRefused, requestPayerRefused } from "./refused-members.ts";

/** What names a part in an input. */
export interface PartInput extends BucketInput {
  Key: string;
  UploadId: string;
  PartNumber: number;
}

/** Input of UploadPart. */
export interface UploadPartInput extends PartInput, BodyInput {}

/** A part of the same number is replaced. Nobody is notified. https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export function uploadPartOperation(house: S3House): Operation<UploadPartInput, Record<string, unknown>> {
  return {
    name: "UploadPart",
    honoured: ["Bucket", "Key", "UploadId", "PartNumber", ...bodyMembers, "ExpectedBucketOwner"],
    refused: { ...checksumsRefused, ...customerKeyRefused, ...requestPayerRefused },
    async run(input, context) {
      openBucket(house, input);
      checkPartNumber(input.PartNumber);
      const upload = await findUpload(house, input);
      const { algorithm, isDefaultChecksum } = upload.value;
      const computes = checksumToCompute(input, context).algorithm !== undefined || isDefaultChecksum;
      const part = await storePart(house, upload, {
        number: input.PartNumber,
        body: toBody(input.Body),
        ...(computes ? { computes } : {}),
        sent: () => sentChecksum(input, upload),
        ...toLengthAndMd5(input),
      });
      const shown = isDefaultChecksum
        ? Object.fromEntries(
            checksumMembers.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
          )
        : { [`Checksum${algorithm}`]: part.checksums[algorithm] };
      return { ETag: `"${part.etag}"`, ServerSideEncryption: "AES256", ...shown };
    },
  };
}

/** A part that is to be stored. */
interface PartDraft {
  number: number;
  body: BlobBody;
  /** The checksum is computed here; otherwise `sent` has it once the body was read. */
  computes?: boolean;
  sent?: () => string | undefined;
  length?: number;
  md5?: string;
}

/** Stores a part. Throws `NoSuchUpload` where the upload ended meanwhile. */
export function storePart(house: S3House, upload: MultipartUpload, draft: PartDraft): Promise<ObjectPart> {
  const { blobs, writer, uploads, clock, activity } = house;
  const { algorithm } = upload.value;
  return activity.track("s3 upload part", async () => {
    const taken = await takeBody({
      blobs,
      newBlobId: writer.newBlobId,
      body: draft.body,
      bytesMax: s3Limits.partBytesMax,
      keepsSmall: false,
      ...(draft.length === undefined ? {} : { length: draft.length }),
      ...(draft.md5 === undefined ? {} : { md5: draft.md5 }),
      ...(draft.computes === true ? { algorithm } : {}),
    });
    const { blobId = "" } = taken;
    try {
      const checksum = taken.checksum ?? draft.sent?.();
      const part: ObjectPart = {
        number: draft.number,
        size: taken.size,
        etag: taken.md5,
        modifiedMs: clock.now(),
        blobId,
        checksums: checksum === undefined ? {} : { [algorithm]: checksum },
      };
      const { done, freedBlobs } = await uploads.putPart(upload.id, part);
      if (!done) throw noSuchUpload(upload.id);
      if (freedBlobs.length > 0) await blobs.delete(freedBlobs);
      return part;
    } catch (error) {
      await blobs.delete([blobId]);
      throw error;
    }
  });
}

/** The checksum that came with a part. Throws `InvalidRequest` where it is not of the upload's algorithm. */
function sentChecksum(input: UploadPartInput, { value }: MultipartUpload): string | undefined {
  const sent = checksumMembers.find((name) => input[name] !== undefined);
  if (sent === undefined) return undefined;
  const actual = sent.slice("Checksum".length);
  if (actual === value.algorithm) return input[sent];
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${value.algorithm.toLowerCase()}, actual checksum Type: ${actual.toLowerCase()}`,
  );
}
