/** DynamoDB's own errors; all are 400. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
import { isServiceError, ServiceError } from "@tripline/kernel";
import type { Item } from "./values/attribute-value.ts";

export function validation(message: string): ServiceError {
  return new ServiceError("ValidationException", message);
}

/** `One or more parameter values were invalid: …` */
export function invalidParameter(message: string): ServiceError {
  return validation(`One or more parameter values were invalid: ${message}`);
}

/** For operations on items. */
export function resourceNotFound(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "Requested resource not found");
}

/** For operations on tables. */
export function tableNotFound(name: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
}

export function streamNotFound(arn: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", `Requested resource not found: Stream: ${arn} not found`);
}

export function resourceInUse(message: string): ServiceError {
  return new ServiceError("ResourceInUseException", message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError("LimitExceededException", message);
}

/** `item`: where the request asks for it with ReturnValuesOnConditionCheckFailure. */
export function conditionalCheckFailed(item?: Item): ServiceError {
  return new ServiceError(
    "ConditionalCheckFailedException",
    "The conditional request failed",
    item === undefined ? {} : { members: { Item: item } },
  );
}

/** Of INSERT. */
export function duplicateItem(): ServiceError {
  return new ServiceError("DuplicateItemException", "Duplicate primary key exists in table");
}

/** Why one action of several failed. */
export interface FailureReason {
  Code: string;
  Message: string;
  Item?: Item;
}

/** As transactions and batches of statements tell it; undefined for what is no error of the service. */
export function toFailureReason(error: unknown): FailureReason | undefined {
  if (!isServiceError(error)) return undefined;
  const code = error.code.replace(/Exception$/, "");
  return { Code: code === "Validation" ? "ValidationError" : code, Message: error.message, ...error.members };
}

/** Of one reason for each action, in their order; undefined: it did not fail. */
export function transactionCanceled(errors: readonly (Error | undefined)[]): ServiceError {
  const reasons = errors.map((error) => toFailureReason(error) ?? { Code: "None" });
  return new ServiceError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(", ")}]`,
    { members: { CancellationReasons: reasons } },
  );
}
