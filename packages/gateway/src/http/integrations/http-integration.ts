/**
 * HTTP_PROXY: the request goes on as it is, and so does the answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
 *
 * X1. `{name}` in the URI is the decoded path parameter, encoded again as far as a path must be; `{proxy}` and `{proxy+}` mean the same.
 * X2. Behind `$default` the whole path follows that of the URI, with its stage, as private integrations have it (AWS does not say it of
 *     URLs). A mapped path replaces that of the URI.
 * X3. `X-Forwarded-For`, `-Host` and `-Proto` become elements of `Forwarded`, and the gateway adds its own; it adds `Via` and a trace id.
 *     https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 * X4. Without a body there is `Content-Length: 0`, and a type: which one AWS does not say.
 * X5. No answer in time is 503, and so is a backend that cannot be reached: AWS does not say, we chose.
 */
import { stagePath } from "../event-v2.ts";
import type { HttpIntegration } from "../http-api.ts";
import { type HttpAnswer, type HttpExchange, routeOf } from "../http-exchange.ts";
import { httpFailures } from "../http-failure.ts";
import { mapExchange } from "../mapping/map-exchange.ts";
import { compileMapping } from "../mapping/parameter-mapping.ts";
import type { HttpServing } from "../serve-http-api.ts";
import type { Integrate } from "./compile-integration.ts";

/** Headers of one connection, and those that the gateway makes anew. */
const droppedOfRequest: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "forwarded",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-amzn-trace-id",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);
const droppedOfAnswer: ReadonlySet<string> = new Set([
  "apigw-requestid",
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** See the module's header. `uri` has the stage's variables filled in. */
export function compileHttpIntegration(serving: HttpServing, integration: HttpIntegration, uri: string): Integrate {
  const { method = "ANY", timeoutMs, requestParameters } = integration;
  const mapping = requestParameters === undefined ? undefined : compileMapping("request", requestParameters);
  const [base = "", ownQuery = ""] = uri.split(/\?(.*)/s);
  const isUrl = /^https?:\/\/[^/?#]/i.test(uri);
  return async (exchange) => {
    const { request, integration: facts } = exchange;
    if (!isUrl) {
      facts.error = `Invalid endpoint address ${uri}`;
      throw httpFailures.integration();
    }
    const mapped = mapping === undefined ? undefined : mapExchange(exchange, mapping);
    const query = [ownQuery, mapped?.query ?? request.query].filter((one) => one !== "").join("&");
    const path = toUrlPath(exchange, base, mapped?.path);
    const startedMs = serving.realTime.monotonicMs();
    const outcome = await serving.http({
      method: method === "ANY" ? request.method : method,
      url: query === "" ? path : `${path}?${query}`,
      headers: toBackendHeaders(exchange, mapped?.rawHeaders ?? request.request.rawHeaders),
      body: exchange.body,
      timeoutMs,
      hasLength: true,
    });
    facts.latencyMs = Math.round(serving.realTime.monotonicMs() - startedMs);
    if (outcome.kind === "timeout") {
      facts.error = "Endpoint request timed out";
      throw httpFailures.timeout();
    }
    if (outcome.kind === "failed") {
      facts.error = outcome.message;
      throw httpFailures.unreachable();
    }
    facts.status = outcome.status;
    facts.integrationStatus = outcome.status;
    return { status: outcome.status, headers: toClientHeaders(outcome.headers), body: outcome.body };
  };
}

/** X1, X2 */
function toUrlPath(exchange: HttpExchange, base: string, mappedPath: string | undefined): string {
  const { pathParameters, request } = exchange;
  const filled = base.replaceAll(/\{([^{}+]+)\+?\}/g, (whole, name: string) => {
    const value = pathParameters[name];
    return value === undefined ? whole : encodePath(value);
  });
  if (mappedPath !== undefined) return `${/^https?:\/\/[^/]+/i.exec(filled)?.[0] ?? ""}${encodeMarks(mappedPath)}`;
  return routeOf(exchange).path === "$default" ? `${filled.replace(/\/$/, "")}${stagePath(request)}` : filled;
}

function encodePath(value: string): string {
  return encodeMarks(encodeURI(value));
}

/** What would end the path. */
function encodeMarks(path: string): string {
  return path.replaceAll(/[?#]/g, encodeURIComponent);
}

/** Names and values alternating. */
function toBackendHeaders({ request, body }: HttpExchange, rawHeaders: readonly string[]): string[] {
  const headers: string[] = [];
  const forwarded: string[] = [];
  const via: string[] = [];
  let hasType = false;
  let host = "";
  for (let index = 0; index < request.request.rawHeaders.length; index += 2)
    if (request.request.rawHeaders[index]?.toLowerCase() === "host") host = request.request.rawHeaders[index + 1] ?? "";
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? "";
    const value = rawHeaders[index + 1] ?? "";
    if (name === "forwarded") forwarded.push(value);
    else if (name === "via") via.push(value);
    else if (name.startsWith("x-forwarded-")) forwarded.push(...toForwarded(name, value));
    // The backend's own host, but where a mapping has set another.
    if (droppedOfRequest.has(name) || (name === "host" && value === host)) continue;
    hasType ||= name === "content-type";
    headers.push(name, value);
  }
  const { sourceIp, endpoint } = request.request;
  const proto = endpoint.startsWith("https:") ? "https" : "http";
  const source = sourceIp.includes(":") ? `"[${sourceIp}]"` : sourceIp;
  forwarded.push(`by=127.0.0.1;for=${source};host=${host};proto=${proto}`);
  if (body.length === 0 && !hasType) headers.push("content-type", "application/octet-stream"); // X4
  headers.push("forwarded", forwarded.join(", "), "via", [...via, "HTTP/1.1 AmazonAPIGateway"].join(", "));
  headers.push("x-amzn-trace-id", request.traceId);
  return headers;
}

/** X3 */
function toForwarded(name: string, value: string): string[] {
  const key = /^x-forwarded-(for|host|proto)$/.exec(name)?.[1];
  return key === undefined ? [] : value.split(",").map((one) => `${key}=${one.trim()}`);
}

function toClientHeaders(rawHeaders: readonly string[]): HttpAnswer["headers"] {
  const headers: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? "";
    if (!droppedOfAnswer.has(name)) headers.push(name, rawHeaders[index + 1] ?? "");
  }
  return headers;
}
