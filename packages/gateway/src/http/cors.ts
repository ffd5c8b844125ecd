/**
 * Cross-origin requests of HTTP APIs. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 *
 * C1. With a configuration the gateway answers preflights itself, and what a function says of CORS is dropped.
 * C2. An origin that is not allowed gets no CORS header; a request without `Origin` neither.
 * C3. An exact origin is echoed; `*` is answered as `*`; `https://*` and `http://*` echo what they match.
 */
import type { CorsConfiguration } from "./http-api.ts";

/** Whether a request is a preflight that the gateway answers (C1). */
export function isPreflight(method: string, origin: string | undefined, requestMethod: string | undefined): boolean {
  return method === "OPTIONS" && origin !== undefined && requestMethod !== undefined;
}

/** Headers of the answer to a preflight. */
export function preflightHeaders(cors: CorsConfiguration, origin: string): string[] {
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return []; // C2
  const headers = ["access-control-allow-origin", allowed];
  const list = (name: string, values: readonly string[] | undefined): void => {
    if (values !== undefined && values.length > 0) headers.push(name, values.join(","));
  };
  list("access-control-allow-methods", cors.AllowMethods);
  list("access-control-allow-headers", cors.AllowHeaders);
  if (cors.MaxAge !== undefined) headers.push("access-control-max-age", String(cors.MaxAge));
  if (cors.AllowCredentials === true) headers.push("access-control-allow-credentials", "true");
  return headers;
}

/** Headers that any other answer carries. */
export function corsHeaders(cors: CorsConfiguration, origin: string | undefined): string[] {
  const allowed = origin === undefined ? undefined : allowedOrigin(cors, origin);
  if (allowed === undefined) return [];
  const headers = ["access-control-allow-origin", allowed];
  if (cors.ExposeHeaders !== undefined && cors.ExposeHeaders.length > 0)
    headers.push("access-control-expose-headers", cors.ExposeHeaders.join(","));
  if (cors.AllowCredentials === true) headers.push("access-control-allow-credentials", "true");
  return headers;
}

function allowedOrigin({ AllowOrigins = [] }: CorsConfiguration, origin: string): string | undefined {
  if (AllowOrigins.includes("*")) return "*";
  const isAllowed = AllowOrigins.some(
    (one) => one === origin || (/^https?:\/\/\*$/.test(one) && origin.startsWith(one.slice(0, -1))),
  );
  return isAllowed ? origin : undefined;
}
