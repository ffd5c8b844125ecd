import { type ObjectTag, type Operation, ServiceError } from "@tripline/kernel";
import { checkBucketName } from "../bucket-name.ts";
import { bucketAlreadyOwnedByYou } from "../errors.ts";
import type { S3House } from "../house.ts";
import { checkTags } from "../tags.ts";
import { checkObjectOwnership } from "./bucket-settings.ts";
import { lockReason, permissionsRefused } from "./refused-members.ts";

/** Input of CreateBucket. */
export interface CreateBucketInput {
  Bucket: string;
  ACL?: string;
  ObjectOwnership?: string;
  CreateBucketConfiguration?: { LocationConstraint?: string; Tags?: Partial<ObjectTag>[] };
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
  return {
    name: "CreateBucket",
    honoured: [
      "Bucket",
      "ACL",
      "ObjectOwnership",
      "CreateBucketConfiguration.LocationConstraint",
      "CreateBucketConfiguration.Tags",
    ],
    refused: {
      ...permissionsRefused,
      GrantWrite: "access control lists are not simulated",
      ObjectLockEnabledForBucket: lockReason,
      BucketNamespace: "buckets are of one account",
      "CreateBucketConfiguration.Location": "directory buckets are not simulated",
      "CreateBucketConfiguration.Bucket": "directory buckets are not simulated",
    },
    async run({ Bucket: name, ACL: acl, ObjectOwnership, CreateBucketConfiguration: configuration }, context) {
      checkBucketName(name);
      checkObjectOwnership(ObjectOwnership);
      if (acl !== undefined && acl !== "private")
        throw new ServiceError(
          "InvalidBucketAclWithObjectOwnership",
          "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
        );
      const region = configuration?.LocationConstraint;
      if (!(region === undefined && context.upsert === true)) checkRegion(region, scope.region);
      const tags = checkTags(configuration?.Tags ?? [], "bucket");
      const isNew = await registry.create({
        name,
        createdAtMs: clock.now(),
        notifications: [],
        ...(tags.length === 0 ? {} : { tags }),
      });
      if (!isNew && scope.region !== "us-east-1" && context.upsert !== true) throw bucketAlreadyOwnedByYou(name);
      return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
    },
  };
}

/** `us-east-1` is named by leaving the region out. */
function checkRegion(asked: string | undefined, own: string): void {
  if (asked === "us-east-1")
    throw new ServiceError("InvalidLocationConstraint", "The specified location-constraint is not valid", {
      members: { LocationConstraint: asked },
    });
  if ((asked ?? "us-east-1") === own) return;
  throw new ServiceError(
    "IllegalLocationConstraintException",
    `The ${asked ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
