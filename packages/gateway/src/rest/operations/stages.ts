/** CreateStage, GetStage(s), UpdateStage, DeleteStage, FlushStageCache, FlushStageAuthorizersCache. https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, notFound, notSimulated } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type { RestApi, RestStage } from "../definition/rest-api.ts";
import type { PatchOperation } from "../patch/patch-operations.ts";
import { checkDocumentationVersion, patchStage } from "../patch/patch-stage.ts";
import { checkVariables } from "../../stage-variables.ts";
import { restApiOf } from "./find.ts";
import { restOperation } from "./rest-operation.ts";

/** Input of CreateStage. */
export interface CreateStageInput {
  restApiId: string;
  stageName: string;
  deploymentId: string;
  description?: string;
  cacheClusterEnabled?: boolean;
  cacheClusterSize?: string;
  variables?: Record<string, string>;
  canarySettings?: {
    percentTraffic?: number;
    deploymentId?: string;
    stageVariableOverrides?: Record<string, string>;
    useStageCache?: boolean;
  };
  tracingEnabled?: boolean;
  documentationVersion?: string;
  tags?: Record<string, string>;
}

interface StageInput {
  restApiId: string;
  stageName: string;
}

const members = ["restApiId", "stageName"];

/** The operations of stages. */
export function stageOperations(house: GatewayHouse): Operation[] {
  const { rest } = house;
  return [
    restOperation<CreateStageInput>(
      "CreateStage",
      [
        ...members,
        "deploymentId",
        "description",
        "cacheClusterEnabled",
        "cacheClusterSize",
        "variables",
        "canarySettings",
        "tracingEnabled",
        "documentationVersion",
        "tags",
      ],
      async (input, context) => {
        const api = restApiOf(house, input.restApiId);
        checkStageName(input.stageName);
        if (input.tracingEnabled === true) throw notSimulated("X-Ray tracing");
        if (!api.deployments.has(input.deploymentId)) throw badRequest("Deployment id does not exist");
        if (api.stages.has(input.stageName) && context.upsert !== true) throw conflict("Stage already exists");
        if (input.documentationVersion !== undefined) checkDocumentationVersion(api, input.documentationVersion);
        const stage: RestStage = {
          ...newStage(house, input.stageName, input.deploymentId),
          ...(input.description === undefined ? {} : { description: input.description }),
          ...(input.documentationVersion === undefined ? {} : { documentationVersion: input.documentationVersion }),
          ...(input.variables === undefined ? {} : { variables: checkVariables(input.variables) }),
          ...(input.cacheClusterSize === undefined ? {} : { cacheClusterSize: input.cacheClusterSize }),
          cacheClusterEnabled: input.cacheClusterEnabled ?? false,
          tags: input.tags ?? {},
          ...(input.canarySettings === undefined ? {} : { canarySettings: toCanary(api, input) }),
        };
        const before = api.stages.get(stage.stageName)?.deploymentId;
        await saveStage(house, api, stage);
        // A template's deployments change their ids as they are renamed: what none serves would pile up.
        if (context.upsert === true && before !== undefined) await removeIfUnused(house, api, before);
        return toWireStage(stage);
      },
    ),
    restOperation<StageInput>("GetStage", members, async (input) => toWireStage(stageOf(house, input).stage)),
    restOperation<{ restApiId: string; deploymentId?: string }>(
      "GetStages",
      ["restApiId", "deploymentId"],
      async ({ restApiId, deploymentId }) => ({
        item: [...restApiOf(house, restApiId).stages.values()]
          .filter((stage) => deploymentId === undefined || stage.deploymentId === deploymentId)
          .sort((a, b) => (a.stageName < b.stageName ? -1 : 1))
          .map(toWireStage),
      }),
    ),
    restOperation<StageInput & { patchOperations?: PatchOperation[] }>(
      "UpdateStage",
      [...members, "patchOperations"],
      async ({ patchOperations, ...input }) => {
        const { api, stage } = stageOf(house, input);
        const next = patchStage(api, stage, patchOperations, house.restServing.logSink !== undefined);
        await saveStage(house, api, next);
        return toWireStage(next);
      },
    ),
    restOperation<StageInput>("DeleteStage", members, async (input) => {
      const { api, stage } = stageOf(house, input);
      for (const plan of house.account.plans.values())
        if (plan.apiStages.some((one) => one.apiId === input.restApiId && one.stage === stage.stageName))
          throw badRequest(`Stage is associated with usage plan ${plan.id}`);
      await rest.remove(api, "stages", stage.stageName);
      return {};
    }),
    restOperation<StageInput>("FlushStageCache", members, async (input) => {
      stageOf(house, input);
      house.flush("responses", input.restApiId, input.stageName);
      return {};
    }),
    restOperation<StageInput>("FlushStageAuthorizersCache", members, async (input) => {
      stageOf(house, input);
      house.flush("authorizers", input.restApiId, input.stageName);
      return {};
    }),
  ];
}

/** `Invalid stage identifier specified` */
export function stageOf(house: GatewayHouse, { restApiId, stageName }: StageInput): { api: RestApi; stage: RestStage } {
  const api = restApiOf(house, restApiId);
  const stage = api.stages.get(stageName);
  if (stage === undefined) throw notFound("Invalid stage identifier specified");
  return { api, stage };
}

/** Throws BadRequestException for a name that no stage can have. */
export function checkStageName(name: string): void {
  if (!/^[\w-]{1,128}$/.test(name)) throw badRequest("Stage name only allows a-zA-Z0-9-_");
}

/** A stage with what AWS sets where nothing is said. */
export function newStage({ clock }: GatewayHouse, stageName: string, deploymentId: string): RestStage {
  const nowMs = clock.now();
  return {
    stageName,
    deploymentId,
    cacheClusterEnabled: false,
    methodSettings: {},
    tracingEnabled: false,
    tags: {},
    createdAtMs: nowMs,
    lastUpdatedAtMs: nowMs,
  };
}

/** Keeps a stage; it serves from then on. */
export async function saveStage({ rest, clock }: GatewayHouse, api: RestApi, stage: RestStage): Promise<void> {
  await rest.put(api, "stages", stage.stageName, { ...stage, lastUpdatedAtMs: clock.now() });
}

function toCanary(
  api: RestApi,
  { canarySettings, deploymentId }: CreateStageInput,
): NonNullable<RestStage["canarySettings"]> {
  const canary = {
    percentTraffic: 0,
    useStageCache: false,
    ...canarySettings,
    deploymentId: canarySettings?.deploymentId ?? deploymentId,
  };
  if (!api.deployments.has(canary.deploymentId)) throw badRequest("Deployment id does not exist");
  return canary;
}

/** A stage as the API answers it. */
export function toWireStage(stage: RestStage): object {
  const { createdAtMs, lastUpdatedAtMs, tags, cacheClusterEnabled, ...rest } = stage;
  return {
    ...rest,
    cacheClusterEnabled,
    cacheClusterStatus: cacheClusterEnabled ? "AVAILABLE" : "NOT_AVAILABLE",
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    createdDate: new Date(createdAtMs),
    lastUpdatedDate: new Date(lastUpdatedAtMs),
  };
}

/** Whether a stage serves a deployment. */
export function isUsed(api: RestApi, id: string): boolean {
  return [...api.stages.values()].some(
    (stage) => stage.deploymentId === id || stage.canarySettings?.deploymentId === id,
  );
}

/** Removes a deployment that no stage serves. */
export async function removeIfUnused({ rest }: GatewayHouse, api: RestApi, id: string): Promise<void> {
  if (api.deployments.has(id) && !isUsed(api, id)) await rest.remove(api, "deployments", id);
}
