/** Stages. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, noSuchPart, notFound } from "../../errors.ts";
import { type GatewayHouse, refuse } from "../../house.ts";
import { defaultStage, type HttpApi, type HttpStage, type RouteSettings } from "../http-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { saveHttpApi, serveSnapshot } from "./save-http-api.ts";

interface StageInput {
  ApiId: string;
  StageName: string;
  AutoDeploy?: boolean;
  DefaultRouteSettings?: RouteSettings;
  DeploymentId?: string;
  Description?: string;
  RouteKey: string;
  RouteSettings?: Record<string, RouteSettings>;
  StageVariables?: Record<string, string>;
  Tags?: Record<string, string>;
}

const honoured = [
  "ApiId",
  "StageName",
  "AutoDeploy",
  "DefaultRouteSettings",
  "DeploymentId",
  "Description",
  "RouteSettings",
  "StageVariables",
];
const refused = {
  ...refuse(
    ["DefaultRouteSettings.DataTraceEnabled", "DefaultRouteSettings.LoggingLevel"],
    "HTTP APIs have no execution logs",
  ),
  "DefaultRouteSettings.DetailedMetricsEnabled": "metrics are not simulated yet",
  AccessLogSettings: "access logs of HTTP APIs are not simulated yet",
  ClientCertificateId: "WebSocket APIs are not simulated yet",
};

/** Create, get, list, update, delete, and DeleteRouteSettings. */
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
      return save(api, name, toStage(api, input, blank, nowMs));
    },
  };
  const update: Operation<StageInput, object> = {
    name: "UpdateStage",
    honoured,
    refused,
    async run(input) {
      const api = httpApiOf(house, input.ApiId);
      const known = stageOf(api, input.StageName);
      return save(api, input.StageName, toStage(api, input, known, house.clock.now()));
    },
  };
  const get: Operation<StageInput, object> = {
    name: "GetStage",
    honoured: ["ApiId", "StageName"],
    run: async ({ ApiId, StageName }) => toWire(StageName, stageOf(httpApiOf(house, ApiId), StageName)),
  };
  const list: Operation<StageInput, object> = {
    name: "GetStages",
    honoured: ["ApiId"],
    refused: refuse(["MaxResults", "NextToken"], "every stage is answered at once"),
    run: async ({ ApiId }) => ({
      Items: Object.entries(httpApiOf(house, ApiId).stages).map(([name, stage]) => toWire(name, stage)),
    }),
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
  return [create, update, get, list, remove, removeSettings];
}

/** Throws `NotFoundException`. */
export function stageOf(api: HttpApi, name: string): HttpStage {
  const stage = api.stages[name];
  if (stage === undefined) throw noSuchPart("Stage", "name", name);
  return stage;
}

/** `known`, with what the input says. */
function toStage(api: HttpApi, input: StageInput, known: HttpStage, nowMs: number): HttpStage {
  const { DefaultRouteSettings, RouteSettings: given = {}, StageVariables, DeploymentId } = input;
  const autoDeploy = input.AutoDeploy ?? known.autoDeploy;
  for (const [name, value] of Object.entries(StageVariables ?? {}))
    if (!/^\w+$/.test(name) || !/^[A-Za-z0-9\-._~:/?#&=,]*$/.test(value))
      throw badRequest("Stage variable names may have letters, digits and _, values A-Za-z0-9-._~:/?#&=,");
  const keys = new Set(Object.values(api.routes).map((route) => route.routeKey));
  for (const [key, settings] of Object.entries(given)) {
    if (!keys.has(key)) throw notFound(`Unable to find Route by key ${key} within the provided RouteSettings`);
    for (const member of Object.keys(settings))
      if (member !== "ThrottlingBurstLimit" && member !== "ThrottlingRateLimit")
        throw badRequest(`RouteSettings: ${member} is not simulated: HTTP APIs are throttled, no more`);
  }
  if (DeploymentId !== undefined && autoDeploy)
    throw badRequest("Deployment ID cannot be set on stages with AutoDeploy enabled.");
  const deployment = DeploymentId === undefined ? undefined : api.deployments[DeploymentId];
  if (DeploymentId !== undefined && deployment === undefined) throw noSuchPart("Deployment", "id", DeploymentId);
  const stage: HttpStage = {
    ...known,
    autoDeploy,
    ...(StageVariables === undefined ? {} : { variables: StageVariables }),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(DefaultRouteSettings === undefined ? {} : { defaultRouteSettings: DefaultRouteSettings }),
    routeSettings: { ...known.routeSettings, ...given },
    updatedAtMs: nowMs,
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
    ...(stage.isManaged === true ? { ApiGatewayManaged: true } : {}),
    ...(stage.description === undefined ? {} : { Description: stage.description }),
    ...(stage.autoDeploy && stage.deploymentId !== undefined
      ? { LastDeploymentStatusMessage: `Successfully deployed stage with deployment ID '${stage.deploymentId}'` }
      : {}),
  };
}
