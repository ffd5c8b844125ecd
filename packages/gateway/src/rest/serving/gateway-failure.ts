/**
 * What the gateway itself answers, by the types of gateway responses.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
import type { GatewayResponseType } from "../definition/gateway-response-types.ts";

/** Ends a request with a gateway response. */
export class GatewayFailure extends Error {
  readonly type: GatewayResponseType;
  /** `x-amzn-ErrorType`. */
  readonly errorType: string;
  /** `$context.error.message`; null where AWS says null. */
  readonly text: string | null;
  /** Where it is not the type's. */
  readonly status: number | undefined;
  /** `$context.error.validationErrorString` */
  readonly validation: string | undefined;
  /** For the execution log. */
  override readonly cause: string | undefined;

  constructor(
    type: GatewayResponseType,
    errorType: string,
    text: string | null,
    more: { status?: number; validation?: string; cause?: string } = {},
  ) {
    super(text ?? type);
    this.type = type;
    this.errorType = errorType;
    this.text = text;
    this.status = more.status;
    this.validation = more.validation;
    this.cause = more.cause;
  }
}

const internal = "InternalServerErrorException";
const denied = "User is not authorized to access this resource";

/** Every failure that a client can see, in AWS's words. */
export const failures = {
  noRoute: (): GatewayFailure =>
    new GatewayFailure(
      "MISSING_AUTHENTICATION_TOKEN",
      "MissingAuthenticationTokenException",
      "Missing Authentication Token",
    ),
  /** A route that is missed with an `Authorization` that is no signature. */
  badAuthorization: (hash: string): GatewayFailure =>
    new GatewayFailure(
      "INVALID_SIGNATURE",
      "IncompleteSignatureException",
      `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash}'.`,
    ),
  disabledEndpoint: (): GatewayFailure => new GatewayFailure("ACCESS_DENIED", "ForbiddenException", "Forbidden"),
  forbiddenKey: (): GatewayFailure => new GatewayFailure("INVALID_API_KEY", "ForbiddenException", "Forbidden"),
  authorizerDenied: (isExplicit: boolean): GatewayFailure =>
    new GatewayFailure(
      "ACCESS_DENIED",
      "AccessDeniedException",
      isExplicit ? `${denied} with an explicit deny` : denied,
    ),
  policyDenied: (resource: string, isExplicit: boolean): GatewayFailure =>
    new GatewayFailure(
      "ACCESS_DENIED",
      "AccessDeniedException",
      `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${resource}${isExplicit ? " with an explicit deny" : ""}`,
    ),
  cacheInvalidationDenied: (): GatewayFailure =>
    new GatewayFailure("ACCESS_DENIED", "AccessDeniedException", "Forbidden"),
  unauthorized: (): GatewayFailure => new GatewayFailure("UNAUTHORIZED", "UnauthorizedException", "Unauthorized"),
  expiredToken: (): GatewayFailure =>
    new GatewayFailure("EXPIRED_TOKEN", "UnauthorizedException", "The incoming token has expired", { status: 401 }),
  authorizerFailed: (cause: string): GatewayFailure =>
    new GatewayFailure("AUTHORIZER_FAILURE", "AuthorizerFailureException", null, { cause }),
  authorizerMisconfigured: (cause: string): GatewayFailure =>
    new GatewayFailure("AUTHORIZER_CONFIGURATION_ERROR", "AuthorizerConfigurationException", null, { cause }),
  throttled: (): GatewayFailure => new GatewayFailure("THROTTLED", "TooManyRequestsException", "Too Many Requests"),
  quota: (): GatewayFailure => new GatewayFailure("QUOTA_EXCEEDED", "LimitExceededException", "Limit Exceeded"),
  missingParameters: (names: readonly string[]): GatewayFailure =>
    new GatewayFailure(
      "BAD_REQUEST_PARAMETERS",
      "BadRequestException",
      `Missing required request parameters: [${names.join(", ")}]`,
    ),
  invalidBody: (validation: string): GatewayFailure =>
    new GatewayFailure("BAD_REQUEST_BODY", "BadRequestException", "Invalid request body", { validation }),
  invalidJson: (): GatewayFailure =>
    new GatewayFailure("BAD_REQUEST_BODY", "BadRequestException", "Invalid JSON in request body"),
  unprocessable: (text: string): GatewayFailure => new GatewayFailure("BAD_REQUEST_BODY", "BadRequestException", text),
  unsupportedMediaType: (): GatewayFailure =>
    new GatewayFailure("UNSUPPORTED_MEDIA_TYPE", "BadRequestException", "Unsupported Media Type"),
  requestTooLong: (): GatewayFailure =>
    new GatewayFailure("REQUEST_TOO_LARGE", "BadRequestException", "Request Too Long"),
  uriTooLong: (): GatewayFailure =>
    new GatewayFailure("REQUEST_TOO_LARGE", "BadRequestException", "Request URI too long", { status: 414 }),
  timeout: (): GatewayFailure => new GatewayFailure("INTEGRATION_TIMEOUT", internal, "Endpoint request timed out"),
  network: (cause: string): GatewayFailure =>
    new GatewayFailure("INTEGRATION_FAILURE", internal, "Network error communicating with endpoint", { cause }),
  /** 500: the API itself cannot work as it is. */
  configuration: (cause: string): GatewayFailure =>
    new GatewayFailure("API_CONFIGURATION_ERROR", internal, "Internal server error", { cause }),
  /** 502: a function's error, which its integration has logged. */
  functionError: (): GatewayFailure =>
    new GatewayFailure("DEFAULT_5XX", internal, "Internal server error", { status: 502 }),
  /** 502: a function's answer that is none. */
  malformed: (cause: string): GatewayFailure =>
    new GatewayFailure("DEFAULT_5XX", internal, "Internal server error", { status: 502, cause }),
} as const;
