/**
 * Serves a deployed stage of an HTTP API: preflight, route, function, answer.
 * Every answer carries `apigw-requestid`; error bodies have no space after the colon.
 */
import { type Clock, type HttpResponse, isServiceError, type Rng, type Scope } from "@tripline/kernel";
import type { ServedStage } from "../api-store.ts";
import { type FunctionIntegration, toGatewayCaller } from "../function-integration.ts";
import { type GatewayRequest, headerOf } from "../gateway-request.ts";
import { functionNameOf } from "../integration-uri.ts";
import { gatewayLimits } from "../limits.ts";
import { createRouteTable, parameterNames } from "../routing/route-table.ts";
import type { TokenBuckets } from "../throttle/token-bucket.ts";
import { corsHeaders, isPreflight, preflightHeaders } from "./cors.ts";
import { toEventV1 } from "./event-v1.ts";
import { toEventV2 } from "./event-v2.ts";
import type { CorsConfiguration, HttpRoute, HttpStage } from "./http-api.ts";
import { toHttpAnswer } from "./response-v2.ts";
import { isThrottled } from "./throttle-route.ts";

/** What serving needs. */
export interface HttpServing {
  scope: Scope;
  clock: Clock;
  rng: Rng;
  integration: FunctionIntegration;
  /** Shared with REST APIs: the account's limit is one. */
  buckets: TokenBuckets;
}

interface CompiledRoute extends HttpRoute {
  method: string;
  path: string;
  names: readonly string[];
}

const encoder = new TextEncoder();

/** Compiles a stage of the API `apiId`. */
export function serveHttpStage(serving: HttpServing, apiId: string, stage: HttpStage): ServedStage {
  const { rng, scope, integration } = serving;
  const compiled = stage.routes.map((route): CompiledRoute => {
    const [method = "", path = ""] = route.routeKey === "$default" ? ["ANY", "$default"] : route.routeKey.split(" ", 2);
    return { ...route, method, path, names: parameterNames(path) };
  });
  const fallback = compiled.find((route) => route.path === "$default");
  const table = createRouteTable(
    compiled.filter((route) => route !== fallback),
    (route) => route.path,
    { fullFirst: true },
  );
  const forMethod =
    (method: string) =>
    (candidates: readonly CompiledRoute[]): CompiledRoute | undefined =>
      candidates.find((route) => route.method === method) ?? candidates.find((route) => route.method === "ANY");

  return {
    routes: compiled.map(({ method, path, functionArn }) => ({
      method,
      path,
      functionName: functionNameOf(functionArn),
    })),
    async serve(request) {
      const requestId = `${Buffer.from(rng.hex(11), "hex").toString("base64url")}=`;
      const reply = toReply(request, requestId, stage.cors);
      if (stage.disableExecuteApiEndpoint === true) return reply.error(404, "Not Found");
      const origin = headerOf(request.request, "origin");
      if (stage.cors !== undefined && origin !== undefined) {
        const requested = headerOf(request.request, "access-control-request-method");
        if (isPreflight(request.method, origin, requested))
          return {
            status: 204,
            rawHeaders: [...preflightHeaders(stage.cors, origin), "apigw-requestid", requestId],
            body: "",
          };
      }
      const match =
        table.find(request.path, forMethod(request.method)) ?? (fallback && { route: fallback, values: [] });
      if (match === undefined) return reply.error(404, "Not Found");
      if (isThrottled(serving, apiId, request.stage, stage, match.route.routeKey))
        return reply.error(429, "Too Many Requests");
      let body: Uint8Array;
      try {
        body = await request.request.body(gatewayLimits.payloadBytesMax);
      } catch (error) {
        if (isServiceError(error) && error.status === 413) return reply.error(413, "Request Entity Too Large");
        throw error;
      }
      const { route, values } = match;
      const facts = {
        request,
        scope,
        apiId,
        routeKey: route.routeKey,
        requestId,
        pathParameters: Object.fromEntries(route.names.map((name, index) => [name, decode(values[index] ?? "")])),
        stageVariables: stage.variables,
        body,
      };
      const event = route.payloadFormatVersion === "1.0" ? toEventV1(facts) : toEventV2(facts);
      const outcome = await integration.call({
        functionArn: route.functionArn,
        payload: encoder.encode(event),
        timeoutMs: route.timeoutMs,
        traceId: request.traceId,
        caller: toGatewayCaller(
          scope,
          apiId,
          request.stage,
          route.path === "$default" ? "$default" : `${request.method}${route.path}`,
        ),
      });
      if (outcome.kind === "timeout") return reply.error(503, "Service Unavailable");
      if (outcome.kind === "refused") {
        return outcome.error.status === 413
          ? reply.error(413, "Request Entity Too Large")
          : reply.error(500, "Internal Server Error");
      }
      const { result } = outcome;
      const answer =
        result.functionError === undefined ? toHttpAnswer(result.payload, route.payloadFormatVersion) : undefined;
      if (answer === undefined) return reply.error(500, "Internal Server Error");
      return reply.answer(answer.status, answer.headers, answer.body);
    },
  };
}

interface Reply {
  error(status: number, message: string): HttpResponse;
  answer(status: number, headers: string[], body: Uint8Array | string): HttpResponse;
}

function toReply(request: GatewayRequest, requestId: string, cors: CorsConfiguration | undefined): Reply {
  const answer = (status: number, headers: string[], body: Uint8Array | string): HttpResponse => {
    const rawHeaders = cors === undefined ? headers : withoutCors(headers);
    if (cors !== undefined) rawHeaders.push(...corsHeaders(cors, headerOf(request.request, "origin")));
    rawHeaders.push("apigw-requestid", requestId);
    return { status, rawHeaders, body };
  };
  return {
    answer,
    error: (status, message) => answer(status, ["content-type", "application/json"], JSON.stringify({ message })),
  };
}

/** With a configuration of its own, the gateway drops what a function says of CORS. */
function withoutCors(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (!name.startsWith("access-control-")) kept.push(name, headers[index + 1] ?? "");
  }
  return kept;
}

/** Path parameters are decoded; what is no encoding stays as it is. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
