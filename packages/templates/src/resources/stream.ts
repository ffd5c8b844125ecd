/** AWS::Kinesis::Stream and AWS::Kinesis::StreamConsumer. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Kinesis.html */
import { toArn } from "@tripline/kernel";
import { list, object, readProperties } from "../shapes/collections.ts";
import { choice, integer, text } from "../shapes/scalars.ts";
import { optional, required, unsupported, withOthers } from "../shapes/shape.ts";
import { reasons } from "./reasons.ts";
import { planned, type ResourceType } from "./resource-type.ts";

const tags = optional(list(object({ Key: required(text("team")), Value: required(text("shop")) })));

const streamProperties = withOthers(
  {
    Name: optional(text("clicks")),
    ShardCount: optional(integer("2")),
    RetentionPeriodHours: optional(integer("24")),
    StreamModeDetails: optional(object({ StreamMode: required(choice("PROVISIONED", "ON_DEMAND")) })),
    MaxRecordSizeInKiB: optional(integer("1024")),
    Tags: tags,
  },
  {
    StreamEncryption: unsupported(reasons.encryption),
    DesiredShardLevelMetrics: unsupported("There are no CloudWatch metrics."),
    WarmThroughputMiBps: unsupported(reasons.notYet),
    WarmThroughputObject: unsupported(reasons.notYet),
  },
);

/** `Ref` is the stream's name. */
export const stream: ResourceType = {
  type: "AWS::Kinesis::Stream",
  properties: streamProperties,
  identify({ scope, logicalId, property }) {
    const name = property("Name") ?? logicalId;
    const arn = toArn(scope, "kinesis", `stream/${name}`);
    return { physicalId: name, ref: name, arn, attributes: { Arn: arn } };
  },
  plan(context) {
    const given = readProperties(context.definition.properties, streamProperties, "", context.read);
    const { Name: _name, Tags, ...settings } = given;
    const isOnDemand = settings.StreamModeDetails?.StreamMode === "ON_DEMAND";
    const { ShardCount = 1, ...rest } = settings;
    return [
      planned(context, {
        calls: [
          {
            service: "kinesis",
            operation: "CreateStream",
            input: {
              StreamName: context.identity.physicalId,
              ...rest,
              ...(isOnDemand ? {} : { ShardCount }),
              ...(Tags === undefined ? {} : { Tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) }),
            },
          },
        ],
        removal: [
          {
            service: "kinesis",
            operation: "DeleteStream",
            input: { StreamName: context.identity.physicalId, EnforceConsumerDeletion: true },
          },
        ],
      }),
    ];
  },
};

const consumerProperties = {
  ConsumerName: required(text("analytics")),
  StreamARN: required(text("!GetAtt Clicks.Arn")),
  Tags: tags,
};

/** Its ARN ends with the time at which it was made: here with 0, so that a template can name it. */
export const streamConsumer: ResourceType = {
  type: "AWS::Kinesis::StreamConsumer",
  properties: consumerProperties,
  identify({ property, logicalId }) {
    const name = property("ConsumerName") ?? logicalId;
    const streamArn = property("StreamARN") ?? "";
    const arn = `${streamArn}/consumer/${name}:0`;
    const attributes = {
      ConsumerARN: arn,
      ConsumerCreationTimestamp: "0",
      ConsumerName: name,
      ConsumerStatus: "ACTIVE",
      StreamARN: streamArn,
    };
    return { physicalId: arn, ref: arn, arn, attributes };
  },
  plan(context) {
    const given = readProperties(context.definition.properties, consumerProperties, "", context.read);
    const { Tags, ...named } = given;
    return [
      planned(context, {
        calls: [
          {
            service: "kinesis",
            operation: "RegisterStreamConsumer",
            input: {
              ...named,
              CreatedAtSeconds: 0,
              ...(Tags === undefined ? {} : { Tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) }),
            },
          },
        ],
        removal: [{ service: "kinesis", operation: "DeregisterStreamConsumer", input: { ...named } }],
      }),
    ];
  },
};
