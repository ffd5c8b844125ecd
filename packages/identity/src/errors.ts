/** Errors of IAM and STS. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html */
import { ServiceError } from "@tripline/kernel";

/** 404: `The role with name x cannot be found.` */
export function noSuchEntity(message: string): ServiceError {
  return new ServiceError("NoSuchEntity", message, { status: 404 });
}

/** 409: `Role with name x already exists.` */
export function entityAlreadyExists(message: string): ServiceError {
  return new ServiceError("EntityAlreadyExists", message, { status: 409 });
}

/** 409: something hangs on it still. */
export function deleteConflict(message: string): ServiceError {
  return new ServiceError("DeleteConflict", message, { status: 409 });
}

/** 409: `Cannot exceed quota for PoliciesPerRole: 10` */
export function limitExceeded(message: string): ServiceError {
  return new ServiceError("LimitExceeded", message, { status: 409 });
}

/** 400: a policy that is none. */
export function malformedPolicy(message: string): ServiceError {
  return new ServiceError("MalformedPolicyDocument", message);
}

/** 400, with AWS's text as it stands. */
export function validationError(message: string): ServiceError {
  return new ServiceError("ValidationError", message);
}

/** 400: a value that breaks the service model's constraint. */
export function invalidValue(value: unknown, member: string, constraint: string): ServiceError {
  return validationError(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** 400. */
export function invalidInput(message: string): ServiceError {
  return new ServiceError("InvalidInput", message);
}

/** 403. */
export function accessDenied(message: string): ServiceError {
  return new ServiceError("AccessDenied", message, { status: 403 });
}

/** 403: temporary credentials with another token than theirs, or a key that was switched off. */
export function invalidClientToken(): ServiceError {
  return new ServiceError("InvalidClientTokenId", "The security token included in the request is invalid.", {
    status: 403,
  });
}

/** 403: temporary credentials after their time. */
export function expiredToken(): ServiceError {
  return new ServiceError("ExpiredToken", "The security token included in the request is expired", { status: 403 });
}

/** 501: what Tripline does not simulate, by name. */
export function notSimulated(what: string): ServiceError {
  return new ServiceError("NotImplemented", `Tripline does not simulate ${what}.`, { status: 501 });
}
