/**
 * The operations of AWS services that HTTP APIs call by themselves, and the parameters that each takes.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html
 */
import { type ServiceCall, toKinesisCall, toSqsCall } from "./service-call.ts";

/** One of them. */
export interface ServiceSubtype {
  required: readonly string[];
  /** Besides `Region`, which each has. */
  optional: readonly string[];
  /** Those whose values are JSON: text alone will not do. */
  structured?: readonly string[];
  /** Makes the request of values that were read. Absent: the operation is not simulated. */
  toCall?: (operation: string, values: Readonly<Record<string, string>>) => ServiceCall;
}

const sqs = { toCall: toSqsCall };

/** By the names that `IntegrationSubtype` takes. */
export const serviceSubtypes: Readonly<Record<string, ServiceSubtype>> = {
  "EventBridge-PutEvents": {
    required: ["Detail", "DetailType", "Source"],
    optional: ["Time", "EventBusName", "Resources", "TraceHeader"],
  },
  "SQS-SendMessage": {
    ...sqs,
    required: ["QueueUrl", "MessageBody"],
    optional: [
      "DelaySeconds",
      "MessageAttributes",
      "MessageDeduplicationId",
      "MessageGroupId",
      "MessageSystemAttributes",
    ],
    structured: ["MessageAttributes", "MessageSystemAttributes"],
  },
  "SQS-ReceiveMessage": {
    ...sqs,
    required: ["QueueUrl"],
    optional: [
      "AttributeNames",
      "MaxNumberOfMessages",
      "MessageAttributeNames",
      "ReceiveRequestAttemptId",
      "VisibilityTimeout",
      "WaitTimeSeconds",
    ],
  },
  "SQS-DeleteMessage": { ...sqs, required: ["QueueUrl", "ReceiptHandle"], optional: [] },
  "SQS-PurgeQueue": { ...sqs, required: ["QueueUrl"], optional: [] },
  "AppConfig-GetConfiguration": {
    required: ["Application", "Environment", "Configuration", "ClientId"],
    optional: ["ClientConfigurationVersion"],
  },
  "Kinesis-PutRecord": {
    toCall: toKinesisCall,
    required: ["StreamName", "Data", "PartitionKey"],
    optional: ["SequenceNumberForOrdering", "ExplicitHashKey"],
  },
  "StepFunctions-StartExecution": { required: ["StateMachineArn"], optional: ["Name", "Input"] },
  "StepFunctions-StartSyncExecution": { required: ["StateMachineArn"], optional: ["Name", "Input", "TraceHeader"] },
  "StepFunctions-StopExecution": { required: ["ExecutionArn"], optional: ["Cause", "Error"] },
};
