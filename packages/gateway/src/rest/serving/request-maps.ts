/** Headers and query of a request as mappings, validators and events read them: the last value of a name, and all of them. */
import { forwardedHeaders, type GatewayRequest, newMap, parseQuery } from "../../gateway-request.ts";

/** Values by name; the last one counts where one is asked for. */
export interface ValueMap {
  single: Readonly<Record<string, string>>;
  multi: Readonly<Record<string, string[]>>;
}

/** Headers that a REST API keeps for itself, and those that it sets. */
const dropped: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-md5",
  "expect",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
  "x-amzn-trace-id",
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
]);

/** Pairs, by name. */
export function toValueMap(pairs: readonly (readonly [string, string])[]): ValueMap {
  const single = newMap<string>();
  const multi = newMap<string[]>();
  for (const [name, value] of pairs) {
    single[name] = value;
    (multi[name] ??= []).push(value);
  }
  return { single, multi };
}

/** What was sent, less what is dropped, and what the gateway adds; names as they were sent. */
export function requestHeaders(request: GatewayRequest): ValueMap {
  const pairs: [string, string][] = [];
  const { rawHeaders } = request.request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (!dropped.has(name.toLowerCase())) pairs.push([name, rawHeaders[index + 1] ?? ""]);
  }
  const added = forwardedHeaders(request);
  for (const name in added) pairs.push([name, added[name] ?? ""]);
  return toValueMap(pairs);
}

/** Decoded: `+` is a space. `;` ends a parameter as `&` does. */
export function requestQuery(request: GatewayRequest): ValueMap {
  return toValueMap(queryPairs(request));
}

/** The same, in order. */
export function queryPairs({ query }: GatewayRequest): [string, string][] {
  return parseQuery(query.replaceAll(";", "&"));
}

/** A header by lower-case name, however it was sent. */
export function headerIn(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  for (const key in headers) if (key.toLowerCase() === name) return headers[key];
  return undefined;
}
