import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { abortMultipartUploadOperation } from "./abort-multipart-upload.ts";
import { bucketCorsOperations } from "./bucket-cors.ts";
import { bucketLifecycleOperations } from "./bucket-lifecycle.ts";
import {
  bucketEncryptionOperations,
  bucketOwnershipControlsOperations,
  bucketPolicyOperations,
  publicAccessBlockOperations,
} from "./bucket-settings.ts";
import {
  deleteBucketTaggingOperation,
  getBucketTaggingOperation,
  putBucketTaggingOperation,
} from "./bucket-tagging.ts";
import { getBucketVersioningOperation, putBucketVersioningOperation } from "./bucket-versioning.ts";
import { completeMultipartUploadOperation } from "./complete-multipart-upload.ts";
import { copyObjectOperation } from "./copy-object.ts";
import { createBucketOperation } from "./create-bucket.ts";
import { createMultipartUploadOperation } from "./create-multipart-upload.ts";
import { deleteBucketOperation } from "./delete-bucket.ts";
import { deleteObjectOperation } from "./delete-object.ts";
import { deleteObjectsOperation } from "./delete-objects.ts";
import { getBucketLocationOperation } from "./get-bucket-location.ts";
import { getBucketNotificationConfigurationOperation } from "./get-bucket-notification-configuration.ts";
import { getObjectAttributesOperation } from "./get-object-attributes.ts";
import { getObjectOperation } from "./get-object.ts";
import { headBucketOperation } from "./head-bucket.ts";
import { headObjectOperation } from "./head-object.ts";
import { listBucketsOperation } from "./list-buckets.ts";
import { listMultipartUploadsOperation } from "./list-multipart-uploads.ts";
import { listObjectVersionsOperation } from "./list-object-versions.ts";
import { listObjectsOperation } from "./list-objects.ts";
import { listObjectsV2Operation } from "./list-objects-v2.ts";
import { listPartsOperation } from "./list-parts.ts";
import {
  deleteObjectTaggingOperation,
  getObjectTaggingOperation,
  putObjectTaggingOperation,
} from "./object-tagging.ts";
import { postObjectOperation } from "./post-object.ts";
import { putBucketNotificationConfigurationOperation } from "./put-bucket-notification-configuration.ts";
import { putObjectOperation } from "./put-object.ts";
import { uploadPartCopyOperation } from "./upload-part-copy.ts";
import { uploadPartOperation } from "./upload-part.ts";

/** Every operation of S3 that we have. */
export function createS3Operations(house: S3House): Operation[] {
  return [
    createBucketOperation(house),
    deleteBucketOperation(house),
    headBucketOperation(house),
    getBucketLocationOperation(house),
    listBucketsOperation(house),
    putBucketVersioningOperation(house),
    getBucketVersioningOperation(house),
    putBucketTaggingOperation(house),
    getBucketTaggingOperation(house),
    deleteBucketTaggingOperation(house),
    ...bucketCorsOperations(house),
    ...bucketEncryptionOperations(house),
    ...bucketLifecycleOperations(house),
    ...bucketOwnershipControlsOperations(house),
    ...bucketPolicyOperations(house),
    ...publicAccessBlockOperations(house),
    putBucketNotificationConfigurationOperation(house),
    getBucketNotificationConfigurationOperation(house),
    putObjectOperation(house),
    postObjectOperation(house),
    getObjectOperation(house),
    headObjectOperation(house),
    getObjectAttributesOperation(house),
    copyObjectOperation(house),
    deleteObjectOperation(house),
    deleteObjectsOperation(house),
    putObjectTaggingOperation(house),
    getObjectTaggingOperation(house),
    deleteObjectTaggingOperation(house),
    listObjectsOperation(house),
    listObjectsV2Operation(house),
    listObjectVersionsOperation(house),
    createMultipartUploadOperation(house),
    uploadPartOperation(house),
    uploadPartCopyOperation(house),
    completeMultipartUploadOperation(house),
    abortMultipartUploadOperation(house),
    listPartsOperation(house),
    listMultipartUploadsOperation(house),
  ];
}
