/**
 * AWS::Serverless::HttpApi. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html
 *
 * 1. The routes are those of the document, and those of the functions' HttpApi events, written into it. With DefinitionUri the events
 *    add none, as in SAM.
 * 2. What the template says of the API outranks the document. Settings of an event's route outrank the API's of that route.
 */
import type { TemplateNode } from "../read/template-node.ts";
import { map, readProperties } from "../shapes/collections.ts";
import { boolean, json, text } from "../shapes/scalars.ts";
import {
  optional,
  type Properties,
  type PropertyTable,
  type Shape,
  unsupported,
  withoutEffect,
} from "../shapes/shape.ts";
import type { PlannedCall } from "../template-plan.ts";
import { isMap } from "./api-document.ts";
import { deterministicId } from "./deterministic-id.ts";
import { identifyHttpApi, reimport, titleOf } from "./http-api-types/http-api-resource.ts";
import { httpCall } from "./http-api-types/http-call.ts";
import { toHttpDocument } from "./http-api-types/sam-http-document.ts";
import { httpAuth, planHttpAuth, type PlannedHttpAuth } from "./http-api-types/sam-http-auth.ts";
import { type CorsConfiguration, httpCors } from "./http-api-types/http-cors.ts";
import { httpStageSettings, type RouteSettings } from "./http-api-types/http-stage-settings.ts";
import { readDefinition } from "./read-definition.ts";
import { reasons } from "./reasons.ts";
import { planned, type ResourceType } from "./resource-type.ts";
import type { Route } from "./route.ts";

/** `true` stands for every origin. */
const cors: Shape<CorsConfiguration | undefined> = {
  noun: "true or a map",
  example: `{ AllowOrigins: ["*"] }`,
  properties: httpCors.properties ?? {},
  read(node: TemplateNode, path, context) {
    if (node.kind !== "scalar") return httpCors.read(node, path, context);
    return boolean().read(node, path, context) ? { AllowOrigins: ["*"] } : undefined;
  },
};

const properties = {
  Name: optional(text("shop")),
  Description: optional(text()),
  StageName: optional(text("$default")),
  CorsConfiguration: optional(cors),
  DisableExecuteApiEndpoint: optional(boolean()),
  DefinitionBody: optional(json()),
  DefinitionUri: optional(text("./openapi.yaml")),
  FailOnWarnings: optional(boolean()),
  ...httpStageSettings,
  Tags: optional(map(text("orders"))),
  Auth: optional(httpAuth),
  PropagateTags: withoutEffect("API and stage have the tags, and there is nothing else to have them."),
  Domain: unsupported(reasons.domain),
} satisfies PropertyTable;
type Given = Properties<typeof properties>;

/** `Ref` is the id of the API. */
export const httpApi: ResourceType = {
  type: "AWS::Serverless::HttpApi",
  properties,
  pass: 2,
  identify: identifyHttpApi,
  plan(context) {
    const { definition, identity } = context;
    const given = readProperties(definition.properties, properties, "", context.read);
    const ApiId = identity.physicalId;
    const auth = planHttpAuth(context, ApiId, given.Auth);
    const routes = given.DefinitionUri === undefined ? context.routes() : []; // 1
    const read = withInfo(readDefinition(context, given), definition.logicalId);
    const document = isMap(read) ? toHttpDocument(read, routes, auth, context.scope) : read;
    return [
      planned(context, {
        calls: [
          httpCall("CreateApi", {
            Name: given.Name ?? titleOf(document) ?? definition.logicalId,
            ProtocolType: "HTTP",
            Description: given.Description,
            CorsConfiguration: given.CorsConfiguration,
            DisableExecuteApiEndpoint: given.DisableExecuteApiEndpoint,
            Tags: { ...given.Tags, "tripline:id": ApiId },
          }),
          ...(document === undefined
            ? [...auth.calls, ...routes.flatMap((route) => planRoute(ApiId, route, auth))]
            : reimport(ApiId, document, given)), // 2
          planStage(ApiId, given, routes),
        ],
        removal: [httpCall("DeleteApi", { ApiId })],
      }),
      ...auth.permissions,
    ];
  },
};

/** SAM fills in what a document says nothing of. */
function withInfo(document: unknown, title: string): unknown {
  if (!isMap(document) || titleOf(document) !== undefined) return document;
  return { openapi: "3.0.1", ...document, info: { version: "1.0", title } };
}

function routeKeyOf({ method, path }: Route): string {
  return path === "$default" ? "$default" : `${method} ${path}`;
}

function planRoute(ApiId: string, route: Route, auth: PlannedHttpAuth): PlannedCall[] {
  const RouteKey = routeKeyOf(route);
  const IntegrationId = deterministicId(7, ApiId, RouteKey);
  return [
    httpCall("CreateIntegration", {
      ApiId,
      IntegrationId,
      IntegrationType: "AWS_PROXY",
      IntegrationUri: route.functionArn,
      PayloadFormatVersion: route.payloadFormatVersion,
      TimeoutInMillis: route.timeoutMs,
    }),
    httpCall("CreateRoute", {
      ApiId,
      RouteKey,
      Target: `integrations/${IntegrationId}`,
      ...auth.routeAuth(route),
    }),
  ];
}

function planStage(ApiId: string, given: Given, routes: readonly Route[]): PlannedCall {
  const own: [string, RouteSettings][] = routes.flatMap((route) =>
    route.settings === undefined ? [] : [[routeKeyOf(route), route.settings]],
  );
  const settings = { ...given.RouteSettings, ...Object.fromEntries(own) };
  return httpCall("CreateStage", {
    ApiId,
    StageName: given.StageName ?? "$default",
    AutoDeploy: true,
    AccessLogSettings: given.AccessLogSettings,
    DefaultRouteSettings: given.DefaultRouteSettings,
    RouteSettings: Object.keys(settings).length === 0 ? undefined : settings,
    StageVariables: given.StageVariables,
    Tags: given.Tags,
  });
}
