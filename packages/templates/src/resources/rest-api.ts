/** AWS::Serverless::Api: the methods are those of the functions' Api events. Members of these calls begin in lower case. */
import { list, map, readProperties } from "../shapes/collections.ts";
import { text } from "../shapes/scalars.ts";
import { each, optional, type PropertyTable, required, unsupported, withoutEffect } from "../shapes/shape.ts";
import type { PlannedCall } from "../template-plan.ts";
import { deterministicId } from "./deterministic-id.ts";
import { reasons } from "./reasons.ts";
import { type PlanContext, planned, type ResourceType } from "./resource-type.ts";

const properties = {
  Name: optional(text("shop")),
  StageName: required(text("Prod")),
  Variables: optional(map(text())),
  BinaryMediaTypes: optional(list(text("image~1png"))),
  Auth: unsupported(reasons.auth),
  Tags: withoutEffect(reasons.tags),
  PropagateTags: withoutEffect(reasons.tags),
  Description: withoutEffect("It is shown nowhere here."),
  AlwaysDeploy: withoutEffect(reasons.deployment),
  AccessLogSetting: withoutEffect(reasons.logs),
  TracingEnabled: withoutEffect(reasons.tracing),
  EndpointConfiguration: withoutEffect("Every API is reached on this machine."),
  OpenApiVersion: withoutEffect("No OpenAPI document is made."),
  Policy: withoutEffect(reasons.iam),
  SecurityPolicy: withoutEffect("APIs are reached without TLS here."),
  ...each(
    ["DefinitionBody", "DefinitionUri", "MergeDefinitions"],
    unsupported("OpenAPI definitions are not read: methods come from the events of functions."),
  ),
  ...each(
    [
      "ApiKeySourceType",
      "CacheClusterEnabled",
      "CacheClusterSize",
      "CanarySetting",
      "Cors",
      "DisableExecuteApiEndpoint",
      "Domain",
      "EndpointAccessMode",
      "FailOnWarnings",
      "GatewayResponses",
      "MethodSettings",
      "MinimumCompressionSize",
      "Mode",
      "Models",
    ],
    unsupported(reasons.notYet),
  ),
} satisfies PropertyTable;

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
    return [
      planned(context, {
        calls: [
          rest("CreateRestApi", {
            name: given.Name ?? definition.logicalId,
            ...(given.BinaryMediaTypes === undefined
              ? {}
              : { binaryMediaTypes: given.BinaryMediaTypes.map((one) => one.replaceAll("~1", "/")) }),
            tags: { "tripline:id": restApiId },
          }),
          ...planMethods(context, restApiId),
          rest("CreateDeployment", {
            restApiId,
            stageName: given.StageName,
            ...(given.Variables === undefined ? {} : { variables: given.Variables }),
          }),
        ],
        removal: [rest("DeleteRestApi", { restApiId })],
      }),
    ];
  },
};

function planMethods({ scope, routes }: PlanContext, restApiId: string): PlannedCall[] {
  const calls: PlannedCall[] = [];
  const resources = new Map([["", `${restApiId}0`]]);
  for (const route of routes()) {
    let path = "";
    for (const pathPart of route.path.split("/").filter((part) => part !== "")) {
      const parentId = resources.get(path);
      path = `${path}/${pathPart}`;
      if (resources.has(path)) continue;
      const resourceId = deterministicId(6, restApiId, path);
      resources.set(path, resourceId);
      calls.push(rest("CreateResource", { restApiId, parentId, pathPart, resourceId }));
    }
    const method = { restApiId, resourceId: resources.get(path), httpMethod: route.method };
    calls.push(
      rest("PutMethod", { ...method, authorizationType: "NONE" }),
      rest("PutIntegration", {
        ...method,
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri: `arn:aws:apigateway:${scope.region}:lambda:path/2015-03-31/functions/${route.functionArn}/invocations`,
        ...(route.timeoutMs === undefined ? {} : { timeoutInMillis: route.timeoutMs }),
      }),
    );
  }
  return calls;
}

function rest(operation: string, input: Record<string, unknown>): PlannedCall {
  return { service: "apigateway", operation, input };
}
