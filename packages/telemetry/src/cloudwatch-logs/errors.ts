/** CloudWatch Logs' own errors. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html */
import { ServiceError } from "@tripline/kernel";

/** 400, with AWS's text as it stands. */
export function invalidParameter(message: string): ServiceError {
  return new ServiceError("InvalidParameterException", message);
}

/** 400: a value that breaks the service model's constraint. */
export function invalidValue(value: unknown, member: string, constraint: string): ServiceError {
  return invalidParameter(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** 400. */
export function groupNotFound(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "The specified log group does not exist.");
}

/** 400. */
export function streamNotFound(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "The specified log stream does not exist.");
}

/** 400. */
export function resourceNotFound(): ServiceError {
  return new ServiceError("ResourceNotFoundException", "The specified resource does not exist.");
}

/** 400. `what`: group or stream. */
export function alreadyExists(what: "group" | "stream"): ServiceError {
  return new ServiceError("ResourceAlreadyExistsException", `The specified log ${what} already exists`);
}

/** 400: what Tripline does not simulate, by name. */
export function notSimulated(what: string): ServiceError {
  return new ServiceError("NotImplemented", `Tripline does not simulate ${what}.`, { status: 501 });
}
