/**
 * The parameters of an integration's request. https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 *
 * 1. Some headers cannot be mapped: the request fails with 500 where one is.
 * 2. What templates override is set last.
 */
import type { RestIntegration } from "../definition/rest-api.ts";
import { requestSource } from "../mapping/parameter-mapping.ts";
import type { RestExchange } from "../serving/exchange.ts";
import { failures } from "../serving/gateway-failure.ts";

/** What is mapped to where, values in order. */
export interface MappedParameters {
  header: Map<string, string[]>;
  path: Map<string, string[]>;
  querystring: Map<string, string[]>;
}

const illegal: ReadonlySet<string> = new Set([
  "content-length",
  "transfer-encoding",
  "x-amzn-trace-id",
  "x-amzn-apigateway-api-id",
]);
const illegalForAws: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "expect",
  "proxy-authenticate",
  "te",
]);

/** See the module's header; 2 is {@link applyOverrides}. */
export function mapParameters(
  exchange: RestExchange,
  { type, requestParameters = {} }: RestIntegration,
): MappedParameters {
  const mapped: MappedParameters = { header: new Map(), path: new Map(), querystring: new Map() };
  for (const [target, source] of Object.entries(requestParameters)) {
    const [, place = "header", name = ""] =
      /^integration\.request\.(header|path|querystring)\.(.+)$/s.exec(target) ?? [];
    const lower = name.toLowerCase();
    if (place === "header" && (illegal.has(lower) || (type.startsWith("AWS") && illegalForAws.has(lower))))
      throw failures.configuration(`The header ${name} cannot be mapped`); // 1
    const values = requestSource(exchange, source);
    if (values !== undefined) mapped[place as keyof MappedParameters].set(name, values);
  }
  return mapped;
}

/** 2 */
export function applyOverrides({ overrides }: RestExchange, mapped: MappedParameters): void {
  for (const place of ["header", "path", "querystring"] as const) {
    for (const [name, value] of Object.entries(overrides.request[place])) {
      for (const known of mapped[place].keys())
        if (place === "header" && known.toLowerCase() === name.toLowerCase()) mapped[place].delete(known);
      mapped[place].set(name, [value]);
    }
  }
}

/** The URI with its stage variables and `{name}`s filled in, and the query after it. */
export function toUrl(uri: string, { path, querystring }: MappedParameters): string {
  const filled = uri.replaceAll(/\{([\w.-]+)\+?\}/g, (whole, name: string) => path.get(name)?.[0] ?? whole);
  const query = Array.from(querystring, ([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  ).flat();
  if (query.length === 0) return filled;
  return `${filled}${filled.includes("?") ? "&" : "?"}${query.join("&")}`;
}
