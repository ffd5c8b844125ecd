export { createEventBridge, type EventBridge, type EventBridgeOptions } from "./eventbridge/index.ts";
export {
  createFiringTimes,
  type FiringTimesOptions,
  type NextFiring,
  nextFirings,
  parseScheduleExpression,
  type ScheduleExpression,
  type ScheduleKind,
} from "./schedule-expression/index.ts";
export type { ScheduleSummary } from "./schedule-runner/index.ts";
export { createSqs, type QueueSummary, type Sqs, type SqsOptions } from "./sqs/index.ts";
export { createScheduler, type Scheduler, type SchedulerOptions } from "./scheduler/index.ts";
export { type BucketSummary, createS3, type S3, type S3Options, type WatchedFolder } from "./s3/index.ts";
export { createKinesis, type Kinesis, type KinesisOptions, type StreamSummary } from "./kinesis/index.ts";
export { createDynamodb, type Dynamodb, type DynamodbOptions } from "./dynamodb/index.ts";
