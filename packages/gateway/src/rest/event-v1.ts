/** The event of a REST API's Lambda proxy integration, member by member in AWS's order. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
import { addressOf, contextPath, identityOf } from "./serving/context-variables.ts";
import type { RestExchange } from "./serving/exchange.ts";
import { toRequestTime } from "../gateway-request.ts";
import { headerIn } from "./serving/request-maps.ts";
import { matchesMediaType } from "./mapping/media-type.ts";

/** The event as JSON text. Header names as they were sent; maps that are empty are null. */
export function toRestEvent(exchange: RestExchange): string {
  const { request, serving, deployment, resource, headers, query, body, isTest } = exchange;
  const { settings } = deployment.definition;
  const isBinary =
    body.length > 0 && matchesMediaType(settings.binaryMediaTypes, headerIn(headers.single, "content-type"));
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const path = request.path.replace(/^\/{2,}/, "/");
  const operationName = exchange.method?.definition.operationName;
  return JSON.stringify({
    resource: resource?.path,
    path,
    httpMethod: request.method,
    headers: isTest ? orNull(headers.single) : headers.single,
    multiValueHeaders: isTest ? orNull(headers.multi) : headers.multi,
    queryStringParameters: orNull(query.single),
    multiValueQueryStringParameters: orNull(query.multi),
    pathParameters: orNull(exchange.pathParameters),
    stageVariables: orNull(exchange.stageVariables),
    requestContext: {
      accountId: serving.scope.accountId,
      apiId: settings.id,
      ...authorizerOf(exchange),
      ...(isTest ? {} : { deploymentId: deployment.id }),
      ...addressOf(exchange),
      extendedRequestId: exchange.extendedRequestId,
      httpMethod: request.method,
      identity: identityOf(exchange),
      ...(exchange.isCanary === undefined ? {} : { isCanaryRequest: exchange.isCanary }),
      ...(operationName === undefined ? {} : { operationName }),
      path: contextPath(exchange),
      protocol: `HTTP/${request.request.httpVersion}`,
      requestId: exchange.requestId,
      requestTime: toRequestTime(request.atMs),
      requestTimeEpoch: Math.floor(request.atMs),
      resourceId: resource?.definition.id,
      resourcePath: resource?.path,
      stage: request.stage,
      ...exchange.additionalContext,
    },
    body: body.length === 0 ? null : bytes.toString(isBinary ? "base64" : "utf8"),
    isBase64Encoded: isBinary,
  });
}

/** Absent where no authorizer was asked. */
function authorizerOf({ authorizer, authorizerFacts }: RestExchange): object {
  if (authorizer === undefined) return {};
  const { principalId, context, claims, scopes } = authorizer;
  if (claims !== undefined) return { authorizer: { claims, ...(scopes === undefined ? {} : { scopes }) } };
  return { authorizer: { ...context, principalId, integrationLatency: authorizerFacts?.integrationLatencyMs ?? 0 } };
}

function orNull<Value>(map: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> | null {
  return Object.keys(map).length === 0 ? null : map;
}
