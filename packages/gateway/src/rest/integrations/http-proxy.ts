/**
 * HTTP_PROXY: the request goes on as it is, and so does the answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
 *
 * 1. Mapped headers replace those of the request; mapped query values come after them. `{name}` in the URI is a mapped path parameter.
 * 2. Of a catch-all `{proxy+}` in both the path and the URI, the value goes without a mapping where none is set.
 */
import type { RestIntegration } from "../definition/rest-api.ts";
import type { HttpOutcome } from "../../adapters/http-caller.ts";
import { printMap } from "../logs/execution-log.ts";
import { logAnswer } from "../logs/log-answer.ts";
import { methodOfExchange, type RestAnswer, type RestExchange } from "../serving/exchange.ts";
import { failures } from "../serving/gateway-failure.ts";
import { queryPairs } from "../serving/request-maps.ts";
import { withStageVariables } from "../../stage-variables.ts";
import { toProxyHeaderName } from "./proxy-headers.ts";
import { mapParameters, toUrl } from "./request-parameters.ts";

const droppedOfRequest: ReadonlySet<string> = new Set(["host", "via", "transfer-encoding", "content-encoding"]);
const droppedOfAnswer: ReadonlySet<string> = new Set(["content-encoding", "via"]);

/** See the module's header. */
export async function callHttpProxy(exchange: RestExchange): Promise<RestAnswer> {
  const { integration } = methodOfExchange(exchange);
  const mapped = mapParameters(exchange, integration);
  const headers = new Map<string, [string, string[]]>();
  for (const [name, values] of Object.entries(exchange.headers.multi))
    if (!droppedOfRequest.has(name.toLowerCase())) headers.set(name.toLowerCase(), [name, values]);
  for (const [name, values] of mapped.header) headers.set(name.toLowerCase(), [name, values]); // 1
  headers.set("x-amzn-apigateway-api-id", ["X-Amzn-Apigateway-Api-Id", [exchange.deployment.definition.settings.id]]);
  const query = new Map<string, string[]>();
  for (const [name, value] of queryPairs(exchange.request)) query.set(name, [...(query.get(name) ?? []), value]);
  for (const [name, values] of mapped.querystring) query.set(name, [...(query.get(name) ?? []), ...values]);
  const answer = await callBackend(exchange, integration, {
    url: toUrl(withStageVariables(integration.uri ?? "", exchange.stageVariables), { ...mapped, querystring: query }),
    headers: Array.from(headers.values(), ([name, values]) => values.flatMap((value) => [name, value])).flat(),
    body: exchange.body,
  });
  const kept: string[] = [];
  for (let index = 0; index < answer.headers.length; index += 2) {
    const given = answer.headers[index] ?? "";
    const name = droppedOfAnswer.has(given.toLowerCase()) ? undefined : toProxyHeaderName(given);
    if (name !== undefined) kept.push(name, answer.headers[index + 1] ?? "");
  }
  return logAnswer(exchange, { status: answer.status, headers: kept, body: answer.body, isTraced: false });
}

/** Calls an HTTP backend within the integration's time limit. Throws what a client sees otherwise. */
export async function callBackend(
  exchange: RestExchange,
  integration: RestIntegration,
  call: { url: string; headers: readonly string[]; body: Uint8Array },
): Promise<Extract<HttpOutcome, { kind: "answered" }>> {
  const { serving, log, request, integration: facts } = exchange;
  if (!/^https?:\/\/[^/]/.test(call.url)) throw failures.configuration("Invalid endpoint address");
  log.data(() => `Endpoint request URI: ${call.url}`);
  log.data(() => `Endpoint request body after transformations: ${Buffer.from(call.body).toString()}`);
  log.step(() => `Sending request to ${call.url}`);
  const startedMs = serving.realTime.monotonicMs();
  const outcome = await serving.http({
    ...call,
    method: integration.httpMethod === "ANY" ? request.method : (integration.httpMethod ?? request.method),
    timeoutMs: integration.timeoutInMillis,
    insecure: integration.tlsConfig?.insecureSkipVerification === true,
  });
  facts.latencyMs = Math.round(serving.realTime.monotonicMs() - startedMs);
  if (outcome.kind === "timeout") {
    facts.error = "Endpoint request timed out";
    throw failures.timeout();
  }
  if (outcome.kind === "failed") {
    facts.error = outcome.message;
    if (outcome.isTls) throw failures.network(outcome.message);
    throw failures.configuration("Invalid endpoint address");
  }
  facts.status = outcome.status;
  facts.integrationStatus = outcome.status;
  log.step(() => `Received response. Status: ${outcome.status}, Integration latency: ${facts.latencyMs ?? 0} ms`);
  log.data(() => `Endpoint response headers: ${printMap(Object.fromEntries(toPairs(outcome.headers)))}`);
  log.data(() => `Endpoint response body before transformations: ${Buffer.from(outcome.body).toString()}`);
  return outcome;
}

function toPairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as [string, string]] : []));
}
