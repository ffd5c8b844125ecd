/** One target of a rule, as PutTargets gives it and as it is kept. Checked here; members that are not simulated are refused by name. */
import { parseArn } from "@tripline/kernel";
import { retryLimits } from "../schedule-runner/index.ts";
import { constraint, invalid, notSimulated } from "./errors.ts";
import { type InputTransformer, isTemplate, unknownPlaceholder } from "./input-transformer.ts";
import { isJson } from "./is-json.ts";
import { parseJsonPath } from "./json-path.ts";
import { limits } from "./limits.ts";

/** A target. Members as AWS names them. */
export interface RuleTarget {
  Id: string;
  Arn: string;
  RoleArn?: string;
  Input?: string;
  InputPath?: string;
  InputTransformer?: InputTransformer;
  SqsParameters?: { MessageGroupId?: string };
  DeadLetterConfig?: { Arn?: string };
  RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
}

const members = new Set([
  "Id",
  "Arn",
  "RoleArn",
  "Input",
  "InputPath",
  "InputTransformer",
  "SqsParameters",
  "DeadLetterConfig",
  "RetryPolicy",
]);

/** Throws `ValidationException` where AWS would, or where the target is of a kind that is not simulated. */
export function checkTarget(target: RuleTarget): void {
  for (const [member, value] of Object.entries(target)) {
    if (value !== undefined && !members.has(member)) {
      throw notSimulated(`Targets.${member}`, "rules reach Lambda functions and SQS queues only.");
    }
  }
  const { Id } = target;
  if (typeof Id !== "string" || !/^[.\-_A-Za-z0-9]{1,64}$/.test(Id)) {
    throw constraint(Id, "targets.1.member.id", "Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+");
  }
  checkArn(target);
  checkInput(target);
  checkDelivery(target);
}

function checkArn({ Id, Arn, SqsParameters }: RuleTarget): void {
  const arn = parseArn(Arn);
  if (arn === undefined) {
    throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if (arn.service !== "lambda" && arn.service !== "sqs") {
    throw notSimulated(`The target ${Arn}`, "rules reach Lambda functions and SQS queues only.");
  }
  if (arn.service === "lambda" && SqsParameters !== undefined) {
    throw invalid(`SqsParameters is not supported for target ${Id}.`);
  }
  const hasGroup = (SqsParameters?.MessageGroupId ?? "") !== "";
  if (arn.service === "sqs" && arn.resource.endsWith(".fifo") && !hasGroup) {
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${Id}.`);
  }
}

function checkInput(target: RuleTarget): void {
  const { Id, Input, InputPath, InputTransformer: transformer } = target;
  if ([Input, InputPath, transformer].filter((one) => one !== undefined).length > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined) {
    checkLength(Input, "input", limits.inputCharactersMax);
    if (!isJson(Input)) throw invalid(`JSON syntax error in Input for target ${Id}.`);
  }
  if (InputPath !== undefined) {
    checkLength(InputPath, "inputPath", limits.inputPathCharactersMax);
    if (parseJsonPath(InputPath) === undefined) throw invalid(`Invalid InputPath for target ${Id}.`);
  }
  if (transformer !== undefined) checkTransformer(Id, transformer);
}

function checkTransformer(id: string, transformer: InputTransformer): void {
  const paths = Object.entries(transformer.InputPathsMap ?? {});
  if (paths.length > limits.inputPathsMax) {
    throw constraint(
      paths.length,
      "targets.1.member.inputTransformer.inputPathsMap",
      `Member must have length less than or equal to ${limits.inputPathsMax}`,
    );
  }
  for (const [name, path] of paths) {
    if (/^AWS/i.test(name) || !/^[A-Za-z0-9_-]+$/.test(name) || parseJsonPath(path) === undefined) {
      throw invalid(`Invalid InputPath for target ${id}.`);
    }
  }
  checkLength(transformer.InputTemplate, "inputTransformer.inputTemplate", limits.inputCharactersMax);
  const placeholder = unknownPlaceholder(transformer);
  if (placeholder !== undefined) {
    throw invalid(`InputTemplate for target ${id} contains invalid placeholder ${placeholder}.`);
  }
  if (!isTemplate(transformer.InputTemplate)) throw invalid(`Invalid InputTemplate for target ${id} : not valid JSON.`);
}

function checkDelivery({ DeadLetterConfig, RetryPolicy }: RuleTarget): void {
  const deadLetterArn = DeadLetterConfig?.Arn;
  if (deadLetterArn !== undefined) {
    const arn = parseArn(deadLetterArn);
    if (arn?.service !== "sqs" || arn.resource.endsWith(".fifo")) {
      throw invalid(
        `Parameter DeadLetterConfig.Arn is not valid. Reason: ${deadLetterArn} is not a standard SQS queue.`,
      );
    }
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
  throw constraint(value, `targets.1.member.retryPolicy.${member}`, `Member must have value ${bound}`);
}

function checkLength(text: string, member: string, max: number): void {
  if (text.length > max) {
    throw constraint(text, `targets.1.member.${member}`, `Member must have length less than or equal to ${max}`);
  }
}
