/** Lambda's own errors, as its API answers them. https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html */
import { ServiceError } from "@tripline/kernel";

/** 400. */
export function invalidParameter(message: string): ServiceError {
  return new ServiceError("InvalidParameterValueException", message, { members: { Type: "User" } });
}

/** 400, where a value breaks a constraint of the API's model. */
export function constraintBroken(member: string, value: unknown, constraint: string): ServiceError {
  return new ServiceError(
    "ValidationException",
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  );
}

/** 404. */
export function resourceNotFound(message: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", message, { status: 404, members: { Type: "User" } });
}

/** 409. */
export function resourceConflict(message: string): ServiceError {
  return new ServiceError("ResourceConflictException", message, { status: 409, members: { Type: "User" } });
}

/** 400, for a mapping that is on its way from one state to another. */
export function resourceInUse(message: string): ServiceError {
  return new ServiceError("ResourceInUseException", message, { members: { Type: "User" } });
}

/** 413, for an asynchronous payload over the limit. */
export function requestTooLarge(limitBytes: number): ServiceError {
  return new ServiceError(
    "RequestTooLargeException",
    `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`,
    { status: 413, members: { Type: "User" } },
  );
}

/** Refuses a number that is not a whole one from `min` to `max`; undefined passes. */
export function checkRange(member: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined) return;
  if (!(value >= min)) throw constraintBroken(member, value, `have value greater than or equal to ${min}`);
  if (value > max) throw constraintBroken(member, value, `have value less than or equal to ${max}`);
  if (!Number.isInteger(value)) throw constraintBroken(member, value, "be a whole number");
}
