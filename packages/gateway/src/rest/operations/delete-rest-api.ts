import type { Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import { restApiOf } from "./rest-api-of.ts";

/** https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteRestApi.html */
export function deleteRestApiOperation(house: GatewayHouse): Operation<{ restApiId: string }, Record<string, never>> {
  return {
    name: "DeleteRestApi",
    honoured: ["restApiId"],
    async run({ restApiId }) {
      await house.apis.delete(restApiOf(house, restApiId).id);
      return {};
    },
  };
}
