import type { Operation } from "@tripline/kernel";
import { badRequest } from "../../errors.ts";
import { type GatewayHouse, newId, refuse } from "../../house.ts";
import { compileRestStages } from "../compile-rest-stages.ts";
import { type RestApi, restRoutesOf } from "../rest-api.ts";
import { restApiOf } from "./rest-api-of.ts";

/** Input of CreateDeployment. */
export interface CreateDeploymentInput {
  restApiId: string;
  stageName: string;
  variables?: Record<string, string>;
}

/** Deploys the API as it is now to a stage, which is made if it is missing. https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html */
export function createDeploymentOperation(house: GatewayHouse): Operation<CreateDeploymentInput, object> {
  return {
    name: "CreateDeployment",
    honoured: ["restApiId", "stageName", "variables"],
    refused: {
      ...refuse(["cacheClusterEnabled", "cacheClusterSize"], "caching is not simulated yet"),
      ...refuse(["description", "stageDescription"], "nothing reads it here"),
      canarySettings: "canaries are not simulated yet",
      tracingEnabled: "traces are not simulated yet",
    },
    async run({ restApiId, stageName, variables = {} }) {
      const api = restApiOf(house, restApiId);
      if (typeof stageName !== "string" || !/^[\w-]{1,128}$/.test(stageName))
        throw badRequest("Stage name only allows a-zA-Z0-9-_");
      const routes = restRoutesOf(api);
      if (routes.length === 0) throw badRequest("The REST API doesn't contain any methods");
      const id = newId(house.rng, 6);
      const stage = { deploymentId: id, variables, routes, binaryMediaTypes: api.binaryMediaTypes };
      const next: RestApi = { ...api, stages: { ...api.stages, [stageName]: stage } };
      await house.apis.put(next);
      house.apis.deploy(api.id, compileRestStages(house.serving, next));
      return { id, createdDate: new Date(house.clock.now()) };
    },
  };
}
