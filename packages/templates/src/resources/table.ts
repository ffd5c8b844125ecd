/**
 * AWS::DynamoDB::Table and AWS::Serverless::SimpleTable.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
 */
import { toArn } from "@tripline/kernel";
import { list, map, object, readProperties } from "../shapes/collections.ts";
import { boolean, choice, integer, text } from "../shapes/scalars.ts";
import { each, optional, required, unsupported, withOthers } from "../shapes/shape.ts";
import { reasons } from "./reasons.ts";
import { planned, type PlanContext, type ResourceType } from "./resource-type.ts";

/** Of every stream of a template's table: its ARN must be known before it is made. */
export const templateStreamLabel = "1970-01-01T00:00:00.000";

const keySchema = list(object({ AttributeName: required(text("id")), KeyType: required(choice("HASH", "RANGE")) }));
const throughput = object({ ReadCapacityUnits: required(integer("1")), WriteCapacityUnits: required(integer("1")) });
const onDemandThroughput = object({
  MaxReadRequestUnits: optional(integer("100")),
  MaxWriteRequestUnits: optional(integer("100")),
});
const projection = object({
  ProjectionType: optional(choice("ALL", "KEYS_ONLY", "INCLUDE")),
  NonKeyAttributes: optional(list(text("status"))),
});
const indexProperties = {
  IndexName: required(text("by-customer")),
  KeySchema: required(keySchema),
  Projection: required(projection),
};

const tableProperties = withOthers(
  {
    TableName: optional(text("orders")),
    AttributeDefinitions: optional(
      list(object({ AttributeName: required(text("id")), AttributeType: required(choice("S", "N", "B")) })),
    ),
    KeySchema: required(keySchema),
    BillingMode: optional(choice("PROVISIONED", "PAY_PER_REQUEST")),
    ProvisionedThroughput: optional(throughput),
    OnDemandThroughput: optional(onDemandThroughput),
    GlobalSecondaryIndexes: optional(
      list(
        object(
          withOthers(
            {
              ...indexProperties,
              ProvisionedThroughput: optional(throughput),
              OnDemandThroughput: optional(onDemandThroughput),
            },
            each(["WarmThroughput", "ContributorInsightsSpecification"], unsupported(reasons.notYet)),
          ),
        ),
      ),
    ),
    LocalSecondaryIndexes: optional(list(object(indexProperties))),
    StreamSpecification: optional(
      object(
        withOthers(
          { StreamViewType: required(choice("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES")) },
          { ResourcePolicy: unsupported(reasons.notYet) },
        ),
      ),
    ),
    TimeToLiveSpecification: optional(
      object({ AttributeName: optional(text("expiresAt")), Enabled: required(boolean()) }),
    ),
    DeletionProtectionEnabled: optional(boolean()),
    TableClass: optional(choice("STANDARD", "STANDARD_INFREQUENT_ACCESS")),
    Tags: optional(list(object({ Key: required(text("team")), Value: required(text("shop")) }))),
  },
  {
    SSESpecification: unsupported(reasons.encryption),
    ...each(
      [
        "ContributorInsightsSpecification",
        "ImportSourceSpecification",
        "KinesisStreamSpecification",
        "PointInTimeRecoverySpecification",
        "ResourcePolicy",
        "WarmThroughput",
      ],
      unsupported(reasons.notYet),
    ),
  },
);

const identify: ResourceType["identify"] = ({ scope, logicalId, property }) => {
  const name = property("TableName") ?? logicalId;
  const arn = toArn(scope, "dynamodb", `table/${name}`);
  const attributes = { Arn: arn, StreamArn: `${arn}/stream/${templateStreamLabel}` };
  return { physicalId: name, ref: name, arn, attributes };
};

function planTable(context: PlanContext, input: Record<string, unknown>): ReturnType<ResourceType["plan"]> {
  const TableName = context.identity.physicalId;
  return [
    planned(context, {
      calls: [{ service: "dynamodb", operation: "CreateTable", input: { TableName, ...input } }],
      removal: [{ service: "dynamodb", operation: "DeleteTable", input: { TableName } }],
    }),
  ];
}

/** `Ref` is the table's name. */
export const table: ResourceType = {
  type: "AWS::DynamoDB::Table",
  properties: tableProperties,
  identify,
  plan(context) {
    const given = readProperties(context.definition.properties, tableProperties, "", context.read);
    const { TableName: _name, StreamSpecification: stream, ...settings } = given;
    return planTable(context, {
      ...settings,
      ...(stream === undefined
        ? {}
        : { StreamSpecification: { StreamEnabled: true, ...stream }, StreamLabel: templateStreamLabel }),
    });
  },
};

const simpleProperties = withOthers(
  {
    TableName: optional(text("orders")),
    PrimaryKey: optional(object({ Name: required(text("id")), Type: required(choice("String", "Number", "Binary")) })),
    ProvisionedThroughput: optional(
      object({ ReadCapacityUnits: optional(integer("1")), WriteCapacityUnits: required(integer("1")) }),
    ),
    Tags: optional(map(text("shop"))),
  },
  {
    SSESpecification: unsupported(reasons.encryption),
    PointInTimeRecoverySpecification: unsupported(reasons.notYet),
  },
);

const keyTypes = { String: "S", Number: "N", Binary: "B" } as const;

/** A table of one key, `id` of type String where nothing is said. */
export const simpleTable: ResourceType = {
  type: "AWS::Serverless::SimpleTable",
  properties: simpleProperties,
  identify,
  plan(context) {
    const given = readProperties(context.definition.properties, simpleProperties, "", context.read);
    const { PrimaryKey: { Name: AttributeName, Type } = { Name: "id", Type: "String" as const }, Tags } = given;
    const { ProvisionedThroughput: units } = given;
    return planTable(context, {
      AttributeDefinitions: [{ AttributeName, AttributeType: keyTypes[Type] }],
      KeySchema: [{ AttributeName, KeyType: "HASH" }],
      ...(units === undefined
        ? { BillingMode: "PAY_PER_REQUEST" }
        : { ProvisionedThroughput: { ReadCapacityUnits: units.ReadCapacityUnits ?? 1, ...units } }),
      ...(Tags === undefined ? {} : { Tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })) }),
    });
  },
};
