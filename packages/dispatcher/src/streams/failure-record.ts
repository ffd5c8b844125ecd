/**
 * What an on-failure destination is told of records that were given up.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 *
 * The records themselves are in it only where the destination is a bucket. As AWS answered: `functionArn` has a qualifier only where
 * the mapping has one, `RecordAgeExceeded` has no `responseContext`, `functionError` is null where the function reported the failure
 * itself, and DynamoDB's arrival times have no milliseconds.
 */
import type { BatchRecord } from "./stream-batch.ts";

/** Why records were given up. */
export type GiveUpCondition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/** What is told. */
export interface FailureFacts {
  requestId: string;
  functionArn: string;
  condition: GiveUpCondition;
  invokes: number;
  /** Of the last answer; undefined where there was none. */
  response: { statusCode: number; executedVersion: string; functionError: "Unhandled" | null } | undefined;
  records: readonly BatchRecord[];
  shardId: string;
  streamArn: string;
  nowMs: number;
}

/** The record, JSON text. `payload`: the event that failed, for a bucket. */
export function toFailureRecord(facts: FailureFacts, payload?: string): string {
  const isDynamo = facts.streamArn.split(":")[2] === "dynamodb";
  const toTime = (ms: number): string => {
    const text = new Date(ms).toISOString();
    return isDynamo ? text.replace(/\.\d{3}Z$/, "Z") : text;
  };
  const first = facts.records[0]?.record;
  const last = facts.records.at(-1)?.record;
  return JSON.stringify({
    requestContext: {
      requestId: facts.requestId,
      functionArn: facts.functionArn,
      condition: facts.condition,
      approximateInvokeCount: Math.max(1, facts.invokes), // 1 for records that were too old before the first try: recorded
    },
    ...(facts.response === undefined ? {} : { responseContext: facts.response }),
    version: "1.0",
    timestamp: new Date(facts.nowMs).toISOString(),
    [isDynamo ? "DDBStreamBatchInfo" : "KinesisBatchInfo"]: {
      shardId: facts.shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: toTime(first?.arrivedAtMs ?? 0),
      approximateArrivalOfLastRecord: toTime(last?.arrivedAtMs ?? 0),
      batchSize: facts.records.length,
      streamArn: facts.streamArn,
    },
    ...(payload === undefined ? {} : { payload }),
  });
}
