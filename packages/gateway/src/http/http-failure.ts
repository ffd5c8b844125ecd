/**
 * What an HTTP API itself answers. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
 *
 * AWS does not list `$context.error.responseType` of HTTP APIs: they are those of REST APIs for the same cause.
 */
import type { HttpAnswer } from "./http-exchange.ts";

/** Ends a request with an error. */
export class HttpFailure extends Error {
  readonly status: number;
  /** `$context.error.responseType`. */
  readonly responseType: string;
  /** Names and values alternating, beside the content type. */
  readonly headers: readonly string[];

  constructor(status: number, message: string, responseType: string, headers: readonly string[] = []) {
    super(message);
    this.status = status;
    this.responseType = responseType;
    this.headers = headers;
  }
}

/** Every failure that a client can see, in AWS's words. */
export const httpFailures = {
  badRequest: (): HttpFailure => new HttpFailure(400, "Bad Request", "BAD_REQUEST_PARAMETERS"),
  notFound: (): HttpFailure => new HttpFailure(404, "Not Found", "MISSING_AUTHENTICATION_TOKEN"),
  unauthorized: (headers: readonly string[]): HttpFailure =>
    new HttpFailure(401, "Unauthorized", "UNAUTHORIZED", headers),
  denied: (headers: readonly string[]): HttpFailure => new HttpFailure(403, "Forbidden", "ACCESS_DENIED", headers),
  authorizer: (): HttpFailure => new HttpFailure(500, "Internal Server Error", "AUTHORIZER_FAILURE"),
  tooLarge: (): HttpFailure => new HttpFailure(413, "Request Entity Too Large", "REQUEST_TOO_LARGE"),
  headersTooLarge: (): HttpFailure => new HttpFailure(431, "Request Header Fields Too Large", "REQUEST_TOO_LARGE"),
  throttled: (): HttpFailure => new HttpFailure(429, "Too Many Requests", "THROTTLED"),
  integration: (): HttpFailure => new HttpFailure(500, "Internal Server Error", "INTEGRATION_FAILURE"),
  unreachable: (): HttpFailure => new HttpFailure(503, "Service Unavailable", "INTEGRATION_FAILURE"),
  timeout: (): HttpFailure => new HttpFailure(503, "Service Unavailable", "INTEGRATION_TIMEOUT"),
};

/** Its body has no space after the colon; 401 has no content type. */
export function toFailureAnswer({ status, message, headers }: HttpFailure): HttpAnswer {
  const type = status === 401 ? [] : ["content-type", "application/json"];
  return { status, headers: [...headers, ...type], body: JSON.stringify({ message }) };
}
