/** Calls the function behind the route. What `$context.integrationErrorMessage` says of failures is in AWS's words where they are known. */
import { toGatewayCaller } from "../../function-integration.ts";
import { toEventV1 } from "../event-v1.ts";
import { toEventV2 } from "../event-v2.ts";
import { type HttpAnswer, type HttpExchange, routeOf } from "../http-exchange.ts";
import { httpFailures } from "../http-failure.ts";
import { toHttpAnswer } from "../response-v2.ts";

const encoder = new TextEncoder();

/** See the module's header. */
export async function integrate(exchange: HttpExchange): Promise<HttpAnswer> {
  const { serving, scope, apiId, request, integration: facts } = exchange;
  const { realTime } = serving;
  const route = routeOf(exchange);
  const startedMs = realTime.monotonicMs();
  const outcome = await serving.integration.call({
    functionArn: route.functionArn,
    payload: encoder.encode(route.payloadFormatVersion === "1.0" ? toEventV1(exchange) : toEventV2(exchange)),
    timeoutMs: route.timeoutMs,
    traceId: request.traceId,
    caller: toGatewayCaller(
      scope,
      apiId,
      request.stage,
      route.path === "$default" ? "$default" : `${request.method}${route.path}`,
    ),
  });
  facts.latencyMs = Math.round(realTime.monotonicMs() - startedMs);
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
  const answer = toHttpAnswer(result.payload, route.payloadFormatVersion);
  if (answer === undefined) {
    facts.error = "The response from the Lambda function doesn't match the format that API Gateway expects.";
    throw httpFailures.integration();
  }
  facts.status = answer.status;
  return answer;
}
