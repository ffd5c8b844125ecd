import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { createBucketOperation } from "./create-bucket.ts";
import { deleteBucketOperation } from "./delete-bucket.ts";
import { deleteObjectOperation } from "./delete-object.ts";
import { getBucketNotificationConfigurationOperation } from "./get-bucket-notification-configuration.ts";
import { getObjectOperation } from "./get-object.ts";
import { headBucketOperation } from "./head-bucket.ts";
import { headObjectOperation } from "./head-object.ts";
import { listBucketsOperation } from "./list-buckets.ts";
import { listObjectsV2Operation } from "./list-objects-v2.ts";
import { putBucketNotificationConfigurationOperation } from "./put-bucket-notification-configuration.ts";
import { putObjectOperation } from "./put-object.ts";

/** Every operation of S3 that we have. */
export function createS3Operations(house: S3House): Operation[] {
  return [
    createBucketOperation(house),
    deleteBucketOperation(house),
    headBucketOperation(house),
    listBucketsOperation(house),
    putBucketNotificationConfigurationOperation(house),
    getBucketNotificationConfigurationOperation(house),
    putObjectOperation(house),
    getObjectOperation(house),
    headObjectOperation(house),
    deleteObjectOperation(house),
    listObjectsV2Operation(house),
  ];
}
