/** AWS::Serverless::HttpApi: the routes are those of the functions' HttpApi events. */
import type { TemplateNode } from "../read/template-node.ts";
import { list, map, object, readProperties } from "../shapes/collections.ts";
import { boolean, integer, text } from "../shapes/scalars.ts";
import { each, optional, type PropertyTable, type Shape, unsupported, withoutEffect } from "../shapes/shape.ts";
import type { PlannedCall } from "../template-plan.ts";
import { deterministicId } from "./deterministic-id.ts";
import { reasons } from "./reasons.ts";
import { planned, type ResourceType } from "./resource-type.ts";
import type { Route } from "./route.ts";

interface CorsConfiguration {
  AllowOrigins?: string[];
  AllowMethods?: string[];
  AllowHeaders?: string[];
  ExposeHeaders?: string[];
  MaxAge?: number;
  AllowCredentials?: boolean;
}

const corsObject = object({
  AllowOrigins: optional(list(text(`"*"`))),
  AllowMethods: optional(list(text("GET"))),
  AllowHeaders: optional(list(text("content-type"))),
  ExposeHeaders: optional(list(text("etag"))),
  MaxAge: optional(integer("300")),
  AllowCredentials: optional(boolean()),
});
/** `true` stands for every origin. */
const cors: Shape<CorsConfiguration | undefined> = {
  noun: "true or a map",
  example: `{ AllowOrigins: ["*"] }`,
  properties: corsObject.properties ?? {},
  read(node: TemplateNode, path, context) {
    if (node.kind !== "scalar") return corsObject.read(node, path, context);
    return boolean().read(node, path, context) ? { AllowOrigins: ["*"] } : undefined;
  },
};

const properties = {
  Name: optional(text("shop")),
  Description: optional(text()),
  StageName: optional(text("$default")),
  StageVariables: optional(map(text())),
  CorsConfiguration: optional(cors),
  Auth: unsupported(reasons.auth),
  AccessLogSettings: withoutEffect(reasons.accessLogs),
  Tags: withoutEffect(reasons.tags),
  PropagateTags: withoutEffect(reasons.tags),
  ...each(
    ["DefinitionBody", "DefinitionUri"],
    unsupported("OpenAPI definitions are not read: routes come from the events of functions."),
  ),
  ...each(
    ["DefaultRouteSettings", "DisableExecuteApiEndpoint", "Domain", "FailOnWarnings", "RouteSettings"],
    unsupported(reasons.notYet),
  ),
} satisfies PropertyTable;

/** `Ref` is the id of the API. */
export const httpApi: ResourceType = {
  type: "AWS::Serverless::HttpApi",
  properties,
  pass: 2,
  identify({ scope, stackName, logicalId }) {
    const id = deterministicId(10, stackName, logicalId);
    return {
      physicalId: id,
      ref: id,
      attributes: { ApiId: id, ApiEndpoint: `https://${id}.execute-api.${scope.region}.amazonaws.com` },
    };
  },
  plan(context) {
    const { definition, identity } = context;
    const given = readProperties(definition.properties, properties, "", context.read);
    const ApiId = identity.physicalId;
    return [
      planned(context, {
        calls: [
          http("CreateApi", {
            Name: given.Name ?? definition.logicalId,
            ProtocolType: "HTTP",
            ...(given.Description === undefined ? {} : { Description: given.Description }),
            ...(given.CorsConfiguration === undefined ? {} : { CorsConfiguration: given.CorsConfiguration }),
            Tags: { "tripline:id": ApiId },
          }),
          ...context.routes().flatMap((route) => planRoute(ApiId, route)),
          http("CreateStage", {
            ApiId,
            StageName: given.StageName ?? "$default",
            AutoDeploy: true,
            ...(given.StageVariables === undefined ? {} : { StageVariables: given.StageVariables }),
          }),
        ],
        removal: [http("DeleteApi", { ApiId })],
      }),
    ];
  },
};

function planRoute(ApiId: string, route: Route): PlannedCall[] {
  const RouteKey = route.path === "$default" ? "$default" : `${route.method} ${route.path}`;
  const IntegrationId = deterministicId(7, ApiId, RouteKey);
  return [
    http("CreateIntegration", {
      ApiId,
      IntegrationId,
      IntegrationType: "AWS_PROXY",
      IntegrationUri: route.functionArn,
      PayloadFormatVersion: route.payloadFormatVersion,
      ...(route.timeoutMs === undefined ? {} : { TimeoutInMillis: route.timeoutMs }),
    }),
    http("CreateRoute", { ApiId, RouteKey, Target: `integrations/${IntegrationId}` }),
  ];
}

function http(operation: string, input: Record<string, unknown>): PlannedCall {
  return { service: "apigatewayv2", operation, input };
}
