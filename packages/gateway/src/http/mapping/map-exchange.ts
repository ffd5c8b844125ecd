/** Parameter mappings, applied to what is on its way. */
import { toScalarText } from "../../access-log.ts";
import { httpContextVariable } from "../context-variables.ts";
import { type MappedRequest, readHeaders } from "../event-v2.ts";
import type { HttpAnswer, HttpExchange } from "../http-exchange.ts";
import { joinValues, parseQuery } from "../../gateway-request.ts";
import { type CompiledMapping, mapAnswer, mapRequest } from "./parameter-mapping.ts";
import type { SelectionSource } from "./selection-expression.ts";

/** What the expressions of a request read. */
export function requestSource(exchange: HttpExchange): SelectionSource {
  const { request, pathParameters, body } = exchange;
  let headers: Record<string, string> | undefined;
  let query: Record<string, string> | undefined;
  return {
    ...sharedSource(exchange),
    header: (name) => (headers ??= allHeaders(exchange))[name],
    querystring: (name) => (query ??= joinValues(parseQuery(request.query)))[name],
    path: request.path,
    pathParameters,
    body: () => body,
  };
}

/** What `mapping` makes of the request. */
export function mapExchange(exchange: HttpExchange, mapping: CompiledMapping): MappedRequest {
  const { request } = exchange;
  const { rawHeaders } = request.request;
  const given = parseQuery(request.query);
  const mapped = mapRequest(mapping, requestSource(exchange), { headers: toPairs(rawHeaders), querystring: given });
  const query =
    mapped.querystring === given
      ? request.query
      : mapped.querystring.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  return {
    rawHeaders: mapped.headers.flat(),
    query,
    ...(mapped.path === undefined ? {} : { path: mapped.path.startsWith("/") ? mapped.path : `/${mapped.path}` }),
  };
}

/** What `mapping` makes of a backend's answer. */
export function mapHttpAnswer(exchange: HttpExchange, mapping: CompiledMapping, answer: HttpAnswer): HttpAnswer {
  const { body } = answer;
  let headers: Record<string, string> | undefined;
  let bytes: Uint8Array | undefined;
  const pairs = toPairs(answer.headers);
  const source: SelectionSource = {
    ...sharedSource(exchange),
    header: (name) => (headers ??= joinValues(pairs))[name],
    body: () => (bytes ??= typeof body === "string" ? Buffer.from(body) : body),
  };
  const mapped = mapAnswer(mapping, source, { status: answer.status, headers: pairs });
  return { status: mapped.status, headers: mapped.headers.flat(), body };
}

function sharedSource(exchange: HttpExchange): Pick<SelectionSource, "context" | "stageVariables"> {
  return {
    context: (name) => toValue(httpContextVariable(exchange, name)),
    stageVariables: exchange.stageVariables,
  };
}

/** What an authorizer's function gave as an object or a list goes on as JSON. */
function toValue(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : toScalarText(value);
}

function allHeaders(exchange: HttpExchange): Record<string, string> {
  const { headers, cookies } = readHeaders(exchange);
  return cookies.length === 0 ? headers : { ...headers, cookie: cookies.join("; ") };
}

/** Names in lower case. */
function toPairs(flat: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < flat.length; index += 2)
    pairs.push([flat[index]?.toLowerCase() ?? "", flat[index + 1] ?? ""]);
  return pairs;
}
