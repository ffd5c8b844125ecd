import type { Operation } from "@tripline/kernel";
import { checkBucketName } from "../bucket-name.ts";
import { bucketAlreadyOwnedByYou, invalidArgument } from "../errors.ts";
import type { S3House } from "../house.ts";

/** Input of CreateBucket. */
export interface CreateBucketInput {
  Bucket: string;
  CreateBucketConfiguration?: { LocationConstraint?: string };
}

/**
 * In `us-east-1` a bucket that is there already is answered as if it had been made, as AWS does.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export function createBucketOperation({
  registry,
  clock,
  scope,
}: S3House): Operation<CreateBucketInput, { Location: string; BucketArn: string }> {
  const notSimulated = "access control and object lock are not simulated";
  return {
    name: "CreateBucket",
    honoured: ["Bucket", "CreateBucketConfiguration.LocationConstraint"],
    refused: {
      ACL: notSimulated,
      GrantFullControl: notSimulated,
      GrantRead: notSimulated,
      GrantReadACP: notSimulated,
      GrantWrite: notSimulated,
      GrantWriteACP: notSimulated,
      ObjectLockEnabledForBucket: notSimulated,
      ObjectOwnership: notSimulated,
      BucketNamespace: "buckets are of one account",
      "CreateBucketConfiguration.Location": "directory buckets are not simulated",
      "CreateBucketConfiguration.Bucket": "directory buckets are not simulated",
      "CreateBucketConfiguration.Tags": "tags are not simulated",
    },
    async run({ Bucket: name, CreateBucketConfiguration: configuration }, context) {
      checkBucketName(name);
      const region = configuration?.LocationConstraint ?? "us-east-1";
      if (region !== scope.region) {
        throw invalidArgument("The specified location-constraint is not valid", {
          ArgumentName: "LocationConstraint",
          ArgumentValue: region,
        });
      }
      if (registry.find(name) === undefined) await registry.put({ name, createdAtMs: clock.now(), notifications: [] });
      else if (scope.region !== "us-east-1" && context.upsert !== true) throw bucketAlreadyOwnedByYou(name);
      return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
    },
  };
}
