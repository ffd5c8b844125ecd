/**
 * AWS::Serverless::Api: the methods are those of the functions' Api events, or of an OpenAPI document.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
 */
import { list, map, object, readProperties } from "../shapes/collections.ts";
import { boolean, choice, integer, json, text } from "../shapes/scalars.ts";
import {
  each,
  optional,
  type Properties,
  type PropertyTable,
  required,
  type Shape,
  unsupported,
  withoutEffect,
} from "../shapes/shape.ts";
import type { PlannedCall, PlannedResource } from "../template-plan.ts";
import { putBody } from "./api-gateway/gateway-rest-api.ts";
import { restCall } from "./api-gateway/rest-call.ts";
import { apiAuth, planAuth, type PlannedAuth, toResourcePolicy } from "./api-gateway/sam-api-auth.ts";
import { toRestDocument } from "./api-gateway/sam-api-document.ts";
import { apiCors, planPreflight } from "./api-gateway/sam-api-cors.ts";
import { planRequest } from "./api-gateway/sam-api-request.ts";
import { planUsagePlan } from "./api-gateway/sam-usage-plan.ts";
import { planStageSettings, stageSettings } from "./api-gateway/stage-settings.ts";
import { isMap } from "./api-document.ts";
import { deterministicId } from "./deterministic-id.ts";
import { planImplicitPermission } from "./permission.ts";
import { readDefinition } from "./read-definition.ts";
import { reasons } from "./reasons.ts";
import { type PlanContext, planned, type ResourceType } from "./resource-type.ts";

const endpointObject = object({
  Type: optional(choice("REGIONAL", "EDGE", "PRIVATE")),
  IpAddressType: optional(choice("ipv4", "dualstack")),
  VPCEndpointIds: unsupported(reasons.network),
});
/** A text alone is the type. */
const endpoint: Shape<ReturnType<typeof endpointObject.read>> = {
  noun: "REGIONAL, EDGE or a map",
  example: "REGIONAL",
  properties: endpointObject.properties ?? {},
  read: (node, path, context) =>
    node.kind === "scalar"
      ? { Type: choice("REGIONAL", "EDGE", "PRIVATE").read(node, path, context) }
      : endpointObject.read(node, path, context),
};
const gatewayResponse = object({
  StatusCode: optional(text(`"404"`)),
  ResponseParameters: optional(
    object({
      Headers: optional(map(text(`"'*'"`))),
      Paths: optional(map(text())),
      QueryStrings: optional(map(text())),
    }),
  ),
  ResponseTemplates: optional(map(text("$context.error.messageString"))),
});

const properties = {
  Name: optional(text("shop")),
  StageName: required(text("Prod")),
  Description: optional(text()),
  BinaryMediaTypes: optional(list(text("image~1png"))),
  MinimumCompressionSize: optional(integer("1024")),
  ApiKeySourceType: optional(choice("HEADER", "AUTHORIZER")),
  DisableExecuteApiEndpoint: optional(boolean()),
  EndpointConfiguration: optional(endpoint),
  Policy: optional(json()),
  Models: optional(map(json())),
  GatewayResponses: optional(map(gatewayResponse)),
  Cors: optional(apiCors),
  Auth: optional(apiAuth),
  DefinitionBody: optional(json()),
  DefinitionUri: optional(text("./openapi.yaml")),
  MergeDefinitions: optional(boolean()),
  FailOnWarnings: optional(boolean()),
  ...stageSettings,
  Tags: optional(map(text("orders"))),
  PropagateTags: withoutEffect(reasons.tags),
  AlwaysDeploy: withoutEffect(reasons.deployment),
  OpenApiVersion: withoutEffect("No OpenAPI document is made."),
  SecurityPolicy: withoutEffect("APIs are reached without TLS here."),
  ...each(["CanarySetting", "Domain", "EndpointAccessMode", "Mode"], unsupported(reasons.notYet)),
} satisfies PropertyTable;
type Given = Properties<typeof properties>;

/** `Ref` is the id of the API; the id of its root resource is that with `0`. */
export const restApi: ResourceType = {
  type: "AWS::Serverless::Api",
  properties,
  pass: 2,
  identify({ stackName, logicalId }) {
    const id = deterministicId(10, stackName, logicalId);
    return { physicalId: id, ref: id, attributes: { RestApiId: id, RootResourceId: `${id}0` } };
  },
  plan(context) {
    const { definition, identity } = context;
    const given = readProperties(definition.properties, properties, "", context.read);
    const restApiId = identity.physicalId;
    const auth = planAuth(context, restApiId, given.Auth);
    const read = readDefinition(context, given);
    const document = isMap(read) ? toRestDocument(read, auth, given) : read;
    const takesEvents = document === undefined || given.MergeDefinitions === true;
    return [
      planned(context, {
        calls: [
          createApi(definition.logicalId, restApiId, given),
          ...Object.entries(given.Models ?? {}).map(([name, schema]) =>
            restCall("CreateModel", {
              restApiId,
              name,
              contentType: "application/json",
              schema: JSON.stringify(schema),
            }),
          ),
          ...auth.calls,
          ...(document === undefined ? [] : [putBody(restApiId, document, toBodyOptions(given))]),
          ...(takesEvents ? planMethods(context, restApiId, given, auth) : []),
          ...planGatewayResponses(restApiId, given),
          restCall("CreateDeployment", {
            restApiId,
            stageName: given.StageName,
            variables: given.Variables,
            cacheClusterEnabled: given.CacheClusterEnabled,
            cacheClusterSize: given.CacheClusterSize,
          }),
          ...planStageSettings(restApiId, given.StageName, given),
        ],
        removal: [restCall("DeleteRestApi", { restApiId })],
      }),
      ...planAuthorizerPermissions(context, restApiId, auth),
      ...planUsagePlan(context, restApiId, given.StageName, given.Auth?.UsagePlan),
    ];
  },
};

function createApi(logicalId: string, restApiId: string, given: Given): PlannedCall {
  const { EndpointConfiguration: configuration } = given;
  const policy = given.Policy ?? toResourcePolicy(given.Auth);
  return restCall("CreateRestApi", {
    name: given.Name ?? logicalId,
    description: given.Description,
    binaryMediaTypes: given.BinaryMediaTypes?.map((one) => one.replaceAll("~1", "/")),
    minimumCompressionSize: given.MinimumCompressionSize,
    apiKeySource: given.ApiKeySourceType,
    disableExecuteApiEndpoint: given.DisableExecuteApiEndpoint,
    endpointConfiguration:
      configuration === undefined
        ? undefined
        : {
            ...(configuration.Type === undefined ? {} : { types: [configuration.Type] }),
            ...(configuration.IpAddressType === undefined ? {} : { ipAddressType: configuration.IpAddressType }),
          },
    policy: policy === undefined ? undefined : JSON.stringify(policy),
    tags: { ...given.Tags, "tripline:id": restApiId },
  });
}

function toBodyOptions({ Name, FailOnWarnings }: Given): { Name?: string; FailOnWarnings?: boolean } {
  return { ...(Name === undefined ? {} : { Name }), ...(FailOnWarnings === undefined ? {} : { FailOnWarnings }) };
}

function planMethods(
  { scope, routes }: PlanContext,
  restApiId: string,
  given: Given,
  auth: PlannedAuth,
): PlannedCall[] {
  const calls: PlannedCall[] = [];
  const resources = new Map([["", `${restApiId}0`]]);
  const methods = new Map<string, string[]>();
  for (const route of routes()) {
    let path = "";
    for (const pathPart of route.path.split("/").filter((part) => part !== "")) {
      const parentId = resources.get(path);
      path = `${path}/${pathPart}`;
      if (resources.has(path)) continue;
      const resourceId = deterministicId(6, restApiId, path);
      resources.set(path, resourceId);
      calls.push(restCall("CreateResource", { restApiId, parentId, pathPart, resourceId }));
    }
    methods.set(path, [...(methods.get(path) ?? []), route.method]);
    const method = { restApiId, resourceId: resources.get(path), httpMethod: route.method };
    const request = planRequest(restApiId, route.request);
    calls.push(
      ...request.calls,
      restCall("PutMethod", { ...method, ...auth.methodAuth(route.auth), ...request.method }),
      restCall("PutIntegration", {
        ...method,
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri: `arn:aws:apigateway:${scope.region}:lambda:path/2015-03-31/functions/${route.functionArn}/invocations`,
        timeoutInMillis: route.timeoutMs,
        ...request.integration,
      }),
    );
  }
  const { Cors } = given;
  if (Cors === undefined) return calls;
  for (const [path, verbs] of methods)
    if (!verbs.includes("OPTIONS"))
      calls.push(...planPreflight({ restApiId, resourceId: resources.get(path) }, Cors, verbs, auth.preflightAuth()));
  return calls;
}

function planGatewayResponses(restApiId: string, { GatewayResponses = {} }: Given): PlannedCall[] {
  return Object.entries(GatewayResponses).map(
    ([responseType, { StatusCode, ResponseParameters = {}, ResponseTemplates }]) => {
      const named = (prefix: string, values: Record<string, string> | undefined): [string, string][] =>
        Object.entries(values ?? {}).map(([name, value]) => [`gatewayresponse.${prefix}.${name}`, value]);
      const parameters = [
        ...named("header", ResponseParameters.Headers),
        ...named("path", ResponseParameters.Paths),
        ...named("querystring", ResponseParameters.QueryStrings),
      ];
      return restCall("PutGatewayResponse", {
        restApiId,
        responseType,
        statusCode: StatusCode,
        responseParameters: parameters.length === 0 ? undefined : Object.fromEntries(parameters),
        responseTemplates: ResponseTemplates,
      });
    },
  );
}

/** SAM lets the API invoke the functions that authorize for it. */
function planAuthorizerPermissions(
  context: PlanContext,
  restApiId: string,
  { functions }: PlannedAuth,
): PlannedResource[] {
  const { definition, scope } = context;
  return Object.entries(functions).map(([name, FunctionName]) =>
    planImplicitPermission(context, `${definition.logicalId}${name}AuthorizerPermission`, definition.place.line, {
      FunctionName,
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:${scope.region}:${scope.accountId}:${restApiId}/authorizers/*`,
    }),
  );
}
