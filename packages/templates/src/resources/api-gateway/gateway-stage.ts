/** AWS::ApiGateway::Deployment and AWS::ApiGateway::Stage. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-stage.html */
import { list, map, object } from "../../shapes/collections.ts";
import { boolean, number, text } from "../../shapes/scalars.ts";
import { each, optional, required, unsupported } from "../../shapes/shape.ts";
import { reasons } from "../reasons.ts";
import type { ResourceType } from "../resource-type.ts";
import { restApiPart } from "../api-part.ts";
import { restCall } from "./rest-call.ts";
import { allMethodsSetting, planStageSettings, stageSettings, withAllMethods } from "./stage-settings.ts";

const stageDescription = object({
  Description: optional(text()),
  ...stageSettings,
  ...allMethodsSetting,
  ...each(["CanarySetting", "ClientCertificateId", "DocumentationVersion", "Tags"], unsupported(reasons.notYet)),
});

/** `Ref` is its id. It is made anew at each apply, after everything that it depends on: name the methods in DependsOn, as AWS wants it too. */
export const gatewayDeployment: ResourceType = restApiPart({
  type: "AWS::ApiGateway::Deployment",
  properties: {
    Description: optional(text()),
    StageName: optional(text("Prod")),
    StageDescription: optional(stageDescription),
    DeploymentCanarySettings: optional(
      object({
        PercentTraffic: optional(number("10")),
        StageVariableOverrides: optional(map(text())),
        UseStageCache: optional(boolean()),
      }),
    ),
  },
  attribute: "DeploymentId",
  calls(
    {
      RestApiId: restApiId,
      Description: description,
      StageName: stageName,
      StageDescription: stage = {},
      DeploymentCanarySettings: canary,
    },
    { ref: deploymentId },
  ) {
    return [
      restCall("CreateDeployment", {
        restApiId,
        deploymentId,
        description,
        stageName,
        stageDescription: stage.Description,
        cacheClusterEnabled: stage.CacheClusterEnabled,
        cacheClusterSize: stage.CacheClusterSize,
        variables: stage.Variables,
        canarySettings:
          canary === undefined
            ? undefined
            : {
                percentTraffic: canary.PercentTraffic,
                stageVariableOverrides: canary.StageVariableOverrides,
                useStageCache: canary.UseStageCache,
              },
      }),
      ...(stageName === undefined ? [] : planStageSettings(restApiId, stageName, withAllMethods(stage))),
    ];
  },
});

/** `Ref` is its name. */
export const gatewayStage: ResourceType = restApiPart({
  type: "AWS::ApiGateway::Stage",
  properties: {
    StageName: optional(text("Prod")),
    DeploymentId: required(text("!Ref Deployment")),
    Description: optional(text()),
    ...stageSettings,
    CanarySetting: optional(
      object({
        DeploymentId: optional(text("!Ref Next")),
        PercentTraffic: optional(number("10")),
        StageVariableOverrides: optional(map(text())),
        UseStageCache: optional(boolean()),
      }),
    ),
    Tags: optional(list(object({ Key: required(text("team")), Value: required(text("orders")) }))),
    DocumentationVersion: optional(text("!Ref Docs")),
    ClientCertificateId: unsupported(reasons.notYet),
  },
  identify({ property }) {
    const name = property("StageName") ?? "default";
    return { physicalId: `${property("RestApiId") ?? ""}/${name}`, ref: name, attributes: {} };
  },
  calls(given, { ref: stageName }) {
    const { RestApiId: restApiId, CanarySetting: canary } = given;
    return [
      restCall("CreateStage", {
        restApiId,
        stageName,
        deploymentId: given.DeploymentId,
        description: given.Description,
        cacheClusterEnabled: given.CacheClusterEnabled,
        cacheClusterSize: given.CacheClusterSize,
        variables: given.Variables,
        documentationVersion: given.DocumentationVersion,
        tags:
          given.Tags === undefined ? undefined : Object.fromEntries(given.Tags.map(({ Key, Value }) => [Key, Value])),
        canarySettings:
          canary === undefined
            ? undefined
            : {
                deploymentId: canary.DeploymentId,
                percentTraffic: canary.PercentTraffic,
                stageVariableOverrides: canary.StageVariableOverrides,
                useStageCache: canary.UseStageCache,
              },
      }),
      ...planStageSettings(restApiId, stageName, given),
    ];
  },
});
