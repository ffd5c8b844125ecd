/** API Gateway's own errors. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
import { ServiceError } from "@tripline/kernel";

/** 400. */
export function badRequest(message: string): ServiceError {
  return new ServiceError("BadRequestException", message);
}

/** 404: `Invalid API identifier specified 000000000000:abc`. */
export function noSuchApi(accountId: string, id: string): ServiceError {
  return new ServiceError("NotFoundException", `Invalid API identifier specified ${accountId}:${id}`, { status: 404 });
}

/** 404: `Unable to find Integration by integration id abc`. */
export function noSuchPart(noun: string, by: string, id: string): ServiceError {
  return new ServiceError("NotFoundException", `Unable to find ${noun} by ${by} ${id}`, { status: 404 });
}

/** 409. */
export function conflict(message: string): ServiceError {
  return new ServiceError("ConflictException", message, { status: 409 });
}
