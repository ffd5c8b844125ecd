import type { ObjectCondition, Operation } from "@tripline/kernel";
import { bareEtag } from "../conditions.ts";
import type { S3House } from "../house.ts";
import { openBucket } from "./open-bucket.ts";
import { checkVersionId, type VersionInput } from "./read-object.ts";
import { deleteRefused, directoryReason } from "./refused-members.ts";

/** Input of DeleteObject. */
export interface DeleteObjectInput extends VersionInput {
  IfMatch?: string;
}

/**
 * Deleting what is not there succeeds, and notifies nobody, unless versioning makes a delete marker.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
 */
export function deleteObjectOperation(house: S3House): Operation<DeleteObjectInput, Record<string, unknown>> {
  return {
    name: "DeleteObject",
    honoured: ["Bucket", "Key", "VersionId", "IfMatch", "ExpectedBucketOwner"],
    refused: { ...deleteRefused, IfMatchLastModifiedTime: directoryReason, IfMatchSize: directoryReason },
    async run(input, context) {
      const bucket = openBucket(house, input);
      checkVersionId(input.VersionId);
      const onlyIf = toDeleteCondition(input.IfMatch);
      const { versionId, isDeleteMarker } = await house.writer.delete(
        {
          bucket,
          key: input.Key,
          ...(input.VersionId === undefined ? {} : { versionId: input.VersionId }),
          ...(onlyIf === undefined ? {} : { onlyIf }),
        },
        context,
      );
      return {
        ...(versionId === undefined ? {} : { VersionId: versionId }),
        ...(isDeleteMarker ? { DeleteMarker: true } : {}),
      };
    },
  };
}

/** `*`: only if it is there. */
export function toDeleteCondition(etag: string | undefined): ObjectCondition | undefined {
  if (etag === undefined) return undefined;
  return etag === "*" ? { present: true } : { etag: bareEtag(etag) };
}
