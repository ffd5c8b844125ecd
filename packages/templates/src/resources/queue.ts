/** AWS::SQS::Queue. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
import { toArn } from "@tripline/kernel";
import { boolean, choice, integer, json, text } from "../shapes/scalars.ts";
import { optional, type PropertyTable, required } from "../shapes/shape.ts";
import { list, object, readProperties } from "../shapes/collections.ts";
import { planned, type ResourceType } from "./resource-type.ts";

const properties = {
  QueueName: optional(text("orders")),
  FifoQueue: optional(boolean()),
  ContentBasedDeduplication: optional(boolean()),
  DeduplicationScope: optional(choice("queue", "messageGroup")),
  FifoThroughputLimit: optional(choice("perQueue", "perMessageGroupId")),
  DelaySeconds: optional(integer("0")),
  MaximumMessageSize: optional(integer("1048576")),
  MessageRetentionPeriod: optional(integer("345600")),
  ReceiveMessageWaitTimeSeconds: optional(integer("20")),
  VisibilityTimeout: optional(integer("30")),
  RedrivePolicy: optional(json()),
  RedriveAllowPolicy: optional(json()),
  KmsMasterKeyId: optional(text("alias/aws/sqs")),
  KmsDataKeyReusePeriodSeconds: optional(integer("300")),
  SqsManagedSseEnabled: optional(boolean()),
  Tags: optional(list(object({ Key: required(text("team")), Value: required(text("orders")) }))),
} satisfies PropertyTable;

/** `Ref` is the queue's URL; any host does, since the name in it finds the queue. */
export const queue: ResourceType = {
  type: "AWS::SQS::Queue",
  properties,
  identify({ scope, logicalId, property }) {
    const isFifo = /^true$/i.test(property("FifoQueue") ?? "");
    const name = property("QueueName") ?? (isFifo ? `${logicalId}.fifo` : logicalId);
    const arn = toArn(scope, "sqs", name);
    const url = `https://sqs.${scope.region}.amazonaws.com/${scope.accountId}/${name}`;
    return { physicalId: name, ref: url, arn, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
  plan(context) {
    const {
      QueueName: _name,
      Tags = [],
      ...given
    } = readProperties(context.definition.properties, properties, "", context.read);
    const attributes = Object.entries(given)
      .filter(([name, value]) => !(name === "FifoQueue" && value === false)) // SQS takes it for FIFO queues only
      .map(([name, value]) => [name, toAttribute(value)]);
    return [
      planned(context, {
        calls: [
          {
            service: "sqs",
            operation: "CreateQueue",
            input: {
              QueueName: context.identity.physicalId,
              Attributes: Object.fromEntries(attributes),
              ...(Tags.length === 0 ? {} : { tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) }),
            },
          },
        ],
        removal: [{ service: "sqs", operation: "DeleteQueue", input: { QueueUrl: context.identity.ref } }],
      }),
    ];
  },
};

function toAttribute(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
