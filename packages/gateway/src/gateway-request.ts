/** A request as both kinds of API read it: taken apart once, nothing decoded that events carry raw. */
import type { HttpRequest } from "@tripline/kernel";

/** See the module's header. */
export interface GatewayRequest {
  request: HttpRequest;
  method: string;
  /** Raw path below the stage, with a leading slash: `/orders/a%20b`. */
  path: string;
  /** Raw query without `?`; empty where there is none. */
  query: string;
  stage: string;
  /** Epoch milliseconds. */
  atMs: number;
  /** `Root=1-…`, as `X-Amzn-Trace-Id`. */
  traceId: string;
}

/** The first value of a header, by lower-case name. */
export function headerOf(request: HttpRequest, name: string): string | undefined {
  const { rawHeaders } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) return rawHeaders[index + 1];
  }
  return undefined;
}

/** Of all header lines, `name: value`. */
export function headerBytes({ rawHeaders }: HttpRequest): number {
  let bytes = rawHeaders.length; // a colon and a space for two texts
  for (const text of rawHeaders) bytes += text.length;
  return bytes;
}

/** What a REST API adds for whoever stands behind it; addresses that the caller names come before its own. */
export function forwardedHeaders(request: GatewayRequest): Readonly<Record<string, string>> {
  const { protocol, port } = endpointOf(request.request.endpoint);
  return {
    "X-Amzn-Trace-Id": request.traceId,
    "X-Forwarded-For": forwardedFor(request.request),
    "X-Forwarded-Port": port,
    "X-Forwarded-Proto": protocol,
  };
}

/** The same of an HTTP API, whose names are in lower case. */
export function lowerForwardedHeaders(request: GatewayRequest): Readonly<Record<string, string>> {
  const { protocol, port } = endpointOf(request.request.endpoint);
  return {
    "x-amzn-trace-id": request.traceId,
    "x-forwarded-for": forwardedFor(request.request),
    "x-forwarded-port": port,
    "x-forwarded-proto": protocol,
  };
}

function forwardedFor(request: HttpRequest): string {
  const earlier = headerOf(request, "x-forwarded-for");
  return earlier === undefined ? request.sourceIp : `${earlier}, ${request.sourceIp}`;
}

let lastEndpoint = { url: "", protocol: "http", port: "80" };

/** Protocol and port; mostly those of the request before. */
function endpointOf(url: string): { protocol: string; port: string } {
  if (lastEndpoint.url === url) return lastEndpoint;
  const { protocol, port } = new URL(url);
  const isTls = protocol === "https:";
  lastEndpoint = { url, protocol: isTls ? "https" : "http", port: port === "" ? (isTls ? "443" : "80") : port };
  return lastEndpoint;
}

/** A path with its percent signs resolved; one that is no encoding stays as it is. */
export function decodePath(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Names and values of a query, decoded (`+` is a space), in order. */
export function parseQuery(query: string): [string, string][] {
  return query === "" ? [] : [...new URLSearchParams(query)];
}

/** Inherits nothing, and is as fast as an object all the same, which one of `Object.create(null)` is not. */
const NameMap = function NameMap() {} as unknown as new () => Record<string, never>;
NameMap.prototype = Object.create(null);

/** Values by name, where the names are a caller's: `constructor` is one like any other. */
export function newMap<Value>(): Record<string, Value> {
  return new NameMap();
}

/** As {@link newMap}, those of one name joined by commas. */
export function joinValues(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  const joined = newMap<string>();
  for (const [name, value] of pairs) joined[name] = name in joined ? `${joined[name]},${value}` : value;
  return joined;
}

let lastTime = { second: -1, text: "" };

/** `24/Nov/2026:01:55:00 +0000`. */
export function toRequestTime(atMs: number): string {
  const second = Math.floor(atMs / 1000);
  if (second === lastTime.second) return lastTime.text;
  const [, day = "", month = "", year = "", time = ""] =
    /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(atMs).toUTCString()) ?? [];
  lastTime = { second, text: `${day}/${month}/${year}:${time} +0000` };
  return lastTime.text;
}

/** A header of names and values alternating, by lower-case name. */
export function headerOfFlat(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2)
    if (headers[index]?.toLowerCase() === name) return headers[index + 1];
  return undefined;
}
