/** How the actions of a JSON service are named by a header. */
export interface JsonTarget {
  /** What stands before the action in `X-Amz-Target`. */
  prefix: string;
  /** Of `application/x-amz-json-…`. */
  version: string;
}

/** By the service's signing name. */
export const jsonTargets: Readonly<Record<string, JsonTarget>> & Readonly<{ kinesis: JsonTarget }> = {
  dynamodb: { prefix: "DynamoDB_20120810", version: "1.0" },
  events: { prefix: "AWSEvents", version: "1.1" },
  kinesis: { prefix: "Kinesis_20131202", version: "1.1" },
  logs: { prefix: "Logs_20140328", version: "1.1" },
  states: { prefix: "AWSStepFunctions", version: "1.0" },
};
