import type { Operation } from "@tripline/kernel";
import { badRequest, conflict } from "../../errors.ts";
import { type GatewayHouse, refuse, toApiId } from "../../house.ts";
import type { CorsConfiguration, HttpApi } from "../http-api.ts";
import { saveHttpApi } from "./save-http-api.ts";
import { toWireApi } from "./to-wire-api.ts";

/** Input of CreateApi. */
export interface CreateApiInput {
  Name: string;
  ProtocolType: string;
  CorsConfiguration?: CorsConfiguration;
  Description?: string;
  Tags?: Record<string, string>;
}

/**
 * An API made anew by a template begins without routes and stages; what it served is served until its stage is made again.
 * https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
 */
export function createApiOperation(house: GatewayHouse): Operation<CreateApiInput, object> {
  const { rng, apis, clock } = house;
  return {
    name: "CreateApi",
    honoured: ["Name", "ProtocolType", "CorsConfiguration", "Description", "Tags"],
    refused: {
      ...refuse(
        ["CredentialsArn", "RouteKey", "Target"],
        "quick create is not simulated: make integration, route and stage",
      ),
      ...refuse(["ApiKeySelectionExpression", "DisableSchemaValidation"], "WebSocket APIs are not simulated yet"),
      ...refuse(["RouteSelectionExpression"], "an HTTP API has but one: ${request.method} ${request.path}"),
      DisableExecuteApiEndpoint: "custom domains are not simulated yet",
      IpAddressType: "the gateway listens where it is told to",
      Version: "nothing reads it here",
    },
    async run(input, context) {
      if (typeof input.Name !== "string" || input.Name === "" || input.Name.length > 128)
        throw badRequest("Name must be between 1 and 128 characters");
      if (input.ProtocolType !== "HTTP")
        throw badRequest(`Protocol type ${input.ProtocolType} is not supported: Tripline simulates HTTP APIs here`);
      const cors = input.CorsConfiguration;
      if (cors?.AllowCredentials === true && cors.AllowOrigins?.includes("*") === true)
        throw badRequest("allowCredentials is not supported with an allowOrigins of *");
      const id = toApiId(rng, input.Tags);
      const known = apis.get(id);
      if (known !== undefined && context.upsert !== true) throw conflict(`API ${id} exists already`);
      const api: HttpApi = {
        id,
        name: input.Name,
        type: "HTTP",
        createdAtMs: known?.definition.createdAtMs ?? clock.now(),
        ...(input.Description === undefined ? {} : { description: input.Description }),
        tags: input.Tags ?? {},
        ...(cors === undefined ? {} : { cors }),
        integrations: {},
        routes: {},
        stages: {},
      };
      await saveHttpApi(house, api);
      return toWireApi(api, context.endpoint);
    },
  };
}
