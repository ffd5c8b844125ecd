import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export function headBucketOperation(
  house: S3House,
): Operation<BucketInput, { BucketRegion: string; BucketArn: string; AccessPointAlias: boolean }> {
  return {
    name: "HeadBucket",
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run(input) {
      const { name } = openBucket(house, input);
      return { BucketRegion: house.scope.region, BucketArn: `arn:aws:s3:::${name}`, AccessPointAlias: false };
    },
  };
}
