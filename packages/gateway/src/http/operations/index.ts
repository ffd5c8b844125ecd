import type { Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import { createApiOperation } from "./create-api.ts";
import { createIntegrationOperation } from "./create-integration.ts";
import { createRouteOperation } from "./create-route.ts";
import { createStageOperation } from "./create-stage.ts";
import { deleteApiOperation } from "./delete-api.ts";
import { getApiOperation } from "./get-api.ts";
import { getApisOperation } from "./get-apis.ts";

/** Every operation of API Gateway v2 that we have. */
export function createHttpApiOperations(house: GatewayHouse): Operation[] {
  return [
    createApiOperation(house),
    deleteApiOperation(house),
    getApiOperation(house),
    getApisOperation(house),
    createIntegrationOperation(house),
    createRouteOperation(house),
    createStageOperation(house),
  ];
}
