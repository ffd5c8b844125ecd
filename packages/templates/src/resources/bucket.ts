/** AWS::S3::Bucket. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
import { toBucketArn } from "@tripline/kernel";
import { list, object, readProperties } from "../shapes/collections.ts";
import { text } from "../shapes/scalars.ts";
import { each, optional, type PropertyTable, required, unsupported, withoutEffect } from "../shapes/shape.ts";
import { bucketConfigurationProperties, planBucketConfigurations } from "./bucket-configurations.ts";
import type { BucketNotification } from "./bucket-notifications.ts";
import { deterministicId } from "./deterministic-id.ts";
import { notificationFilter } from "./notification-filter.ts";
import { reasons } from "./reasons.ts";
import { type PlanContext, placeOfProperty, planned, type ResourceType } from "./resource-type.ts";

const onlyTargets = "Buckets notify Lambda functions and SQS queues only.";
const properties = {
  BucketName: optional(text("my-uploads")),
  NotificationConfiguration: optional(
    object({
      LambdaConfigurations: optional(
        list(
          object({
            Event: required(text("s3:ObjectCreated:*")),
            Function: required(text("!GetAtt Import.Arn")),
            Filter: optional(notificationFilter),
          }),
        ),
      ),
      QueueConfigurations: optional(
        list(
          object({
            Event: required(text("s3:ObjectCreated:*")),
            Queue: required(text("!GetAtt Orders.Arn")),
            Filter: optional(notificationFilter),
          }),
        ),
      ),
      TopicConfigurations: unsupported(onlyTargets),
      EventBridgeConfiguration: unsupported(onlyTargets),
    }),
  ),
  ...bucketConfigurationProperties,
  AccessControl: withoutEffect(reasons.iam),
  LoggingConfiguration: withoutEffect(reasons.accessLogs),
  MetricsConfigurations: withoutEffect(reasons.metrics),
  ...each(
    [
      "AbacStatus",
      "AccelerateConfiguration",
      "AnalyticsConfigurations",
      "BucketNamePrefix",
      "IntelligentTieringConfigurations",
      "InventoryConfigurations",
      "MetadataConfiguration",
      "MetadataTableConfiguration",
      "ObjectLockConfiguration",
      "ObjectLockEnabled",
      "ReplicationConfiguration",
      "WebsiteConfiguration",
    ],
    unsupported(reasons.notYet),
  ),
} satisfies PropertyTable;

/** `Ref` is the name. */
export const bucket: ResourceType = {
  type: "AWS::S3::Bucket",
  properties,
  identify({ scope, stackName, logicalId, property }) {
    const name = property("BucketName") ?? defaultBucketName(stackName, logicalId);
    const arn = toBucketArn(name);
    return {
      physicalId: name,
      ref: name,
      arn,
      attributes: {
        Arn: arn,
        DomainName: `${name}.s3.amazonaws.com`,
        DualStackDomainName: `${name}.s3.dualstack.${scope.region}.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${scope.region}.amazonaws.com`,
        WebsiteURL: `http://${name}.s3-website-${scope.region}.amazonaws.com`,
      },
    };
  },
  plan(context) {
    const { definition, identity } = context;
    const { NotificationConfiguration, ...given } = readProperties(definition.properties, properties, "", context.read);
    const own: BucketNotification[] = [
      ...(NotificationConfiguration?.LambdaConfigurations ?? []).map((one) =>
        toNotification(one.Event, one.Function, "function", one.Filter),
      ),
      ...(NotificationConfiguration?.QueueConfigurations ?? []).map((one) =>
        toNotification(one.Event, one.Queue, "queue", one.Filter),
      ),
    ];
    for (const [index, one] of own.entries()) add(context, { ...one, Id: `${definition.logicalId}${index + 1}` });
    const input = { Bucket: identity.physicalId };
    return [
      planned(context, {
        calls: [{ service: "s3", operation: "CreateBucket", input }],
        removal: [{ service: "s3", operation: "DeleteBucket", input: { ...input } }],
      }),
      ...planBucketConfigurations(context, identity.physicalId, given),
    ];
  },
};

function toNotification(
  event: string,
  targetArn: string,
  targetKind: BucketNotification["targetKind"],
  filterRules: BucketNotification["filterRules"] = [],
): BucketNotification {
  return { Id: "", Events: [event], targetArn, targetKind, filterRules };
}

function add(context: PlanContext, notification: BucketNotification): void {
  const reason = context.whyNotCallable(notification.targetArn);
  const property = "NotificationConfiguration";
  if (reason !== undefined) context.skip(reason, property, placeOfProperty(context.definition, property));
  else context.addNotification(context.definition.logicalId, notification);
}

/** `<stack>-<logical id>` in lower case; over S3's 63 characters cut short, with a mark that keeps it unique. */
function defaultBucketName(stackName: string, logicalId: string): string {
  const name = `${stackName}-${logicalId}`.toLowerCase();
  if (name.length <= 63) return name;
  return `${name.slice(0, 54).replace(/-+$/, "")}-${deterministicId(8, stackName, logicalId)}`;
}
