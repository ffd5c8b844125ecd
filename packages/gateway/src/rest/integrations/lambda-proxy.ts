/** AWS_PROXY: the request as an event, the function's answer as the response. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
import type { InvokeResult, ServiceCaller } from "@tripline/kernel";
import { type IntegrationOutcome, toGatewayCaller } from "../../function-integration.ts";
import { headerOf } from "../../gateway-request.ts";
import { toRestEvent } from "../event-v1.ts";
import { matchesMediaType } from "../mapping/media-type.ts";
import { methodOfExchange, type RestAnswer, type RestExchange } from "../serving/exchange.ts";
import { failures } from "../serving/gateway-failure.ts";
import { withStageVariables } from "../../stage-variables.ts";
import { printMap } from "../logs/execution-log.ts";
import { logAnswer } from "../logs/log-answer.ts";
import { toRestAnswer } from "../response-v1.ts";
import { parseIntegrationArn } from "../../integration-arn.ts";
import { mapParameters } from "./request-parameters.ts";

const encoder = new TextEncoder();

/** See the module's header. */
export async function callLambdaProxy(exchange: RestExchange): Promise<RestAnswer> {
  const { integration } = methodOfExchange(exchange);
  const { log, request, deployment } = exchange;
  // Mapped parameters do not reach the function, but one that cannot be fails the request.
  mapParameters(exchange, integration);
  if (integration.httpMethod !== "POST")
    throw failures.configuration("Invalid integration HTTP method: Lambda takes POST");
  const event = toRestEvent(exchange);
  const result = await callFunction(exchange, encoder.encode(event), event);
  if (result.functionError !== undefined) {
    const message = errorMessageOf(Buffer.from(result.payload).toString());
    exchange.integration.error = message;
    log.error(
      `Lambda execution failed with status 200 due to customer function error: ${message}. Lambda request id: ${result.requestId}`,
    );
    throw failures.functionError();
  }
  const accept = headerOf(request.request, "accept");
  const { binaryMediaTypes } = deployment.definition.settings;
  const answer = toRestAnswer(result.payload, matchesMediaType(binaryMediaTypes, accept));
  if (answer === undefined) throw failures.malformed("Malformed Lambda proxy response");
  exchange.integration.status = answer.status;
  return logAnswer(exchange, { ...answer, isTraced: true });
}

/** Calls the function that the integration's URI names, by the integration's time limit. Throws what a client sees otherwise. */
export async function callFunction(
  exchange: RestExchange,
  payload: Uint8Array,
  shown: string,
): Promise<Extract<IntegrationOutcome, { kind: "answered" }>["result"]> {
  const { serving, request, log, integration: facts } = exchange;
  const { integration } = methodOfExchange(exchange);
  const uri = withStageVariables(integration.uri ?? "", exchange.stageVariables);
  const functionArn = parseIntegrationArn(uri)?.functionArn;
  if (functionArn === undefined) throw failures.configuration("Invalid endpoint address");
  log.data(
    () =>
      `Endpoint request URI: https://lambda.${serving.scope.region}.amazonaws.com/2015-03-31/functions/${functionArn}/invocations`,
  );
  log.data(() => `Endpoint request headers: ${printMap(exchange.headers.single)}`);
  log.data(() => `Endpoint request body after transformations: ${shown}`);
  log.step(
    () =>
      `Sending request to https://lambda.${serving.scope.region}.amazonaws.com/2015-03-31/functions/${functionArn}/invocations`,
  );
  const startedMs = serving.realTime.monotonicMs();
  const outcome = await serving.integration.call({
    functionArn,
    payload,
    timeoutMs: integration.timeoutInMillis,
    traceId: request.traceId,
    ...functionCaller(exchange),
  });
  facts.latencyMs = Math.round(serving.realTime.monotonicMs() - startedMs);
  if (outcome.kind === "timeout") {
    facts.error = "Endpoint request timed out";
    throw failures.timeout();
  }
  if (outcome.kind === "refused") {
    facts.status = outcome.error.status;
    facts.error = outcome.error.message;
    if (outcome.error.status === 413) throw failures.requestTooLong();
    // Denied, or without a function, the API is set up wrongly.
    if (outcome.error.status === 403 || outcome.error.status === 404)
      throw failures.configuration("Invalid permissions on Lambda function");
    throw failures.malformed(outcome.error.message);
  }
  const { result } = outcome;
  facts.status = 200;
  facts.integrationStatus = 200;
  facts.requestId = result.requestId;
  log.step(() => `Received response. Status: 200, Integration latency: ${facts.latencyMs ?? 0} ms`);
  log.data(() => `Endpoint response headers: ${printMap(toLambdaHeaders(exchange, result))}`);
  log.data(() => `Endpoint response body before transformations: ${Buffer.from(result.payload).toString()}`);
  return result;
}

/** As Lambda's own API answers. */
function toLambdaHeaders(
  { serving, request }: RestExchange,
  { requestId, functionError, executedVersion, payload }: InvokeResult,
): Record<string, unknown> {
  return {
    Date: new Date(serving.clock.now()).toUTCString(),
    "Content-Type": "application/json",
    "Content-Length": payload.length,
    Connection: "keep-alive",
    "x-amzn-RequestId": requestId,
    ...(functionError === undefined ? {} : { "X-Amz-Function-Error": functionError }),
    "x-amzn-Remapped-Content-Length": 0,
    "X-Amz-Executed-Version": executedVersion,
    "X-Amzn-Trace-Id": request.traceId,
  };
}

/** What the function's policy must let in: the method, where no role calls. */
export function functionCaller({ serving, deployment, request, resource, isTest, method }: RestExchange): {
  caller?: ServiceCaller;
} {
  if (method === undefined || method.integration.credentials !== undefined) return {};
  const { httpMethod } = method.definition;
  const stage = isTest ? "test-invoke-stage" : request.stage;
  const route = `${httpMethod === "ANY" ? request.method : httpMethod}${resource?.path ?? ""}`;
  return { caller: toGatewayCaller(serving.scope, deployment.definition.settings.id, stage, route) };
}

/** `errorMessage` of a function's error. */
export function errorMessageOf(payload: string): string {
  try {
    const value = JSON.parse(payload) as { errorMessage?: unknown } | null;
    return typeof value?.errorMessage === "string" ? value.errorMessage : "";
  } catch {
    return "";
  }
}
