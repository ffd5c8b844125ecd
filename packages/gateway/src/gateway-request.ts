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

/** What a gateway adds for whoever stands behind it. */
export function forwardedHeaders({ request, traceId }: GatewayRequest): Readonly<Record<string, string>> {
  const endpoint = new URL(request.endpoint);
  return {
    "X-Amzn-Trace-Id": traceId,
    "X-Forwarded-For": request.sourceIp,
    "X-Forwarded-Port": endpoint.port === "" ? "80" : endpoint.port,
    "X-Forwarded-Proto": endpoint.protocol.slice(0, -1),
  };
}

/** Names and values of a query, decoded (`+` is a space), in order. */
export function parseQuery(query: string): [string, string][] {
  return query === "" ? [] : [...new URLSearchParams(query)];
}

/** `24/Nov/2026:01:55:00 +0000`. */
export function toRequestTime(atMs: number): string {
  const [, day = "", month = "", year = "", time = ""] =
    /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(atMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
