import type { Operation } from "@tripline/kernel";
import { badRequest, conflict } from "../../errors.ts";
import { type GatewayHouse, refuse } from "../../house.ts";
import { defaultStage } from "../http-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { saveHttpApi } from "./save-http-api.ts";

/** Input of CreateStage. */
export interface CreateStageInput {
  ApiId: string;
  StageName: string;
  AutoDeploy?: boolean;
  StageVariables?: Record<string, string>;
}

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html */
export function createStageOperation(house: GatewayHouse): Operation<CreateStageInput, object> {
  return {
    name: "CreateStage",
    honoured: ["ApiId", "StageName", "AutoDeploy", "StageVariables"],
    refused: {
      ...refuse(["DefaultRouteSettings", "RouteSettings"], "throttling is not simulated yet"),
      ...refuse(["Description", "Tags"], "nothing reads it here"),
      AccessLogSettings: "access logs are not simulated yet",
      ClientCertificateId: "WebSocket APIs are not simulated yet",
      DeploymentId: "deployments by hand are not simulated yet: set AutoDeploy",
    },
    async run({ ApiId, StageName, AutoDeploy = false, StageVariables = {} }, context) {
      const api = httpApiOf(house, ApiId);
      if (StageName !== defaultStage && !/^[\w-]{1,128}$/.test(StageName))
        throw badRequest("Stage name only allows a-zA-Z0-9-_");
      if (!AutoDeploy) throw badRequest("Tripline deploys every change at once: AutoDeploy must be true");
      if (StageName in api.stages && context.upsert !== true) throw conflict("Stage already exists");
      const stage = { variables: StageVariables, routes: [] };
      await saveHttpApi(house, { ...api, stages: { ...api.stages, [StageName]: stage } });
      return { AutoDeploy, StageName, StageVariables };
    },
  };
}
