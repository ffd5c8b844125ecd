import type { Operation } from "@tripline/kernel";
import { noSuchUpload } from "../errors.ts";
import type { S3House } from "../house.ts";
import { findUpload } from "../multipart-upload.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { directoryReason, requestPayerRefused } from "./refused-members.ts";

/** Input of AbortMultipartUpload. */
export interface AbortMultipartUploadInput extends BucketInput {
  Key: string;
  UploadId: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export function abortMultipartUploadOperation(
  house: S3House,
): Operation<AbortMultipartUploadInput, Record<string, never>> {
  return {
    name: "AbortMultipartUpload",
    honoured: ["Bucket", "Key", "UploadId", "ExpectedBucketOwner"],
    refused: { ...requestPayerRefused, IfMatchInitiatedTime: directoryReason },
    async run(input) {
      openBucket(house, input);
      const { id } = await findUpload(house, input);
      if (!(await abortUpload(house, id))) throw noSuchUpload(id);
      return {};
    },
  };
}

/** Ends an upload and removes its parts. Whether there was one. */
export function abortUpload({ uploads, blobs, activity }: S3House, id: string): Promise<boolean> {
  return activity.track("s3 upload", async () => {
    const { done, freedBlobs } = await uploads.abort(id);
    await blobs.delete(freedBlobs);
    return done;
  });
}
