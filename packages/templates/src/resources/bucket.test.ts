import { expect, it } from "vitest";
import { loadError, loadText, planOf, withoutRoles } from "../testing/load-text.ts";

const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

it("AWS::S3::Bucket is created, its notifications once, with those of functions' events", () => {
  const template = `
Uploads:
  Type: AWS::S3::Bucket
  Properties:
    BucketName: !Sub "\${AWS::StackName}-in"
    AccessControl: Private
    WebsiteConfiguration: { IndexDocument: index.html }
    NotificationConfiguration:
      LambdaConfigurations:
        - { Event: "s3:ObjectRemoved:*", Function: !GetAtt Other.Arn }
      QueueConfigurations:
        - Event: s3:ObjectCreated:Put
          Queue: !GetAtt Work.Arn
          Filter: { S3Key: { Rules: [{ Name: Prefix, Value: in/ }] } }
      TopicConfigurations: []
Work: { Type: AWS::SQS::Queue }
Other: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs22.x, Handler: a.b, CodeUri: code } }
Import:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: nodejs22.x
    Handler: a.b
    CodeUri: code
    Environment: { Variables: { BUCKET: !Ref Uploads } }
    Events:
      Csv:
        Type: S3
        Properties:
          Bucket: !Ref Uploads
          Events: [s3:ObjectCreated:*]
          Filter: { S3Key: { Rules: [{ Name: suffix, Value: .csv }] } }
`;
  expect(planOf(template, "Uploads")).toEqual({
    found: [
      {
        logicalId: "Uploads",
        type: "AWS::S3::Bucket",
        line: 3,
        physicalId: "app-in",
        arn: "arn:aws:s3:::app-in",
        calls: [{ service: "s3", operation: "CreateBucket", input: { Bucket: "app-in" } }],
        removal: [{ service: "s3", operation: "DeleteBucket", input: { Bucket: "app-in" } }],
      },
    ],
    unsupported: [
      {
        logicalId: "Uploads",
        type: "AWS::S3::Bucket",
        property: "WebsiteConfiguration",
        line: 8,
        reason: "It is not simulated.",
      },
      {
        logicalId: "Uploads",
        type: "AWS::S3::Bucket",
        property: "NotificationConfiguration.TopicConfigurations",
        line: 16,
        reason: "Buckets notify Lambda functions and SQS queues only.",
      },
    ],
    withoutLocalEffect: [
      {
        logicalId: "Uploads",
        property: "AccessControl",
        reason: "It is not evaluated: only policies of functions decide who may call.",
      },
    ],
  });
  expect(planOf(template, "UploadsNotifications")).toMatchObject({
    found: [
      {
        logicalId: "UploadsNotifications",
        type: "AWS::S3::BucketNotification",
        line: 3,
        physicalId: "app-in",
        calls: [
          {
            service: "s3",
            operation: "PutBucketNotificationConfiguration",
            input: {
              Bucket: "app-in",
              NotificationConfiguration: {
                LambdaFunctionConfigurations: [
                  {
                    Id: "ImportCsv",
                    LambdaFunctionArn: functionArn("Import"),
                    Events: ["s3:ObjectCreated:*"],
                    Filter: { Key: { FilterRules: [{ Name: "suffix", Value: ".csv" }] } },
                  },
                  { Id: "Uploads1", LambdaFunctionArn: functionArn("Other"), Events: ["s3:ObjectRemoved:*"] },
                ],
                QueueConfigurations: [
                  {
                    Id: "Uploads2",
                    QueueArn: "arn:aws:sqs:us-east-1:000000000000:Work",
                    Events: ["s3:ObjectCreated:Put"],
                    Filter: { Key: { FilterRules: [{ Name: "prefix", Value: "in/" }] } },
                  },
                ],
              },
            },
          },
        ],
        removal: [
          {
            service: "s3",
            operation: "PutBucketNotificationConfiguration",
            input: { Bucket: "app-in", NotificationConfiguration: {} },
          },
        ],
      },
    ],
  });
  const order = withoutRoles(loadText(`Resources:${template.replaceAll("\n", "\n  ")}`)).map((one) => one.logicalId);
  expect(order).toEqual(["Other", "Work", "Uploads", "Import", "ImportCsvPermission", "UploadsNotifications"]);
});

it("AWS::S3::Bucket without a name is called by stack and logical id, within 63 characters", () => {
  const long = "A".repeat(70);
  const plan = loadText(`Resources:\n  Uploads: { Type: AWS::S3::Bucket }\n  ${long}: { Type: AWS::S3::Bucket }\n`);
  expect(plan.resources.map((one) => one.physicalId)).toEqual([
    "app-uploads",
    expect.stringMatching(/^app-a{50}-[a-z0-9]{8}$/),
  ]);
});

it("an S3 event of a bucket that is not in the template is refused", () => {
  const text = `Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: code
      Events:
        Csv:
          Type: S3
          Properties: { Bucket: elsewhere, Events: s3:ObjectCreated:* }
`;
  expect(loadError(text)).toBe(
    'SIM_TEMPLATE_INVALID: Events.Csv.Bucket of Import is no bucket of this template: "elsewhere".\n  at template.yaml:11\n  Define an AWS::S3::Bucket in this template, and write !Ref with its logical id.',
  );
});

it("AWS::S3::Bucket's configurations are calls of their own, each with the one that takes it back", () => {
  const { resources, unsupported } = loadText(`Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: uploads
      VersioningConfiguration: { Status: Enabled }
      Tags: [{ Key: colour, Value: green }]
      CorsConfiguration:
        CorsRules: [{ Id: one, AllowedMethods: [GET], AllowedOrigins: ["*"], ExposedHeaders: [ETag], MaxAge: 60 }]
      LifecycleConfiguration:
        Rules:
          - { Id: logs, Status: Enabled, Prefix: logs/, ExpirationInDays: 3, TagFilters: [{ Key: a, Value: b }] }
          - { Status: Enabled, NoncurrentVersionExpirationInDays: 1, ExpirationDate: 2030-01-01T00:00:00Z }
          - { Id: cold, Status: Enabled, Transitions: [{ StorageClass: GLACIER, TransitionInDays: 1 }] }
      BucketEncryption:
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }]
      OwnershipControls: { Rules: [{ ObjectOwnership: BucketOwnerEnforced }] }
      PublicAccessBlockConfiguration: { BlockPublicAcls: true }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: { Bucket: !Ref Uploads, PolicyDocument: { Version: "2012-10-17", Statement: [] } }
`);
  const Bucket = "uploads";
  const put = (operation: string, input: object): object => ({ service: "s3", operation, input: { Bucket, ...input } });
  expect(
    resources.map(({ logicalId, type, calls, removal }) => [
      logicalId,
      type,
      calls[0],
      removal.map((call) => call.operation).join(),
    ]),
  ).toEqual([
    ["Uploads", "AWS::S3::Bucket", put("CreateBucket", {}), "DeleteBucket"],
    [
      "UploadsVersioning",
      "AWS::S3::BucketVersioning",
      put("PutBucketVersioning", { VersioningConfiguration: { Status: "Enabled" } }),
      "PutBucketVersioning",
    ],
    [
      "UploadsTagging",
      "AWS::S3::BucketTagging",
      put("PutBucketTagging", { Tagging: { TagSet: [{ Key: "colour", Value: "green" }] } }),
      "DeleteBucketTagging",
    ],
    [
      "UploadsCors",
      "AWS::S3::BucketCors",
      put("PutBucketCors", {
        CORSConfiguration: {
          CORSRules: [
            { ID: "one", AllowedMethods: ["GET"], AllowedOrigins: ["*"], ExposeHeaders: ["ETag"], MaxAgeSeconds: 60 },
          ],
        },
      }),
      "DeleteBucketCors",
    ],
    [
      "UploadsLifecycle",
      "AWS::S3::BucketLifecycle",
      put("PutBucketLifecycleConfiguration", {
        LifecycleConfiguration: {
          Rules: [
            {
              ID: "logs",
              Status: "Enabled",
              Filter: { And: { Prefix: "logs/", Tags: [{ Key: "a", Value: "b" }] } },
              Expiration: { Days: 3 },
            },
            {
              Status: "Enabled",
              Filter: { Prefix: "" },
              Expiration: { Date: new Date(Date.UTC(2030, 0, 1)) },
              NoncurrentVersionExpiration: { NoncurrentDays: 1 },
            },
          ],
        },
      }),
      "DeleteBucketLifecycle",
    ],
    [
      "UploadsOwnershipControls",
      "AWS::S3::BucketOwnershipControls",
      put("PutBucketOwnershipControls", { OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } }),
      "DeleteBucketOwnershipControls",
    ],
    [
      "UploadsPublicAccessBlock",
      "AWS::S3::BucketPublicAccessBlock",
      put("PutPublicAccessBlock", { PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
      "DeletePublicAccessBlock",
    ],
    [
      "Policy",
      "AWS::S3::BucketPolicy",
      put("PutBucketPolicy", { Policy: '{"Version":"2012-10-17","Statement":[]}' }),
      "DeleteBucketPolicy",
    ],
  ]);
  expect(unsupported.map(({ property, reason }) => [property, reason])).toEqual([
    ["LifecycleConfiguration.Rules[2].Transitions", "There is one storage class here."],
    ["BucketEncryption", "There is no KMS: objects are answered as encrypted with S3's own key."],
  ]);
});
