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
  notFound: (): HttpFailure => new HttpFailure(404, "Not Found", "MISSING_AUTHENTICATION_TOKEN"),
  tooLarge: (): HttpFailure => new HttpFailure(413, "Request Entity Too Large", "REQUEST_TOO_LARGE"),
  headersTooLarge: (): HttpFailure => new HttpFailure(431, "Request Header Fields Too Large", "REQUEST_TOO_LARGE"),
  throttled: (): HttpFailure => new HttpFailure(429, "Too Many Requests", "THROTTLED"),
  integration: (): HttpFailure => new HttpFailure(500, "Internal Server Error", "INTEGRATION_FAILURE"),
  timeout: (): HttpFailure => new HttpFailure(503, "Service Unavailable", "INTEGRATION_TIMEOUT"),
};

/** Its body has no space after the colon. */
export function toFailureAnswer({ status, message, headers }: HttpFailure): HttpAnswer {
  return { status, headers: [...headers, "content-type", "application/json"], body: JSON.stringify({ message }) };
}
