import type { Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import type { RestApi } from "../rest-api.ts";
import { toWireRestApi } from "./create-rest-api.ts";

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html */
export function getRestApisOperation({ apis }: GatewayHouse): Operation<Record<string, never>, object> {
  return {
    name: "GetRestApis",
    honoured: [],
    refused: { limit: "every API is answered at once", position: "every API is answered at once" },
    run: async () => ({
      items: apis
        .list()
        .filter((api) => api.definition.type === "REST")
        .map((api) => toWireRestApi(api.definition as RestApi)),
    }),
  };
}
