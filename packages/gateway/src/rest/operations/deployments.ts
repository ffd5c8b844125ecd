/** CreateDeployment, GetDeployment(s), UpdateDeployment, DeleteDeployment. https://docs.aws.amazon.com/apigateway/latest/api/API_Deployment.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, notFound, notSimulated } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import {
  pathOfResource,
  type RestApi,
  type RestDeployment,
  type RestStage,
  toDefinition,
} from "../definition/rest-api.ts";
import { applyPatch, type PatchOperation, setMember } from "../patch/patch-operations.ts";
import { restApiOf } from "./find.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { checkVariables } from "../../stage-variables.ts";
import { restOperation } from "./rest-operation.ts";
import { checkStageName, isUsed, newStage, removeIfUnused, saveStage } from "./stages.ts";

/** Input of CreateDeployment. */
export interface CreateDeploymentInput {
  restApiId: string;
  stageName?: string;
  stageDescription?: string;
  description?: string;
  cacheClusterEnabled?: boolean;
  cacheClusterSize?: string;
  variables?: Record<string, string>;
  canarySettings?: {
    percentTraffic?: number;
    stageVariableOverrides?: Record<string, string>;
    useStageCache?: boolean;
  };
  tracingEnabled?: boolean;
  deploymentId?: string;
}

interface DeploymentInput {
  restApiId: string;
  deploymentId: string;
}

const members = ["restApiId", "deploymentId"];

/** The operations of deployments. `deploymentId` of CreateDeployment is for templates. */
export function deploymentOperations(house: GatewayHouse): Operation[] {
  const { rest } = house;
  return [
    restOperation<CreateDeploymentInput>(
      "CreateDeployment",
      [
        "restApiId",
        "stageName",
        "stageDescription",
        "description",
        "cacheClusterEnabled",
        "cacheClusterSize",
        "variables",
        "canarySettings",
        "tracingEnabled",
        "deploymentId",
      ],
      async (input, context) => {
        const api = restApiOf(house, input.restApiId);
        if (input.tracingEnabled === true) throw notSimulated("X-Ray tracing");
        if (input.stageName !== undefined && input.stageName !== "") checkStageName(input.stageName);
        if (input.deploymentId !== undefined && context.upsert !== true)
          throw badRequest("deploymentId cannot be chosen");
        checkDeployable(api);
        const deployment: RestDeployment = {
          id: input.deploymentId ?? newId(house.rng, 6),
          createdAtMs: house.clock.now(),
          definition: toDefinition(api),
        };
        setMember(deployment, "description", input.description);
        const before = api.stages.get(input.stageName ?? "");
        const stage = toStage(house, before, deployment.id, input);
        await rest.put(api, "deployments", deployment.id, deployment);
        if (stage !== undefined) await saveStage(house, api, stage);
        // A template deploys whenever it is applied: what it replaces would pile up.
        if (context.upsert === true && before !== undefined) await removeIfUnused(house, api, before.deploymentId);
        return toWireDeployment(deployment);
      },
    ),
    restOperation<DeploymentInput & { embed?: string[] }>(
      "GetDeployment",
      [...members, "embed"],
      async ({ embed, ...input }) => {
        const { deployment } = deploymentOf(house, input);
        return {
          ...toWireDeployment(deployment),
          ...(embed?.includes("apisummary") === true ? { apiSummary: toSummary(deployment) } : {}),
        };
      },
    ),
    restOperation<{ restApiId: string } & PageInput>(
      "GetDeployments",
      ["restApiId", ...pageMembers],
      async ({ restApiId, ...which }) =>
        page([...restApiOf(house, restApiId).deployments.values()].map(toWireDeployment), which),
    ),
    restOperation<DeploymentInput & { patchOperations?: PatchOperation[] }>(
      "UpdateDeployment",
      [...members, "patchOperations"],
      async ({ patchOperations, ...input }) => {
        const { api, deployment } = deploymentOf(house, input);
        const next = { ...deployment };
        applyPatch("updateDeploymentInput", patchOperations, [
          {
            path: "/description",
            ops: {
              replace: ({ value }) => {
                setMember(next, "description", value);
              },
            },
          },
        ]);
        await rest.put(api, "deployments", deployment.id, next);
        return toWireDeployment(next);
      },
    ),
    restOperation<DeploymentInput>("DeleteDeployment", members, async (input) => {
      const { api, deployment } = deploymentOf(house, input);
      if (isUsed(api, deployment.id))
        throw badRequest("Active stages pointing to this deployment must be moved or deleted");
      await rest.remove(api, "deployments", deployment.id);
      return {};
    }),
  ];
}

/** `Invalid Deployment identifier specified` */
export function deploymentOf(
  house: GatewayHouse,
  { restApiId, deploymentId }: DeploymentInput,
): { api: RestApi; deployment: RestDeployment } {
  const api = restApiOf(house, restApiId);
  const deployment = api.deployments.get(deploymentId);
  if (deployment === undefined) throw notFound("Invalid Deployment identifier specified");
  return { api, deployment };
}

function checkDeployable(api: RestApi): void {
  const methods = [...api.resources.values()].flatMap((resource) => Object.values(resource.methods));
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some((method) => method.methodIntegration === undefined))
    throw badRequest("No integration defined for method");
  if (api.settings.endpointType === "PRIVATE") throw notSimulated("deployments of private APIs");
}

/** The stage as it is after the deployment; undefined where none is named. */
function toStage(
  house: GatewayHouse,
  before: RestStage | undefined,
  deploymentId: string,
  input: CreateDeploymentInput,
): RestStage | undefined {
  const { stageName, canarySettings } = input;
  if (stageName === undefined || stageName === "") {
    if (canarySettings !== undefined) throw badRequest("Deployment canary settings require a stage name");
    return undefined;
  }
  if (canarySettings !== undefined) {
    if (before === undefined) throw badRequest("Canary settings cannot be set on a stage that does not exist");
    const { percentTraffic = 0, useStageCache = false, stageVariableOverrides } = canarySettings;
    return {
      ...before,
      canarySettings: {
        percentTraffic,
        deploymentId,
        useStageCache,
        ...(stageVariableOverrides === undefined ? {} : { stageVariableOverrides }),
      },
    };
  }
  if (before?.canarySettings !== undefined)
    return { ...before, canarySettings: { ...before.canarySettings, deploymentId } };
  const next: RestStage = { ...(before ?? newStage(house, stageName, deploymentId)), deploymentId };
  setMember(next, "description", input.stageDescription ?? before?.description);
  if (input.variables !== undefined) next.variables = { ...before?.variables, ...checkVariables(input.variables) };
  if (input.cacheClusterEnabled !== undefined) next.cacheClusterEnabled = input.cacheClusterEnabled;
  if (input.cacheClusterSize !== undefined) next.cacheClusterSize = input.cacheClusterSize;
  return next;
}

function toWireDeployment({ id, description, createdAtMs }: RestDeployment): object {
  return { id, ...(description === undefined ? {} : { description }), createdDate: new Date(createdAtMs) };
}

function toSummary({ definition }: RestDeployment): object {
  const summary: Record<string, object> = {};
  for (const { id, methods } of Object.values(definition.resources)) {
    const verbs = Object.values(methods).map(({ httpMethod, authorizationType, apiKeyRequired }) => [
      httpMethod,
      { authorizationType, apiKeyRequired },
    ]);
    if (verbs.length > 0)
      summary[pathOfResource((one) => definition.resources[one], id)] = Object.fromEntries(verbs) as object;
  }
  return summary;
}
