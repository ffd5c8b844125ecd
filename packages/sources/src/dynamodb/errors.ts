/** DynamoDB's own errors; all are 400. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
import { ServiceError } from "@tripline/kernel";
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
