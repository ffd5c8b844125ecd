import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";

/** Nothing stands for `us-east-1`. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export function getBucketLocationOperation(house: S3House): Operation<BucketInput, { LocationConstraint?: string }> {
  return {
    name: "GetBucketLocation",
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run(input) {
      openBucket(house, input);
      const { region } = house.scope;
      return { LocationConstraint: region === "us-east-1" ? "" : region };
    },
  };
}
