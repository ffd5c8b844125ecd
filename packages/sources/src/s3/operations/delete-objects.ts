import { isServiceError, type Operation } from "@tripline/kernel";
import { malformedXml } from "../errors.ts";
import type { S3House } from "../house.ts";
import { s3Limits } from "../limits.ts";
import { toDeleteCondition } from "./delete-object.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { checkVersionId } from "./read-object.ts";
import { deleteRefused, directoryReason } from "./refused-members.ts";

interface ObjectIdentifier {
  Key: string;
  VersionId?: string;
  ETag?: string;
}

/** Input of DeleteObjects. */
export interface DeleteObjectsInput extends BucketInput {
  Delete: { Objects?: ObjectIdentifier[]; Quiet?: boolean };
}

/** Each key by itself; the answer is 200 with what went wrong in it. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export function deleteObjectsOperation(house: S3House): Operation<DeleteObjectsInput, Record<string, unknown>> {
  return {
    name: "DeleteObjects",
    honoured: [
      "Bucket",
      "Delete.Objects.Key",
      "Delete.Objects.VersionId",
      "Delete.Objects.ETag",
      "Delete.Quiet",
      "ChecksumAlgorithm",
      "ExpectedBucketOwner",
    ],
    refused: {
      ...deleteRefused,
      "Delete.Objects.LastModifiedTime": directoryReason,
      "Delete.Objects.Size": directoryReason,
    },
    async run(input, context) {
      const bucket = openBucket(house, input);
      const { Objects: wanted = [], Quiet: isQuiet = false } = input.Delete;
      if (wanted.length === 0 || wanted.length > s3Limits.deleteKeysMax) throw malformedXml();
      const remove = async ({ Key: key, VersionId: asked, ETag: etag }: ObjectIdentifier): Promise<object> => {
        checkVersionId(asked);
        const onlyIf = toDeleteCondition(etag);
        const { versionId, isDeleteMarker } = await house.writer.delete(
          {
            bucket,
            key,
            ...(asked === undefined ? {} : { versionId: asked }),
            ...(onlyIf === undefined ? {} : { onlyIf }),
          },
          context,
        );
        return {
          Key: key,
          ...(asked === undefined ? {} : { VersionId: asked }),
          ...(isDeleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: versionId } : {}),
        };
      };
      const results = await Promise.allSettled(wanted.map(remove));
      const deleted: object[] = [];
      const errors: object[] = [];
      for (const [index, result] of results.entries()) {
        const { Key, VersionId } = wanted[index] ?? { Key: "" };
        if (result.status === "fulfilled") deleted.push(result.value);
        else {
          const error: unknown = result.reason;
          if (!isServiceError(error)) throw error;
          const ofVersion = VersionId === undefined ? {} : { VersionId };
          errors.push({ Key, ...ofVersion, Code: error.code, Message: error.message });
        }
      }
      return {
        ...(isQuiet || deleted.length === 0 ? {} : { Deleted: deleted }),
        ...(errors.length === 0 ? {} : { Errors: errors }),
      };
    },
  };
}
