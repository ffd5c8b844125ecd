/** The target of a schedule, as CreateSchedule gives it and as it is kept. Checked here; what is not simulated is refused by name. */
import { parseArn } from "@tripline/kernel";
import { fillContextAttributes } from "./context-attributes.ts";
import { retryLimits } from "../schedule-runner/index.ts";
import { constraint, invalid, notSimulated } from "./errors.ts";
import { limits } from "./limits.ts";

/** A target. Members as AWS names them. */
export interface ScheduleTarget {
  Arn: string;
  RoleArn: string;
  Input?: string;
  SqsParameters?: { MessageGroupId?: string };
  DeadLetterConfig?: { Arn?: string };
  RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
}

const members = new Set(["Arn", "RoleArn", "Input", "SqsParameters", "DeadLetterConfig", "RetryPolicy"]);
const onlyTargets = "schedules reach Lambda functions and SQS queues only.";

/** Throws `ValidationException` where AWS would, or where the target is of a kind that is not simulated. */
export function checkTarget(target: ScheduleTarget): void {
  for (const [member, value] of Object.entries(target)) {
    if (value !== undefined && !members.has(member)) throw notSimulated(`Target.${member}`, onlyTargets);
  }
  if (target.Arn === undefined) throw constraint(undefined, "target.arn", "Member must not be null");
  if (target.RoleArn === undefined) throw constraint(undefined, "target.roleArn", "Member must not be null");
  checkArn(target);
  checkInput(target);
  checkDelivery(target);
}

function checkArn({ Arn, SqsParameters }: ScheduleTarget): void {
  if (Arn.startsWith("arn:aws:scheduler:::aws-sdk:")) throw notSimulated(`The universal target ${Arn}`, onlyTargets);
  const arn = parseArn(Arn);
  if (arn === undefined) throw invalid(`Provided Arn is not in correct format.`);
  if (arn.service !== "lambda" && arn.service !== "sqs") throw notSimulated(`The target ${Arn}`, onlyTargets);
  if (arn.service === "lambda" && SqsParameters !== undefined) {
    throw invalid(`SqsParameters is not supported for the target ${Arn}.`);
  }
  if (arn.service === "sqs" && arn.resource.endsWith(".fifo") && (SqsParameters?.MessageGroupId ?? "") === "") {
    throw invalid(`MessageGroupId is required for the FIFO queue ${Arn}.`);
  }
}

function checkInput({ Arn, Input }: ScheduleTarget): void {
  if (Input === undefined) return;
  const bytes = new TextEncoder().encode(Input).byteLength;
  if (bytes === 0 || bytes > limits.inputBytesMax) {
    throw invalid(`Input must be between 1 and ${limits.inputBytesMax} bytes long.`);
  }
  if (parseArn(Arn)?.service !== "lambda") return;
  try {
    JSON.parse(fillContextAttributes(Input, { scheduleArn: "", scheduledTime: "", executionId: "", attempt: "1" }));
  } catch {
    throw invalid(`Input must be well-formed JSON for the target ${Arn}.`);
  }
}

function checkDelivery({ DeadLetterConfig, RetryPolicy }: ScheduleTarget): void {
  const deadLetterArn = DeadLetterConfig?.Arn;
  if (deadLetterArn !== undefined && !/^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9\-_]+$/.test(deadLetterArn)) {
    throw constraint(
      deadLetterArn,
      "target.deadLetterConfig.arn",
      "Member must satisfy regular expression pattern: arn:aws(-[a-z]+)?:sqs:[a-z0-9\\-]+:\\d{12}:[a-zA-Z0-9\\-_]+",
    );
  }
  checkRange(RetryPolicy?.MaximumRetryAttempts, "maximumRetryAttempts", 0, retryLimits.maximumRetryAttemptsMax);
  checkRange(
    RetryPolicy?.MaximumEventAgeInSeconds,
    "maximumEventAgeInSeconds",
    retryLimits.maximumEventAgeSecondsMin,
    retryLimits.maximumEventAgeSecondsMax,
  );
}

function checkRange(value: number | undefined, member: string, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  const bound = value < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  throw constraint(value, `target.retryPolicy.${member}`, `Member must have value ${bound}`);
}
