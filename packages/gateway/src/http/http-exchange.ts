/** One request to an HTTP API on its way through the chain: what the links find out is kept here for those that follow, and for the access log. */
import type { IntegrationFacts } from "../integration-facts.ts";
import type { CompiledHttpStage, CompiledRoute } from "./compile-http-stage.ts";
import type { HttpEventFacts } from "./event-v2.ts";
import type { HttpStage } from "./http-api.ts";
import type { HttpServing } from "./serve-http-api.ts";

/** What a client gets. */
export interface HttpAnswer {
  status: number;
  /** Lower-case names and values alternating. */
  headers: string[];
  body: Uint8Array | string;
  /** Its CORS headers are the gateway's own already. */
  hasCors?: true;
}

/** See the module's header. It is what events are made of, too. */
export interface HttpExchange extends HttpEventFacts {
  readonly serving: HttpServing;
  readonly stage: HttpStage;
  readonly compiled: CompiledHttpStage;
  /** Monotonic real time. */
  readonly startedMs: number;
  /** Absent until it is found; `routeKey` is empty until then. */
  route?: CompiledRoute;
  /** What came of the authorizer, for the access log. */
  authorizerFacts?: { status?: number; latencyMs?: number; error?: string; requestId?: string };
  integration: IntegrationFacts;
  error?: { message: string; responseType: string };
}

/** A link of the chain: an answer ends it, and so does a thrown HttpFailure. */
export type HttpLink = (exchange: HttpExchange) => HttpAnswer | undefined | Promise<HttpAnswer | undefined>;

/** The route that was found. */
export function routeOf({ route }: HttpExchange): CompiledRoute {
  if (route === undefined) throw new Error("no route was found");
  return route;
}
