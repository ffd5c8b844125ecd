import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { type NotificationConfiguration, toWireNotifications } from "../notification-configuration.ts";
import { checkOwner } from "./check-owner.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html */
export function getBucketNotificationConfigurationOperation({
  registry,
  scope,
}: S3House): Operation<{ Bucket: string; ExpectedBucketOwner?: string }, NotificationConfiguration> {
  return {
    name: "GetBucketNotificationConfiguration",
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run({ Bucket: name, ExpectedBucketOwner: owner }) {
      const { notifications } = registry.get(name);
      checkOwner(scope, owner);
      return toWireNotifications(notifications);
    },
  };
}
