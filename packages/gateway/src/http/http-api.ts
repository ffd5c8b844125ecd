/** HTTP APIs as they are defined and deployed. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html */
import type { AccessLogSettings } from "../access-log.ts";
import type { ApiDefinition } from "../api-store.ts";
import type { HttpAuthorizer } from "./authorizers/http-authorizer.ts";
import type { ParameterMapping } from "./mapping/parameter-mapping.ts";

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

/** What is behind routes. */
export interface HttpIntegration {
  type: "AWS_PROXY" | "HTTP_PROXY";
  /** As it was given: a function's ARN, or that of its invocation; a URL. Absent: `subtype` says what is called. */
  uri?: string;
  /** `SQS-SendMessage`: an operation of a service, whose parameters `requestParameters` has. */
  subtype?: string;
  /** Of HTTP_PROXY; `ANY`: the client's. */
  method?: string;
  payloadFormatVersion: "1.0" | "2.0";
  timeoutMs: number;
  /** The role that calls. Absent: a function is asked for its policy. */
  credentialsArn?: string;
  requestParameters?: ParameterMapping;
  /** By status. */
  responseParameters?: Readonly<Record<string, ParameterMapping>>;
  description?: string;
  /** Made by quick create. */
  isManaged?: boolean;
}

/** A route as it is defined. */
export interface RouteDefinition {
  id: string;
  routeKey: string;
  /** Absent: requests are answered by 404, as by a route that is not there. */
  integrationId?: string;
  operationName?: string;
  /** Absent: everyone is let in. */
  authorizerId?: string;
  /** Of the authorizer's tokens; absent: none is wanted. */
  scopes?: readonly string[];
  /** Made by quick create: its key stays. */
  isManaged?: boolean;
}

/** What a stage says of its routes. */
export interface RouteSettings {
  ThrottlingBurstLimit?: number;
  /** Requests a second. */
  ThrottlingRateLimit?: number;
}

/** What was deployed. */
export interface HttpSnapshot {
  routes: readonly HttpRoute[];
  cors?: CorsConfiguration;
  disableExecuteApiEndpoint?: boolean;
}

/** A stage, with what was deployed to it. */
export interface HttpStage extends HttpSnapshot {
  variables: Readonly<Record<string, string>>;
  autoDeploy: boolean;
  deploymentId?: string;
  description?: string;
  tags: Readonly<Record<string, string>>;
  defaultRouteSettings?: RouteSettings;
  /** By route key. */
  routeSettings: Readonly<Record<string, RouteSettings>>;
  accessLogSettings?: AccessLogSettings;
  createdAtMs: number;
  updatedAtMs: number;
  /** Made by quick create. */
  isManaged?: boolean;
}

/** A snapshot that stages can serve. */
export interface HttpDeployment extends HttpSnapshot {
  id: string;
  createdAtMs: number;
  autoDeployed: boolean;
  description?: string;
}

/** A route with its integration and its authorizer, as they were when it was deployed. */
export interface HttpRoute {
  /** `GET /orders/{id}`, `ANY /{proxy+}`, `$default`. */
  routeKey: string;
  integration: HttpIntegration;
  operationName?: string;
  authorizer?: HttpAuthorizer;
  scopes?: readonly string[];
}

/** An HTTP API. */
export interface HttpApi extends ApiDefinition {
  type: "HTTP";
  version?: string;
  cors?: CorsConfiguration;
  disableExecuteApiEndpoint?: boolean;
  /** What the last import told of the document: what was ignored, and what left out. */
  importInfo?: readonly string[];
  warnings?: readonly string[];
  /** By id. */
  integrations: Readonly<Record<string, HttpIntegration>>;
  /** By id. */
  routes: Readonly<Record<string, RouteDefinition>>;
  /** By id. */
  authorizers: Readonly<Record<string, HttpAuthorizer>>;
  stages: Readonly<Record<string, HttpStage>>;
  /** By id. Of those that were made by themselves only what a stage serves is kept. */
  deployments: Readonly<Record<string, HttpDeployment>>;
}

/** The stage that is served at the root. */
export const defaultStage = "$default";

/** `GET /orders/{id}` in two; `$default` is a path that any method takes. */
export function splitRouteKey(routeKey: string): { method: string; path: string } {
  const [method = "", path = ""] = routeKey === "$default" ? ["ANY", "$default"] : routeKey.split(" ", 2);
  return { method, path };
}

/** What deploying `api` now would serve. */
export function snapshotOf(api: HttpApi): HttpSnapshot {
  const routes = Object.values(api.routes).flatMap((route): HttpRoute[] => {
    const { routeKey, integrationId = "", authorizerId = "", scopes, operationName } = route;
    const integration = api.integrations[integrationId];
    if (integration === undefined) return [];
    const authorizer = api.authorizers[authorizerId];
    return [
      {
        routeKey,
        integration,
        ...(operationName === undefined ? {} : { operationName }),
        ...(authorizer === undefined ? {} : { authorizer }),
        ...(scopes === undefined ? {} : { scopes }),
      },
    ];
  });
  return {
    routes,
    ...(api.cors === undefined ? {} : { cors: api.cors }),
    ...(api.disableExecuteApiEndpoint === true ? { disableExecuteApiEndpoint: true } : {}),
  };
}

/** The API as `snapshot` has it: what was deployed has no ids but those of authorizers. */
export function httpApiOfSnapshot(api: HttpApi, { routes, cors }: HttpSnapshot): HttpApi {
  const { cors: _cors, ...kept } = api;
  const numbered = routes.map((route, index) => ({ ...route, id: `r${index}` }));
  return {
    ...kept,
    ...(cors === undefined ? {} : { cors }),
    integrations: Object.fromEntries(numbered.map(({ id, integration }) => [id, integration])),
    authorizers: Object.fromEntries(
      numbered.flatMap(({ authorizer }) => (authorizer === undefined ? [] : [[authorizer.id, authorizer]])),
    ),
    routes: Object.fromEntries(
      numbered.map(({ id, routeKey, operationName, authorizer, scopes }) => [
        id,
        {
          id,
          routeKey,
          integrationId: id,
          ...(operationName === undefined ? {} : { operationName }),
          ...(authorizer === undefined ? {} : { authorizerId: authorizer.id }),
          ...(scopes === undefined ? {} : { scopes }),
        },
      ]),
    ),
  };
}

/** An integration as it was kept when there were none but functions. */
type KeptIntegration = HttpIntegration | (Omit<HttpIntegration, "type" | "uri"> & { functionArn: string });
/** A route that was deployed then. */
type KeptRoute = HttpRoute | ({ routeKey: string } & KeptIntegration);
type KeptSnapshot = Omit<HttpSnapshot, "routes"> & { routes: readonly KeptRoute[] };

/** A definition as it was kept before routes had ids, stages settings, and deployments and authorizers were kept. */
type KeptHttpApi = Omit<HttpApi, "integrations" | "routes" | "stages" | "deployments" | "authorizers"> & {
  integrations: Readonly<Record<string, KeptIntegration>>;
  routes: Readonly<Record<string, RouteDefinition | string>>;
  stages: Readonly<Record<string, KeptSnapshot & Pick<HttpStage, "variables"> & Partial<Omit<HttpStage, "routes">>>>;
  deployments?: Readonly<Record<string, Omit<HttpDeployment, "routes"> & KeptSnapshot>>;
  authorizers?: HttpApi["authorizers"];
};

/** What was kept, in today's shape. */
export function renewHttpApi(definition: ApiDefinition): HttpApi {
  const kept = definition as unknown as KeptHttpApi;
  const routes = Object.entries(kept.routes).map(([key, route], index): [string, RouteDefinition] =>
    typeof route === "string"
      ? [`route${index}`, { id: `route${index}`, routeKey: key, integrationId: route }]
      : [key, route],
  );
  const { createdAtMs } = kept;
  const blank = { autoDeploy: true, tags: {}, routeSettings: {}, createdAtMs, updatedAtMs: createdAtMs };
  return {
    ...kept,
    integrations: renewEach(kept.integrations, renewIntegration),
    routes: Object.fromEntries(routes),
    authorizers: kept.authorizers ?? {},
    stages: renewEach(kept.stages, (stage) => ({ ...blank, ...stage, routes: stage.routes.map(renewRoute) })),
    deployments: renewEach(kept.deployments ?? {}, (one) => ({ ...one, routes: one.routes.map(renewRoute) })),
  };
}

function renewIntegration(kept: KeptIntegration): HttpIntegration {
  if (!("functionArn" in kept)) return kept;
  const { functionArn, ...rest } = kept;
  return { ...rest, type: "AWS_PROXY", uri: functionArn };
}

function renewRoute(kept: KeptRoute): HttpRoute {
  if ("integration" in kept) return kept;
  const { routeKey, ...integration } = kept;
  return { routeKey, integration: renewIntegration(integration) };
}

function renewEach<Kept, Renewed>(
  kept: Readonly<Record<string, Kept>>,
  renew: (one: Kept) => Renewed,
): Record<string, Renewed> {
  return Object.fromEntries(Object.entries(kept).map(([key, one]) => [key, renew(one)]));
}
