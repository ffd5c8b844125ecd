/**
 * AWS_PROXY to a function. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * What `$context.integrationErrorMessage` says of failures is in AWS's words where they are known.
 */
import { toGatewayCaller } from "../../function-integration.ts";
import { functionOfUri } from "../../integration-uri.ts";
import { toEventV1 } from "../event-v1.ts";
import { toEventV2 } from "../event-v2.ts";
import type { HttpIntegration } from "../http-api.ts";
import { routeOf } from "../http-exchange.ts";
import { httpFailures } from "../http-failure.ts";
import { mapExchange } from "../mapping/map-exchange.ts";
import { compileMapping } from "../mapping/parameter-mapping.ts";
import { toHttpAnswer } from "../response-v2.ts";
import type { HttpServing } from "../serve-http-api.ts";
import type { Integrate } from "./compile-integration.ts";

const encoder = new TextEncoder();

/** `uri` has the stage's variables filled in. Where a role calls, the function's policy is not asked. */
export function compileFunctionIntegration(serving: HttpServing, integration: HttpIntegration, uri: string): Integrate {
  const { payloadFormatVersion, timeoutMs, requestParameters, credentialsArn } = integration;
  const mapping = requestParameters === undefined ? undefined : compileMapping("request", requestParameters);
  const toEvent = payloadFormatVersion === "1.0" ? toEventV1 : toEventV2;
  const functionArn = functionOfUri(uri);
  return async (exchange) => {
    const { request, scope, apiId, integration: facts } = exchange;
    if (functionArn === undefined) {
      facts.error = `Invalid lambda function ARN ${uri}`;
      throw httpFailures.integration();
    }
    const event = toEvent(mapping === undefined ? exchange : { ...exchange, mapped: mapExchange(exchange, mapping) });
    const startedMs = serving.realTime.monotonicMs();
    const { path } = routeOf(exchange);
    const route = path === "$default" ? path : `${request.method}${path}`;
    const outcome = await serving.integration.call({
      functionArn,
      payload: encoder.encode(event),
      timeoutMs,
      traceId: request.traceId,
      ...(credentialsArn === undefined ? { caller: toGatewayCaller(scope, apiId, request.stage, route) } : {}),
    });
    facts.latencyMs = Math.round(serving.realTime.monotonicMs() - startedMs);
    if (outcome.kind === "timeout") {
      facts.error = "Endpoint request timed out";
      throw httpFailures.timeout();
    }
    if (outcome.kind === "refused") {
      const { status, message } = outcome.error;
      facts.integrationStatus = status;
      facts.error =
        status === 403
          ? "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again."
          : message;
      throw status === 413 ? httpFailures.tooLarge() : httpFailures.integration();
    }
    const { result } = outcome;
    facts.integrationStatus = 200;
    facts.requestId = result.requestId;
    if (result.functionError !== undefined) {
      facts.error = `The Lambda function returned the following error: [${result.functionError}]. Check your Lambda function code and try again.`;
      throw httpFailures.integration();
    }
    const answer = toHttpAnswer(result.payload, payloadFormatVersion);
    if (answer === undefined) {
      facts.error = "The response from the Lambda function doesn't match the format that API Gateway expects.";
      throw httpFailures.integration();
    }
    facts.status = answer.status;
    return answer;
  };
}
