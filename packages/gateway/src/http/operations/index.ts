import type { Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import { createAuthorizerOperations } from "./authorizers.ts";
import { createApiOperation } from "./create-api.ts";
import { deleteApiOperation } from "./delete-api.ts";
import { createDeploymentOperations } from "./deployments.ts";
import { getApiOperation } from "./get-api.ts";
import { getApisOperation } from "./get-apis.ts";
import { createIntegrationResponseOperations } from "./integration-responses.ts";
import { createIntegrationOperations } from "./integrations.ts";
import { createOpenApiOperations } from "./openapi.ts";
import { createRouteOperations } from "./routes.ts";
import { createStageOperations } from "./stages.ts";
import { createTagOperations } from "./tags.ts";
import { deleteCorsConfigurationOperation, updateApiOperation } from "./update-api.ts";

/** Every operation of API Gateway v2 that we have. */
export function createHttpApiOperations(house: GatewayHouse): Operation[] {
  return [
    createApiOperation(house),
    deleteApiOperation(house),
    getApiOperation(house),
    getApisOperation(house),
    updateApiOperation(house),
    deleteCorsConfigurationOperation(house),
    ...createIntegrationOperations(house),
    ...createIntegrationResponseOperations(house),
    ...createRouteOperations(house),
    ...createAuthorizerOperations(house),
    ...createStageOperations(house),
    ...createDeploymentOperations(house),
    ...createTagOperations(house),
    ...createOpenApiOperations(house),
  ];
}
