import type { Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import type { HttpApi } from "../http-api.ts";
import { type PageInput, pageMembers, pageOf } from "./page.ts";
import { toWireApi } from "./to-wire-api.ts";

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
export function getApisOperation({ apis }: GatewayHouse): Operation<PageInput, object> {
  return {
    name: "GetApis",
    honoured: pageMembers,
    run: async (input, context) =>
      pageOf(
        apis.list().filter((api) => api.definition.type === "HTTP"),
        input,
        (api) => toWireApi(api.definition as HttpApi, context.endpoint),
      ),
  };
}
