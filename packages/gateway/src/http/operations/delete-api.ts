import type { Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import { httpApiOf } from "./http-api-of.ts";

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html */
export function deleteApiOperation(house: GatewayHouse): Operation<{ ApiId: string }, Record<string, never>> {
  return {
    name: "DeleteApi",
    honoured: ["ApiId"],
    async run({ ApiId }) {
      await house.apis.delete(httpApiOf(house, ApiId).id);
      return {};
    },
  };
}
