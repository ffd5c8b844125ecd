import type { ObjectTag, Operation } from "@tripline/kernel";
import { noSuchConfiguration } from "../errors.ts";
import type { S3House } from "../house.ts";
import { checkTags } from "../tags.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html */
export function getBucketTaggingOperation(house: S3House): Operation<BucketInput, { TagSet: ObjectTag[] }> {
  return {
    name: "GetBucketTagging",
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run(input) {
      const { tags = [], name } = openBucket(house, input);
      if (tags.length === 0) throw noSuchConfiguration("NoSuchTagSet", "The TagSet does not exist", name);
      return { TagSet: [...tags] };
    },
  };
}

/** Replaces all tags. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html */
export function putBucketTaggingOperation(
  house: S3House,
): Operation<BucketInput & { Tagging: { TagSet?: Partial<ObjectTag>[] } }, Record<string, never>> {
  return {
    name: "PutBucketTagging",
    honoured: ["Bucket", "Tagging", "ContentMD5", "ChecksumAlgorithm", "ExpectedBucketOwner"],
    async run(input) {
      openBucket(house, input);
      const tags = checkTags(input.Tagging.TagSet ?? [], "bucket");
      await house.registry.update(input.Bucket, (bucket) => ({ ...bucket, tags }));
      return {};
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html */
export function deleteBucketTaggingOperation(house: S3House): Operation<BucketInput, Record<string, never>> {
  return {
    name: "DeleteBucketTagging",
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run(input) {
      openBucket(house, input);
      await house.registry.update(input.Bucket, (bucket) => ({ ...bucket, tags: [] }));
      return {};
    },
  };
}
