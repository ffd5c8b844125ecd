import { expect, it } from "vitest";
import { loadError, planOf } from "../testing/load-text.ts";

const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const url = (name: string): string => `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`;

it("AWS::SQS::Queue is created with every attribute as text", () => {
  const template = `
Failed: { Type: AWS::SQS::Queue, Properties: { FifoQueue: "true", RedriveAllowPolicy: { redrivePermission: allowAll } } }
Orders:
  Type: AWS::SQS::Queue
  Properties:
    QueueName: orders.fifo
    FifoQueue: true
    ContentBasedDeduplication: true
    DeduplicationScope: messageGroup
    FifoThroughputLimit: perMessageGroupId
    DelaySeconds: 1
    MaximumMessageSize: "2048"
    MessageRetentionPeriod: 60
    ReceiveMessageWaitTimeSeconds: 20
    VisibilityTimeout: 45
    RedrivePolicy: { deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3 }
    KmsMasterKeyId: alias/aws/sqs
    KmsDataKeyReusePeriodSeconds: 300
    SqsManagedSseEnabled: no
    Tags: [{ Key: a, Value: b }]
    RedivePolicy: x
`;
  expect(planOf(template, "Orders")).toEqual({
    found: [
      {
        logicalId: "Orders",
        type: "AWS::SQS::Queue",
        line: 4,
        physicalId: "orders.fifo",
        arn: arn("orders.fifo"),
        calls: [
          {
            service: "sqs",
            operation: "CreateQueue",
            input: {
              QueueName: "orders.fifo",
              Attributes: {
                FifoQueue: "true",
                ContentBasedDeduplication: "true",
                DeduplicationScope: "messageGroup",
                FifoThroughputLimit: "perMessageGroupId",
                DelaySeconds: "1",
                MaximumMessageSize: "2048",
                MessageRetentionPeriod: "60",
                ReceiveMessageWaitTimeSeconds: "20",
                VisibilityTimeout: "45",
                RedrivePolicy: `{"deadLetterTargetArn":"${arn("Failed.fifo")}","maxReceiveCount":3}`,
                KmsMasterKeyId: "alias/aws/sqs",
                KmsDataKeyReusePeriodSeconds: "300",
                SqsManagedSseEnabled: "false",
              },
              tags: { a: "b" },
            },
          },
        ],
        removal: [{ service: "sqs", operation: "DeleteQueue", input: { QueueUrl: url("orders.fifo") } }],
      },
    ],
    unsupported: [
      {
        logicalId: "Orders",
        type: "AWS::SQS::Queue",
        property: "RedivePolicy",
        line: 22,
        reason: "This property is not known. Did you mean RedrivePolicy?",
      },
    ],
    withoutLocalEffect: [],
  });
});

it("AWS::SQS::Queue without properties has its logical id as name, and FifoQueue false is a standard queue", () => {
  for (const properties of ["", ", Properties: { FifoQueue: false }"]) {
    expect(planOf(`\nOrders: { Type: AWS::SQS::Queue${properties} }`, "Orders")).toEqual({
      found: [
        {
          logicalId: "Orders",
          type: "AWS::SQS::Queue",
          line: 3,
          physicalId: "Orders",
          arn: arn("Orders"),
          calls: [{ service: "sqs", operation: "CreateQueue", input: { QueueName: "Orders", Attributes: {} } }],
          removal: [{ service: "sqs", operation: "DeleteQueue", input: { QueueUrl: url("Orders") } }],
        },
      ],
      unsupported: [],
      withoutLocalEffect: [],
    });
  }
});

it.each([
  [
    "VisibilityTimeout: soon",
    'VisibilityTimeout of Q must be a whole number, and is the text "soon".',
    "Write a whole number, such as 30.",
  ],
  ["DelaySeconds: 1.5", "DelaySeconds of Q must be a whole number, and is 1.5.", "Write a whole number, such as 0."],
  ["FifoQueue: maybe", 'FifoQueue of Q must be true or false, and is the text "maybe".', "Write true or false."],
  ["QueueName: [a]", "QueueName of Q must be a text.", "Write a text, or a function that gives one."],
  [
    "DeduplicationScope: group",
    'DeduplicationScope of Q must be one of queue, messageGroup, and is the text "group".',
    "Write one of queue, messageGroup.",
  ],
  ["KmsMasterKeyId:", "KmsMasterKeyId of Q must be a text, and is empty.", "Write a text, such as alias/aws/sqs."],
])("AWS::SQS::Queue refuses %s", (property, what, next) => {
  expect(loadError(`Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      ${property}\n`)).toBe(
    `SIM_TEMPLATE_INVALID: ${what}\n  at template.yaml:5\n  ${next}`,
  );
});

it("AWS::SQS::QueuePolicy and QueueInlinePolicy set the Policy of each queue, and take it away", () => {
  const template = `
Orders: { Type: AWS::SQS::Queue }
Failed: { Type: AWS::SQS::Queue }
Policy:
  Type: AWS::SQS::QueuePolicy
  Properties:
    Queues: [!Ref Orders, !Ref Failed]
    PolicyDocument:
      Statement: [{ Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: !GetAtt Orders.Arn }]
Inline:
  Type: AWS::SQS::QueueInlinePolicy
  Properties: { Queue: !Ref Failed, PolicyDocument: { Statement: [] } }
`;
  const call = (name: string, Policy: string): object => ({
    service: "sqs",
    operation: "SetQueueAttributes",
    input: { QueueUrl: url(name), Attributes: { Policy } },
  });
  const document = `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"${arn("Orders")}"}]}`;
  expect(planOf(template, "Policy")).toMatchObject({
    found: [
      {
        calls: [call("Orders", document), call("Failed", document)],
        removal: [call("Orders", ""), call("Failed", "")],
      },
    ],
    unsupported: [],
    withoutLocalEffect: [],
  });
  expect(planOf(template, "Inline")).toMatchObject({
    found: [{ calls: [call("Failed", '{"Statement":[]}')], removal: [call("Failed", "")] }],
  });
});
