export {
  type DeliveryFilter,
  type InvocationFilter,
  type LogFilter,
  type InvocationCount,
  type MappingCounts,
  RecordBook,
  type RecordBookOptions,
} from "./record-book.ts";
export { type CloudWatchLogs, type CloudWatchLogsOptions, createCloudWatchLogs } from "./cloudwatch-logs/index.ts";
