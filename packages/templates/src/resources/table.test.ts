import { expect, it } from "vitest";
import { loadText, planOf } from "../testing/load-text.ts";
import { templateStreamLabel } from "./table.ts";

/** Of the call that makes a resource. */
const inputOf = (template: string, logicalId: string): unknown =>
  loadText(`Resources:${template.replaceAll("\n", "\n  ")}`).resources.find((one) => one.logicalId === logicalId)
    ?.calls[0]?.input;

const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";

it("AWS::DynamoDB::Table is created with its settings; what is not simulated is listed", () => {
  const template = `
Orders:
  Type: AWS::DynamoDB::Table
  Properties:
    TableName: orders
    AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
    KeySchema: [{ AttributeName: id, KeyType: HASH }]
    BillingMode: PAY_PER_REQUEST
    StreamSpecification: { StreamViewType: NEW_IMAGE }
    TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }
`;
  expect(planOf(template, "Orders")).toMatchObject({
    found: [
      {
        physicalId: "orders",
        arn,
        calls: [
          {
            service: "dynamodb",
            operation: "CreateTable",
            input: {
              TableName: "orders",
              AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
              KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
              BillingMode: "PAY_PER_REQUEST",
              StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
              StreamLabel: templateStreamLabel,
              TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
            },
          },
        ],
        removal: [{ service: "dynamodb", operation: "DeleteTable", input: { TableName: "orders" } }],
      },
    ],
    unsupported: [{ logicalId: "Orders", property: "PointInTimeRecoverySpecification" }],
  });
});

it("AWS::Serverless::SimpleTable is a table of one key, id where nothing is said", () => {
  const template = `
Plain: { Type: AWS::Serverless::SimpleTable }
Other:
  Type: AWS::Serverless::SimpleTable
  Properties:
    PrimaryKey: { Name: number, Type: Number }
    ProvisionedThroughput: { WriteCapacityUnits: 5 }
    Tags: { team: shop }
`;
  expect(inputOf(template, "Plain")).toEqual({
    TableName: "Plain",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  expect(inputOf(template, "Other")).toEqual({
    TableName: "Other",
    AttributeDefinitions: [{ AttributeName: "number", AttributeType: "N" }],
    KeySchema: [{ AttributeName: "number", KeyType: "HASH" }],
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 5 },
    Tags: [{ Key: "team", Value: "shop" }],
  });
});

it("a function's DynamoDB event is a mapping of the table's stream", () => {
  const template = `
Orders:
  Type: AWS::DynamoDB::Table
  Properties:
    TableName: orders
    AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
    KeySchema: [{ AttributeName: id, KeyType: HASH }]
    BillingMode: PAY_PER_REQUEST
    StreamSpecification: { StreamViewType: NEW_IMAGE }
F:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: nodejs22.x
    Handler: index.handler
    InlineCode: x
    Events:
      Changed: { Type: DynamoDB, Properties: { Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST, BatchSize: 7 } }
`;
  expect(planOf(template, "FChanged")).toMatchObject({
    found: [
      {
        calls: [
          {
            operation: "CreateEventSourceMapping",
            input: { EventSourceArn: `${arn}/stream/${templateStreamLabel}`, StartingPosition: "LATEST", BatchSize: 7 },
          },
        ],
      },
    ],
  });
});
