import type { Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import { httpApiOf } from "./http-api-of.ts";
import { toWireApi } from "./to-wire-api.ts";

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html */
export function getApiOperation(house: GatewayHouse): Operation<{ ApiId: string }, object> {
  return {
    name: "GetApi",
    honoured: ["ApiId"],
    run: async ({ ApiId }, context) => toWireApi(httpApiOf(house, ApiId), context.endpoint),
  };
}
