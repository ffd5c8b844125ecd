import type { Operation } from "@tripline/kernel";
import { badRequest, notFound } from "../../errors.ts";
import { type GatewayHouse, refuse } from "../../house.ts";
import { type CreateApiInput, checkCors } from "./create-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { saveHttpApi } from "./save-http-api.ts";
import { toWireApi } from "./to-wire-api.ts";

/** What is given replaces what was. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html */
export function updateApiOperation(
  house: GatewayHouse,
): Operation<Partial<CreateApiInput> & { ApiId: string }, object> {
  return {
    name: "UpdateApi",
    honoured: ["ApiId", "Name", "CorsConfiguration", "Description", "DisableExecuteApiEndpoint", "Version"],
    refused: {
      ...refuse(["CredentialsArn", "RouteKey", "Target"], "change the route and its integration"),
      ...refuse(["ApiKeySelectionExpression", "DisableSchemaValidation"], "WebSocket APIs are not simulated yet"),
      ...refuse(["RouteSelectionExpression"], "an HTTP API has but one: ${request.method} ${request.path}"),
      IpAddressType: "the gateway listens where it is told to",
    },
    async run(input, context) {
      const known = httpApiOf(house, input.ApiId);
      const { Name, CorsConfiguration, Description, DisableExecuteApiEndpoint, Version } = input;
      if (Name !== undefined && (Name === "" || Name.length > 128))
        throw badRequest("Name must be between 1 and 128 characters");
      checkCors(CorsConfiguration);
      const api = {
        ...known,
        ...(Name === undefined ? {} : { name: Name }),
        ...(CorsConfiguration === undefined ? {} : { cors: CorsConfiguration }),
        ...(Description === undefined ? {} : { description: Description }),
        ...(DisableExecuteApiEndpoint === undefined ? {} : { disableExecuteApiEndpoint: DisableExecuteApiEndpoint }),
        ...(Version === undefined ? {} : { version: Version }),
      };
      await saveHttpApi(house, api);
      return toWireApi(api, context.endpoint);
    },
  };
}

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-cors.html */
export function deleteCorsConfigurationOperation(house: GatewayHouse): Operation<{ ApiId: string }, object> {
  return {
    name: "DeleteCorsConfiguration",
    honoured: ["ApiId"],
    async run({ ApiId }) {
      const { cors, ...api } = httpApiOf(house, ApiId);
      if (cors === undefined) throw notFound(`Unable to find CORS configuration of API ${ApiId}`);
      await saveHttpApi(house, api);
      return {};
    },
  };
}
