import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { checkOwner } from "./check-owner.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export function headBucketOperation({
  registry,
  scope,
}: S3House): Operation<{ Bucket: string; ExpectedBucketOwner?: string }, { BucketRegion: string }> {
  return {
    name: "HeadBucket",
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run({ Bucket: name, ExpectedBucketOwner: owner }) {
      registry.get(name);
      checkOwner(scope, owner);
      return { BucketRegion: scope.region };
    },
  };
}
