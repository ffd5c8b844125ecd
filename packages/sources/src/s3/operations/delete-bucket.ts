import type { Operation } from "@tripline/kernel";
import { bucketNotEmpty } from "../errors.ts";
import type { S3House } from "../house.ts";
import { checkOwner } from "./check-owner.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export function deleteBucketOperation({
  registry,
  objects,
  scope,
}: S3House): Operation<{ Bucket: string; ExpectedBucketOwner?: string }, Record<string, never>> {
  return {
    name: "DeleteBucket",
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run({ Bucket: name, ExpectedBucketOwner: owner }) {
      registry.get(name);
      checkOwner(scope, owner);
      if ((await objects.list(name, { prefix: "", from: "", max: 1 })).length > 0) throw bucketNotEmpty(name);
      await registry.delete(name);
      return {};
    },
  };
}
