/**
 * Serves a deployed stage of a REST API: resource, method, function, answer.
 * Bodies of 4xx errors have no space after the colon, those of 5xx have one: that is what AWS sends.
 */
import { type HttpResponse, isServiceError, type Rng, type Scope } from "@tripline/kernel";
import type { ServedStage } from "../api-store.ts";
import { type FunctionIntegration, toGatewayCaller } from "../function-integration.ts";
import { type GatewayRequest, headerOf } from "../gateway-request.ts";
import { functionNameOf } from "../integration-uri.ts";
import { gatewayLimits } from "../limits.ts";
import { createRouteTable, parameterNames } from "../routing/route-table.ts";
import { matchesMediaType, toRestEvent } from "./event-v1.ts";
import { toRestAnswer } from "./response-v1.ts";
import type { RestRoute, RestStage } from "./rest-api.ts";

/** What serving needs. */
export interface RestServing {
  scope: Scope;
  rng: Rng;
  integration: FunctionIntegration;
}

const encoder = new TextEncoder();

/** Compiles a stage of the API `apiId`. */
export function serveRestStage(serving: RestServing, apiId: string, stage: RestStage): ServedStage {
  const { rng, scope, integration } = serving;
  const byResource = new Map<string, { path: string; names: string[]; routes: RestRoute[] }>();
  for (const route of stage.routes) {
    const resource = byResource.get(route.resourceId);
    if (resource === undefined)
      byResource.set(route.resourceId, { path: route.path, names: parameterNames(route.path), routes: [route] });
    else resource.routes.push(route);
  }
  const table = createRouteTable([...byResource.values()], (resource) => resource.path, { fullFirst: false });

  return {
    routes: stage.routes.map(({ method, path, functionArn }) => ({
      method,
      path,
      functionName: functionNameOf(functionArn),
    })),
    async serve(given) {
      const override = headerOf(given.request, "x-http-method-override");
      const request: GatewayRequest = override === undefined ? given : { ...given, method: override };
      const requestId = rng.uuid();
      const extendedRequestId = `${Buffer.from(rng.hex(11), "hex").toString("base64url")}=`;
      const reply = toReply(request, requestId, extendedRequestId);
      // A trailing slash does not count for matching.
      const path = request.path.length > 1 && request.path.endsWith("/") ? request.path.slice(0, -1) : request.path;
      const match = table.find(path, (candidates) => candidates[0]);
      const route =
        match?.route.routes.find((one) => one.method === request.method) ??
        match?.route.routes.find((one) => one.method === "ANY");
      if (match === undefined || route === undefined)
        return reply.error(403, `{"message":"Missing Authentication Token"}`, "MissingAuthenticationTokenException");
      let body: Uint8Array;
      try {
        body = await request.request.body(gatewayLimits.payloadBytesMax);
      } catch (error) {
        if (isServiceError(error) && error.status === 413) return tooLarge;
        throw error;
      }
      const names = match.route.names;
      const event = toRestEvent({
        request,
        scope,
        apiId,
        stage,
        route,
        requestId,
        extendedRequestId,
        pathParameters: Object.fromEntries(names.map((name, index) => [name, match.values[index] ?? ""])),
        body,
      });
      const outcome = await integration.call({
        functionArn: route.functionArn,
        payload: encoder.encode(event),
        timeoutMs: route.timeoutMs,
        traceId: request.traceId,
        caller: toGatewayCaller(scope, apiId, request.stage, `${request.method}${route.path}`),
      });
      if (outcome.kind === "timeout")
        return reply.error(504, `{"message": "Endpoint request timed out"}`, "InternalServerErrorException");
      if (outcome.kind === "refused" && outcome.error.status === 413)
        return reply.error(413, `{"message": "Request Too Long"}`, "BadRequestException");
      if (outcome.kind === "refused" && outcome.error.status === 403)
        return reply.error(500, `{"message": "Internal server error"}`, "InternalServerErrorException");
      const accepts = headerOf(request.request, "accept");
      const answer =
        outcome.kind === "answered" && outcome.result.functionError === undefined
          ? toRestAnswer(outcome.result.payload, matchesMediaType(stage.binaryMediaTypes, accepts))
          : undefined;
      if (answer === undefined)
        return reply.error(502, `{"message": "Internal server error"}`, "InternalServerErrorException");
      return reply.answer(answer.status, answer.headers, answer.body);
    },
  };
}

/** AWS answers this one as plain text, without ids. */
const tooLarge: HttpResponse = {
  status: 413,
  rawHeaders: ["content-type", "text; charset=utf-8"],
  body: "HTTP content length exceeded 10485760 bytes.",
};

interface Reply {
  error(status: number, body: string, type: string): HttpResponse;
  answer(status: number, headers: string[], body: Uint8Array | string): HttpResponse;
}

function toReply(request: GatewayRequest, requestId: string, extendedRequestId: string): Reply {
  const ids = ["x-amzn-RequestId", requestId, "x-amz-apigw-id", extendedRequestId];
  return {
    answer: (status, headers, body) => ({
      status,
      rawHeaders: [...headers, ...ids, "X-Amzn-Trace-Id", request.traceId],
      body,
    }),
    error: (status, body, type) => ({
      status,
      rawHeaders: ["content-type", "application/json", "x-amzn-ErrorType", type, ...ids],
      body,
    }),
  };
}
