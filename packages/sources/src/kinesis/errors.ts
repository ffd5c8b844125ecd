/** Kinesis's own errors; all are 400. https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html */
import { ServiceError } from "@tripline/kernel";

export function streamNotFound(streamName: string, accountId: string): ServiceError {
  return resourceNotFound(`Stream ${streamName} under account ${accountId} not found.`);
}

export function resourceNotFound(message: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", message);
}

export function resourceInUse(message: string): ServiceError {
  return new ServiceError("ResourceInUseException", message);
}

export function invalidArgument(message: string): ServiceError {
  return new ServiceError("InvalidArgumentException", message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError("LimitExceededException", message);
}

export function validation(message: string): ServiceError {
  return new ServiceError("ValidationException", message);
}

export function shardNotFound(shardId: string, streamName: string, accountId: string): ServiceError {
  return resourceNotFound(`Could not find shard ${shardId} in stream ${streamName} under account ${accountId}.`);
}

export function throughputExceeded(shardId: string, streamName: string, accountId: string): ServiceError {
  return new ServiceError(
    "ProvisionedThroughputExceededException",
    `Rate exceeded for shard ${shardId} in stream ${streamName} under account ${accountId}.`,
  );
}

export function invalidIterator(): ServiceError {
  return invalidArgument("Invalid ShardIterator.");
}

export function expiredIterator(createdAtMs: number, nowMs: number, toleratedMs: number): ServiceError {
  return new ServiceError(
    "ExpiredIteratorException",
    `Iterator expired. The iterator was created at time ${toTime(createdAtMs)} while right now it is ${toTime(nowMs)} which is further in the future than the tolerated delay of ${toleratedMs} milliseconds.`,
  );
}

export function expiredToken(): ServiceError {
  return new ServiceError("ExpiredNextTokenException", "The pagination token passed to the operation is expired.");
}

/** `Thu Jan 22 01:22:02 UTC 2015` */
function toTime(ms: number): string {
  const [, day, date, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(ms).toUTCString()) ?? [];
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
