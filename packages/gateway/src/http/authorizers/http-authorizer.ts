/** Authorizers of HTTP APIs. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers-authorizerid.html */

/** Tokens of an issuer. */
export interface JwtAuthorizer {
  id: string;
  name: string;
  type: "JWT";
  /** `$request.header.Authorization`. */
  identitySource: string;
  /** A URL, compared with `iss` to the letter. */
  issuer: string;
  audience: readonly string[];
}

/** A function that decides. */
export interface RequestAuthorizer {
  id: string;
  name: string;
  type: "REQUEST";
  /** May be none: the function is always asked. */
  identitySources: readonly string[];
  /** A function's ARN, or the invocation ARN with it; it may hold `${stageVariables.x}`. */
  uri: string;
  /** A role; without one the function's policy must let API Gateway in. */
  credentialsArn?: string;
  payloadFormatVersion: "1.0" | "2.0";
  /** The function answers `{"isAuthorized": …}` in place of a policy. */
  hasSimpleResponses: boolean;
  /** How long an answer is kept; 0: not at all. */
  ttlSeconds: number;
}

/** Either. */
export type HttpAuthorizer = JwtAuthorizer | RequestAuthorizer;

/** What an authorizer found out of the caller. */
export type HttpAuthorization =
  /** Claims as texts; of the route's scopes those that the token has, null where the route has none. */
  | { jwt: { claims: Readonly<Record<string, string>>; scopes: readonly string[] | null } }
  /** What the function gave as context, null for nothing; `principalId` only of a policy. */
  | { lambda: Readonly<Record<string, unknown>> | null; principalId?: string };

/** What keeps a request out. */
export interface Refusal {
  status: 401 | 403 | 500;
  /** The value of `www-authenticate`. */
  challenge?: string;
  /** `$context.authorizer.error`. */
  error?: string;
}
