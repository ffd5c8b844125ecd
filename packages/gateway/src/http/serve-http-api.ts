/**
 * Serves a deployed stage of an HTTP API: the chain of links, in the order in which API Gateway applies them.
 *
 * H1. A link answers, or throws a failure, or lets the request pass.
 * H2. Every answer carries `apigw-requestid` and, with a CORS configuration, the gateway's own CORS headers.
 * H3. Every request that reaches the stage has a line in its access log; without the default endpoint none reaches it.
 */
import type { Clock, EventBus, HttpResponse, RealTime, Rng, Scope } from "@tripline/kernel";
import type { HttpCaller } from "../adapters/http-caller.ts";
import type { ServedStage } from "../api-store.ts";
import type { FunctionIntegration } from "../function-integration.ts";
import { newGatewayId } from "../gateway-id.ts";
import { headerOf } from "../gateway-request.ts";
import type { CallService } from "../service-calls.ts";
import type { LogSink } from "../access-log.ts";
import type { ResultCache } from "../result-cache.ts";
import type { TokenBuckets } from "../throttle/token-bucket.ts";
import type { KeySets } from "../tokens/key-sets.ts";
import { writeAccessLog } from "./access-log.ts";
import { compileHttpStage } from "./compile-http-stage.ts";
import { corsHeaders } from "./cors.ts";
import type { HttpStage } from "./http-api.ts";
import type { HttpAnswer, HttpExchange, HttpLink } from "./http-exchange.ts";
import { HttpFailure, httpFailures, toFailureAnswer } from "./http-failure.ts";
import { authorizeRoute } from "./links/authorize.ts";
import { checkSize } from "./links/check-size.ts";
import { integrate } from "./links/integrate.ts";
import { answerPreflight } from "./links/preflight.ts";
import { readBody } from "./links/read-body.ts";
import { findRoute } from "./links/route.ts";
import { throttleRoute } from "./links/throttle.ts";

/** What serving needs. */
export interface HttpServing {
  scope: Scope;
  clock: Clock;
  realTime: RealTime;
  rng: Rng;
  integration: FunctionIntegration;
  http: HttpCaller;
  callService: CallService;
  bus: EventBus;
  /** Shared with REST APIs: the account's limit is one. */
  buckets: TokenBuckets;
  /** Undefined: nothing keeps logs. */
  logSink: LogSink | undefined;
  /** By issuer. */
  issuerKeys: KeySets;
  /** What Lambda authorizers said, by API and stage; shared with REST APIs. */
  authorizations: ResultCache;
}

/** The chain of an HTTP API. */
const links: readonly HttpLink[] = [
  checkSize,
  answerPreflight,
  findRoute,
  authorizeRoute,
  throttleRoute,
  readBody,
  integrate,
];

const none: Readonly<Record<string, string>> = {};
const noBytes = new Uint8Array();

/** Compiles a stage of the API `apiId`. */
export function serveHttpStage(serving: HttpServing, apiId: string, stage: HttpStage): Pick<ServedStage, "serve"> {
  const compiled = compileHttpStage(serving, stage);
  return {
    async serve(request) {
      const exchange: HttpExchange = {
        serving,
        scope: serving.scope,
        apiId,
        stage,
        compiled,
        request,
        routeKey: "",
        stageVariables: stage.variables,
        requestId: newGatewayId(serving.rng),
        startedMs: serving.realTime.monotonicMs(),
        pathParameters: none,
        body: noBytes,
        integration: {},
      };
      if (stage.disableExecuteApiEndpoint === true)
        return toHttpResponse(exchange, toFailureAnswer(httpFailures.notFound()));
      const answer = await runChain(exchange);
      writeAccessLog(exchange, answer);
      return toHttpResponse(exchange, answer);
    },
  };
}

/** H1 */
async function runChain(exchange: HttpExchange): Promise<HttpAnswer> {
  try {
    for (const link of links) {
      const step = link(exchange);
      const answer = step instanceof Promise ? await step : step;
      if (answer !== undefined) return answer;
    }
    throw new Error("no link answered");
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    exchange.error = { message: error.message, responseType: error.responseType };
    return toFailureAnswer(error);
  }
}

/** H2 */
function toHttpResponse({ stage, request, requestId }: HttpExchange, answer: HttpAnswer): HttpResponse {
  const { status, headers, body } = answer;
  if (stage.cors === undefined || answer.hasCors === true)
    return { status, rawHeaders: [...headers, "apigw-requestid", requestId], body };
  const cors = corsHeaders(stage.cors, headerOf(request.request, "origin"));
  return { status, rawHeaders: [...withoutCors(headers), ...cors, "apigw-requestid", requestId], body };
}

/** With a configuration of its own, the gateway drops what a backend says of CORS. */
function withoutCors(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (!name.startsWith("access-control-")) kept.push(name, headers[index + 1] ?? "");
  }
  return kept;
}
