/** API Gateway's own errors. https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html */
import { ServiceError } from "@tripline/kernel";

/** 400. */
export function badRequest(message: string): ServiceError {
  return new ServiceError("BadRequestException", message);
}

/** 400: as AWS words what is wrong with a mapping. */
export function invalidMapping(fault: string): ServiceError {
  return badRequest(`Invalid mapping expression specified: Validation Result: warnings : [], errors : [${fault}]`);
}

/** 404. */
export function notFound(message: string): ServiceError {
  return new ServiceError("NotFoundException", message, { status: 404 });
}

/** 404: `Invalid API identifier specified 000000000000:abc`. */
export function noSuchApi(accountId: string, id: string): ServiceError {
  return notFound(`Invalid API identifier specified ${accountId}:${id}`);
}

/** 404: `Unable to find Integration by integration id abc`. */
export function noSuchPart(noun: string, by: string, id: string): ServiceError {
  return notFound(`Unable to find ${noun} by ${by} ${id}`);
}

/** 409. */
export function conflict(message: string): ServiceError {
  return new ServiceError("ConflictException", message, { status: 409 });
}

/** 429: a limit of how many there may be. */
export function tooMany(message: string): ServiceError {
  return new ServiceError("TooManyRequestsException", message, { status: 429 });
}

/** 501: a value, or a combination, of a member that is honoured otherwise. */
export function notSimulated(what: string): ServiceError {
  return new ServiceError("NotImplemented", `Tripline does not simulate ${what}.`, { status: 501 });
}

/** 400: `1 validation error detected: Value 'x' at 'y' failed to satisfy constraint: …`. */
export function validationError(faults: readonly { value: unknown; at: string; constraint: string }[]): ServiceError {
  const count = faults.length === 1 ? "1 validation error" : `${faults.length} validation errors`;
  const texts = faults.map(
    ({ value, at, constraint }) => `Value '${String(value)}' at '${at}' failed to satisfy constraint: ${constraint}`,
  );
  return new ServiceError("ValidationException", `${count} detected: ${texts.join("; ")}`);
}

/** The constraint of an enum, for {@link validationError}. */
export function enumConstraint(values: readonly string[]): string {
  return `Member must satisfy enum value set: [${values.join(", ")}]`;
}
