import type { Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import { createDeploymentOperation } from "./create-deployment.ts";
import { createResourceOperation } from "./create-resource.ts";
import { createRestApiOperation } from "./create-rest-api.ts";
import { deleteRestApiOperation } from "./delete-rest-api.ts";
import { getRestApisOperation } from "./get-rest-apis.ts";
import { putIntegrationOperation } from "./put-integration.ts";
import { putMethodOperation } from "./put-method.ts";

/** Every operation of API Gateway v1 that we have. */
export function createRestApiOperations(house: GatewayHouse): Operation[] {
  return [
    createRestApiOperation(house),
    deleteRestApiOperation(house),
    getRestApisOperation(house),
    createResourceOperation(house),
    putMethodOperation(house),
    putIntegrationOperation(house),
    createDeploymentOperation(house),
  ];
}
