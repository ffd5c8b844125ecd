/**
 * `$context` of access logs of HTTP APIs. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 *
 * 1. `dataProcessed` is taken for the bodies of request and answer: AWS does not say what it counts.
 * 2. Custom domains and client certificates are not simulated, and no service that an HTTP API calls answers `x-amz-id-2`: their variables
 *    (`customDomain.…`, `identity.clientCert.…`, `awsEndpointRequestId2`) have no value.
 */
import { httpContextVariable } from "./context-variables.ts";
import type { HttpAnswer, HttpExchange } from "./http-exchange.ts";

/** A variable by dotted name; undefined where it has no value. */
export function logVariable(exchange: HttpExchange, answer: HttpAnswer, name: string): unknown {
  const { integration, error, authorizerFacts: authorizer } = exchange;
  switch (name) {
    case "status":
      return answer.status;
    case "responseLength":
      return bytesOf(answer.body);
    case "dataProcessed":
      return exchange.body.length + bytesOf(answer.body);
    case "responseLatency":
      return Math.round(exchange.serving.realTime.monotonicMs() - exchange.startedMs);
    case "routeKey":
      return exchange.route?.routeKey;
    case "error.message":
      return error?.message;
    case "error.messageString":
      return error === undefined ? undefined : JSON.stringify(error.message);
    case "error.responseType":
      return error?.responseType;
    case "integration.error":
    case "integrationErrorMessage":
      return integration.error;
    case "integration.integrationStatus":
    case "integrationStatus":
      return integration.integrationStatus;
    case "integration.latency":
    case "integrationLatency":
      return integration.latencyMs;
    case "integration.status":
      return integration.status;
    case "integration.requestId":
    case "awsEndpointRequestId":
      return integration.requestId;
    case "authorizer.error":
      return authorizer?.error;
    case "authorizer.latency":
      return authorizer?.latencyMs;
    case "authorizer.requestId":
      return authorizer?.requestId;
    case "authorizer.status":
      return authorizer?.status;
    default:
      return httpContextVariable(exchange, name);
  }
}

function bytesOf(body: Uint8Array | string): number {
  return typeof body === "string" ? Buffer.byteLength(body) : body.length;
}
