import type { ObjectTag, Operation } from "@tripline/kernel";
import { noSuchKey } from "../errors.ts";
import type { S3House } from "../house.ts";
import { checkTags } from "../tags.ts";
import { findObject, type VersionInput } from "./read-object.ts";
import { requestPayerRefused } from "./refused-members.ts";

const members = ["Bucket", "Key", "VersionId", "ExpectedBucketOwner"];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export function getObjectTaggingOperation(house: S3House): Operation<VersionInput, Record<string, unknown>> {
  return {
    name: "GetObjectTagging",
    honoured: members,
    refused: requestPayerRefused,
    async run(input) {
      const { bucket, object } = await findObject(house, input, "GET");
      const ofVersion = bucket.versioning === undefined ? {} : { VersionId: object.versionId };
      return { TagSet: [...(object.tags ?? [])], ...ofVersion };
    },
  };
}

/** Input of PutObjectTagging. */
export interface PutObjectTaggingInput extends VersionInput {
  Tagging: { TagSet?: Partial<ObjectTag>[] };
}

/** Replaces all tags. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
export function putObjectTaggingOperation(house: S3House): Operation<PutObjectTaggingInput, Record<string, unknown>> {
  return {
    name: "PutObjectTagging",
    honoured: [...members, "Tagging", "ContentMD5", "ChecksumAlgorithm"],
    refused: requestPayerRefused,
    async run(input, context) {
      const { bucket, object } = await findObject(house, input, "PUT");
      const tags = checkTags(input.Tagging.TagSet ?? [], "object");
      if (!(await house.writer.tag(bucket, object, tags, "ObjectTagging:Put", context))) throw noSuchKey(input.Key);
      return bucket.versioning === undefined ? {} : { VersionId: object.versionId };
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
export function deleteObjectTaggingOperation(house: S3House): Operation<VersionInput, Record<string, unknown>> {
  return {
    name: "DeleteObjectTagging",
    honoured: members,
    async run(input, context) {
      const { bucket, object } = await findObject(house, input, "DELETE");
      if (!(await house.writer.tag(bucket, object, [], "ObjectTagging:Delete", context))) throw noSuchKey(input.Key);
      return bucket.versioning === undefined ? {} : { VersionId: object.versionId };
    },
  };
}
