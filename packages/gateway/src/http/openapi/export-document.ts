/**
 * An HTTP API as an OpenAPI 3.0 document, in the shape of AWS's own exports. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-export.html
 *
 * E1. Without extensions the document is plain OpenAPI, but for `x-amazon-apigateway-any-method`, without which ANY routes could not be told.
 * E2. What is a default of its operation is left out: time limits of 30 seconds, connections to the internet are told as AWS tells them.
 */
import { parameterNames } from "../../routing/route-table.ts";
import type { Node } from "../../openapi/document-node.ts";
import { type HttpApi, defaultStage } from "../http-api.ts";
import type { DraftApi } from "./draft-api.ts";

/** What to export. */
export interface ExportOptions {
  withExtensions: boolean;
  /** Undefined: the latest configuration. */
  stageName: string | undefined;
  /** Without scheme: `abc.execute-api.us-east-1.amazonaws.com`. */
  host: string;
}

interface WireRoute {
  RouteKey: string;
  Target?: string;
  AuthorizationType: string;
  AuthorizerId?: string;
  AuthorizationScopes?: readonly string[];
  OperationName?: string;
}
type WireIntegration = Readonly<Record<string, unknown>> & { IntegrationId: string };
type WireAuthorizer = Readonly<Record<string, unknown>> & { AuthorizerId: string; Name: string };
interface Listed<Item> {
  Items: readonly Item[];
}

/** The document of what `draft` holds. */
export async function exportDocument(draft: DraftApi, options: ExportOptions): Promise<Node> {
  const api = draft.definition();
  const { Items: routes } = await draft.call<Listed<WireRoute>>("GetRoutes", {});
  const { Items: integrations } = await draft.call<Listed<WireIntegration>>("GetIntegrations", {});
  const { Items: authorizers } = await draft.call<Listed<WireAuthorizer>>("GetAuthorizers", {});
  const { withExtensions } = options;
  const parts = {
    integrations: new Map(integrations.map((one) => [one.IntegrationId, one])),
    authorizers: new Map(authorizers.map((one) => [one.AuthorizerId, one])),
    withExtensions,
  };
  const tags = Object.entries(api.tags).filter(([name]) => name !== "tripline:id");
  const schemes = Object.fromEntries(authorizers.map((one) => [one.Name, toScheme(one, withExtensions)]));
  return {
    openapi: "3.0.1",
    info: {
      title: api.name,
      ...(api.description === undefined ? {} : { description: api.description }),
      version: api.version ?? `${new Date(api.createdAtMs).toISOString().slice(0, 19).replace("T", " ")}UTC`,
    },
    servers: [
      {
        url: `https://${options.host}/{basePath}`,
        variables: { basePath: { default: stagePathOf(options.stageName) } },
      },
    ],
    ...(tags.length === 0
      ? {}
      : {
          tags: tags.map(([name, value]) => ({
            name,
            ...(withExtensions ? { "x-amazon-apigateway-tag-value": value } : {}),
          })),
        }),
    paths: toPaths(routes, parts),
    ...(authorizers.length === 0 ? {} : { components: { securitySchemes: schemes } }),
    ...(withExtensions ? documentExtensions(api) : {}),
  };
}

function stagePathOf(stageName: string | undefined): string {
  return stageName === undefined || stageName === defaultStage ? "" : stageName;
}

interface Parts {
  integrations: ReadonlyMap<string, WireIntegration>;
  authorizers: ReadonlyMap<string, WireAuthorizer>;
  withExtensions: boolean;
}

function toPaths(routes: readonly WireRoute[], parts: Parts): Node {
  const paths = new Map<string, Node>();
  for (const route of [...routes].sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1))) {
    const path = pathOf(route);
    const verb = route.RouteKey === "$default" ? "ANY" : (route.RouteKey.split(" ")[0] ?? "");
    const key = verb === "ANY" ? "x-amazon-apigateway-any-method" : verb.toLowerCase();
    paths.set(path, { ...paths.get(path), [key]: toOperation(route, parts) });
  }
  for (const [path, item] of paths) {
    const parameters = toParameters(path);
    if (parameters.length > 0) paths.set(path, { ...item, parameters });
  }
  return Object.fromEntries(paths);
}

function pathOf({ RouteKey }: WireRoute): string {
  return RouteKey === "$default" ? "/$default" : (RouteKey.split(" ")[1] ?? "");
}

/** As AWS writes them: a greedy one with its plus. */
function toParameters(path: string): Node[] {
  return parameterNames(path).map((plain) => {
    const name = path.includes(`{${plain}+}`) ? `${plain}+` : plain;
    return {
      name,
      in: "path",
      description: `Generated path parameter for ${name}`,
      required: true,
      schema: { type: "string" },
    };
  });
}

function toOperation(route: WireRoute, { integrations, authorizers, withExtensions }: Parts): Node {
  const authorizer = authorizers.get(route.AuthorizerId ?? "");
  const integration = integrations.get(/^integrations\/(.+)$/.exec(route.Target ?? "")?.[1] ?? "");
  return {
    ...(route.OperationName === undefined ? {} : { operationId: route.OperationName }),
    responses: { default: { description: `Default response for ${route.RouteKey}` } },
    ...(authorizer === undefined ? {} : { security: [{ [authorizer.Name]: route.AuthorizationScopes ?? [] }] }),
    ...(withExtensions && route.AuthorizationType === "AWS_IAM"
      ? { "x-amazon-apigateway-auth": { type: "AWS_IAM" } }
      : {}),
    ...(withExtensions && route.RouteKey === "$default" ? { isDefaultRoute: true } : {}),
    ...(withExtensions && integration !== undefined
      ? { "x-amazon-apigateway-integration": toIntegrationNode(integration) }
      : {}),
  };
}

/** In AWS's order. */
function toIntegrationNode(integration: WireIntegration): Node {
  const { TimeoutInMillis, IntegrationType, TlsConfig } = integration;
  const members: readonly [string, unknown][] = [
    ["responseParameters", integration["ResponseParameters"]],
    ["requestParameters", integration["RequestParameters"]],
    ["integrationSubtype", integration["IntegrationSubtype"]],
    ["credentials", integration["CredentialsArn"]],
    ["payloadFormatVersion", integration["PayloadFormatVersion"]],
    ["type", String(IntegrationType).toLowerCase()],
    ["httpMethod", integration["IntegrationMethod"]],
    ["uri", integration["IntegrationUri"]],
    ["connectionType", integration["ConnectionType"]],
    ["connectionId", integration["ConnectionId"]],
    ["timeoutInMillis", TimeoutInMillis === 30_000 ? undefined : TimeoutInMillis],
    [
      "tlsConfig",
      TlsConfig === undefined ? undefined : { serverNameToVerify: (TlsConfig as Node)["ServerNameToVerify"] },
    ],
  ];
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function toScheme(authorizer: WireAuthorizer, withExtensions: boolean): Node {
  const sources = (authorizer["IdentitySource"] ?? []) as readonly string[];
  if (authorizer["AuthorizerType"] === "JWT") {
    const { Audience, Issuer } = authorizer["JwtConfiguration"] as Record<string, unknown>;
    return {
      type: "oauth2",
      flows: {},
      ...(withExtensions
        ? {
            "x-amazon-apigateway-authorizer": {
              identitySource: sources.join(", "),
              jwtConfiguration: { audience: Audience, issuer: Issuer },
              type: "jwt",
            },
          }
        : {}),
    };
  }
  const header = sources.flatMap((one) => /^\$request\.header\.(.+)$/.exec(one)?.[1] ?? [])[0];
  const members: readonly [string, unknown][] = [
    ["identitySource", sources.length === 0 ? undefined : sources.join(", ")],
    ["authorizerUri", authorizer["AuthorizerUri"]],
    ["authorizerCredentials", authorizer["AuthorizerCredentialsArn"]],
    ["authorizerPayloadFormatVersion", authorizer["AuthorizerPayloadFormatVersion"]],
    ["authorizerResultTtlInSeconds", authorizer["AuthorizerResultTtlInSeconds"]],
    ["type", "request"],
    ["enableSimpleResponses", authorizer["EnableSimpleResponses"]],
  ];
  return {
    type: "apiKey",
    name: header ?? "Unused",
    in: "header",
    ...(withExtensions
      ? { "x-amazon-apigateway-authorizer": Object.fromEntries(members.filter(([, value]) => value !== undefined)) }
      : {}),
  };
}

function documentExtensions({ cors }: HttpApi): Node {
  const members: readonly [string, unknown][] = [
    ["allowMethods", cors?.AllowMethods],
    ["allowHeaders", cors?.AllowHeaders],
    ["exposeHeaders", cors?.ExposeHeaders],
    ["maxAge", cors?.MaxAge],
    ["allowCredentials", cors?.AllowCredentials],
    ["allowOrigins", cors?.AllowOrigins],
  ];
  return {
    ...(cors === undefined
      ? {}
      : { "x-amazon-apigateway-cors": Object.fromEntries(members.filter(([, value]) => value !== undefined)) }),
    "x-amazon-apigateway-importexport-version": "1.0",
  };
}
