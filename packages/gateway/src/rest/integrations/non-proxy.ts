/**
 * AWS, HTTP and MOCK: the request is mapped, the backend called, its answer chosen from the integration responses and mapped.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-integration-settings.html
 *
 * N1. A template is chosen by the request's media type. Without one it is `passthroughBehavior` that says whether the body goes on.
 * N2. Responses are told apart by what their patterns match, whole: the error of a function, the status of anything else. The one without a
 *     pattern is the default; without it, what no pattern matches is 500.
 * N3. What a template sets in `$context.responseOverride` outranks mappings; what the request's template set there holds too.
 */
import { readMockStatus } from "./mock-status.ts";
import { callFunction, errorMessageOf, functionCaller } from "./lambda-proxy.ts";
import { callBackend } from "./http-proxy.ts";
import { parseIntegrationArn } from "../../integration-arn.ts";
import { applyOverrides, mapParameters, type MappedParameters, toUrl } from "./request-parameters.ts";
import { callAwsService } from "./aws-service.ts";
import { backendHeaders } from "./backend-headers.ts";
import { headerOfFlat } from "../../gateway-request.ts";
import type { IntegrationAnswer } from "./integration-answer.ts";
import type { RestIntegration } from "../definition/rest-api.ts";
import { convertRequest, convertResponse } from "../mapping/content-handling.ts";
import { responseSource } from "../mapping/parameter-mapping.ts";
import { chooseTemplate, renderMapping } from "../mapping/render-mapping.ts";
import { logAnswer } from "../logs/log-answer.ts";
import type { CompiledResponse } from "../serving/compile-deployment.ts";
import { methodOfExchange, type RestAnswer, type RestExchange } from "../serving/exchange.ts";
import { failures } from "../serving/gateway-failure.ts";
import { headerIn } from "../serving/request-maps.ts";
import { contentTypeOf } from "../serving/links/validate-request.ts";
import { withStageVariables } from "../../stage-variables.ts";

/** See the module's header. */
export async function callNonProxy(exchange: RestExchange): Promise<RestAnswer> {
  const { integration } = methodOfExchange(exchange);
  const mapped = mapParameters(exchange, integration);
  const body = requestBody(exchange, integration);
  applyOverrides(exchange, mapped);
  const answer = await call(exchange, integration, mapped, body);
  return toAnswer(exchange, integration, answer);
}

/** N1 */
function requestBody(exchange: RestExchange, integration: RestIntegration): Uint8Array {
  const { requestTemplates = {}, passthroughBehavior } = integration;
  const { binaryMediaTypes } = exchange.deployment.definition.settings;
  const type = contentTypeOf(exchange);
  const body = convertRequest(
    exchange.body,
    binaryMediaTypes,
    headerIn(exchange.headers.single, "content-type"),
    integration.contentHandling,
  );
  const template = Object.hasOwn(requestTemplates, type) ? requestTemplates[type] : requestTemplates["$default"];
  if (template === undefined) {
    const blocks =
      passthroughBehavior === "NEVER" ||
      (passthroughBehavior === "WHEN_NO_TEMPLATES" && Object.keys(requestTemplates).length > 0);
    if (blocks && integration.type !== "MOCK") throw failures.unsupportedMediaType();
    return body.bytes;
  }
  if (body.isBinary) throw failures.configuration("A binary body cannot be mapped");
  return Buffer.from(renderMapping(exchange, template ?? "", Buffer.from(body.bytes).toString()));
}

async function call(
  exchange: RestExchange,
  integration: RestIntegration,
  mapped: MappedParameters,
  body: Uint8Array,
): Promise<IntegrationAnswer> {
  if (integration.type === "MOCK") {
    const status = readMockStatus(Buffer.from(body).toString(), integration.requestTemplates !== undefined);
    if (status === undefined)
      throw failures.configuration(
        "Unable to parse statusCode. It should be an integer and should be defined in request template.",
      );
    return { selector: status, headers: [], body: new Uint8Array(), isTraced: false };
  }
  const uri = withStageVariables(integration.uri ?? "", exchange.stageVariables);
  if (integration.type === "HTTP") {
    const headers = backendHeaders(exchange, mapped);
    const answer = await callBackend(exchange, integration, { url: toUrl(uri, mapped), headers, body });
    return { selector: String(answer.status), headers: answer.headers, body: answer.body, isTraced: true };
  }
  const arn = parseIntegrationArn(uri);
  if (arn === undefined) throw failures.configuration("Invalid endpoint address");
  if (arn.functionArn === undefined) return callAwsService(exchange, integration, arn, mapped, body);
  return callLambda(exchange, arn.functionArn, mapped, body);
}

async function callLambda(
  exchange: RestExchange,
  functionArn: string,
  mapped: MappedParameters,
  body: Uint8Array,
): Promise<IntegrationAnswer> {
  const headers = Object.fromEntries(
    Array.from(mapped.header, ([name, values]) => [name.toLowerCase(), values[0] ?? ""]),
  );
  const { serving, request } = exchange;
  const payload = body.length === 0 ? Buffer.from("{}") : body;
  if (headers["x-amz-invocation-type"] === "Event") {
    const queue = serving.asyncInvocations();
    if (queue === undefined) throw failures.configuration("Asynchronous invocations are not wired");
    await queue.accept({
      functionName: functionArn,
      payload,
      source: "apigateway",
      traceId: request.traceId,
      ...functionCaller(exchange),
    });
    exchange.integration.status = 202;
    return { selector: "", headers: [], body: new Uint8Array(), isTraced: true };
  }
  const result = await callFunction(exchange, payload, Buffer.from(payload).toString());
  const text = result.functionError === undefined ? "" : Buffer.from(result.payload).toString();
  const isFailure = result.functionError !== undefined;
  return {
    selector: isFailure ? errorMessageOf(text) : "",
    headers: ["Content-Type", "application/json", ...(isFailure ? ["X-Amz-Function-Error", "Unhandled"] : [])],
    body: result.payload,
    isTraced: true,
  };
}

/** N2, N3 */
function toAnswer(exchange: RestExchange, integration: RestIntegration, answer: IntegrationAnswer): RestAnswer {
  const { overrides } = exchange;
  const { definition } = select(methodOfExchange(exchange).responses, answer.selector);
  const { binaryMediaTypes } = exchange.deployment.definition.settings;
  const accept = headerIn(exchange.headers.single, "accept");
  const given = headerOfFlat(answer.headers, "content-type");
  const headers = new Map<string, [string, string[]]>();
  const converted = convertResponse(answer.body, binaryMediaTypes, given, accept, definition.contentHandling);
  if (converted === undefined) throw failures.configuration("The response body is not base64");
  const body = (): string => Buffer.from(answer.body).toString();
  for (const [target, source] of Object.entries(definition.responseParameters ?? {})) {
    const name = target.slice("method.response.header.".length);
    const values = responseSource(exchange, source, { headers: answer.headers, body });
    if (values !== undefined) headers.set(name.toLowerCase(), [name, values]);
  }
  const chosen = chooseTemplate(definition.responseTemplates ?? {}, accept);
  const rendered =
    chosen === undefined ? converted : Buffer.from(renderMapping(exchange, chosen.template ?? "", body()));
  const type = chosen?.type ?? (integration.type === "MOCK" ? "application/json" : (given ?? "application/json"));
  if (!headers.has("content-type")) headers.set("content-type", ["Content-Type", [type]]);
  for (const [name, value] of Object.entries(overrides.response.header))
    headers.set(name.toLowerCase(), [name, [value]]); // N3
  const status = overrides.response.status ?? Number(definition.statusCode);
  const flat = Array.from(headers.values(), ([name, values]) => values.flatMap((value) => [remap(name), value])).flat();
  return logAnswer(exchange, { status, headers: flat, body: rendered, isTraced: answer.isTraced });
}

/** N2 */
function select(responses: readonly CompiledResponse[], selector: string): CompiledResponse {
  const matched = responses.find(({ pattern }) => pattern !== undefined && pattern.test(selector));
  const chosen = matched ?? responses.find(({ pattern }) => pattern === undefined);
  if (chosen === undefined)
    throw failures.configuration("No match for output mapping and no default output mapping configured");
  return chosen;
}

const remapped: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-md5",
  "date",
  "expect",
  "host",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "trailer",
  "upgrade",
  "user-agent",
  "www-authenticate",
]);

function remap(name: string): string {
  return remapped.has(name.toLowerCase()) ? `X-Amzn-Remapped-${name}` : name;
}
