/** Stages. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, noSuchPart, notFound } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import { defaultStage, type HttpApi, type HttpStage } from "../http-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { pageMembers, pageOf, type PageInput } from "./page.ts";
import { saveHttpApi, serveSnapshot } from "./save-http-api.ts";
import { type RouteSettingsInput, toAccessLogSettings, toRouteSettings, toSettingsByRoute } from "./stage-settings.ts";

interface StageInput {
  ApiId: string;
  StageName: string;
  AccessLogSettings?: { DestinationArn?: string; Format?: string };
  AutoDeploy?: boolean;
  DefaultRouteSettings?: RouteSettingsInput;
  DeploymentId?: string;
  Description?: string;
  RouteKey: string;
  RouteSettings?: Record<string, RouteSettingsInput>;
  StageVariables?: Record<string, string>;
  Tags?: Record<string, string>;
}

const honoured = [
  "ApiId",
  "StageName",
  "AccessLogSettings",
  "AutoDeploy",
  "DefaultRouteSettings",
  "DeploymentId",
  "Description",
  "RouteSettings",
  "StageVariables",
];
const refused = {
  ClientCertificateId: "WebSocket APIs are not simulated yet",
};

/** Create, get, list, update, delete, DeleteRouteSettings, and DeleteAccessLogSettings. */
export function createStageOperations(house: GatewayHouse): Operation[] {
  const save = async (api: HttpApi, name: string, stage: HttpStage): Promise<object> => {
    await saveHttpApi(house, { ...api, stages: { ...api.stages, [name]: stage } });
    return toWire(name, stageOf(httpApiOf(house, api.id), name));
  };
  const create: Operation<StageInput, object> = {
    name: "CreateStage",
    honoured: [...honoured, "Tags"],
    refused,
    async run(input, context) {
      const api = httpApiOf(house, input.ApiId);
      const { StageName: name } = input;
      if (name !== defaultStage && !/^[\w-]{1,128}$/.test(name)) throw badRequest("Stage name only allows a-zA-Z0-9-_");
      if (name in api.stages && context.upsert !== true) throw conflict("Stage already exists");
      const nowMs = house.clock.now();
      const blank: HttpStage = {
        variables: {},
        autoDeploy: false,
        routes: [],
        routeSettings: {},
        tags: input.Tags ?? {},
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      };
      return save(api, name, toStage(house, api, input, blank));
    },
  };
  const update: Operation<StageInput, object> = {
    name: "UpdateStage",
    honoured,
    refused,
    async run(input) {
      const api = httpApiOf(house, input.ApiId);
      const known = stageOf(api, input.StageName);
      return save(api, input.StageName, toStage(house, api, input, known));
    },
  };
  const get: Operation<StageInput, object> = {
    name: "GetStage",
    honoured: ["ApiId", "StageName"],
    run: async ({ ApiId, StageName }) => toWire(StageName, stageOf(httpApiOf(house, ApiId), StageName)),
  };
  const list: Operation<StageInput & PageInput, object> = {
    name: "GetStages",
    honoured: ["ApiId", ...pageMembers],
    run: async (input) =>
      pageOf(Object.entries(httpApiOf(house, input.ApiId).stages), input, ([name, stage]) => toWire(name, stage)),
  };
  const remove: Operation<StageInput, object> = {
    name: "DeleteStage",
    honoured: ["ApiId", "StageName"],
    async run({ ApiId, StageName }) {
      const api = httpApiOf(house, ApiId);
      stageOf(api, StageName);
      const { [StageName]: _gone, ...stages } = api.stages;
      await saveHttpApi(house, { ...api, stages }, true);
      return {};
    },
  };
  const removeSettings: Operation<StageInput, object> = {
    name: "DeleteRouteSettings",
    honoured: ["ApiId", "StageName", "RouteKey"],
    async run({ ApiId, StageName, RouteKey }) {
      const api = httpApiOf(house, ApiId);
      const stage = stageOf(api, StageName);
      if (!(RouteKey in stage.routeSettings)) throw notFound(`Unable to find route settings for ${RouteKey}`);
      const { [RouteKey]: _gone, ...routeSettings } = stage.routeSettings;
      await save(api, StageName, { ...stage, routeSettings });
      return {};
    },
  };
  const removeAccessLog: Operation<StageInput, object> = {
    name: "DeleteAccessLogSettings",
    honoured: ["ApiId", "StageName"],
    async run({ ApiId, StageName }) {
      const api = httpApiOf(house, ApiId);
      const { accessLogSettings, ...stage } = stageOf(api, StageName);
      if (accessLogSettings === undefined) throw notFound(`Unable to find access log settings of stage ${StageName}`);
      await save(api, StageName, { ...stage, updatedAtMs: house.clock.now() });
      return {};
    },
  };
  return [create, update, get, list, remove, removeSettings, removeAccessLog];
}

/** Throws `NotFoundException`. */
export function stageOf(api: HttpApi, name: string): HttpStage {
  const stage = api.stages[name];
  if (stage === undefined) throw noSuchPart("Stage", "name", name);
  return stage;
}

/** `known`, with what the input says. */
function toStage(house: GatewayHouse, api: HttpApi, input: StageInput, known: HttpStage): HttpStage {
  const { AccessLogSettings, DefaultRouteSettings, RouteSettings = {}, StageVariables, DeploymentId } = input;
  const autoDeploy = input.AutoDeploy ?? known.autoDeploy;
  for (const [name, value] of Object.entries(StageVariables ?? {}))
    if (!/^\w+$/.test(name) || !/^[A-Za-z0-9\-._~:/?#&=,]*$/.test(value))
      throw badRequest("Stage variable names may have letters, digits and _, values A-Za-z0-9-._~:/?#&=,");
  if (DeploymentId !== undefined && autoDeploy)
    throw badRequest("Deployment ID cannot be set on stages with AutoDeploy enabled.");
  const deployment = DeploymentId === undefined ? undefined : api.deployments[DeploymentId];
  if (DeploymentId !== undefined && deployment === undefined) throw noSuchPart("Deployment", "id", DeploymentId);
  const stage: HttpStage = {
    ...known,
    autoDeploy,
    ...(StageVariables === undefined ? {} : { variables: StageVariables }),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(DefaultRouteSettings === undefined ? {} : { defaultRouteSettings: toRouteSettings(DefaultRouteSettings) }),
    routeSettings: { ...known.routeSettings, ...toSettingsByRoute(api, RouteSettings) },
    ...(AccessLogSettings === undefined ? {} : { accessLogSettings: toAccessLogSettings(house, AccessLogSettings) }),
    updatedAtMs: house.clock.now(),
  };
  return deployment === undefined ? stage : serveSnapshot(stage, deployment);
}

function toWire(name: string, stage: HttpStage): object {
  return {
    StageName: name,
    AutoDeploy: stage.autoDeploy,
    CreatedDate: new Date(stage.createdAtMs),
    LastUpdatedDate: new Date(stage.updatedAtMs),
    DefaultRouteSettings: { DetailedMetricsEnabled: false, ...stage.defaultRouteSettings },
    RouteSettings: stage.routeSettings,
    StageVariables: stage.variables,
    Tags: stage.tags,
    ...(stage.deploymentId === undefined ? {} : { DeploymentId: stage.deploymentId }),
    ...(stage.accessLogSettings === undefined ? {} : { AccessLogSettings: toWireLogSettings(stage.accessLogSettings) }),
    ...(stage.isManaged === true ? { ApiGatewayManaged: true } : {}),
    ...(stage.description === undefined ? {} : { Description: stage.description }),
    ...(stage.autoDeploy && stage.deploymentId !== undefined
      ? { LastDeploymentStatusMessage: `Successfully deployed stage with deployment ID '${stage.deploymentId}'` }
      : {}),
  };
}

function toWireLogSettings({ destinationArn, format }: NonNullable<HttpStage["accessLogSettings"]>): object {
  return {
    ...(destinationArn === undefined ? {} : { DestinationArn: destinationArn }),
    ...(format === undefined ? {} : { Format: format }),
  };
}
