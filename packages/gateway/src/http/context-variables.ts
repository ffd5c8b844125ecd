/**
 * `$context` of HTTP APIs, as far as it is known before the integration is called.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
import { headerOf, toRequestTime } from "../gateway-request.ts";
import { type HttpEventFacts, stagePath } from "./event-v2.ts";

/** A variable by dotted name without `$context.`: `identity.sourceIp`, `authorizer.claims.sub`. Undefined where it has no value. */
export function httpContextVariable(facts: HttpEventFacts, name: string): unknown {
  const { request, scope, apiId } = facts;
  switch (name) {
    case "accountId":
      return scope.accountId;
    case "apiId":
    case "domainPrefix":
      return apiId;
    case "domainName":
      return `${apiId}.execute-api.${scope.region}.amazonaws.com`;
    case "requestId":
    case "extendedRequestId":
      return facts.requestId;
    case "httpMethod":
      return request.method;
    case "identity.sourceIp":
      return request.request.sourceIp;
    case "identity.userAgent":
      return headerOf(request.request, "user-agent");
    case "path":
      return stagePath(request);
    case "protocol":
      return `HTTP/${request.request.httpVersion}`;
    case "requestTime":
      return toRequestTime(request.atMs);
    case "requestTimeEpoch":
      return Math.floor(request.atMs);
    case "routeKey":
      return facts.routeKey;
    case "stage":
      return request.stage;
    default:
      return name.startsWith("authorizer.") ? authorizerVariable(facts, name.slice("authorizer.".length)) : undefined;
  }
}

/** A claim of a token, or a value of what a function gave as context. */
function authorizerVariable({ authorizer }: HttpEventFacts, name: string): unknown {
  if (authorizer === undefined) return undefined;
  if ("jwt" in authorizer) return name.startsWith("claims.") ? authorizer.jwt.claims[name.slice(7)] : undefined;
  return name === "principalId" ? authorizer.principalId : authorizer.lambda?.[name];
}
