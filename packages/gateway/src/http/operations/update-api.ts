import type { Operation } from "@tripline/kernel";
import { badRequest, notFound } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type { HttpApi } from "../http-api.ts";
import { checkCors } from "./check-cors.ts";
import { type CreateApiInput, refusedOfApis, toTargetMembers } from "./create-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { checkKeyIsFree, toRoute } from "./routes.ts";
import { saveHttpApi } from "./save-http-api.ts";
import { toIntegration } from "./to-integration.ts";
import { toWireApi } from "./to-wire-api.ts";

/** What is given replaces what was. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html */
export function updateApiOperation(
  house: GatewayHouse,
): Operation<Partial<CreateApiInput> & { ApiId: string }, object> {
  return {
    name: "UpdateApi",
    honoured: [
      "ApiId",
      "Name",
      "CorsConfiguration",
      "CredentialsArn",
      "Description",
      "DisableExecuteApiEndpoint",
      "RouteKey",
      "Target",
      "Version",
    ],
    refused: refusedOfApis,
    async run(input, context) {
      const known = retarget(httpApiOf(house, input.ApiId), input);
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

/** The API with another target, role or key of what quick create made. */
function retarget(api: HttpApi, input: Partial<CreateApiInput>): HttpApi {
  const { Target, CredentialsArn, RouteKey } = input;
  if ((Target ?? CredentialsArn ?? RouteKey) === undefined) return api;
  const [integrationId, integration] = Object.entries(api.integrations).find(([, one]) => one.isManaged) ?? [];
  const route = Object.values(api.routes).find((one) => one.isManaged);
  if (integrationId === undefined || integration === undefined || route === undefined)
    throw badRequest("The API was not made by quick create: change the route and its integration");
  const target = Target === undefined ? input : { ...input, ...toTargetMembers(Target) };
  const integrations = { ...api.integrations, [integrationId]: toIntegration(target, integration) };
  const { isManaged: _managed, ...free } = route;
  const moved = toRoute(api, { ApiId: api.id, RouteId: route.id, RouteKey: RouteKey ?? route.routeKey }, free);
  checkKeyIsFree(api, moved);
  return { ...api, integrations, routes: { ...api.routes, [route.id]: { ...moved, isManaged: true } } };
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
