/**
 * A bucket's notifications: its own, and those that the S3 events of functions add, as one configuration in one call.
 *
 * It is a resource of its own: it comes after the bucket and after everything that is notified, and when it leaves the template the
 * bucket is left without notifications.
 */
import type { PlannedResource } from "../template-plan.ts";
import type { ResourceDefinition } from "./resource-type.ts";

/** One configuration. */
export interface BucketNotification {
  Id: string;
  /** ARN of a function or a queue. */
  targetArn: string;
  targetKind: "function" | "queue";
  Events: string[];
  filterRules: readonly { Name: string; Value: string }[];
  /** The function whose event it is; absent where the bucket has it itself. */
  functionLogicalId?: string;
}

/** The call that sets all of a bucket's notifications. */
export function planBucketNotifications(
  definition: ResourceDefinition,
  bucket: string,
  notifications: readonly BucketNotification[],
): PlannedResource {
  const of = (kind: BucketNotification["targetKind"], arnMember: string): object[] =>
    notifications
      .filter((one) => one.targetKind === kind)
      .map(({ Id, Events, targetArn, filterRules }) => ({
        Id,
        [arnMember]: targetArn,
        Events,
        ...(filterRules.length === 0 ? {} : { Filter: { Key: { FilterRules: filterRules } } }),
      }));
  const functions = of("function", "LambdaFunctionArn");
  const queues = of("queue", "QueueArn");
  return {
    logicalId: `${definition.logicalId}Notifications`,
    type: "AWS::S3::BucketNotification",
    line: definition.place.line,
    physicalId: bucket,
    calls: [
      put(bucket, {
        ...(functions.length === 0 ? {} : { LambdaFunctionConfigurations: functions }),
        ...(queues.length === 0 ? {} : { QueueConfigurations: queues }),
      }),
    ],
    removal: [put(bucket, {})],
  };
}

function put(bucket: string, configuration: object): PlannedResource["calls"][number] {
  return {
    service: "s3",
    operation: "PutBucketNotificationConfiguration",
    input: { Bucket: bucket, NotificationConfiguration: configuration },
  };
}
