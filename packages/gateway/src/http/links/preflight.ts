import { headerOf } from "../../gateway-request.ts";
import { isPreflight, preflightHeaders } from "../cors.ts";
import type { HttpAnswer, HttpExchange } from "../http-exchange.ts";

/** With a CORS configuration the gateway answers preflights itself, whatever routes there are. */
export function answerPreflight({ stage, request }: HttpExchange): HttpAnswer | undefined {
  if (stage.cors === undefined || request.method !== "OPTIONS") return undefined;
  const origin = headerOf(request.request, "origin");
  const requested = headerOf(request.request, "access-control-request-method");
  if (origin === undefined || !isPreflight(request.method, origin, requested)) return undefined;
  return { status: 204, headers: preflightHeaders(stage.cors, origin), body: "", hasCors: true };
}
