/**
 * A failure as the client gets it. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 *
 * 1. What was set for its type, or for `DEFAULT_4XX` or `DEFAULT_5XX`, or AWS's own.
 * 2. Templates are no VTL: `$context.…`, `$stageVariables.…` and `$method.request.…` are put in, and nothing else.
 * 3. AWS's own bodies have no space after the colon in 4xx, and one in 5xx; a denied access says `Message`.
 */
import { fallbackOf } from "../definition/gateway-response-types.ts";
import type { GatewayResponse } from "../definition/rest-api.ts";
import { toScalarText } from "../../access-log.ts";
import { contextVariable } from "./context-variables.ts";
import type { RestAnswer, RestExchange } from "./exchange.ts";
import type { GatewayFailure } from "./gateway-failure.ts";
import { gatewayResponseStatuses } from "../definition/gateway-response-types.ts";
import { headerIn } from "./request-maps.ts";

/** See the module's header. */
export function toGatewayResponse(exchange: RestExchange, failure: GatewayFailure): RestAnswer {
  const { type, text, validation } = failure;
  exchange.error = {
    message: text,
    responseType: type,
    ...(validation === undefined ? {} : { validationErrorString: validation }),
  };
  const { gatewayResponses } = exchange.deployment.definition;
  const set = gatewayResponses[type] ?? gatewayResponses[fallbackOf(type)]; // 1
  const status =
    (set?.statusCode === undefined || type.startsWith("DEFAULT_") ? failure.status : undefined) ??
    statusOf(failure, set);
  const headers = ["x-amzn-ErrorType", failure.errorType];
  if (set === undefined)
    return {
      status,
      headers: ["content-type", "application/json", ...headers],
      body: builtInBody(failure, status),
      isTraced: false,
    };
  const [contentType, template] = chooseTemplate(exchange, set.responseTemplates);
  for (const [target, source] of Object.entries(set.responseParameters)) {
    const value = headerValue(exchange, source);
    if (value !== undefined) headers.push(target.slice("gatewayresponse.header.".length), value);
  }
  const hasType = headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === "content-type");
  return {
    status,
    headers: hasType ? headers : ["content-type", contentType, ...headers],
    body: fill(exchange, template),
    isTraced: false,
  };
}

function statusOf(failure: GatewayFailure, set: GatewayResponse | undefined): number {
  if (set?.statusCode !== undefined) return Number(set.statusCode);
  return failure.status ?? gatewayResponseStatuses[failure.type] ?? 500;
}

/** 3 */
function builtInBody({ type, text }: GatewayFailure, status: number): string {
  if (text === null) return '{"message":null}';
  const name = type === "ACCESS_DENIED" && text !== "Forbidden" ? "Message" : "message";
  return `{"${name}":${status >= 500 || status === 413 ? " " : ""}${JSON.stringify(text)}}`;
}

function chooseTemplate({ headers }: RestExchange, templates: Readonly<Record<string, string>>): [string, string] {
  const accept = headerIn(headers.single, "accept")?.split(/[,;]/)[0]?.trim() ?? "";
  const [first = "application/json"] = Object.keys(templates);
  const type = Object.hasOwn(templates, accept) ? accept : "application/json" in templates ? "application/json" : first;
  return [type, templates[type] ?? ""];
}

/** 2 */
function fill(exchange: RestExchange, template: string): string {
  return template.replaceAll(
    /\$(?:context|stageVariables|method\.request)\.[\w.-]*\w/g,
    (whole) => headerValue(exchange, whole.slice(1)) ?? "",
  );
}

function headerValue(exchange: RestExchange, source: string): string | undefined {
  if (source.startsWith("'")) return source.slice(1, -1);
  const [, place = "", name = ""] =
    /^(context|stageVariables|method\.request\.(?:header|path|querystring))\.(.+)$/.exec(source) ?? [];
  if (place === "context") return toScalarText(contextVariable(exchange, name));
  if (place === "stageVariables") return exchange.stageVariables[name];
  if (place.endsWith(".header")) return headerIn(exchange.headers.single, name.toLowerCase());
  if (place.endsWith(".path")) return exchange.pathParameters[name];
  return place.endsWith(".querystring") ? exchange.query.single[name] : undefined;
}
