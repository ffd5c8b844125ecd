/** HTTP APIs as they are defined and deployed. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html */
import type { ApiDefinition } from "../api-store.ts";

/** Cross-origin rules, as the API has them. */
export interface CorsConfiguration {
  AllowOrigins?: readonly string[];
  AllowMethods?: readonly string[];
  AllowHeaders?: readonly string[];
  ExposeHeaders?: readonly string[];
  /** Seconds. */
  MaxAge?: number;
  AllowCredentials?: boolean;
}

/** The function behind routes. */
export interface HttpIntegration {
  functionArn: string;
  payloadFormatVersion: "1.0" | "2.0";
  timeoutMs: number;
}

/** A stage, with the routes that were deployed to it. */
export interface HttpStage {
  variables: Readonly<Record<string, string>>;
  routes: readonly HttpRoute[];
  cors?: CorsConfiguration;
}

/** A route with its integration. */
export interface HttpRoute extends HttpIntegration {
  /** `GET /orders/{id}`, `ANY /{proxy+}`, `$default`. */
  routeKey: string;
}

/** An HTTP API. */
export interface HttpApi extends ApiDefinition {
  type: "HTTP";
  cors?: CorsConfiguration;
  /** By id. */
  integrations: Readonly<Record<string, HttpIntegration>>;
  /** Integration ids by route key. */
  routes: Readonly<Record<string, string>>;
  stages: Readonly<Record<string, HttpStage>>;
}

/** The stage that is served at the root. */
export const defaultStage = "$default";

/** What deploying `api` now would serve. */
export function snapshotOf(api: HttpApi): Pick<HttpStage, "routes" | "cors"> {
  const routes = Object.entries(api.routes).flatMap(([routeKey, id]): HttpRoute[] => {
    const integration = api.integrations[id];
    return integration === undefined ? [] : [{ routeKey, ...integration }];
  });
  return { routes, ...(api.cors === undefined ? {} : { cors: api.cors }) };
}
