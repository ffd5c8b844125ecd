import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { abortRule } from "../lifecycle/abort-rule.ts";
import { toUploadChecksum, uploadChecksumMembers, type UploadValue } from "../multipart-upload.ts";
import { checkMetadata, headerMembers, type ObjectHeaders, toAttributes } from "../object-headers.ts";
import { checkObjectKey } from "../object-key.ts";
import { parseTagging } from "../tags.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { writeRefused } from "./refused-members.ts";
import { checkWriteSettings, toChecksumAlgorithm, type WriteSettings, writeSettings } from "./write-settings.ts";

/** Input of CreateMultipartUpload. */
export interface CreateMultipartUploadInput extends BucketInput, ObjectHeaders, WriteSettings {
  Key: string;
  Tagging?: string;
  ChecksumAlgorithm?: string;
  ChecksumType?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export function createMultipartUploadOperation(
  house: S3House,
): Operation<CreateMultipartUploadInput, Record<string, unknown>> {
  const { uploads, clock, rng, activity } = house;
  return {
    name: "CreateMultipartUpload",
    honoured: [
      "Bucket",
      "Key",
      ...headerMembers,
      ...writeSettings,
      "Tagging",
      "ChecksumAlgorithm",
      "ChecksumType",
      "ExpectedBucketOwner",
    ],
    refused: writeRefused,
    async run(input) {
      const bucket = openBucket(house, input);
      checkObjectKey(input.Key);
      checkMetadata(input.Metadata);
      checkWriteSettings(input);
      const asked = input.ChecksumAlgorithm === undefined ? undefined : toChecksumAlgorithm(input.ChecksumAlgorithm);
      const value: UploadValue = {
        attributes: toAttributes(input),
        tags: input.Tagging === undefined ? [] : parseTagging(input.Tagging),
        ...toUploadChecksum(asked, input.ChecksumType),
      };
      const initiatedMs = clock.now();
      const id = `${initiatedMs.toString(36).padStart(10, "0")}${rng.hex(32)}`;
      const upload = { id, bucket: bucket.name, key: input.Key, initiatedMs, value };
      await activity.track("s3 upload", () => uploads.create({ ...upload, value: { ...value } }));
      return {
        Bucket: bucket.name,
        Key: input.Key,
        UploadId: id,
        ServerSideEncryption: "AES256",
        ...uploadChecksumMembers(upload),
        ...abortRule(bucket, upload),
      };
    },
  };
}
