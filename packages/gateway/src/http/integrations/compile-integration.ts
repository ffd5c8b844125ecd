/**
 * The integration of a deployed route, made ready once for many requests.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html
 *
 * Response parameters change what a backend answers, by its status; what the gateway says itself stays as it is.
 */
import { withStageVariables } from "../../stage-variables.ts";
import type { HttpIntegration } from "../http-api.ts";
import type { HttpAnswer, HttpExchange } from "../http-exchange.ts";
import { mapHttpAnswer } from "../mapping/map-exchange.ts";
import { compileMapping } from "../mapping/parameter-mapping.ts";
import type { HttpServing } from "../serve-http-api.ts";
import { compileFunctionIntegration } from "./function-integration.ts";
import { compileHttpIntegration } from "./http-integration.ts";
import { compileServiceIntegration } from "./service-integration.ts";

/** Rejects with an HttpFailure where the backend does not answer. */
export type Integrate = (exchange: HttpExchange) => Promise<HttpAnswer>;

/** See the module's header. `variables` are the stage's. */
export function compileIntegration(
  serving: HttpServing,
  integration: HttpIntegration,
  variables: Readonly<Record<string, string>>,
): Integrate {
  const call = compileCall(serving, integration, withStageVariables(integration.uri ?? "", variables));
  const mappings = new Map(
    Object.entries(integration.responseParameters ?? {}).map(([status, mapping]) => [
      Number(status),
      compileMapping("response", mapping),
    ]),
  );
  if (mappings.size === 0) return call;
  return async (exchange) => {
    const answer = await call(exchange);
    const mapping = mappings.get(answer.status);
    return mapping === undefined ? answer : mapHttpAnswer(exchange, mapping, answer);
  };
}

function compileCall(serving: HttpServing, integration: HttpIntegration, uri: string): Integrate {
  if (integration.subtype !== undefined) return compileServiceIntegration(serving, integration);
  return integration.type === "HTTP_PROXY"
    ? compileHttpIntegration(serving, integration, uri)
    : compileFunctionIntegration(serving, integration, uri);
}
