import type { EventAuth } from "./api-gateway/sam-api-auth.ts";
import type { RouteRequestSettings } from "./api-gateway/sam-api-request.ts";
import type { RouteSettings } from "./http-api-types/http-stage-settings.ts";
import type { Place } from "../read/template-node.ts";

/** One route of an API, as a function's event asks for it. */
export interface Route {
  functionLogicalId: string;
  functionArn: string;
  /** Upper case; `ANY` for every method. */
  method: string;
  /** `/orders/{id}`, or `$default` for everything else. */
  path: string;
  /** HTTP APIs only. */
  payloadFormatVersion: "1.0" | "2.0";
  timeoutMs?: number;
  /** HTTP APIs only: throttles of the route, where the event says them. */
  settings?: RouteSettings;
  /** Who is let in, where the event says it. */
  auth?: EventAuth;
  /** REST APIs only: what a request must have. */
  request?: RouteRequestSettings;
  place: Place;
}
