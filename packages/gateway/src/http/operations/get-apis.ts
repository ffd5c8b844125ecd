import type { Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import type { HttpApi } from "../http-api.ts";
import { toWireApi } from "./to-wire-api.ts";

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
export function getApisOperation({ apis }: GatewayHouse): Operation<Record<string, never>, object> {
  return {
    name: "GetApis",
    honoured: [],
    refused: { MaxResults: "every API is answered at once", NextToken: "every API is answered at once" },
    run: async (_, context) => ({
      Items: apis
        .list()
        .filter((api) => api.definition.type === "HTTP")
        .map((api) => toWireApi(api.definition as HttpApi, context.endpoint)),
    }),
  };
}
