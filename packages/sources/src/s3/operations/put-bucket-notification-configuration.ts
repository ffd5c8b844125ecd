import { type Operation, type OwedNotification, toBucketArn } from "@tripline/kernel";
import { invalidArgument } from "../errors.ts";
import type { S3House } from "../house.ts";
import {
  type BucketNotification,
  type NotificationConfiguration,
  parseNotifications,
} from "../notification-configuration.ts";
import { type KeptNotification, toNotifier } from "../notifier.ts";
import { toTestEvent } from "../object-event.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";

/** Input of PutBucketNotificationConfiguration. */
export interface PutBucketNotificationConfigurationInput extends BucketInput {
  NotificationConfiguration: NotificationConfiguration;
  SkipDestinationValidation?: boolean;
}

/**
 * Replaces the whole configuration. Queues that it names get an `s3:TestEvent`; a template that is applied again sends none to those
 * that were there before. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
 */
export function putBucketNotificationConfigurationOperation(
  house: S3House,
): Operation<PutBucketNotificationConfigurationInput, Record<string, never>> {
  const { registry, rng, clock, scope } = house;
  return {
    name: "PutBucketNotificationConfiguration",
    honoured: [
      "Bucket",
      "ExpectedBucketOwner",
      "SkipDestinationValidation",
      "NotificationConfiguration.LambdaFunctionConfigurations",
      "NotificationConfiguration.QueueConfigurations",
    ],
    refused: {
      "NotificationConfiguration.TopicConfigurations": "SNS is not simulated yet",
      "NotificationConfiguration.EventBridgeConfiguration": "S3 events are not delivered to EventBridge yet",
    },
    async run(input, context) {
      const bucket = openBucket(house, input);
      const notifications = parseNotifications(input.NotificationConfiguration, () => rng.uuid());
      const caller = toNotifier(scope, toBucketArn(bucket.name));
      if (input.SkipDestinationValidation !== true) {
        checkTargets(notifications, (arn) => house.targetAccepts(arn, caller));
      }
      const before = new Set(context.upsert === true ? bucket.notifications.map((one) => one.targetArn) : []);
      await registry.update(bucket.name, (now) => ({ ...now, notifications }));
      if (input.SkipDestinationValidation === true) return {};
      const queues = new Set(notifications.filter((one) => one.target === "sqs").map((one) => one.targetArn));
      const body = toTestEvent(bucket.name, clock.now(), context.requestId);
      const sourceArn = toBucketArn(bucket.name);
      house.notifier.send(
        [...queues]
          .filter((arn) => !before.has(arn))
          .map((targetArn): OwedNotification & { value: KeptNotification } => ({
            id: rng.uuid(),
            value: { targetArn, sourceArn, body, atMs: clock.now() },
          })),
      );
      return {};
    },
  };
}

/** All that are missing, or do not let the bucket in, are named in one error, numbered. */
function checkTargets(notifications: readonly BucketNotification[], accepts: (arn: string) => boolean): void {
  const missing = notifications.filter((one) => isFifo(one) || !accepts(one.targetArn));
  if (missing.length === 0) return;
  const members: Record<string, string> = {};
  for (const [index, one] of missing.entries()) {
    const { target, targetArn } = one;
    members[`ArgumentName${index + 1}`] = target === "lambda" ? `${targetArn}, null` : targetArn;
    members[`ArgumentValue${index + 1}`] =
      target === "lambda"
        ? `Not authorized to invoke function [${targetArn}]`
        : isFifo(one)
          ? "FIFO queues are not supported as destinations" // our words: AWS's are not recorded
          : "The destination queue does not exist";
  }
  throw invalidArgument("Unable to validate the following destination configurations", members);
}

/** S3 notifies standard queues only. */
function isFifo({ target, targetArn }: BucketNotification): boolean {
  return target === "sqs" && targetArn.endsWith(".fifo");
}
