/** The services that have a model, and what the schemas do not say about them. To add one: a line here, and in generate-models.mjs. */
import { type GeneratedModel, type ServiceFacts, type ServiceModel, toServiceModel } from "./service-model.ts";

interface Entry {
  facts: ServiceFacts;
  load(): Promise<GeneratedModel>;
}

const mebibyte = 1024 * 1024;

const entries: readonly Entry[] = [
  {
    facts: { id: "apigateway", protocol: "restJson1", bodyBytesMax: 8 * mebibyte }, // an OpenAPI document of 6 MB
    load: () => import("../generated/apigateway.js"),
  },
  {
    facts: { id: "apigatewayv2", signingName: "apigateway", protocol: "restJson1", bodyBytesMax: 8 * mebibyte },
    load: () => import("../generated/apigatewayv2.js"),
  },
  {
    facts: {
      id: "dynamodb",
      protocol: "awsJson1_0",
      target: "DynamoDB_20120810",
      bodyBytesMax: 24 * mebibyte, // 16 MB in a batch, in base64
    },
    load: () => import("../generated/dynamodb.js"),
  },
  {
    facts: {
      id: "dynamodbstreams",
      signingName: "dynamodb",
      protocol: "awsJson1_0",
      target: "DynamoDBStreams_20120810",
      bodyBytesMax: mebibyte,
    },
    load: () => import("../generated/dynamodbstreams.js"),
  },
  {
    facts: { id: "events", protocol: "awsJson1_1", target: "AWSEvents", bodyBytesMax: 4 * mebibyte },
    load: () => import("../generated/events.js"),
  },
  {
    facts: {
      id: "iam",
      protocol: "awsQuery",
      version: "2010-05-08",
      validationCode: "ValidationError",
      xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/",
      bodyBytesMax: mebibyte,
    },
    load: () => import("../generated/iam.js"),
  },
  {
    facts: {
      id: "kinesis",
      protocol: "awsJson1_1",
      target: "Kinesis_20131202",
      bodyBytesMax: 16 * mebibyte, // 10 MiB in a PutRecords, in base64
    },
    load: () => import("../generated/kinesis.js"),
  },
  {
    facts: {
      id: "lambda",
      protocol: "restJson1",
      bodyBytesMax: 70_167_211, // a 50 MB archive in base64
      tooLargeCode: "RequestEntityTooLargeException",
    },
    load: () => import("../generated/lambda.js"),
  },
  {
    facts: {
      id: "logs",
      protocol: "awsJson1_1",
      target: "Logs_20140328",
      validationCode: "InvalidParameterException",
      bodyBytesMax: 8 * mebibyte,
    },
    load: () => import("../generated/logs.js"),
  },
  {
    facts: {
      id: "s3",
      protocol: "restXml",
      xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
      bodyBytesMax: 2 * mebibyte, // XML documents; objects are streamed
    },
    load: () => import("../generated/s3.js"),
  },
  {
    facts: { id: "scheduler", protocol: "restJson1", bodyBytesMax: mebibyte },
    load: () => import("../generated/scheduler.js"),
  },
  {
    facts: {
      id: "sqs",
      protocol: "awsQuery",
      version: "2012-11-05",
      target: "AmazonSQS",
      xmlNamespace: "http://queue.amazonaws.com/doc/2012-11-05/",
      isQueryCompatible: true,
      queryMessages: {
        "AWS.SimpleQueueService.NonExistentQueue": "The specified queue does not exist for this wsdl version.",
      },
      bodyBytesMax: 8 * mebibyte, // 1 MiB of messages, every character escaped
    },
    load: () => import("../generated/sqs.js"),
  },
  {
    facts: {
      id: "sts",
      protocol: "awsQuery",
      version: "2011-06-15",
      validationCode: "ValidationError",
      xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
      bodyBytesMax: mebibyte,
    },
    load: () => import("../generated/sts.js"),
  },
];

/** What is known of each service without its shapes, by id. */
export const serviceFacts: ReadonlyMap<string, ServiceFacts> = new Map(entries.map(({ facts }) => [facts.id, facts]));

/** Loads the model of `service`; undefined where there is none. Models are large, and most runs need one or two. */
export async function loadModel(service: string): Promise<ServiceModel | undefined> {
  const entry = entries.find(({ facts }) => facts.id === service);
  return entry === undefined ? undefined : toServiceModel(entry.facts, await entry.load());
}
