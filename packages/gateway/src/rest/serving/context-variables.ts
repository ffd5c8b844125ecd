/** `$context` of templates, mappings, gateway responses and logs. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html */
import { headerOf, toRequestTime } from "../../gateway-request.ts";
import type { RestAnswer, RestExchange } from "./exchange.ts";
import { headerIn } from "./request-maps.ts";

/** Whether it is a UUID, as ids of requests are. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** A variable by dotted name: `identity.sourceIp`; an object where more than one begins so, undefined where there is none. */
export function contextVariable(exchange: RestExchange, name: string): unknown {
  const given = exchange.additionalContext?.[name];
  if (given !== undefined) return given;
  let value: unknown = contextOf(exchange);
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value ?? undefined;
}

const known = new WeakMap<RestExchange, { of: readonly unknown[]; context: Record<string, unknown> }>();

/** Made once, and again when a link has found out more. */
function contextOf(exchange: RestExchange): Record<string, unknown> {
  const of = [exchange.method, exchange.authorizer, exchange.apiKey, exchange.error];
  const before = known.get(exchange);
  if (before !== undefined && before.of.every((one, index) => one === of[index])) return before.context;
  const context = toContext(exchange);
  known.set(exchange, { of, context });
  return context;
}

function toContext(exchange: RestExchange): Record<string, unknown> {
  const { request, serving, deployment, authorizer, error } = exchange;
  const { settings } = deployment.definition;
  const address = addressOf(exchange);
  return {
    accountId: serving.scope.accountId,
    apiId: settings.id,
    ...(authorizer === undefined
      ? {}
      : {
          authorizer: {
            ...authorizer.context,
            principalId: authorizer.principalId,
            ...(authorizer.claims === undefined ? {} : { claims: authorizer.claims }),
          },
        }),
    deploymentId: deployment.id,
    ...address,
    ...(error === undefined
      ? {}
      : { error: { ...error, messageString: error.message === null ? "null" : JSON.stringify(error.message) } }),
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: request.method,
    identity: identityOf(exchange),
    ...(exchange.isCanary === undefined ? {} : { isCanaryRequest: exchange.isCanary }),
    operationName: exchange.method?.definition.operationName,
    path: contextPath(exchange),
    protocol: `HTTP/${request.request.httpVersion}`,
    requestId: exchange.requestId,
    requestTime: toRequestTime(request.atMs),
    requestTimeEpoch: Math.floor(request.atMs),
    resourceId: exchange.resource?.definition.id,
    resourcePath: exchange.resource?.path,
    stage: request.stage,
  };
}

/** `/stage/path`; of a test invocation the path alone. */
export function contextPath({ request, isTest }: RestExchange): string {
  return isTest ? request.path : `/${request.stage}${request.path}`;
}

/** Where the caller reached the API. */
export function addressOf({ serving, deployment, isTest }: RestExchange): { domainName: string; domainPrefix: string } {
  if (isTest) return { domainName: "testPrefix.testDomainName", domainPrefix: "testPrefix" };
  const { id } = deployment.definition.settings;
  return { domainName: `${id}.execute-api.${serving.scope.region}.amazonaws.com`, domainPrefix: id };
}

/** Who called; null what is not known. */
export function identityOf(exchange: RestExchange): Record<string, string | null> {
  const { request, headers, apiKey, isTest, serving } = exchange;
  const tester = isTest ? serving.scope.accountId : null;
  const arn = isTest ? `arn:aws:iam::${serving.scope.accountId}:root` : null;
  return {
    accessKey: isTest ? "test-invoke-access-key" : null,
    accountId: tester,
    ...(isTest ? { apiKey: "test-invoke-api-key", apiKeyId: "test-invoke-api-key-id" } : {}),
    ...(apiKey === undefined ? {} : { apiKey: apiKey.value, apiKeyId: apiKey.id }),
    caller: tester,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: isTest ? "test-invoke-source-ip" : request.request.sourceIp,
    user: tester,
    userAgent: headerIn(headers.single, "user-agent") ?? null,
    userArn: arn,
  };
}

/**
 * Variables that only access logs have. What a phase did not take part in has no value: a web ACL (`waf.…`), a signature
 * (`authenticate.…`) and TLS (`cipherSuite`, `tlsVersion`) never do here.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export function logVariable(exchange: RestExchange, answer: RestAnswer, name: string): unknown {
  const { integration, authorizerFacts: authorizer, authorizeFacts: authorize, serving, request } = exchange;
  const bytes = typeof answer.body === "string" ? Buffer.byteLength(answer.body) : answer.body.length;
  switch (name) {
    case "status":
      return answer.status;
    case "responseLength":
      return bytes;
    case "responseLatency":
      return Math.round(serving.realTime.monotonicMs() - exchange.startedMs);
    case "integrationStatus":
    case "integration.integrationStatus":
      return integration.integrationStatus;
    case "integration.status":
      return integration.status;
    case "integrationLatency":
    case "integration.latency":
      return integration.latencyMs;
    case "integrationErrorMessage":
    case "integration.error":
      return integration.error;
    case "integration.requestId":
    case "awsEndpointRequestId":
      return integration.requestId;
    case "authorizer.status":
      return authorizer?.status;
    case "authorizer.integrationStatus":
      return authorizer?.integrationStatus;
    case "authorizer.latency":
      return authorizer?.latencyMs;
    case "authorizer.integrationLatency":
      return authorizer?.integrationLatencyMs;
    case "authorizer.error":
      return authorizer?.error;
    case "authorizer.requestId":
      return authorizer?.requestId;
    case "authorize.status":
      return authorize?.status;
    case "authorize.latency":
      return authorize?.latencyMs;
    case "authorize.error":
      return authorize?.error;
    case "requestId":
      return isUuid(headerOf(request.request, "x-amzn-requestid") ?? exchange.requestId)
        ? exchange.requestId
        : "UUID_REPLACED_INVALID_REQUEST_ID";
    case "endpointType":
      return exchange.deployment.definition.settings.endpointType;
    case "xrayTraceId":
      return /Root=([^;]+)/.exec(request.traceId)?.[1];
    default:
      return contextVariable(exchange, name);
  }
}
