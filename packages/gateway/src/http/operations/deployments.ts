/** Deployments. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-deployments.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, noSuchPart } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import { type HttpApi, type HttpDeployment, snapshotOf } from "../http-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { pageMembers, pageOf, type PageInput } from "./page.ts";
import { saveHttpApi, serveSnapshot } from "./save-http-api.ts";
import { stageOf } from "./stages.ts";

/** `DeploymentId` of CreateDeployment is for templates. */
interface DeploymentInput {
  ApiId: string;
  DeploymentId?: string;
  Description?: string;
  StageName?: string;
}

/** Create, get, list, update, delete. */
export function createDeploymentOperations(house: GatewayHouse): Operation[] {
  const find = (api: HttpApi, id = ""): HttpDeployment => {
    const deployment = api.deployments[id];
    if (deployment === undefined) throw noSuchPart("Deployment", "id", id);
    return deployment;
  };
  const create: Operation<DeploymentInput, object> = {
    name: "CreateDeployment",
    honoured: ["ApiId", "DeploymentId", "Description", "StageName"],
    async run({ ApiId, DeploymentId, Description, StageName }, context) {
      if (DeploymentId !== undefined && context.upsert !== true) throw badRequest("DeploymentId cannot be chosen");
      const api = httpApiOf(house, ApiId);
      const snapshot = snapshotOf(api);
      if (snapshot.routes.length === 0) throw badRequest("At least one route is required before deploying the Api.");
      const deployment: HttpDeployment = {
        id: DeploymentId ?? newId(house.rng, 6),
        createdAtMs: house.clock.now(),
        autoDeployed: false,
        ...(Description === undefined ? {} : { description: Description }),
        ...snapshot,
      };
      let { stages } = api;
      if (StageName !== undefined) {
        const stage = stageOf(api, StageName);
        if (stage.autoDeploy) throw badRequest("Deployment ID cannot be set on stages with AutoDeploy enabled.");
        stages = { ...stages, [StageName]: serveSnapshot(stage, deployment) };
      }
      await saveHttpApi(house, {
        ...api,
        stages,
        deployments: { ...api.deployments, [deployment.id]: deployment },
      });
      return toWire(deployment);
    },
  };
  const update: Operation<DeploymentInput, object> = {
    name: "UpdateDeployment",
    honoured: ["ApiId", "DeploymentId", "Description"],
    async run({ ApiId, DeploymentId = "", Description }) {
      const api = httpApiOf(house, ApiId);
      const known = find(api, DeploymentId);
      const deployment = Description === undefined ? known : { ...known, description: Description };
      await saveHttpApi(house, { ...api, deployments: { ...api.deployments, [DeploymentId]: deployment } });
      return toWire(deployment);
    },
  };
  const get: Operation<DeploymentInput, object> = {
    name: "GetDeployment",
    honoured: ["ApiId", "DeploymentId"],
    run: async ({ ApiId, DeploymentId }) => toWire(find(httpApiOf(house, ApiId), DeploymentId)),
  };
  const list: Operation<DeploymentInput & PageInput, object> = {
    name: "GetDeployments",
    honoured: ["ApiId", ...pageMembers],
    run: async (input) =>
      pageOf(
        Object.values(httpApiOf(house, input.ApiId).deployments).sort((a, b) => b.createdAtMs - a.createdAtMs),
        input,
        toWire,
      ),
  };
  const remove: Operation<DeploymentInput, object> = {
    name: "DeleteDeployment",
    honoured: ["ApiId", "DeploymentId"],
    async run({ ApiId, DeploymentId = "" }) {
      const api = httpApiOf(house, ApiId);
      find(api, DeploymentId);
      if (Object.values(api.stages).some((stage) => stage.deploymentId === DeploymentId))
        throw conflict("Active stages pointing to this deployment must be moved or deleted");
      const { [DeploymentId]: _gone, ...deployments } = api.deployments;
      await saveHttpApi(house, { ...api, deployments });
      return {};
    },
  };
  return [create, update, get, list, remove];
}

function toWire({ id, createdAtMs, autoDeployed, description }: HttpDeployment): object {
  return {
    DeploymentId: id,
    CreatedDate: new Date(createdAtMs),
    AutoDeployed: autoDeployed,
    DeploymentStatus: "DEPLOYED",
    ...(description === undefined ? {} : { Description: description }),
  };
}
