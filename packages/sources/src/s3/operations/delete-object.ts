import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { checkOwner } from "./check-owner.ts";

/** Input of DeleteObject. */
export interface DeleteObjectInput {
  Bucket: string;
  Key: string;
  ExpectedBucketOwner?: string;
}

/**
 * Deleting what is not there succeeds, and notifies nobody.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
 */
export function deleteObjectOperation({
  registry,
  writer,
  scope,
}: S3House): Operation<DeleteObjectInput, Record<string, never>> {
  return {
    name: "DeleteObject",
    honoured: ["Bucket", "Key", "ExpectedBucketOwner"],
    refused: {
      VersionId: "versioning is not simulated yet",
      MFA: "versioning is not simulated yet",
      BypassGovernanceRetention: "object lock is not simulated",
      RequestPayer: "nobody pays here",
      IfMatch: "conditional deletes are not simulated yet",
      IfMatchLastModifiedTime: "directory buckets are not simulated",
      IfMatchSize: "directory buckets are not simulated",
    },
    async run(input, context) {
      const bucket = registry.get(input.Bucket);
      checkOwner(scope, input.ExpectedBucketOwner);
      await writer.delete(bucket, input.Key, context);
      return {};
    },
  };
}
