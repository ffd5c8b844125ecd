import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { type NotificationConfiguration, toWireNotifications } from "../notification-configuration.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html */
export function getBucketNotificationConfigurationOperation(
  house: S3House,
): Operation<BucketInput, NotificationConfiguration> {
  return {
    name: "GetBucketNotificationConfiguration",
    honoured: ["Bucket", "ExpectedBucketOwner"],
    run: async (input) => toWireNotifications(openBucket(house, input).notifications),
  };
}
