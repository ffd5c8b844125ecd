/** What a mapping of a stream has beside what every mapping has. */

/** Settings of a stream's mapping; times in milliseconds. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export interface StreamSettings {
  startingPosition: "TRIM_HORIZON" | "LATEST" | "AT_TIMESTAMP";
  /** For AT_TIMESTAMP. */
  startingTimestampMs?: number;
  /** 1 to 10: batches of one shard that are in hand at once, each with partition keys of its own. */
  parallelizationFactor: number;
  /** -1: until the records are too old. */
  maximumRetryAttempts: number;
  /** -1: as long as the stream keeps them. */
  maximumRecordAgeSeconds: number;
  bisectsBatchOnError: boolean;
  /** 0: no windows. */
  tumblingWindowSeconds: number;
  /** ARN of a queue or a bucket that is told of records that were given up. */
  onFailureArn?: string;
}
